// What judging a recorded run again has shown, for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "engine/replay/by_case.hpp"
#include "engine/replay/exactly.hpp"

namespace plugproof::cli {

struct Rejudged {
  const replay::Recording& recording;
  std::string tool, suite, suite_sha256, edition;  // it was judged with now
  bool as_recorded = false;                        // with that suite and edition
  bool record_by_record = false;                   // compared so
  std::optional<replay::Difference> difference;    // then: the first one
  std::vector<replay::CaseAgain> cases;            // judged one by one, where that was done
};

enum class Outcome { same, other_reasons, changed, dropped, new_run };
Outcome outcome_of(const replay::CaseAgain& again);

// docs/exit-statuses.md
int status_of(const Rejudged& rejudged);
std::string rejudged_text(const Rejudged& rejudged);
std::string rejudged_json(const Rejudged& rejudged);

}  // namespace plugproof::cli
