// Names that several reports print alike.
#pragma once

#include <string>
#include <string_view>

namespace plugproof::reports {

// The name of a KPI as the abstracts of 2024 and 2025 print it; of the figure of 2019 as that one
// does.
std::string kpi_title(std::string_view kpi);
// What it measures, in our words.
std::string kpi_description(std::string_view kpi);

}  // namespace plugproof::reports
