// Charging profiles as the frames tell of them, and the check on a composite schedule.
#include "engine/run/installed_profiles.hpp"
#include "run_bench.hpp"

namespace plugproof::run {
namespace {

Value json(const std::string& text) {
  return *base::read_json(text).value;
}

Value set_request(int connector, int id, const std::string& purpose, int level,
                  const std::string& more = "") {
  return json(R"({"connectorId":)" + std::to_string(connector) +
              R"(,"csChargingProfiles":{"chargingProfileId":)" + std::to_string(id) +
              R"(,"chargingProfilePurpose":")" + purpose + R"(","stackLevel":)" +
              std::to_string(level) + more + "}}");
}

// The ids that are installed, in order; "unknown" as long as nothing is known.
std::string ids(const InstalledProfiles& profiles) {
  const Value list = profiles.to_value();
  if (!list.is_list()) return "unknown";
  std::string out;
  for (const auto& item : list.as_list())
    out += (out.empty() ? "" : " ") + std::to_string(item.int_or("chargingProfileId", 0));
  return out;
}

TEST(InstalledProfiles, BeforeAnything__Unknown) {
  InstalledProfiles profiles;
  EXPECT_EQ(ids(profiles), "unknown");
  profiles.cleared(json(R"({"id":5})"), false);
  EXPECT_EQ(ids(profiles), "unknown");
  profiles.cleared(json("{}"), false);  // Unknown: there was none
  EXPECT_EQ(ids(profiles), "");
}

TEST(InstalledProfiles, Set__ReplacesTheSameIdOrTheSamePlace) {
  InstalledProfiles profiles;
  profiles.set(set_request(1, 1, "TxDefaultProfile", 0), Value());
  profiles.set(set_request(1, 2, "TxDefaultProfile", 1), Value());
  profiles.set(set_request(0, 3, "TxDefaultProfile", 0), Value());
  profiles.set(set_request(0, 4, "ChargePointMaxProfile", 0), Value());
  EXPECT_EQ(ids(profiles), "1 2 3 4");
  profiles.set(set_request(1, 5, "TxDefaultProfile", 0), Value());
  EXPECT_EQ(ids(profiles), "2 3 4 5");
  profiles.set(set_request(0, 2, "ChargePointMaxProfile", 7), Value());
  EXPECT_EQ(ids(profiles), "3 4 5 2");
}

TEST(InstalledProfiles, Clear__EveryFieldNarrowsAndAnIdStandsAlone) {
  InstalledProfiles all;
  all.set(set_request(1, 1, "TxDefaultProfile", 0), Value());
  all.set(set_request(1, 2, "TxDefaultProfile", 1), Value());
  all.set(set_request(0, 3, "ChargePointMaxProfile", 0), Value());
  const auto left = [&](const std::string& request, bool accepted = true) {
    InstalledProfiles copy = all;
    copy.cleared(json(request), accepted);
    return ids(copy);
  };
  EXPECT_EQ(left(R"({"id":2})"), "1 3");
  EXPECT_EQ(left(R"({"id":2,"chargingProfilePurpose":"ChargePointMaxProfile"})"), "1 3");
  EXPECT_EQ(left(R"({"chargingProfilePurpose":"TxDefaultProfile"})"), "3");
  EXPECT_EQ(left(R"({"chargingProfilePurpose":"TxDefaultProfile","stackLevel":0})"), "2 3");
  EXPECT_EQ(left(R"({"stackLevel":0})"), "2");
  EXPECT_EQ(left(R"({"connectorId":0})"), "1 2");
  EXPECT_EQ(left(R"({"connectorId":2})", false), "1 2 3");
  EXPECT_EQ(left("{}"), "");
}

TEST(InstalledProfiles, TxProfile__EndsWithItsTransaction) {
  InstalledProfiles profiles;
  profiles.set(set_request(1, 1, "TxDefaultProfile", 0), Value());
  profiles.set(set_request(1, 2, "TxProfile", 0, R"(,"transactionId":7)"), Value(7));
  profiles.set(set_request(2, 3, "TxProfile", 0), Value(8));
  profiles.stopped(9);
  EXPECT_EQ(ids(profiles), "1 2 3");
  profiles.stopped(8);  // the one without an id of its own was for it
  EXPECT_EQ(ids(profiles), "1 2");
  profiles.stopped(7);
  EXPECT_EQ(ids(profiles), "1");
}

TEST(InstalledProfiles, RemoteStart__InstalledWithTheTransactionThatFollows) {
  const Value start = json(
      R"({"connectorId":1,"idTag":"A","chargingProfile":{"chargingProfileId":1,"chargingProfilePurpose":"TxProfile"}})");
  InstalledProfiles profiles;
  profiles.awaits_start(start);
  EXPECT_EQ(ids(profiles), "unknown");
  profiles.started(5, 2, "A");
  profiles.started(6, 1, "B");
  EXPECT_EQ(ids(profiles), "unknown");
  profiles.started(7, 1, "A");
  ASSERT_EQ(ids(profiles), "1");
  EXPECT_EQ(profiles.to_value().as_list()[0].int_or("transactionId", 0), 7);
  EXPECT_EQ(profiles.to_value().as_list()[0].int_or("connectorId", 0), 1);

  InstalledProfiles later;
  later.awaits_start(start);
  later.not_started(2);
  later.not_started(1);
  later.started(7, 1, "A");
  EXPECT_EQ(ids(later), "unknown");
}

using Composite = RunBench;

constexpr const char* kSet =
    "  - set: {start: \"$plus_seconds(now, -5)\"}\n"
    "  - send: SetChargingProfile\n"
    "    payload:\n"
    "      connectorId: 1\n"
    "      csChargingProfiles: {chargingProfileId: 1, stackLevel: 0, chargingProfilePurpose: "
    "TxDefaultProfile,\n"
    "        chargingProfileKind: Absolute, chargingSchedule: {startSchedule: $start, "
    "chargingRateUnit: W,\n"
    "          chargingSchedulePeriod: [{startPeriod: 0, limit: 6000}, {startPeriod: 65, limit: "
    "8000}]}}\n"
    "    result: {status: Accepted}\n";
constexpr const char* kAsk =
    "  - set: {asked: $now}\n"
    "  - step: 3\n"
    "    send: GetCompositeSchedule\n"
    "    payload: {connectorId: 1, duration: 100}\n"
    "    result:\n"
    "      scheduleStart:\n"
    "        {default: $message.chargingSchedule.startSchedule,\n"
    "         is: {close_to: [$asked, $now], seconds: $max_time_deviation}}\n"
    "      chargingSchedule.chargingSchedulePeriod:\n"
    "        composite: {connector: 1, duration: 100, unit: W}\n";

std::string schedule(const std::string& start, const std::string& periods,
                     const std::string& more = "") {
  return R"({"status":"Accepted")" + start + R"(,"chargingSchedule":{"chargingRateUnit":"W",)" +
         more + R"("chargingSchedulePeriod":[)" + periods + "]}}";
}

class CompositeAnswer : public RunBench {
 protected:
  // Answers GetCompositeSchedule 8 s after it was asked, with a start that long after the request.
  const CaseResult& answered(Nanos start, const std::string& periods, bool in_schedule = false) {
    dut->on("GetCompositeSchedule", [=, this](const std::string& id, const Value&) {
      const auto at = clock.utc() + std::chrono::duration_cast<base::Micros>(start);
      dut->after(8s, [=, this] {
        const std::string text = '"' + base::format_utc_millis(at) + '"';
        dut->result(id, in_schedule ? schedule("", periods, "\"startSchedule\":" + text + ",")
                                    : schedule(",\"scheduleStart\":" + text, periods));
      });
    });
    return play(std::string(kSet) + kAsk);
  }
};

constexpr const char* kRight = R"({"startPeriod":0,"limit":6000},{"startPeriod":60,"limit":8000})";

TEST_F(CompositeAnswer, ThatFollowsFromTheProfile__Passes) {
  EXPECT_VERDICT("pass", answered(0s, kRight));
}

TEST_F(CompositeAnswer, StartInTheScheduleOnly__Passes) {
  EXPECT_VERDICT("pass", answered(2s, kRight, true));
}

TEST_F(CompositeAnswer, StartAtTheAnswer__PassesWhereverTheWindowLies) {
  EXPECT_VERDICT(
      "pass", answered(12s, R"({"startPeriod":0,"limit":6000},{"startPeriod":48,"limit":8000})"));
}

TEST_F(CompositeAnswer, StartTooLate__Fails) {
  const auto& result =
      answered(14s, R"({"startPeriod":0,"limit":6000},{"startPeriod":46,"limit":8000})");
  EXPECT_VERDICT("fail", result);
  ASSERT_EQ(result.failures.size(), 1u);
  EXPECT_EQ(result.failures[0].check, "4:scheduleStart");
  EXPECT_NE(result.failures[0].expected.find("s of the time from"), std::string::npos)
      << result.failures[0].expected;
}

TEST_F(CompositeAnswer, WrongLimit__FailsWithTheFirstDifference) {
  const auto& result =
      answered(0s, R"({"startPeriod":0,"limit":6000},{"startPeriod":60,"limit":9000})");
  EXPECT_VERDICT("fail", result);
  ASSERT_EQ(result.failures.size(), 1u);
  const Failure& failure = result.failures[0];
  EXPECT_EQ(failure.check, "4:chargingSchedule.chargingSchedulePeriod");
  EXPECT_EQ(failure.expected, "6000 W from 0 s, 8000 W from 60 s, each give or take 5 s");
  EXPECT_EQ(failure.actual,
            "6000 W from 0 s, 9000 W from 60 s; at second 60 the limit is 9000 W, not 8000 W");
}

TEST_F(Composite, NoSchedule__Absent) {
  dut->on("GetCompositeSchedule", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Rejected"})");
  });
  const auto& result = play(std::string(kSet) + kAsk);
  EXPECT_VERDICT("fail", result);
  const Failure* wrong = failure(result, "4:chargingSchedule.chargingSchedulePeriod");
  ASSERT_TRUE(wrong);
  EXPECT_EQ(wrong->actual, "absent");
  EXPECT_TRUE(failure(result, "4:scheduleStart"));
}

TEST_F(Composite, LocalLimit__ExpectedWithoutAProfile) {
  pixit.values["local_limit"] = 7000;
  dut->on("GetCompositeSchedule", [&](const std::string& id, const Value&) {
    dut->result(id, schedule(",\"scheduleStart\":\"" + base::format_utc_millis(clock.utc()) + '"',
                             R"({"startPeriod":0,"limit":7001})"));
  });
  const auto& result = play(kAsk);
  EXPECT_VERDICT("fail", result);
  EXPECT_NE(result.reason.find("at second 0 the limit is 7001 W, not the local limit of 7000 W"),
            std::string::npos)
      << result.reason;
}

TEST_F(Composite, ConnectorZero__CannotBeComputed) {
  dut->on("GetCompositeSchedule",
          [&](const std::string& id, const Value&) { dut->result(id, schedule("", kRight)); });
  const auto& result = play(
      "  - send: GetCompositeSchedule\n    payload: {connectorId: 0, duration: 10}\n    result:\n"
      "      chargingSchedule.chargingSchedulePeriod: {composite: {connector: 0, duration: 10, "
      "unit: "
      "W}}\n");
  EXPECT_VERDICT("inconc", result);
  EXPECT_NE(result.reason.find("from 1 on"), std::string::npos) << result.reason;
}

TEST_F(Composite, RefusedProfile__NotInstalled) {
  dut->on("SetChargingProfile", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"NotSupported"})");
  });
  play(
      "  - send: SetChargingProfile\n    payload: {connectorId: 1, csChargingProfiles: "
      "{chargingProfileId: 1}}\n"
      "  - expect: profiles == null\n    says: Nothing is known.\n"
      "  - send: ClearChargingProfile\n"
      "  - expect: len(profiles) == 0\n    says: There is none.\n");
  EXPECT_VERDICT("pass", result());
}

TEST_F(Composite, NullsInAPayload__LeftOutHoweverDeep) {
  play(
      "  - send: SetChargingProfile\n    payload: {connectorId: 1, csChargingProfiles: "
      "{chargingProfileId: 1, validFrom: $null, chargingSchedule: {chargingSchedulePeriod: "
      "[{startPeriod: 0, numberPhases: $null}]}}}\n");
  EXPECT_EQ(dut->requests.back(),
            R"(SetChargingProfile {"connectorId":1,"csChargingProfiles":{"chargingProfileId":1,)"
            R"("chargingSchedule":{"chargingSchedulePeriod":[{"startPeriod":0}]}}})");
}

}  // namespace
}  // namespace plugproof::run
