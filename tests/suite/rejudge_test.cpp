// A run is judged again from its journal alone, and comes out as it was recorded, byte for byte.
#include <gtest/gtest.h>

#include <cstdio>

#include "engine/replay/by_case.hpp"
#include "engine/replay/exactly.hpp"
#include "tests/suite/kill_list.hpp"
#include "tests/suite/suite_bench.hpp"

namespace plugproof::suite_tests {
namespace {

// Nothing, or where a replay differs.
std::string difference(const std::string& journal, const std::string& suite) {
  const auto recording = replay::Recording::read(journal, "journal.jsonl");
  const auto found = replay::replay_exactly(recording, suite_of(suite));
  if (!found) return {};
  return "journal.jsonl:" + std::to_string(found->line) + ":\n  recorded     " + found->recorded +
         "\n  judged again " + found->again;
}

// What case by case judges otherwise than it is recorded, or cannot judge.
std::string changes(const std::string& journal, const std::string& suite,
                    const std::string& edition = {}) {
  const auto recording = replay::Recording::read(journal, "journal.jsonl");
  std::string text;
  for (const auto& c : replay::judge_by_case(recording, suite_of(suite),
                                             edition.empty() ? recording.run().edition : edition)) {
    text += c.id + ": " + c.recorded;
    if (c.divergence) {
      text += " needs a new run: " + std::to_string(c.divergence->line) + ": " +
              c.divergence->recorded + " | " + c.divergence->wanted + "\n";
    } else if (!c.dropped.empty()) {
      text += " dropped: " + c.dropped + "\n";
    } else {
      base::Value::List failures;
      for (const auto& failure : c.again->failures) failures.push_back(failure.to_value());
      const bool same = c.recorded == run::to_string(c.again->verdict) &&
                        c.recorded_reason == c.again->reason &&
                        c.recorded_failures == base::Value(failures);
      if (same)
        text.resize(text.rfind(c.id));
      else
        text +=
            std::string(" -> ") + run::to_string(c.again->verdict) + ": " + c.again->reason + "\n";
    }
  }
  return text;
}

class EveryPics : public testing::TestWithParam<std::string> {};

TEST_P(EveryPics, WholeSuite__SameBytes) {
  const std::string journal = play(GetParam(), {}).journal;
  EXPECT_EQ(difference(journal, "testcases"), "");
  EXPECT_EQ(changes(journal, "testcases"), "");
}

TEST_P(EveryPics, LegalVariations__SameBytes) {
  for (const std::uint64_t seed : {3u, 8u}) {
    PlaySettings settings;
    settings.seed = 100 + seed;
    settings.variation_seed = seed;
    settings.isolate = seed == 8;
    const std::string journal = play(GetParam(), settings).journal;
    EXPECT_EQ(difference(journal, "testcases"), "") << seed;
    EXPECT_EQ(changes(journal, "testcases"), "") << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Rejudge, EveryPics, testing::ValuesIn(pics_files()),
                         [](const auto& file) { return short_name(file.param); });

// Every third way in which a check fails.
TEST(Kills, CaseThatFails__SameBytes) {
  const auto kills = load_kills("tests/suite/kills");
  for (std::size_t i = 0; i < kills.size(); i += 3) {
    const Kill& kill = kills[i];
    PlaySettings settings;
    settings.only = {kill.test_case};
    settings.defects = kill.defects;
    settings.variation_seed = kill.variation_seed;
    settings.suite = kill.suite;
    const std::string journal = play(kill.pics, settings).journal;
    EXPECT_EQ(difference(journal, kill.suite), "") << kill.place;
    EXPECT_EQ(changes(journal, kill.suite), "") << kill.place;
  }
}

}  // namespace
}  // namespace plugproof::suite_tests
