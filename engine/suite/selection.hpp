// Which test cases a PICS calls for, and why: the plan of a run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/suite/suite.hpp"
#include "pics/pics.hpp"

namespace plugproof::suite {

enum class Decision {
  selected,
  not_applicable,
  not_in_edition,
  not_built,
  skipped,
  undecided,
  other_shard,  // another machine runs it (engine/suite/shards.hpp)
};
const char* to_string(Decision decision);
// The decision of that name; `undecided` for any other text.
Decision decision_named(std::string_view name);

struct Selected {
  const ProgrammeEntry* entry = nullptr;
  const TestCase* test_case = nullptr;  // nullptr when not built
  Decision decision = Decision::selected;
  std::string profile;   // certification profile in the PICS's generation
  std::string feature;   // the expression that decided
  std::string reason;    // a sentence
  bool applies = false;  // whatever the user's filters and the state of the suite
  int shard = 0;         // that runs it, from 1; 0: the plan is not divided, or none

  // For sure, or if the charge point's configuration calls for it.
  bool may_run() const { return decision == Decision::selected || decision == Decision::undecided; }
};

// What the user asks for on top of the PICS. Empty lists mean everything; `also`: ids and groups of
// supplementary cases, which run when they are asked for here, in `only` or in `groups`.
struct Filter {
  std::vector<std::string> only, skip, groups, also{};
};

// The security profiles that a PICS claims, ascending, and the lowest; 0 without one.
std::vector<int> security_profiles_of(const pics::Pics& pics);
int first_security_profile(const pics::Pics& pics);

// "2024-04" for the generations 2019 and 2024, "2025-11" for 2025.
std::string default_edition(pics::Generation generation);

// One entry for every id of the programme, in running order, and for the supplementary ones that
// are asked for. An id that the PICS must answer and does not is an error in `diagnostics`, as is a
// filter that names nothing.
std::vector<Selected> select(const Suite& suite, const pics::Pics& pics, const std::string& edition,
                             const Filter& filter, base::Diagnostics& diagnostics);

}  // namespace plugproof::suite
