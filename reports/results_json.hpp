// results.json: the results of a run for programs, as results.schema.json describes them. The same
// journal always gives the same bytes.
#pragma once

#include <string>

#include "reports/results.hpp"

namespace plugproof::reports {

// Raised with every change that a reader of the file would notice.
inline constexpr int kResultsFormat = 3;

std::string render_json(const Results& results);

}  // namespace plugproof::reports
