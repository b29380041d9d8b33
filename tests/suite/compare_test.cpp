// Two runs of the reference charge point side by side: what is told and, as important, what is not.
#include "reports/compare.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "tests/suite/suite_bench.hpp"
#include "tests/unit/reports_fixture.hpp"

namespace plugproof::suite_tests {
namespace {

using base::Value;
using reports::Change;
using reports::Comparison;
using reports::JournalText;
using reports::Pace;
using reports::RunFolder;

constexpr const char* kPics = "pics/certified/CHQ-S-07SR.yaml";
constexpr const char* kOtherPics = "pics/certified/CSC-07A7-1.yaml";

std::string played(const PlaySettings& settings, const char* pics = kPics) {
  return play(pics, settings).journal;
}

Comparison compared(const std::string& before, const std::string& after) {
  const RunFolder a(before), b(after);
  return reports::compare(a.results(), b.results());
}

bool uneven(const Comparison& comparison, const std::string& what) {
  return std::any_of(comparison.uneven.begin(), comparison.uneven.end(),
                     [&](const auto& one) { return one.what.rfind(what, 0) == 0; });
}

TEST(Compare, SameRunTwice__NothingDiffers) {
  for (const char* defect : {"", "alter:StopTransaction.reason=\"Local\""}) {
    PlaySettings settings;
    if (*defect != '\0') settings.defects = {defect};
    const std::string journal = played(settings);
    const Comparison comparison = compared(journal, journal);
    EXPECT_TRUE(comparison.nothing_differs());
    EXPECT_TRUE(comparison.uneven.empty());
    EXPECT_GT(comparison.judged_in_both, 50U);
    EXPECT_NE(reports::compare_text(comparison, {})
                  .find("Nothing differs; " + std::to_string(comparison.judged_in_both) +
                        " cases judged"),
              std::string::npos);
  }
}

// Other message ids, other transaction ids: no difference of the charge point.
TEST(Compare, AnotherSeed__NothingDiffers) {
  PlaySettings a, b;
  a.defects =
      b.defects = {"alter:StopTransaction.reason=\"Local\"", "same-message-id", "repeat-status"};
  a.seed = 1;
  b.seed = 4711;
  const Comparison comparison = compared(played(a), played(b));
  EXPECT_TRUE(comparison.nothing_differs()) << reports::compare_text(comparison, {});
}

TEST(Compare, OneDefectMore__WorseAndTheOtherWayRoundBetter) {
  PlaySettings good, bad;
  bad.defects = {"alter:StopTransaction.reason=\"Local\""};
  const std::string a = played(good), b = played(bad);
  const Comparison worse = compared(a, b), better = compared(b, a);
  EXPECT_EQ(worse.count(Change::worse), 7U);
  EXPECT_EQ(worse.count(Change::better), 0U);
  EXPECT_EQ(better.count(Change::better), 7U);
  EXPECT_EQ(better.count(Change::worse), 0U);
  EXPECT_FALSE(worse.slower());
  EXPECT_TRUE(uneven(worse, "Defects of the simulated charge point"));
}

TEST(Compare, OtherFailuresOfAFailedCase__NewAndGone) {
  PlaySettings a, b;
  a.only = b.only = {"TC_012_CS"};
  a.defects = {"alter:StopTransaction.reason=\"Local\""};
  b.defects = {"alter:StopTransaction.transactionId=99"};
  const Comparison comparison = compared(played(a), played(b));
  EXPECT_TRUE(comparison.cases.empty());
  ASSERT_GE(comparison.failures.size(), 2U);
  EXPECT_TRUE(std::any_of(comparison.failures.begin(), comparison.failures.end(),
                          [](const auto& f) { return f.appeared; }));
  EXPECT_TRUE(
      std::any_of(comparison.failures.begin(), comparison.failures.end(), [](const auto& f) {
        return !f.appeared && f.where == "TC_012_CS" && f.what.find("reason") != std::string::npos;
      }));
}

TEST(Compare, SlowerAnswers__AreSlowerAndNotWorse) {
  PlaySettings a, b;
  a.only = b.only = {"TC_019_CS", "TC_021_CS", "TC_012_CS", "TC_010_CS"};
  b.defects = {"delay-response:ChangeConfiguration=2"};
  const std::string before = played(a), after = played(b);
  b.defects = {"delay-response:GetConfiguration=1",
               "delay-response:ChangeConfiguration=1",
               "delay-response:RemoteStartTransaction=1",
               "delay-response:RemoteStopTransaction=1",
               "delay-response:ClearCache=1",
               "delay-response:UnlockConnector=1",
               "delay-response:ChangeAvailability=1",
               "delay-response:TriggerMessage=1"};
  const std::string all = played(b);
  const auto pace = [](const Comparison& comparison) {
    return comparison.kpis.front().pace;  // the response time
  };
  EXPECT_EQ(pace(compared(before, all)), Pace::slower);
  EXPECT_EQ(pace(compared(all, before)), Pace::faster);
  EXPECT_TRUE(compared(before, all).slower());
  EXPECT_EQ(compared(before, all).count(Change::worse), 0U);
  EXPECT_EQ(compared(before, after).count(Change::worse), 0U);
}

TEST(Compare, CaseThatWaitsLonger__IsNamed) {
  PlaySettings a, b;
  a.only = b.only = {"TC_012_CS", "TC_013_CS"};
  b.defects = {"delay:StopTransaction=9"};
  const Comparison comparison = compared(played(a), played(b));
  ASSERT_EQ(comparison.durations.size(), 1U);
  EXPECT_EQ(comparison.durations[0].id, "TC_012_CS");
  EXPECT_TRUE(comparison.durations[0].slower);
  EXPECT_NEAR(comparison.durations[0].after - comparison.durations[0].before, 9, 0.5);
}

TEST(Compare, OtherCases__NewAndGoneAreNotWorse) {
  PlaySettings a, b;
  a.only = {"TC_012_CS", "TC_019_CS"};
  b.only = {"TC_012_CS", "TC_021_CS"};
  b.defects = {"error-response:ChangeConfiguration=InternalError"};
  const Comparison comparison = compared(played(a), played(b));
  EXPECT_EQ(comparison.count(Change::appeared), 1U);
  EXPECT_EQ(comparison.count(Change::gone), 1U);
  EXPECT_EQ(comparison.count(Change::worse), 0U);
}

TEST(Compare, BrokenOffBeforeACaseThatPassed__IsWorse) {
  PlaySettings settings;
  settings.only = {"TC_012_CS", "TC_019_CS"};
  const std::string whole = played(settings);
  const std::string cut = whole.substr(0, whole.rfind("\n", whole.find("\"kind\":\"case\"")) + 1);
  const Comparison comparison = compared(whole, cut);
  EXPECT_EQ(comparison.count(Change::worse), 2U);
  EXPECT_TRUE(uneven(comparison, "State of the run"));
}

TEST(Compare, AnotherPics__UnevenByName) {
  PlaySettings settings;
  settings.only = {"TC_012_CS"};
  const Comparison comparison = compared(played(settings), played(settings, kOtherPics));
  EXPECT_TRUE(uneven(comparison, "PICS, product.designation"));
  EXPECT_NE(reports::compare_text(comparison, {}).find("What makes the comparison uneven"),
            std::string::npos);
  EXPECT_NE(reports::compare_markdown(comparison).find("> Uneven: PICS"), std::string::npos);
}

TEST(Compare, ClaimContradicted__NewAndGone) {
  PlaySettings a, b;
  a.only = b.only = {"TC_019_CS"};
  b.defects = {"alter:BootNotification.firmwareVersion=\"9.9\""};
  const std::string before = played(a), after = played(b);
  const Comparison worse = compared(before, after);
  ASSERT_FALSE(worse.contradictions.empty());
  EXPECT_TRUE(worse.contradictions[0].appeared);
  EXPECT_EQ(worse.after.firmware, std::vector<std::string>{"9.9"});
  EXPECT_FALSE(compared(after, before).contradictions[0].appeared);
}

// One verdict before, another after, in a journal of one case.
std::string judged(const std::string& verdict) {
  JournalText text;
  text.add(reports::kRunRecord);
  if (verdict == "not_run") {
    text.add(R"({"kind":"end","outcome":"interrupted","reason":"by hand"})");
    return text.text();
  }
  text.add(R"({"kind":"case","case":"TC_001_CS","id":"TC_001_CS"})");
  text.add(R"({"kind":"verdict","case":"TC_001_CS","id":"TC_001_CS","verdict":")" + verdict +
           R"(","reason":"r","failures":[],"seconds":1,"checks":1})");
  text.add(R"({"kind":"end","outcome":"complete","reason":""})");
  return text.text();
}

TEST(Compare, EveryPairOfVerdicts__IsOrderedSensibly) {
  const std::tuple<const char*, const char*, const char*> pairs[] = {
      {"pass", "fail", "worse"},     {"pass", "inconc", "worse"},    {"pass", "error", "worse"},
      {"inconc", "fail", "worse"},   {"error", "fail", "worse"},     {"fail", "pass", "better"},
      {"inconc", "pass", "better"},  {"error", "pass", "better"},    {"fail", "inconc", "unclear"},
      {"fail", "error", "unclear"},  {"inconc", "error", "unclear"}, {"error", "inconc", "unclear"},
      {"not_run", "fail", "new"},    {"not_run", "pass", "new"},     {"pass", "not_run", "worse"},
      {"inconc", "not_run", "gone"}, {"fail", "not_run", "gone"}};
  for (const auto& [before, after, change] : pairs) {
    const Comparison comparison = compared(judged(before), judged(after));
    ASSERT_EQ(comparison.cases.size(), 1U) << before << " " << after;
    EXPECT_STREQ(to_string(comparison.cases[0].change), change) << before << " " << after;
  }
  for (const char* same : {"pass", "fail", "inconc", "error", "not_run"})
    EXPECT_TRUE(compared(judged(same), judged(same)).cases.empty()) << same;
}

std::vector<double> samples(std::size_t count, const std::function<double(std::size_t)>& of) {
  std::vector<double> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(of(i));
  return out;
}

TEST(Pace, Samples__DoNotCryWolf) {
  const auto steady = [](double seconds) { return [=](std::size_t) { return seconds; }; };
  // A spread of a second over which the same numbers lie.
  const auto spread = [](double add) {
    return [=](std::size_t i) { return 1 + static_cast<double>(i * 7 % 20) / 20 + add; };
  };
  const auto pace = [](std::vector<double> a, std::vector<double> b) {
    return reports::pace_of(std::move(a), std::move(b));
  };
  EXPECT_EQ(pace(samples(20, steady(1)), samples(20, steady(1))), Pace::same);
  EXPECT_EQ(pace(samples(20, steady(1)), samples(20, steady(1.09))), Pace::same);    // below 10 %
  EXPECT_EQ(pace(samples(20, steady(0.1)), samples(20, steady(0.14))), Pace::same);  // below 50 ms
  EXPECT_EQ(pace(samples(20, steady(0.1)), samples(20, steady(0.15))), Pace::slower);
  EXPECT_EQ(pace(samples(20, steady(1)), samples(20, steady(1.2))), Pace::slower);
  EXPECT_EQ(pace(samples(20, steady(1.2)), samples(20, steady(1))), Pace::faster);
  EXPECT_EQ(pace(samples(20, spread(0)), samples(20, spread(0.2))),
            Pace::same);  // within the spread
  EXPECT_EQ(pace(samples(200, spread(0)), samples(200, spread(0.2))), Pace::slower);
  EXPECT_EQ(pace(samples(8, steady(1)), samples(8, steady(2))), Pace::slower);
  EXPECT_EQ(pace(samples(7, steady(1)), samples(99, steady(2))), Pace::too_few);
  EXPECT_EQ(pace({}, samples(99, steady(2))), Pace::too_few);
  // A few outliers are no slower firmware.
  EXPECT_EQ(
      pace(samples(40, steady(1)), samples(40, [](std::size_t i) { return i < 4 ? 30.0 : 1.0; })),
      Pace::same);
}

TEST(CompareReports, HostileTexts__DoNothing) {
  JournalText text;
  text.add(reports::kRunRecord);
  text.add(
      R"({"kind":"finding","monitor":"m\u001b[31m","severity":"remark","message":"<b>|\u202e\n# x"})");
  text.add(R"({"kind":"end","outcome":"complete","reason":""})");
  const Comparison comparison = compared(judged("pass"), text.text());
  const std::string terminal = reports::compare_text(comparison, {});
  EXPECT_EQ(terminal.find('\x1b'), std::string::npos);
  EXPECT_NE(terminal.find("\\u{202e}"), std::string::npos);
  const std::string markdown = reports::compare_markdown(comparison);
  EXPECT_EQ(markdown.find("<b>"), std::string::npos);
  EXPECT_EQ(markdown.find("\n# x"), std::string::npos);
  EXPECT_TRUE(base::read_json(reports::compare_json(comparison)).value);
}

TEST(CompareReports, Json__HasItsFormatAndCounts) {
  const auto json =
      base::read_json(reports::compare_json(compared(judged("pass"), judged("fail"))));
  ASSERT_TRUE(json.value);
  EXPECT_EQ(json.value->int_or("format", 0), 1);
  EXPECT_EQ(*json.value->find("worse"), Value(true));
  EXPECT_EQ(json.value->find("counts")->int_or("worse", 0), 1);
  EXPECT_EQ(json.value->find("cases")->as_list().front().string_or("change", ""), "worse");
}

TEST(CompareReports, Lines__KeepToTheWidth) {
  PlaySettings a, b;
  a.only = b.only = {"TC_012_CS"};
  b.defects = {"alter:StopTransaction.reason=\"Local\""};
  std::istringstream lines(reports::compare_text(compared(played(a), played(b)), {false, 80}));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

}  // namespace
}  // namespace plugproof::suite_tests
