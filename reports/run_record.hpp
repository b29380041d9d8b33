// The first record of a journal: what ran, on what, by which PICS.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/value.hpp"
#include "reports/results.hpp"

namespace plugproof::reports {

// A member of a record as text, shortened to 4,000 bytes; empty when absent.
std::string text_of(const base::Value& record, std::string_view key);

// Everything of a `run` record but the selection. Absent members stay empty.
RunInfo read_run(const base::Value& record);

// The five KPIs without samples, with the maxima that the PICS declares.
std::vector<Kpi> declared_kpis(const RunInfo& run);

}  // namespace plugproof::reports
