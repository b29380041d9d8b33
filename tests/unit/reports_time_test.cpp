// Where the time went, from journals written by hand.
#include <gtest/gtest.h>

#include "reports_fixture.hpp"

namespace plugproof::reports {
namespace {

constexpr const char* kCase = R"({"kind":"case","case":"TC_001_CS","id":"TC_001_CS"})";
constexpr const char* kVerdict =
    R"({"kind":"verdict","case":"TC_001_CS","id":"TC_001_CS","verdict":"pass","seconds":1,"checks":1,"failures":[]})";

// Records of one case: kind and members, at a time in seconds.
class TimeTest : public testing::Test {
 protected:
  TimeTest() { journal_.add(kRunRecord, 0); }
  void add(const std::string& kind, const std::string& members, double t) {
    journal_.add(R"({"kind":")" + kind + R"(","case":"TC_001_CS")" + members + "}", t);
  }
  void step(const std::string& summary, double t, double deadline = 0) {
    std::string members = R"(,"label":"x","summary":")" + summary + "\"";
    if (deadline > 0)
      members += ",\"deadline\":" + std::to_string(base::from_seconds(deadline).count());
    add("step", members, t);
  }
  void call(const std::string& direction, const std::string& id, double t) {
    add(direction, R"(,"type":"call","id":")" + id + R"(","action":"X","text":"[]")", t);
  }
  void result(const std::string& direction, const std::string& id, double t) {
    add(direction, R"(,"type":"result","id":")" + id + R"(","action":"X","text":"[]")", t);
  }
  void expect(double charge_point, double prescribed, double rig, double harness) {
    const Results results = RunFolder(journal_.text()).results();
    const TimeBudget& time = case_of(results, "TC_001_CS").time;
    EXPECT_NEAR(time.charge_point, charge_point, 1e-9);
    EXPECT_NEAR(time.prescribed, prescribed, 1e-9);
    EXPECT_NEAR(time.rig, rig, 1e-9);
    EXPECT_NEAR(time.harness, harness, 1e-9);
  }
  JournalText journal_;
};

TEST_F(TimeTest, RequestAndAnswer__WaitingForTheChargePoint) {
  journal_.add(kCase, 10);
  step("send Reset", 10, 40);
  call("out", "a", 10.002);
  result("in", "a", 13);
  step("receive BootNotification", 13, 43);
  call("in", "b", 20);
  result("out", "b", 20.001);
  journal_.add(kVerdict, 20);
  expect(2.998 + 7, 0, 0, 0.003);
}

TEST_F(TimeTest, Windows__Prescribed) {
  journal_.add(kCase, 0);
  step("never StartTransaction", 0, 10);
  call("in", "a", 4);
  result("out", "a", 4.5);
  step("collect MeterValues {x: 1}", 10, 16);
  step("wait", 16, 20);
  step("receive StatusNotification", 20, 50);
  add("match", "", 25);
  expect(5, 19.5, 0, 0.5);
}

TEST_F(TimeTest, DeadlineThatNoRecordShows__EndsTheWindow) {
  journal_.add(kCase, 0);
  step("wait", 0, 10);
  call("out", "a", 10.25);
  expect(0, 10, 0, 0.25);
}

TEST_F(TimeTest, RequestThatIsNeverAnswered__WaitingUntilTheNextOne) {
  journal_.add(kCase, 0);
  step("never X", 0);
  call("out", "a", 0);
  call("out", "b", 30);
  result("in", "b", 31);
  expect(31, 0, 0, 0);
}

TEST_F(TimeTest, PhysicalAction__FromTheAskingToTheEnd) {
  journal_.add(kCase, 0);
  step("rig plug_in", 0);
  add("rig", R"(,"action":"plug_in")", 0.125);
  call("in", "a", 5);
  result("out", "a", 5.5);
  add("rig_done", R"(,"action":"plug_in","outcome":"done")", 20);
  step("receive StatusNotification", 20, 50);
  call("in", "b", 22);
  expect(2, 0, 5 - 0.125 + 14.5, 0.625);
}

TEST_F(TimeTest, RecordsOutOfOrder__TimeIsCountedOnce) {
  journal_.add(kCase, 0);
  step("receive X", 0, 30);
  call("in", "a", 4);
  result("out", "a", 4.5);
  call("in", "b", 4.25);
  result("out", "b", 5);
  expect(4, 0, 0, 1);
}

TEST_F(TimeTest, BeforeTheFirstCase__OfTheRunAlone) {
  journal_.add(R"({"kind":"connected","connection":1})", 60);
  journal_.add(kCase, 60);
  step("wait", 60, 61);
  journal_.add(kVerdict, 61);
  expect(0, 1, 0, 0);
  const Results results = RunFolder(journal_.text()).results();
  EXPECT_DOUBLE_EQ(results.time.charge_point, 60);
  EXPECT_DOUBLE_EQ(results.time.prescribed, 1);
  EXPECT_DOUBLE_EQ(results.time.total(), results.run.seconds);
}

TEST_F(TimeTest, CaseBegunAgain__OnlyTheLastAttemptCounts) {
  journal_.add(kCase, 0);
  step("wait", 0, 100);
  journal_.add(kCase, 100);
  step("wait", 100, 110);
  journal_.add(kVerdict, 110);
  expect(0, 10, 0, 0);
}

TEST(TimeText, Shares__InOneLine) {
  EXPECT_EQ(time_text({182, 40, 12, 0.3126}),
            "the charge point 3 min 2 s, prescribed waits 40.0 s, physical actions 12.0 s, the "
            "harness 0.31 s (0.13 %)");
  EXPECT_DOUBLE_EQ(TimeBudget{}.harness_percent(), 0);
}

}  // namespace
}  // namespace plugproof::reports
