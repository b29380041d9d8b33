// A recorded run judged case by case with another suite, another edition, or another version of the
// engine. As long as the engine does what it did then, the record tells how the charge point
// answered; where it would do something else, nobody can know: such a case needs a new run. At the
// next case of the record the engine takes up again, with the knowledge that it had there.
#pragma once

#include "engine/replay/recording.hpp"
#include "engine/run/verdict.hpp"
#include "engine/suite/suite.hpp"

namespace plugproof::replay {

// Where the engine first left the record.
struct Divergence {
  std::int64_t line = 0;  // of the journal
  std::string recorded, wanted;
};

struct CaseAgain {
  std::string id;
  std::string recorded, recorded_reason;  // verdict; empty: the record has none
  base::Value recorded_failures;
  // Exactly one of these: judged, left the record, or no longer to be run (why).
  std::optional<run::CaseResult> again;
  std::optional<Divergence> divergence;
  std::string dropped;
};

// One entry for each case that the record holds a verdict of, in its order, then those that the
// suite and the edition call for and the record does not have, unless the run was interrupted or
// its cases were chosen by hand: their `recorded` is empty. Throws
// base::InputError when the record cannot be used.
std::vector<CaseAgain> judge_by_case(const Recording& recording, const suite::Suite& suite,
                                     const std::string& edition);

}  // namespace plugproof::replay
