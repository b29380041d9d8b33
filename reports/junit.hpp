// JUnit XML in the form that build servers read: a suite for each group, a testcase for each id.
#pragma once

#include <string>

#include "reports/results.hpp"

namespace plugproof::reports {

// A fail becomes a failure; inconc and error become errors; what was not to run is skipped, with
// the reason. A selected case that the run did not reach is an error, so that half a run is never
// green.
std::string render_junit(const Results& results);

}  // namespace plugproof::reports
