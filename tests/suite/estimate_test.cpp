// The estimate of `plan` against runs that took place: never more than the upper bound, and near
// the expectation.
#include "engine/suite/estimate.hpp"

#include <gtest/gtest.h>

#include "engine/suite/order.hpp"
#include "tests/suite/suite_bench.hpp"

namespace plugproof::suite_tests {
namespace {

struct Foreseen {
  std::map<std::string, suite::Estimate> cases;
  suite::Estimate total;
};

// With the simulator's hands, which take no time.
Foreseen foresee(const std::string& file, bool share) {
  base::Diagnostics diagnostics;
  const auto pics = pics::Pics::load(file, diagnostics);
  const auto pixit = run::Pixit::load("", *pics, diagnostics);
  const std::string edition = suite::default_edition(pics->generation());
  auto selection = suite::select(the_suite(), *pics, edition, {}, diagnostics);
  if (share) suite::order_for_sharing(selection, the_suite());
  suite::order_for_security(selection, suite::first_security_profile(*pics));
  std::vector<const suite::TestCase*> cases;
  for (const auto& s : selection)
    if (s.decision == suite::Decision::selected || s.decision == suite::Decision::undecided)
      cases.push_back(s.test_case);
  suite::EstimateInput input{pixit->values, *pics, edition, {}, {}};
  input.assumptions.by_machine = 0;
  Foreseen out;
  const auto estimates = suite::estimate(cases, the_suite(), input, share);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    out.cases[cases[i]->id] = estimates[i];
    out.total += estimates[i];
  }
  return out;
}

int rig_actions(const std::string& journal) {
  int count = 0;
  for (std::size_t at = 0; (at = journal.find("\"kind\":\"rig\"", at)) != std::string::npos; ++at)
    ++count;
  return count;
}

class EstimateOf : public testing::TestWithParam<std::string> {};

TEST_P(EstimateOf, GoodChargePoints__WithinTheUpperBound) {
  const Foreseen foreseen = foresee(GetParam(), true);
  for (std::uint64_t seed = 0; seed <= 10; ++seed) {
    PlaySettings settings;
    settings.seed = seed + 1;
    settings.variation_seed = seed;
    for (const auto& result : play(GetParam(), settings).results)
      EXPECT_LE(result.seconds, foreseen.cases.at(result.id).at_most)
          << result.id << ", variation seed " << seed;
  }
}

TEST_P(EstimateOf, WholeRun__NearTheExpectation) {
  const Foreseen foreseen = foresee(GetParam(), true);
  double lasted = 0;
  for (const auto& result : play(GetParam(), {}).results) {
    lasted += result.seconds;
    const auto& one = foreseen.cases.at(result.id);
    EXPECT_LE(one.expected, one.at_most) << result.id;
    // The simulator restarts in 5 s and reacts in less than one: it is faster than assumed, and the
    // windows and intervals make up most of the rest.
    EXPECT_LE(result.seconds, 1.25 * one.expected + 45) << result.id;
    EXPECT_GE(result.seconds, 0.6 * one.expected - 60) << result.id;
  }
  EXPECT_GE(foreseen.total.expected, 0.8 * lasted);
  EXPECT_LE(foreseen.total.expected, 2 * lasted);
}

TEST_P(EstimateOf, PhysicalActions__AsManyAsTakePlace) {
  // What hangs on a key that only the charge point knows (a cache, a list) is foreseen the longer
  // way.
  for (const bool share : {true, false}) {
    PlaySettings settings;
    settings.isolate = !share;
    const int took_place = rig_actions(play(GetParam(), settings).journal);
    EXPECT_NEAR(foresee(GetParam(), share).total.actions, took_place, 0.15 * took_place)
        << (share ? "shared" : "isolated");
  }
}

INSTANTIATE_TEST_SUITE_P(Pics, EstimateOf, testing::ValuesIn(pics_files()),
                         [](const auto& file) { return short_name(file.param); });

}  // namespace
}  // namespace plugproof::suite_tests
