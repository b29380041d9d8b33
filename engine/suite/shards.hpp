// Divides the cases of a plan among machines that run them at the same time. Who runs what follows
// from the plan and the estimates alone, so that every machine finds the same by itself.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/suite/estimate.hpp"
#include "engine/suite/selection.hpp"
#include "engine/suite/suite.hpp"

namespace plugproof::suite {

// One of `of` parts, counted from 1. 0 of 0: the plan is not divided.
struct Shard {
  int index = 0, of = 0;
};

inline constexpr int kMaxShards = 1000;

// "2/5"; nothing when it is no such text or out of range.
std::optional<Shard> parse_shard(std::string_view text);

// Sets `shard` of every case that may run, each to one of 1..`of`, and returns what each of them is
// expected to take, in seconds. The longest one is kept short: with `share`, cases that hand a
// state over stay together unless cutting them apart shortens it.
std::vector<double> divide(std::vector<Selected>& selection, int of, const Suite& suite,
                           const EstimateInput& input, bool share);

// Takes the cases of the other shards out of a divided plan: they become other_shard. Returns how
// many may run here.
std::size_t keep_shard(std::vector<Selected>& selection, const Shard& shard);

}  // namespace plugproof::suite
