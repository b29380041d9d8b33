// The abstract of the test report (abstract.hpp) as one HTML file: for the screen and for A4 paper.
// It loads nothing and runs nothing.
#pragma once

#include <string>

#include "reports/results.hpp"

namespace plugproof::reports {

std::string render_abstract_html(const Results& results);

}  // namespace plugproof::reports
