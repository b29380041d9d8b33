#include <gtest/gtest.h>

#include "reports/text.hpp"
#include "reports_fixture.hpp"

namespace plugproof::reports {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// No control but the newline, and none of those that turn the direction of text.
bool is_tame(const std::string& text) {
  std::string rest = text;
  std::erase(rest, '\n');
  return printable(rest) == rest;
}

TEST(CaseLine, Pass__VerdictIdTitleTimeInTheWidth) {
  const Results results = RunFolder(sample_2025()).results();
  const std::string line = case_line(case_of(results, "TC_012_CS"), {false, 80});
  EXPECT_EQ(line,
            "FAIL    TC_012_CS      Remote stop of a session                            9.0 s");
  EXPECT_EQ(width_of(line), 80U);
}

TEST(CaseLine, LongTitle__Elided) {
  CaseResult result;
  result.id = "TC_1_CS";
  result.title = std::string(200, 'x');
  result.attempts = 1;
  result.verdict = Verdict::pass;
  EXPECT_EQ(width_of(case_line(result, {false, 80})), 80U);
}

TEST(CaseLine, Colour__OnlyTheVerdict) {
  CaseResult result;
  result.id = "TC_1_CS";
  result.verdict = Verdict::not_run;
  EXPECT_EQ(case_line(result, {true, 80}), "\x1b[2mNOT RUN \x1b[0mTC_1_CS");
}

TEST(ExplainCase, WrongField__EverythingAnEngineerNeeds) {
  const Results results = RunFolder(sample_2025()).results();
  const std::string text = explain_case(case_of(results, "TC_012_CS"), {false, 100});
  for (const char* part :
       {"FAIL  TC_012_CS  Remote stop of a session\n",
        "Requirement    A remote stop ends the transaction",
        "StopTransaction names another transaction than the one that was stopped",
        "Case           testcases/core/remote/TC_012_CS.yaml:31:9",
        "Check          3:transactionId",
        "Step           wait for StopTransaction of the session, at most 5 s",
        "Field          transactionId", "Expected       17", "Actual         18",
        "  > 00:00:17.500", "Specification", "OCPP 1.6 section 4.8",
        "Look at        Where the charge point keeps"})
    EXPECT_TRUE(has(text, part)) << part << "\n" << text;
  EXPECT_TRUE(is_tame(text));
}

TEST(ExplainCase, EveryLineOfFrames__WithinTheWidth) {
  const Results results = RunFolder(sample_2025()).results();
  std::istringstream text(explain_case(case_of(results, "TC_012_CS"), {false, 80}));
  for (std::string line; std::getline(text, line);) EXPECT_LE(width_of(line), 80U) << line;
}

TEST(ExplainCase, LongFrameAtFault__SeveralLinesThenElided) {
  CaseResult result;
  result.verdict = Verdict::fail;
  Failure failure;
  failure.message = "m";
  failure.context = {{1, 0, "", "in", std::string(150, 'a') + "END", true},
                     {2, 0, "", "in", std::string(5000, 'b'), true},
                     {3, 0, "", "in", std::string(150, 'c') + "END", false}};
  result.failures.push_back(failure);
  const std::string text = explain_case(result, {});
  EXPECT_TRUE(has(text, "aEND\n")) << text;
  EXPECT_TRUE(has(text, "b...\n")) << text;
  EXPECT_FALSE(has(text, "cEND\n")) << text;
  EXPECT_LT(text.size(), 1000U);
}

TEST(ExplainCase, LongTextsThatDifferLate__MarkUnderTheFirstDifference) {
  CaseResult result;
  result.verdict = Verdict::fail;
  Failure failure;
  failure.message = "m";
  failure.expected = "Energy.Active.Import.Register";
  failure.actual = "Energy.Active.Export.Register";
  result.failures.push_back(failure);
  EXPECT_TRUE(
      has(explain_case(result, {}), "\n" + std::string(17 + 14, ' ') + "^ differs from here\n"));
  result.failures[0].expected = std::string(300, 'a') + "b";
  result.failures[0].actual = std::string(300, 'a') + "c";
  const std::string text = explain_case(result, {});
  EXPECT_TRUE(has(text, "Expected       ...aaaaaaaaaaaab\n")) << text;
  EXPECT_TRUE(has(text, "Actual         ...aaaaaaaaaaaac\n")) << text;
}

TEST(ExplainCase, NothingArrived__SaysSo) {
  const Results results = RunFolder(sample_2025()).results();
  const std::string text = explain_case(case_of(results, "TC_014_CS"), {});
  EXPECT_TRUE(has(text, "Actual         (nothing)\n")) << text;
  EXPECT_TRUE(has(text, "-- connection closed (dropped, code 1006)")) << text;
}

TEST(ExplainCase, HostileTexts__CannotControlTheTerminal) {
  const std::string hostile = "\x1b]0;x\x07\n\xE2\x80\xAE\xFF";
  CaseResult result;
  result.id = result.title = result.requirement = result.reason = result.file = hostile;
  result.notes = {hostile};
  Failure failure{hostile, hostile, hostile, hostile, hostile, "x" + hostile,
                  hostile, hostile, hostile, hostile, 0,       hostile,
                  {},      {}};
  failure.context.push_back({1, 0, hostile, "in", hostile, true});
  result.failures.push_back(failure);
  EXPECT_TRUE(is_tame(explain_case(result, {})));
  EXPECT_TRUE(is_tame(case_line(result, {})));
}

TEST(Summarise, Sample2025__ProfilesTimingsClaimsCounts) {
  const std::string text = summarise(RunFolder(sample_2025()).results(), {});
  for (const char* part :
       {"Fail: 2 of 6 applicable cases failed",
        "0.12 to 0.42 s, average 0.27 s, 2 samples, declared 30 s", "NumberOfConnectors",
        "claimed 2, reported 1",
        "2 passed, 2 failed, 1 inconclusive, 1 error, 1 not built, 3 not applicable in 86.0 s",
        "By cause       bench 1, check 1, missing 1, monitor 1", "1 remark of the monitors"})
    EXPECT_TRUE(has(text, part)) << part << "\n" << text;
  EXPECT_FALSE(has(text, "Notice"));
}

TEST(Summarise, SimulatedDevice__SaysSo) {
  const std::string text = summarise(RunFolder(sample_2024()).results(), {});
  EXPECT_TRUE(has(text, "Simulated device")) << text;
  EXPECT_TRUE(has(text, "slow-boot")) << text;
  EXPECT_TRUE(has(text, "Virtual clock")) << text;
}

}  // namespace
}  // namespace plugproof::reports
