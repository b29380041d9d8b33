// The full report of a run in Markdown: what ran and with what result, every failure explained,
// timings, claims checked, remarks, and what was not run and why.
#pragma once

#include <string>

#include "reports/results.hpp"

namespace plugproof::reports {

std::string render_report(const Results& results);

}  // namespace plugproof::reports
