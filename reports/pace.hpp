// The times of a run one by one, for those who compare runs: a second pass over its journal.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "reports/results.hpp"

namespace plugproof::reports {

struct Sample {
  std::string kpi, case_id;  // no case: between cases
  double seconds = 0;
};

struct RunTimes {
  std::vector<Sample> samples;  // at most 200,000
  // By case, seconds waited for the charge point in the scenario. Preparation and cleaning up are
  // left out: cases share them.
  std::map<std::string, double> waited;
};

RunTimes read_times(const Results& results);

}  // namespace plugproof::reports
