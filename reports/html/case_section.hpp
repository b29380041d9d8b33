// The section of one case: what was required, what went wrong and why, the ladder, the frames,
// physical actions, remarks and notes.
#pragma once

#include <string>

#include "engine/base/value.hpp"
#include "reports/history.hpp"
#include "reports/results.hpp"

namespace plugproof::reports::html {

// For the part `case` of the template. `mark` is what every section says about the run, may be
// empty.
base::Value case_section(const CaseResult& result, const CaseHistory& history,
                         const std::string& anchor, const std::string& mark);

// The rows of what happened outside of cases: connections, the reading of the configuration.
base::Value outside_rows(const CaseHistory& history);

// Remarks of the monitors as rows; those that are failures only where `all` is set.
base::Value remark_rows(const std::vector<Finding>& findings, bool all);

}  // namespace plugproof::reports::html
