// The summary of a run for the page of a build on GitHub: verdicts, what failed with expected and
// actual, timings. Short, because the page is for the whole job.
#pragma once

#include <string>

#include "reports/results.hpp"

namespace plugproof::reports {

std::string render_github_summary(const Results& results);

}  // namespace plugproof::reports
