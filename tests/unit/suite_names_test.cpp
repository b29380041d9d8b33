// What a case reads, wherever in it or in its states it does so.
#include "suite_folder.hpp"

namespace plugproof::suite {
namespace {

struct Place {
  const char* name;
  const char* before;
  const char* scenario;
};

class ReadsEdition : public testing::TestWithParam<Place> {};

TEST_P(ReadsEdition, SomewhereInTheCase__Found) {
  SuiteFolder folder;
  folder.write("states/Plain.yaml",
               "name: Plain\nkind: reusable\npurpose: P.\nparams: {n: 1}\nsteps:\n  - send: "
               "ClearCache\n");
  folder.write("states/Newer.yaml",
               "name: Newer\nkind: reusable\npurpose: P.\nsteps:\n  - send: ClearCache\n    when: "
               "edition == '2025-11'\n");
  folder.write("states/Above.yaml",
               "name: Above\nkind: reusable\npurpose: P.\nbefore:\n  - {state: Newer}\nsteps:\n  - "
               "send: ClearCache\n");
  const std::string sends = "  - send: ClearCache\n    result: {status: Accepted}\n";
  folder.add_case("T_1",
                  std::string(GetParam().before) + "scenario:\n" + sends + GetParam().scenario);
  folder.add_case("T_2", "before:\n  state:\n    - {state: Plain}\nscenario:\n" + sends);
  base::Diagnostics diagnostics;
  const auto suite = folder.load(diagnostics);
  ASSERT_TRUE(suite) << diagnostics.render();
  EXPECT_TRUE(reads_name(*suite->find_case("T_1"), *suite, "edition"));
  EXPECT_FALSE(reads_name(*suite->find_case("T_2"), *suite, "edition"));
}

INSTANTIATE_TEST_SUITE_P(
    Places, ReadsEdition,
    testing::Values(
        Place{"When", "", "  - send: ClearCache\n    when: edition == '2025-11'\n"},
        Place{"Check", "",
              "  - send: ClearCache\n    result: {status: {holds: \"edition == '2025-11'\"}}\n"},
        Place{"Within", "", "  - receive: Heartbeat\n    within: $len(edition)\n"},
        Place{"Branch", "", "  - if: edition == '2025-11'\n    then:\n      - send: ClearCache\n"},
        Place{"StateOfTheScenario", "", "  - state: Newer\n"},
        Place{"StateBeforeAState", "before:\n  state:\n    - {state: Above}\n", ""},
        Place{"ArgumentOfAState", "before:\n  state:\n    - {state: Plain, with: {n: $edition}}\n",
              ""},
        Place{"Configuration", "before:\n  configuration: {SomeKey: $edition}\n", ""}),
    [](const auto& place) { return place.param.name; });

}  // namespace
}  // namespace plugproof::suite
