#include "simulator_bench.hpp"

namespace plugproof::simulator {
namespace {

TEST(Registration, Accepted__StatusOfEveryConnectorThenHeartbeats) {
  Bench bench(pics_of(k2024All, detachable()));
  bench.boot();
  EXPECT_EQ(bench.words(),
            (Words{"BootNotification", "StatusNotification:Available@0",
                   "StatusNotification:Available", "StatusNotification:Available@2"}));
  bench.forget();
  bench.pass(3700s);
  EXPECT_EQ(bench.words(), Words{"Heartbeat"});
  EXPECT_TRUE(bench.problems().empty()) << bench.problems().front();
}

TEST(Registration, Rejected__SilentUntilTheIntervalThenBootAgain) {
  Bench bench(pics_of(k2024All));
  int boots = 0;
  bench.answer("BootNotification", [&boots](const Value&) {
    return Value::object({{"status", ++boots == 1 ? "Rejected" : "Accepted"},
                          {"currentTime", "2026-01-01T00:00:00Z"},
                          {"interval", 20}});
  });
  bench.charge_point().power_on();
  bench.pass(10s);
  EXPECT_EQ(bench.words(), Words{"BootNotification"});
  EXPECT_EQ(bench.ask("GetConfiguration", "{}", 5s), Value());
  bench.pass(20s);
  ASSERT_GE(bench.words().size(), 2u);
  EXPECT_EQ(bench.words()[1], "BootNotification");
  EXPECT_GE(bench.seen()[1].at - bench.seen()[0].at, 20s);
  EXPECT_EQ(bench.count("StatusNotification:Available"), 1);
}

TEST(Registration, Pending__RequestsAnsweredAndNothingElseSent) {
  Bench bench(pics_of(k2024All));
  int boots = 0;
  bench.answer("BootNotification", [&boots](const Value&) {
    return Value::object({{"status", ++boots < 3 ? "Pending" : "Accepted"},
                          {"currentTime", "2026-01-01T00:00:00Z"},
                          {"interval", boots == 1 ? 30 : 0}});
  });
  bench.charge_point().power_on();
  bench.pass(10s);
  EXPECT_NE(bench.ask("GetConfiguration", "{}").find("configurationKey"), nullptr);
  EXPECT_EQ(bench.status_of("RemoteStartTransaction", R"({"idTag":"A","connectorId":1})"),
            "Rejected");
  EXPECT_EQ(bench.words(), Words{"BootNotification"});
  EXPECT_EQ(bench.status_of("TriggerMessage", R"({"requestedMessage":"BootNotification"})"),
            "Accepted");
  EXPECT_EQ(bench.words(), (Words{"BootNotification", "BootNotification"}));
  bench.pass(60s);  // an interval of 0 leaves the wait to the charge point
  EXPECT_EQ(bench.count("BootNotification"), 3);
  EXPECT_EQ(bench.count("StatusNotification:Available"), 1);
}

TEST(Registration, BootInterval__BecomesHeartbeatIntervalUntilChanged) {
  Bench bench(pics_of(k2024All));
  bench.answer("BootNotification",
               R"({"status":"Accepted","currentTime":"2026-01-01T00:00:00Z","interval":100})");
  bench.boot();
  bench.forget();
  bench.pass(300s);
  EXPECT_EQ(bench.count("Heartbeat"), 3);
  EXPECT_EQ(bench.status_of("ChangeConfiguration", R"({"key":"HeartbeatInterval","value":"10"})"),
            "Accepted");
  bench.forget();
  bench.pass(100s);
  EXPECT_EQ(bench.count("Heartbeat"), 10);
}

TEST(Registration, ClockOfCentralSystem__IsTaken) {
  Bench bench(pics_of(k2024All));
  bench.answer("BootNotification",
               R"({"status":"Accepted","currentTime":"2031-05-01T12:00:00Z","interval":100})");
  bench.boot();
  EXPECT_TRUE(bench.last("StatusNotification")
                  ->string_or("timestamp", "")
                  .starts_with("2031-05-01T12:00:0"));
}

TEST(Registration, BootUnanswered__RepeatedLater) {
  Bench bench(pics_of(k2024All));
  int boots = 0;
  bench.answer("BootNotification", [&boots](const Value&) -> std::optional<Value> {
    if (++boots == 1) return std::nullopt;
    return Value::object(
        {{"status", "Accepted"}, {"currentTime", "2026-01-01T00:00:00Z"}, {"interval", 60}});
  });
  bench.boot();
  bench.pass(60s);
  EXPECT_EQ(boots, 2);
  EXPECT_EQ(bench.count("StatusNotification:Available"), 1);
}

TEST(Power, CutDuringTransaction__StopWithPowerLossAfterwards) {
  Bench bench(pics_of(k2024All));
  bench.boot();
  bench.act("plug_in");
  bench.act("present_id", R"({"id_tag":"TAG"})");
  ASSERT_EQ(bench.count("StartTransaction"), 1);
  bench.pass(600s);
  EXPECT_TRUE(bench.act("power", R"({"on":false})").done);
  bench.pass(120s);
  bench.forget();
  EXPECT_TRUE(bench.act("power", R"({"on":true})").done);
  bench.pass(30s);
  EXPECT_EQ(bench.words(),
            (Words{"BootNotification", "StopTransaction:PowerLoss",
                   "StatusNotification:Available@0", "StatusNotification:Preparing"}));
  EXPECT_EQ(bench.last("StopTransaction")->int_or("transactionId", 0), bench.transaction_id());
  EXPECT_GE(bench.last("StopTransaction")->int_or("meterStop", 0), 1100);
}

TEST(Power, BackupPower__StopReportedBeforeGoingDown) {
  Bench bench(pics_of(k2024All, {{"AQ-7.1: no", "AQ-7.1: yes"}, {"AQ-7.2: yes", "AQ-7.2: no"}}));
  bench.boot();
  bench.act("plug_in");
  bench.act("present_id", R"({"id_tag":"TAG"})");
  bench.forget();
  bench.act("power_cycle");
  bench.pass(60s);
  EXPECT_EQ(bench.words(),
            (Words{"StopTransaction:PowerLoss", "StatusNotification:Finishing", "BootNotification",
                   "StatusNotification:Available@0", "StatusNotification:Preparing"}));
}

TEST(Power, Cycle__AvailabilityAndConfigurationKept) {
  Bench bench(pics_of(k2024All));
  bench.boot();
  EXPECT_EQ(bench.status_of("ChangeAvailability", R"({"connectorId":0,"type":"Inoperative"})"),
            "Accepted");
  EXPECT_EQ(bench.status_of("ChangeConfiguration", R"({"key":"ConnectionTimeOut","value":"33"})"),
            "Accepted");
  bench.act("power_cycle");
  bench.forget();
  bench.pass(60s);
  EXPECT_EQ(bench.words(), (Words{"BootNotification", "StatusNotification:Unavailable@0",
                                  "StatusNotification:Unavailable"}));
  const Value answer = bench.ask("GetConfiguration", R"({"key":["ConnectionTimeOut"]})");
  EXPECT_EQ(answer.find("configurationKey")->as_list()[0].string_or("value", ""), "33");
}

TEST(Power, OffFromWithinAnEvent__Survived) {
  Bench bench(pics_of(k2024All));
  bench.answer("BootNotification", [&bench](const Value&) -> std::optional<Value> {
    bench.charge_point().power_off();
    return std::nullopt;
  });
  bench.boot();
  EXPECT_EQ(bench.count("BootNotification"), 1);
  EXPECT_FALSE(bench.act("present_id", R"({"id_tag":"TAG"})").done);
}

}  // namespace
}  // namespace plugproof::simulator
