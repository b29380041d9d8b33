// The check `composite`: is the schedule in a GetCompositeSchedule.conf the one that follows from
// the installed profiles?
#pragma once

#include "engine/run/checks.hpp"

namespace plugproof::run {

// Asks the scope for `profiles`, `transactions`, `now` and the values of the PIXIT that it needs.
// Throws base::EvaluationError when a profile, or what the check names, cannot be computed with.
CheckOutcome judge_composite(const suite::FieldCheck& check, const base::Value& payload,
                             const base::Scope& scope);

}  // namespace plugproof::run
