// A run is judged again from its journal alone, and comes out as it was recorded, byte for byte.
#include <gtest/gtest.h>

#include "tests/suite/kill_list.hpp"
#include "tests/suite/rejudging.hpp"
#include "tests/suite/suite_bench.hpp"

namespace plugproof::suite_tests {
namespace {

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
    settings.also = {"wrong-worlds"};
    const std::string journal = play(GetParam(), settings).journal;
    EXPECT_EQ(difference(journal, "testcases"), "") << seed;
    EXPECT_EQ(changes(journal, "testcases"), "") << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Rejudge, EveryPics, testing::ValuesIn(pics_files()),
                         [](const auto& file) { return short_name(file.param); });

TEST(Secrets, ToldByTheChargePoint__SameBytes) {
  PlaySettings settings;
  settings.only = {"TC_019_CS"};
  settings.defects = {
      R"(alter-response:GetConfiguration.configurationKey[0]={"key":"AuthorizationKey","readonly":false,"value":"xyz"})"};
  const std::string journal = play("pics/certified/CSC-07A7-1.yaml", settings).journal;
  EXPECT_NE(journal.find("hmac:"), std::string::npos);
  EXPECT_EQ(difference(journal, "testcases"), "");
  EXPECT_EQ(changes(journal, "testcases"), "");
}

TEST(Serving, WhatTheBenchCannotServe__IsOnRecordAndComesOutAlike) {
  PlaySettings settings;
  settings.only = {"OWN_SERVE"};
  settings.suite = "tests/suite/own";
  settings.edition = "2024-04";
  const Play played = play("pics/certified/CSC-07A7-1.yaml", settings);
  ASSERT_NE(played.find("OWN_SERVE"), nullptr);
  EXPECT_EQ(played.find("OWN_SERVE")->verdict, run::Verdict::inconc);
  EXPECT_NE(played.journal.find(R"("certificate":"wrong-key","reason":)"), std::string::npos)
      << describe(*played.find("OWN_SERVE"));
  EXPECT_EQ(difference(played.journal, settings.suite), "");
  EXPECT_EQ(changes(played.journal, settings.suite), "");
}

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
