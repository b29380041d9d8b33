// The running order, and which cases may take over the state that the one before left. Both follow
// from the cases as data; what really was left behind is looked at when they run
// (engine/run/sharing.hpp).
#pragma once

#include <optional>
#include <vector>

#include "engine/suite/selection.hpp"
#include "engine/suite/suite.hpp"

namespace plugproof::suite {

// What a case takes from the case before it, and leaves to the one after.
struct Sharing {
  // The one named state that it begins in: no other preparation but configuration, and the state
  // tells whether it holds.
  std::optional<StateUse> start;
  // The one named state that it ends in when it passes: the one that it began in, or entered by the
  // first step of its scenario. Since then it has only asked, watched, and been refused.
  std::optional<StateUse> kept;
};

Sharing sharing_of(const TestCase& test_case, const Suite& suite);

// Whether `next` could begin in the state that `ended` keeps: equal configuration, state and
// arguments, as far as that can be told beforehand.
bool may_hand_over(const TestCase& ended, const TestCase& next, const Suite& suite);

// Brings cases with equal configuration and equal state together, so that one prepares the state,
// the others that keep it follow, and one that uses it up comes last. Everything else stays where
// it is.
void order_for_sharing(std::vector<Selected>& selection, const Suite& suite);

// A charge point can only go up from the security profile that it begins with: what a low profile
// does comes first, then what raises it, then what needs a higher one. Else nothing is moved.
void order_for_security(std::vector<Selected>& selection, int first_profile);

}  // namespace plugproof::suite
