#include "simulator_bench.hpp"

namespace plugproof::simulator {
namespace {

constexpr const char* kTag = R"({"id_tag":"TAG"})";

class Offline : public testing::Test {
 protected:
  Bench bench{pics_of(k2024All, detachable())};
  void SetUp() override { bench.boot().forget(); }
  void TearDown() override { EXPECT_TRUE(bench.problems().empty()) << bench.problems().front(); }
  void network(bool on) {
    bench.act("network", on ? R"({"on":true})" : R"({"on":false})");
    bench.pass(10s);
  }
};

TEST_F(Offline, WholeTransaction__DeliveredInOrderWithTheRightId) {
  network(false);
  bench.act("plug_in");
  bench.act("present_id", kTag);
  bench.pass(130s);
  bench.act("present_id", kTag);
  bench.act("plug_out");
  EXPECT_TRUE(bench.words().empty());
  network(true);
  EXPECT_EQ(bench.words(),
            (Words{"StartTransaction", "MeterValues", "MeterValues", "StopTransaction:Local"}));
  for (const char* action : {"MeterValues", "StopTransaction"})
    EXPECT_EQ(bench.last(action)->int_or("transactionId", 0), bench.transaction_id());
}

TEST_F(Offline, StatusChangedMeanwhile__ReportedOnReconnectOnce) {
  network(false);
  bench.act("plug_in");
  network(true);
  EXPECT_EQ(bench.words(), Words{"StatusNotification:Preparing"});
}

TEST_F(Offline, StatusLostWithTheConnection__ReportedAgain) {
  bench.answer("StatusNotification", [this](const Value&) -> std::optional<Value> {
    bench.drop();
    bench.answer("StatusNotification", "{}");
    return std::nullopt;
  });
  bench.act("plug_in");
  bench.pass(10s);
  EXPECT_EQ(bench.words(), (Words{"StatusNotification:Preparing", "StatusNotification:Preparing"}));
}

TEST_F(Offline, UnknownTagNotAllowed__NoTransaction) {
  bench.status_of("ChangeConfiguration", R"({"key":"AllowOfflineTxForUnknownId","value":"false"})");
  network(false);
  bench.act("plug_in");
  bench.act("present_id", kTag);
  network(true);
  EXPECT_EQ(bench.count("StartTransaction"), 0);
}

TEST_F(Offline, InvalidAfterReconnect__StoppedDeAuthorized) {
  bench.answer("StartTransaction", R"({"transactionId":7,"idTagInfo":{"status":"Invalid"}})");
  network(false);
  bench.act("plug_in");
  bench.act("present_id", kTag);
  network(true);
  EXPECT_EQ(bench.words(), (Words{"StartTransaction", "StatusNotification:Charging",
                                  "StopTransaction:DeAuthorized", "StatusNotification:Finishing"}));
}

TEST_F(Offline, DroppedByTheCentralSystem__ReconnectsWithBackOff) {
  bench.refuse(true);
  bench.drop();
  bench.pass(20s);
  EXPECT_EQ(bench.connections(), 1);
  bench.refuse(false);
  bench.pass(70s);
  EXPECT_EQ(bench.connections(), 2);
  EXPECT_EQ(bench.count("BootNotification"), 0);
}

TEST_F(Offline, TransactionMessageRefused__RetriedWithGrowingIntervalThenGivenUp) {
  bench.act("plug_in");
  bench.fail("StartTransaction", 9);
  bench.act("present_id", kTag);
  bench.pass(200s);
  std::vector<base::Nanos> times;
  for (const auto& seen : bench.seen())
    if (seen.frame.action == "StartTransaction") times.push_back(seen.at);
  ASSERT_EQ(times.size(), 3u);  // TransactionMessageAttempts
  EXPECT_EQ(times[1] - times[0], 10s);
  EXPECT_EQ(times[2] - times[1], 20s);
}

TEST_F(Offline, ConnectionLostWithMessageUnderWay__SentAgainAndNotCounted) {
  bench.act("plug_in");
  int starts = 0;
  bench.answer("StartTransaction", [&](const Value&) -> std::optional<Value> {
    if (++starts == 1) {
      bench.drop();
      return std::nullopt;
    }
    return base::read_json(R"({"transactionId":5,"idTagInfo":{"status":"Accepted"}})").value;
  });
  bench.act("present_id", kTag);
  bench.pass(10s);
  EXPECT_EQ(starts, 2);
  EXPECT_EQ(bench.status_of("RemoteStopTransaction", R"({"transactionId":5})"), "Accepted");
}

TEST_F(Offline, PowerCutWithQueue__DeliveredAfterBoot) {
  network(false);
  bench.act("plug_in");
  bench.act("present_id", kTag);
  bench.act("power", R"({"on":false})");
  bench.charge_point().act("network", *base::read_json(R"({"on":true})").value);
  bench.act("power", R"({"on":true})");
  bench.pass(20s);
  EXPECT_EQ(bench.words(),
            (Words{"BootNotification", "StartTransaction", "StopTransaction:PowerLoss",
                   "StatusNotification:Available@0", "StatusNotification:Preparing",
                   "StatusNotification:Available@2"}));
  EXPECT_EQ(bench.last("StopTransaction")->int_or("transactionId", 0), bench.transaction_id());
}

TEST_F(Offline, HandshakeNotAnswered__GivenUpAndTriedAgain) {
  bench.stall(true);
  bench.drop();
  bench.pass(60s);
  EXPECT_EQ(bench.connections(), 1);
  bench.stall(false);
  bench.pass(60s);
  EXPECT_EQ(bench.connections(), 2);
}

}  // namespace
}  // namespace plugproof::simulator
