// The Test Anything Protocol, version 13: one line a case, for shells and simple tools.
#pragma once

#include <string>

#include "reports/results.hpp"

namespace plugproof::reports {

std::string render_tap(const Results& results);

}  // namespace plugproof::reports
