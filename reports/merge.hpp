// One run out of several: the shards of a plan, or runs with different cases (docs/journal.md,
// "Merged journals").
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/merge_plan.hpp"

namespace plugproof::reports {

using LineSink = std::function<void(std::string_view line)>;  // with its newline

// Hands over the lines of the merged journal one after another. The same sources and name give the
// same bytes. Throws base::InputError.
void write_merged(const std::vector<MergeSource>& sources, const std::string& name,
                  const LineSink& sink);
std::string merged_journal(const std::vector<MergeSource>& sources, const std::string& name);

// Makes the folder of a merged run: the journal, and the sources in shards/<number>, byte for byte,
// with what charge points uploaded. The folder must not exist or be empty. Returns what it
// consists of. Throws base::InputError; nothing is left behind then.
MergePlan merge_runs(const std::vector<std::string>& folders, const std::string& out,
                     const std::string& name);

// What is wrong with a merged run: a source that was changed, or a journal that does not follow
// from them. Nothing when all is well, and for a run that was not merged.
std::optional<std::string> check_merged(const std::string& folder);

}  // namespace plugproof::reports
