// Two cases in a row that begin in the same state need not both prepare it. Decided here, between
// the two, on what the charge point and the bench show; where in doubt, nothing is shared
// (docs/architecture.md, "Shared preparations").
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/run/scope.hpp"
#include "engine/run/verdict.hpp"
#include "engine/suite/order.hpp"

namespace plugproof::run {

// A named state as it was entered last: with which arguments, and how things stood right then.
struct EnteredState {
  const suite::State* state = nullptr;
  Variables arguments;
  base::Value portrait;  // World::portrait()
};

// The values of a state's parameters: those given, else the defaults. Throws EvaluationError.
Variables bind_parameters(const suite::State& state, Variables given, const World& world);

// The values that a case wants configuration keys to have, where they follow from PICS and PIXIT
// alone. A value that hangs on what the charge point says is left out.
std::map<std::string, std::string> fixed_configuration(const suite::TestCase& test_case,
                                                       const World& world);

// The case that just ended, before anything was cleaned up.
struct EndedCase {
  const suite::TestCase& test_case;
  const CaseResult& result;
  const std::optional<EnteredState>& entered;
  bool clean_start = false;      // it began in Idle, or in a state that was shared with it
  bool states_to_leave = false;  // a state that it entered has to be undone
};

// What of the two cases and the state between them keeps `next` from beginning where `ended`
// stopped; empty: nothing does. `baseline`: the configuration that a case starts from.
std::string obstacle_to_sharing(const EndedCase& ended, const suite::TestCase& next,
                                const World& world, const suite::Suite& suite,
                                const std::map<std::string, std::string>& baseline);

}  // namespace plugproof::run
