// Security events, their log, and GetLog (security whitepaper, sections 3, 5.3, 5.7 and 6).
#include "simulator_tour.hpp"

namespace plugproof::simulator {
namespace {

std::vector<std::string> events(const Bench& bench) {
  std::vector<std::string> out;
  for (const auto& seen : bench.seen())
    if (seen.frame.action == "SecurityEventNotification")
      out.push_back(seen.frame.payload.string_or("type", ""));
  return out;
}

std::string request(const std::string& type, const std::string& location, int id,
                    const std::string& more = "") {
  return R"({"logType":")" + type + R"(","requestId":)" + std::to_string(id) + more +
         R"(,"log":{"remoteLocation":")" + location + R"("}})";
}

TEST(SecurityEvent, Boot__StartupIsTold) {
  Bench bench(pics_of(k2024All));
  bench.boot();
  EXPECT_EQ(events(bench), (Words{"StartupOfTheDevice"}));
  EXPECT_TRUE(bench.problems().empty());
}

TEST(SecurityEvent, Reset__ToldBeforeTheRebootOrAfterIt) {
  Bench bench(pics_of(k2024All));
  bench.boot().forget();
  bench.ask("Reset", R"({"type":"Hard"})");
  bench.pass(60s);
  EXPECT_EQ(events(bench), (Words{"ResetOrReboot", "StartupOfTheDevice"}));
}

TEST(SecurityEvent, ClockOfTheCentralSystem__SettingIsToldOnce) {
  Bench bench(pics_of(k2024All));
  bench.answer("BootNotification",
               R"({"status":"Accepted","currentTime":"2027-01-01T00:00:00Z","interval":3600})");
  bench.boot();
  EXPECT_EQ(events(bench), (Words{"StartupOfTheDevice", "SettingSystemTime"}));
}

TEST(SecurityEvent, Offline__KeptWithItsTimeOverALossOfPower) {
  Bench bench(pics_of(k2024All));
  bench.boot().forget();
  bench.refuse(true);
  bench.act("power_cycle");
  bench.pass(60s);
  bench.act("power_cycle");
  bench.pass(60s);
  bench.refuse(false);
  bench.pass(120s);
  ASSERT_EQ(events(bench), (Words{"StartupOfTheDevice", "StartupOfTheDevice"}));
  EXPECT_LT(bench.seen()[2].at, bench.clock().now());
  const auto first = std::find_if(bench.seen().begin(), bench.seen().end(), [](const Seen& seen) {
    return seen.frame.action == "SecurityEventNotification";
  });
  EXPECT_EQ(first->frame.payload.string_or("timestamp", ""), "2026-01-01T00:00:43.000Z");
}

TEST(SecurityEvent, NotTakenIn__ToldAgain) {
  Bench bench(pics_of(k2024All));
  bench.fail("SecurityEventNotification", 2);
  bench.boot();
  bench.pass(120s);
  EXPECT_EQ(bench.count("SecurityEventNotification"), 3);
}

TEST(SecurityEvent, NotCritical__ToldOnlyWhereThatWasDrawn) {
  bool told = false, silent = false;
  for (std::uint64_t seed = 1; seed < 12; ++seed) {
    Bench bench(pics_of(k2024All), {}, seed);
    bench.boot();
    bench.pass(300s);
    bench.forget();
    set_key(bench, "AuthorizationKey", "30313233343536373839414243444546");
    bench.pass(60s);
    (events(bench).empty() ? silent : told) = true;
  }
  EXPECT_TRUE(told && silent);
}

TEST(SecurityEventDefect, Offline__ShowsInWhatIsTold) {
  for (const char* defect : {"lose-offline-security-events", "stamp-security-events-on-delivery"}) {
    Bench bench(pics_of(k2024All), {defect});
    bench.boot();
    EXPECT_GT(bench.hits(defect), 0) << defect;
    EXPECT_EQ(events(bench).empty(), std::string(defect) == "lose-offline-security-events");
    if (const Value* told = bench.last("SecurityEventNotification")) {
      EXPECT_NE(told->string_or("timestamp", ""), "2026-01-01T00:00:00.000Z");
    }
  }
}

class GetLogTest : public testing::Test {
 protected:
  Bench bench{pics_of(k2024All)};
  void SetUp() override { bench.boot().forget(); }
  void TearDown() override { EXPECT_TRUE(bench.problems().empty()) << bench.problems().front(); }
};

TEST_F(GetLogTest, SecurityLog__HoldsTheEvents) {
  const Value answer = bench.ask("GetLog", request("SecurityLog", bench.folder(), 7));
  EXPECT_EQ(answer.string_or("status", ""), "Accepted");
  const std::string name = answer.string_or("filename", "");
  EXPECT_EQ(name, "security-20260101T000040Z.log");
  EXPECT_EQ(bench.words(),
            (Words{"LogStatusNotification:Uploading", "LogStatusNotification:Uploaded"}));
  EXPECT_EQ(bench.last("LogStatusNotification")->int_or("requestId", 0), 7);
  EXPECT_EQ(bench.files().uploads().at("uploads/1/" + name),
            "2026-01-01T00:00:00.000Z StartupOfTheDevice\n");
}

TEST_F(GetLogTest, DiagnosticsLog__TheLogOfTheDiagnostics) {
  const Value answer = bench.ask("GetLog", request("DiagnosticsLog", bench.folder(), 8));
  const std::string name = answer.string_or("filename", "");
  EXPECT_NE(bench.files().uploads().at("uploads/1/" + name).find("registration accepted"),
            std::string::npos);
}

TEST_F(GetLogTest, UploadThatFails__TriedAgainAsOftenAsTold) {
  bench.ask("GetLog", request("SecurityLog", "ftp://127.0.0.1:21/files", 9,
                              R"(,"retries":1,"retryInterval":5)"));
  bench.pass(60s);
  EXPECT_EQ(bench.words(),
            (Words{"LogStatusNotification:Uploading", "LogStatusNotification:Uploading",
                   "LogStatusNotification:UploadFailure"}));
}

TEST_F(GetLogTest, Another__CancelsTheOneUnderWay) {
  bench.settle = 0s;
  EXPECT_EQ(bench.status_of("GetLog", request("SecurityLog", bench.folder(), 1)), "Accepted");
  EXPECT_EQ(bench.status_of("GetLog", request("SecurityLog", bench.folder(), 2)),
            "AcceptedCanceled");
  bench.pass(60s);
  EXPECT_EQ(bench.words(),
            (Words{"LogStatusNotification:Uploading", "LogStatusNotification:Uploaded"}));
  EXPECT_EQ(bench.last("LogStatusNotification")->int_or("requestId", 0), 2);
}

TEST_F(GetLogTest, PowerCut__UploadedAfterIt) {
  bench.settle = 0s;
  bench.ask("GetLog", request("SecurityLog", bench.folder(), 3));
  bench.act("power_cycle");
  bench.pass(120s);
  EXPECT_EQ(bench.count("LogStatusNotification:Uploaded"), 1);
}

TEST_F(GetLogTest, Triggered__TellsWhatIsUnderWay) {
  bench.settle = 400ms;
  const std::string trigger = R"({"requestedMessage":"LogStatusNotification"})";
  EXPECT_EQ(bench.status_of("ExtendedTriggerMessage", trigger), "Accepted");
  bench.pass(3s);
  EXPECT_EQ(bench.words(), (Words{"LogStatusNotification:Idle"}));
  bench.forget();
  bench.ask("GetLog", request("SecurityLog", bench.folder(), 4));
  EXPECT_EQ(bench.status_of("ExtendedTriggerMessage", trigger), "Accepted");
  EXPECT_EQ(bench.last("LogStatusNotification")->int_or("requestId", 0), 4);
}

TEST_F(GetLogTest, ExtendedTrigger__ServesTheMessagesOfTriggerMessage) {
  for (const char* message :
       {"BootNotification", "Heartbeat", "MeterValues", "StatusNotification"}) {
    bench.forget();
    EXPECT_EQ(bench.status_of("ExtendedTriggerMessage",
                              std::string(R"({"requestedMessage":")") + message + R"("})"),
              "Accepted");
    EXPECT_GT(bench.count(message), 0) << message;
  }
  EXPECT_EQ(bench.status_of("ExtendedTriggerMessage",
                            R"({"requestedMessage":"StatusNotification","connectorId":9})"),
            "Rejected");
}

TEST(GetLogDefect, Each__Shows) {
  {
    Bench bench(pics_of(k2024All), {"refuse-log"});
    bench.boot();
    EXPECT_EQ(bench.status_of("GetLog", request("SecurityLog", bench.folder(), 1)), "Rejected");
  }
  Bench bench(pics_of(k2024All), {"cancel-upload-in-silence"});
  bench.boot();
  bench.settle = 0s;
  bench.ask("GetLog", request("SecurityLog", bench.folder(), 1));
  EXPECT_EQ(bench.status_of("GetLog", request("SecurityLog", bench.folder(), 2)), "Accepted");
  EXPECT_EQ(bench.hits("cancel-upload-in-silence"), 1);
}

TEST(GetLog, WithoutTheClaim__NotSupported) {
  Bench bench(pics_of(k2019));
  bench.boot();
  EXPECT_EQ(bench.ask("GetLog", request("SecurityLog", bench.folder(), 1)).string_or("error", ""),
            "NotSupported");
}

}  // namespace
}  // namespace plugproof::simulator
