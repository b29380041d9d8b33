// The abstract of the test report (abstract.hpp) as Markdown.
#pragma once

#include <string>

#include "reports/results.hpp"

namespace plugproof::reports {

std::string render_abstract(const Results& results);

}  // namespace plugproof::reports
