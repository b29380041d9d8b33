// Plots of KPI samples against the maximum that the PICS declares, as figures for the template to
// draw: the height of each sample over its place in the order of the run.
#pragma once

#include "engine/base/value.hpp"
#include "reports/history.hpp"
#include "reports/results.hpp"

namespace plugproof::reports::html {

// Null where there is no sample.
base::Value plot(const Kpi& kpi, const SampleSeries& series);

}  // namespace plugproof::reports::html
