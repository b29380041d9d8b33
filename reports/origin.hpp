// Where the cases of a run come from: the part of a plan that it played, the runs that it was
// joined from, and the charge points as they introduced themselves.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/value.hpp"

namespace plugproof::reports {

// One of `of` parts of a plan, from 1; 0 of 0: the whole.
struct ShardOf {
  std::int64_t index = 0, of = 0;

  bool partial() const { return of > 1; }
  std::string text() const;  // "shard 2 of 5"; empty for the whole
};

// What a charge point says of itself in BootNotification.req (OCPP 1.6 section 6.3).
struct Introduction {
  std::string vendor, model, serial, firmware;

  friend bool operator==(const Introduction&, const Introduction&) = default;
  std::string text() const;  // "Vendor Model, serial number S, firmware F"
};

// Adds what a BootNotification call says, unless it is known. `frame` is the text on the wire;
// anything that is no such call is passed over.
void collect_introduction(std::string_view frame, std::vector<Introduction>& known);
base::Value introductions_value(const std::vector<Introduction>& all);

// A run that a merged run was made from.
struct SourceRun {
  std::string name, journal_sha256, head, outcome, outcome_reason, instance, command_line;
  std::string started, ended;  // UTC
  std::int64_t records = 0, seed = 0, cases = 0;
  bool torn = false;
  ShardOf shard;
  std::vector<std::string> duts;
  std::vector<Introduction> charge_points;

  std::string text() const;  // all but the digests, for people
};

// Of a `run` record.
ShardOf read_shard(const base::Value& record);
std::vector<SourceRun> read_sources(const base::Value& record);
base::Value source_value(const SourceRun& source);

// What a reader must know of how the sources fit together, a sentence each.
std::vector<std::string> source_warnings(const std::vector<SourceRun>& sources);

}  // namespace plugproof::reports
