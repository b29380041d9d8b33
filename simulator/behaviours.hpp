// The named defects: ways of behaving wrongly that no change of a single message can express.
#pragma once

#include <string>
#include <vector>

namespace plugproof::simulator {

enum class Argument { none, required, optional };

struct Behaviour {
  std::string name;
  Argument argument;
  std::string explanation;
};

const std::vector<Behaviour>& all_behaviours();
// nullptr when there is none of that name.
const Behaviour* find_behaviour(const std::string& name);

}  // namespace plugproof::simulator
