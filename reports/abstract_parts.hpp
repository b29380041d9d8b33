// Pieces that the abstracts of all generations share.
#pragma once

#include <string>
#include <vector>

#include "reports/pics_view.hpp"
#include "reports/results.hpp"

namespace plugproof::reports {

// What this paper is and is not, with every warning: stands at the top; `closing` is the shorter
// end.
std::string abstract_notice(const Results& results);
std::string abstract_closing(const Results& results);

// Eight and eight hex digits that name the PICS and PIXIT a run was made with.
std::string config_id(const RunInfo& run);

// The rows of the result summary for the profiles in `names`, or for all but `Security` when empty.
std::string profile_table(const Results& results, const std::vector<std::string>& titles,
                          const std::vector<std::string>& names = {});

// Vendor and laboratory with their places for signatures. What the PICS gives is filled in.
std::string statement_of_approval(const Results& results, const PicsView& pics);

// Which journal this paper follows from.
std::string evidence_table(const Results& results);

// The layout of 2019 (abstract_2019.cpp).
std::string abstract_2019(const Results& results);

}  // namespace plugproof::reports
