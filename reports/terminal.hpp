// What a person reads in a console: a line for each case, the explanation of each failure, the
// summary of the run. Plain text; nothing a device sends can control the terminal.
#pragma once

#include <cstddef>
#include <string>

#include "reports/results.hpp"

namespace plugproof::reports {

struct Style {
  bool colour = false;      // the caller looks at the terminal and at NO_COLOR
  std::size_t width = 100;  // characters a line; at least 60 are used
};

// Verdict, id, title and time in columns, without a newline: `PASS    <id>   Remote stop   3.4 s`.
std::string case_line(const CaseResult& result, const Style& style);

// Why a case did not pass: each failure with what was waited for, expected and actual, the frames
// around it, the rule and what to look at. A case without failures gives its reason.
std::string explain_case(const CaseResult& result, const Style& style);

// The whole run: every case that did not pass explained, then profiles, timings, claims and the
// counts.
std::string summarise(const Results& results, const Style& style);

}  // namespace plugproof::reports
