#include "simulator_tour.hpp"

namespace plugproof::simulator {
namespace {

class Charging : public testing::Test {
 protected:
  Bench bench{pics_of(k2024All, {{"ORS-1: 1", "ORS-1: 20"}, {"ORS-19: 10", "ORS-19: 4"}})};
  void SetUp() override { bench.boot().forget(); }
  void TearDown() override { EXPECT_TRUE(bench.problems().empty()) << bench.problems().front(); }

  std::string set(int connector, int id, const std::string& purpose, int level,
                  const std::string& periods, const std::string& more = "") {
    return bench.status_of(
        "SetChargingProfile",
        set_profile(connector, charging_profile(bench, id, purpose, level, periods, more)));
  }
  Value composite(int duration = 400, const std::string& more = "", int connector = 1) {
    return bench.ask("GetCompositeSchedule", R"({"connectorId":)" + std::to_string(connector) +
                                                 R"(,"duration":)" + std::to_string(duration) +
                                                 more + "}");
  }
  // "0:8 50:10": the periods.
  std::string told(const Value& answer) {
    std::string out;
    const Value* schedule = answer.find("chargingSchedule");
    if (!schedule) return answer.string_or("status", "none");
    for (const auto& period : schedule->find("chargingSchedulePeriod")->as_list())
      out += (out.empty() ? "" : " ") + period.find("startPeriod")->to_display() + ":" +
             period.find("limit")->to_display();
    return out;
  }
  void start() {
    bench.act("plug_in");
    present(bench, "TAG");
    ASSERT_NE(bench.last("StartTransaction"), nullptr);
  }
  double power() {
    set_key(bench, "MeterValuesSampledData", "Power.Active.Import");
    bench.ask("TriggerMessage", R"({"requestedMessage":"MeterValues","connectorId":1})");
    const Value& value = bench.last("MeterValues")->find("meterValue")->as_list()[0];
    return std::stod(value.find("sampledValue")->as_list()[0].string_or("value", "-1"));
  }
};

const std::string kSix = R"({"startPeriod":0,"limit":6})";

TEST_F(Charging, NoProfile__ItsOwnMaximum) {
  const Value answer = composite();
  EXPECT_EQ(told(answer), "0:32");
  EXPECT_EQ(answer.int_or("connectorId", 0), 1);
  EXPECT_EQ(answer.find("chargingSchedule")->int_or("duration", 0), 400);
  EXPECT_NE(answer.find("scheduleStart"), nullptr);
  EXPECT_EQ(told(composite(100, R"(,"chargingRateUnit":"W")")), "0:7360");
  EXPECT_EQ(told(composite(100, "", 0)), "0:32");
  EXPECT_EQ(told(composite(100, "", 5)), "Rejected");
}

TEST_F(Charging, Stack__UpperProfileThenTheLowerInItsOwnTime) {
  EXPECT_EQ(set(1, 1, "TxDefaultProfile", 0,
                R"({"startPeriod":0,"limit":6},{"startPeriod":200,"limit":8})"),
            "Accepted");
  EXPECT_EQ(set(1, 2, "TxDefaultProfile", 1, R"({"startPeriod":0,"limit":7})"), "Accepted");
  // Each request takes 3.1 s with what settles after it; both last 300 s from a minute before.
  EXPECT_EQ(told(composite()), "0:7 237:32");
  EXPECT_EQ(bench.status_of("ClearChargingProfile", R"({"id":2})"), "Accepted");
  EXPECT_EQ(told(composite()), "0:6 128:8 228:32");
}

TEST_F(Charging, LocalLimit__LimitsWhatIsToldAndWhatFlows) {
  set(1, 1, "TxDefaultProfile", 0, R"({"startPeriod":0,"limit":6},{"startPeriod":100,"limit":20})");
  bench.act("local_limit", R"({"limit":"10 A"})");
  EXPECT_EQ(told(composite(100)), "0:6 34:10");
  bench.act("local_limit", R"({"limit":"1150 W"})");
  EXPECT_EQ(told(composite(100)), "0:5");
  start();
  EXPECT_DOUBLE_EQ(power(), 1150);
  bench.act("local_limit", R"({"limit":""})");
  bench.pass(60s);
  EXPECT_DOUBLE_EQ(power(), 4600);
  EXPECT_FALSE(bench.act("local_limit", R"({"limit":"much"})").done);
}

TEST_F(Charging, Energy__FollowsTheScheduleAndZeroSuspends) {
  start();
  EXPECT_DOUBLE_EQ(power(), 7000);
  bench.forget();
  set(1, 1, "TxProfile", 0,
      R"({"startPeriod":0,"limit":10},{"startPeriod":120,"limit":0},{"startPeriod":180,"limit":6})");
  EXPECT_DOUBLE_EQ(power(), 2300);
  bench.forget();
  bench.pass(60s);
  EXPECT_EQ(bench.words().back(), "StatusNotification:SuspendedEVSE");
  bench.pass(60s);
  EXPECT_EQ(bench.count("StatusNotification:Charging"), 1);
  EXPECT_DOUBLE_EQ(power(), 1380);
}

TEST_F(Charging, TxProfile__EndsWithTheTransaction) {
  start();
  const std::string own = R"(,"transactionId":)" + std::to_string(bench.transaction_id());
  EXPECT_EQ(set(1, 1, "TxProfile", 0, kSix, own), "Accepted");
  EXPECT_EQ(told(composite(100)), "0:6");
  present(bench, "TAG");
  EXPECT_EQ(told(composite(100)), "0:32");
}

TEST_F(Charging, RemoteStart__BringsItsProfile) {
  bench.act("plug_in");
  const std::string profile = charging_profile(bench, 1, "TxProfile", 0, kSix);
  EXPECT_EQ(bench.status_of("RemoteStartTransaction",
                            R"({"connectorId":1,"idTag":"TAG","chargingProfile":)" + profile + "}"),
            "Accepted");
  EXPECT_EQ(told(composite(100)), "0:6");
  EXPECT_EQ(bench.status_of("ClearChargingProfile", R"({"chargingProfilePurpose":"TxProfile"})"),
            "Accepted");
}

TEST_F(Charging, WhatCannotBe__Rejected) {
  EXPECT_EQ(set(1, 1, "TxProfile", 0, kSix), "Rejected");
  EXPECT_EQ(set(1, 1, "ChargePointMaxProfile", 0, kSix), "Rejected");
  EXPECT_EQ(set(1, 1, "TxDefaultProfile", 11, kSix), "Rejected");  // ORS-14 is 10
  EXPECT_EQ(set(1, 1, "TxDefaultProfile", 0, R"({"startPeriod":5,"limit":6})"), "Rejected");
  std::string many;
  for (int i = 0; i <= 100; ++i)  // ORS-15 is 100
    many += (i ? ",{\"startPeriod\":" : "{\"startPeriod\":") + std::to_string(i) + ",\"limit\":6}";
  EXPECT_EQ(set(1, 1, "TxDefaultProfile", 0, many), "Rejected");
  std::string watts = charging_profile(bench, 1, "TxDefaultProfile", 0, kSix);
  watts.replace(watts.find("\"A\""), 3, "\"W\"");
  EXPECT_EQ(bench.status_of("SetChargingProfile", set_profile(1, watts)), "Rejected");
  EXPECT_EQ(bench.ask("SetChargingProfile", set_profile(2, watts)).string_or("error", ""),
            "PropertyConstraintViolation");
  start();
  EXPECT_EQ(set(0, 1, "TxProfile", 0, kSix), "Rejected");
  EXPECT_EQ(set(1, 1, "TxProfile", 0, kSix, R"(,"transactionId":7)"), "Rejected");
}

TEST_F(Charging, TooManyProfiles__TheLastIsRejected) {
  for (int level = 0; level < 4; ++level)  // MaxChargingProfilesInstalled is 4 here
    EXPECT_EQ(set(1, level, "TxDefaultProfile", level, kSix), "Accepted");
  EXPECT_EQ(set(1, 9, "TxDefaultProfile", 5, kSix), "Rejected");
  EXPECT_EQ(set(1, 9, "TxDefaultProfile", 3, kSix), "Accepted");  // in the place of another
}

TEST_F(Charging, PowerCut__ProfilesAreKept) {
  set(1, 1, "TxDefaultProfile", 0, kSix);
  start();
  set(1, 2, "TxProfile", 0, R"({"startPeriod":0,"limit":8})");
  bench.act("power_cycle");
  bench.pass(60s);
  EXPECT_EQ(told(composite(100)), "0:6");
  EXPECT_EQ(bench.status_of("ClearChargingProfile", R"({"id":2})"), "Unknown");
  EXPECT_EQ(bench.status_of("ClearChargingProfile", "{}"), "Accepted");
  EXPECT_EQ(bench.status_of("ClearChargingProfile", "{}"), "Unknown");
}

TEST(ChargingUnclaimed, Requests__NotSupportedAndAProfileOfARemoteStartIgnored) {
  Bench bench(pics_of(k2024));
  bench.boot();
  EXPECT_EQ(bench.ask("ClearChargingProfile", "{}").string_or("error", ""), "NotSupported");
  bench.act("plug_in");
  const std::string profile = charging_profile(bench, 1, "TxDefaultProfile", 0, kSix);
  EXPECT_EQ(bench.status_of("RemoteStartTransaction",
                            R"({"connectorId":1,"idTag":"TAG","chargingProfile":)" + profile + "}"),
            "Accepted");
}

TEST(ChargingOfTwoConnectors, ChargePointMax__SharedByThoseThatCharge) {
  Bench bench(pics_of(k2024All, detachable()));
  bench.boot();
  bench.ask("SetChargingProfile",
            set_profile(0, charging_profile(bench, 1, "ChargePointMaxProfile", 0, kSix)));
  for (const char* connector : {"1", "2"}) {
    bench.act("plug_in", std::string(R"({"connector":)") + connector + "}");
    bench.act("present_id",
              std::string(R"({"id_tag":"TAG)") + connector + R"(","connector":)" + connector + "}");
  }
  set_key(bench, "MeterValuesSampledData", "Power.Active.Import");
  for (const char* connector : {"1", "2"}) {
    bench.ask("TriggerMessage",
              std::string(R"({"requestedMessage":"MeterValues","connectorId":)") + connector + "}");
    const Value& value = bench.last("MeterValues")->find("meterValue")->as_list()[0];
    EXPECT_EQ(value.find("sampledValue")->as_list()[0].string_or("value", ""), "690.0");
  }
}

}  // namespace
}  // namespace plugproof::simulator
