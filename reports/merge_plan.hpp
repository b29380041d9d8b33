// What a merged run consists of: which runs fit together, which of them each case comes from, and
// the first and the last record of the journal that says so.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/value.hpp"
#include "reports/results.hpp"

namespace plugproof::reports {

// A run that takes part.
struct MergeSource {
  std::string folder;
  std::string journal_sha256;
  base::Value run;  // its first record
  Results results;
};

// Reads the runs and puts the shards of a plan first, in their order. Throws base::InputError with
// the run and the reason when one cannot be used or two do not fit together: other settings than
// those of the bench, a shard twice, a case that both have begun.
std::vector<MergeSource> read_merge_sources(const std::vector<std::string>& folders);

struct MergePlan {
  base::Value::Object run;           // members of the first record
  base::Value::Object end;           // members of the last one
  std::vector<std::string> missing;  // "shard 3 of 5 is missing"
  int exit_status = 0;
};
MergePlan plan_merge(const std::vector<MergeSource>& sources, const std::string& name);

}  // namespace plugproof::reports
