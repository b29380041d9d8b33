// The ladder of a case: what its steps waited for beside what came, in time order, with the point
// of failure marked.
#pragma once

#include "engine/base/value.hpp"
#include "reports/history.hpp"
#include "reports/results.hpp"

namespace plugproof::reports::html {

// A list of rows for the template.
base::Value ladder(const CaseResult& result, const CaseHistory& history);

// Every frame that is kept, as it was on the wire, for the list below the ladder.
base::Value frame_list(const CaseHistory& history);

}  // namespace plugproof::reports::html
