// Sharing a preparation between two cases changes how long a run takes, and nothing else: whatever
// the order and the charge point, every case has the verdict that it has when it prepares
// everything itself.
#include <gtest/gtest.h>

#include <sstream>

#include "engine/base/json.hpp"
#include "tests/suite/suite_bench.hpp"

namespace plugproof::suite_tests {
namespace {

using base::Value;

constexpr std::uint64_t kSeeds = 50;

std::map<std::string, run::Verdict> verdicts(const Play& played) {
  std::map<std::string, run::Verdict> all;
  for (const auto& result : played.results) all[result.id] = result.verdict;
  return all;
}

// What came out otherwise, in words.
std::string differences(const Play& played, const Play& alone) {
  std::string text;
  const auto wanted = verdicts(alone);
  for (const auto& result : played.results) {
    const auto it = wanted.find(result.id);
    if (it == wanted.end() || it->second != result.verdict) text += describe(result) + "\n";
  }
  if (played.results.size() != alone.results.size()) text += "not the same cases\n";
  return text;
}

std::vector<Value> records(const Play& played) {
  std::vector<Value> all;
  std::istringstream lines(played.journal);
  for (std::string line; std::getline(lines, line);) all.push_back(*base::read_json(line).value);
  return all;
}

int count(const Play& played, const std::string& kind) {
  int found = 0;
  for (const auto& record : records(played)) found += record.string_or("kind", "") == kind;
  return found;
}

// The KPI samples of the scenarios: case, figure and time. Those of preparations are as many as
// there are preparations.
std::vector<std::string> scenario_samples(const Play& played) {
  std::vector<std::string> samples;
  std::string phase;
  for (const auto& record : records(played)) {
    const std::string kind = record.string_or("kind", "");
    if (kind == "phase") phase = record.string_or("phase", "");
    if (kind == "sample" && phase == "scenario")
      samples.push_back(record.string_or("case", "") + " " + record.string_or("kpi", "") + " " +
                        record.find("seconds")->to_display());
  }
  std::sort(samples.begin(), samples.end());
  return samples;
}

class Sharing : public testing::TestWithParam<std::string> {};

TEST_P(Sharing, AnyOrderAndVariation__SameVerdictsAsIsolated) {
  for (std::uint64_t seed = 0; seed <= kSeeds; ++seed) {
    PlaySettings settings;
    settings.seed = seed + 1;
    settings.variation_seed = seed;
    settings.isolate = true;
    const Play alone = play(GetParam(), settings);
    settings.isolate = false;
    EXPECT_EQ(differences(play(GetParam(), settings), alone), "") << "variation seed " << seed;
    settings.order_seed = seed + 1;
    EXPECT_EQ(differences(play(GetParam(), settings), alone), "")
        << "variation seed " << seed << ", shuffled";
  }
}

TEST_P(Sharing, SamplesOfTheScenarios__TheSameAsIsolated) {
  PlaySettings isolated;
  isolated.isolate = true;
  EXPECT_EQ(scenario_samples(play(GetParam(), {})), scenario_samples(play(GetParam(), isolated)));
}

TEST_P(Sharing, PhysicalActions__FewerThanIsolated) {
  PlaySettings isolated;
  isolated.isolate = true;
  const Play shared = play(GetParam(), {});
  const Play alone = play(GetParam(), isolated);
  EXPECT_EQ(count(alone, "shared"), 0);
  EXPECT_GE(count(shared, "shared"), 1);
  EXPECT_LT(count(shared, "rig"), count(alone, "rig"));
  std::printf(
      "%s: %d preparations shared, %d physical actions instead of %d, %d calls instead of %d\n",
      GetParam().c_str(), count(shared, "shared"), count(shared, "rig"), count(alone, "rig"),
      count(shared, "out"), count(alone, "out"));
}

INSTANTIATE_TEST_SUITE_P(Pics, Sharing, testing::ValuesIn(pics_files()),
                         [](const auto& file) { return short_name(file.param); });

}  // namespace
}  // namespace plugproof::suite_tests
