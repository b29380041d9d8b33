// The abstract of the test report, in the layout of the generation of the PICS: 2019, 2024 or 2025.
// Field names and their order follow the public certificates; descriptions are our own.
#pragma once

#include <string>

#include "reports/results.hpp"

namespace plugproof::reports {

std::string render_abstract(const Results& results);

}  // namespace plugproof::reports
