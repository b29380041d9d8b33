// A charge point that does what the specification says passes every case that its PICS calls for.
#include <gtest/gtest.h>

#include "tests/suite/suite_bench.hpp"

namespace plugproof::suite_tests {
namespace {

class CertifiedChargePoint : public testing::TestWithParam<std::string> {};

TEST_P(CertifiedChargePoint, EveryApplicableCase__PassesWithoutARemark) {
  const Play played = play(GetParam(), {});
  ASSERT_FALSE(played.results.empty());
  for (const auto& result : played.results) {
    EXPECT_EQ(result.verdict, run::Verdict::pass) << describe(result);
    EXPECT_TRUE(result.remarks.empty()) << describe(result);
    EXPECT_GT(result.checks, 0) << result.id;
  }
}

TEST_P(CertifiedChargePoint, SameSeedTwice__SameJournalToTheByte) {
  PlaySettings settings;
  settings.seed = 7;
  settings.variation_seed = 7;
  EXPECT_EQ(play(GetParam(), settings).journal, play(GetParam(), settings).journal);
}

TEST_P(CertifiedChargePoint, AnotherSeed__OtherJournalSameVerdicts) {
  PlaySettings settings;
  settings.seed = 8;
  const Play first = play(GetParam(), {});
  const Play second = play(GetParam(), settings);
  EXPECT_NE(first.journal, second.journal);
  ASSERT_EQ(first.results.size(), second.results.size());
  for (std::size_t i = 0; i < first.results.size(); ++i)
    EXPECT_EQ(second.results[i].verdict, run::Verdict::pass) << describe(second.results[i]);
}

INSTANTIATE_TEST_SUITE_P(Pics, CertifiedChargePoint, testing::ValuesIn(pics_files()),
                         [](const auto& file) { return short_name(file.param); });

// The editions differ in what they let a charge point leave out.
TEST(Editions, DiagnosticsTriggerNotImplemented__PassesIn2025Only) {
  PlaySettings settings;
  settings.only = {"TC_054_CS"};
  settings.defects = {
      "alter-response:TriggerMessage[requestedMessage=DiagnosticsStatusNotification].status="
      "NotImplemented",
      "omit:DiagnosticsStatusNotification"};
  const Play newer = play("pics/certified/CSC-07A7-1.yaml", settings);
  ASSERT_NE(newer.find("TC_054_CS"), nullptr);
  EXPECT_EQ(newer.find("TC_054_CS")->verdict, run::Verdict::pass)
      << describe(*newer.find("TC_054_CS"));
  const Play older = play("pics/certified/CHQ-S-07SR.yaml", settings);
  ASSERT_NE(older.find("TC_054_CS"), nullptr);
  EXPECT_EQ(older.find("TC_054_CS")->verdict, run::Verdict::fail);
}

// So do the cases of the tests' own.
TEST(OwnSuite, EveryCase__PassesWithoutARemark) {
  PlaySettings settings;
  settings.suite = "tests/suite/own";
  const Play played = play("pics/certified/CHQ-S-07SR.yaml", settings);
  EXPECT_EQ(played.results.size(), 2u);
  for (const auto& result : played.results) {
    EXPECT_EQ(result.verdict, run::Verdict::pass) << describe(result);
    EXPECT_TRUE(result.remarks.empty()) << describe(result);
  }
}

// What a case says of one edition alone is tried with that edition, whatever the PICS's generation.
TEST(OtherEdition, FailingDownloadOfTheNewerOne__PassesOrIsCaught) {
  PlaySettings settings;
  settings.only = {"TC_044_2_CS"};
  settings.edition = "2025-11";
  for (settings.variation_seed = 0; settings.variation_seed < 50; ++settings.variation_seed) {
    const Play played = play("pics/certified/CHQ-S-07SR.yaml", settings);
    const auto* result = played.find("TC_044_2_CS");
    ASSERT_NE(result, nullptr);
    EXPECT_EQ(result->verdict, run::Verdict::pass) << describe(*result);
    EXPECT_NE(played.journal.find("does_not_exist_firmware.bin"), std::string::npos);
  }
  settings.variation_seed = 0;
  settings.defects = {"downloaded-despite-failure"};
  const Play played = play("pics/certified/CHQ-S-07SR.yaml", settings);
  EXPECT_EQ(played.find("TC_044_2_CS")->verdict, run::Verdict::fail);
}

// What the bench lacks is not held against a charge point. This PICS names RSA suites alone, so the
// bench has no other certificate.
TEST(Bench, CertificateThatItDoesNotHave__Inconclusive) {
  PlaySettings settings;
  settings.only = {"TC_086_CS"};
  settings.defects = {"ecdsa-suites-alone:2"};
  const Play played = play("pics/certified/CSC-07A7-1.yaml", settings);
  const auto* result = played.find("TC_086_CS");
  ASSERT_NE(result, nullptr);
  EXPECT_EQ(result->verdict, run::Verdict::inconc) << describe(*result);
  EXPECT_NE(result->reason.find("the bench has no EC certificate"), std::string::npos)
      << describe(*result);
}

// Every case that is built runs for at least one of the PICS files, so that nothing is left
// untried.
TEST(SuiteCoverage, EveryBuiltCase__RunsForSomePics) {
  std::set<std::string> run;
  PlaySettings settings;
  settings.also = {"wrong-worlds"};
  for (const auto& file : pics_files())
    for (const auto& result : play(file, settings).results) run.insert(result.id);
  for (const auto& [id, test_case] : the_suite().cases())
    EXPECT_TRUE(run.count(id) > 0) << id << " applies to none of the PICS files of the tests";
}

}  // namespace
}  // namespace plugproof::suite_tests
