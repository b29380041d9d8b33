#include "simulator_bench.hpp"

namespace plugproof::simulator {
namespace {

constexpr const char* kTag = R"({"id_tag":"TAG"})";
constexpr const char* kOther = R"({"id_tag":"OTHER"})";

class Session : public testing::Test {
 protected:
  Bench bench{pics_of(k2024All, detachable())};
  void SetUp() override {
    bench.boot();
    bench.forget();
  }
  void TearDown() override { EXPECT_TRUE(bench.problems().empty()) << bench.problems().front(); }
  void charge() {
    bench.act("plug_in");
    bench.act("present_id", kTag);
    ASSERT_EQ(bench.count("StatusNotification:Charging"), 1);
    bench.forget();
  }
  void set(const std::string& key, const std::string& value) {
    ASSERT_EQ(bench.status_of("ChangeConfiguration",
                              R"({"key":")" + key + R"(","value":")" + value + R"("})"),
              "Accepted");
  }
};

TEST_F(Session, PlugFirst__PreparingAuthorizeStartCharging) {
  bench.act("plug_in");
  bench.act("present_id", kTag);
  EXPECT_EQ(bench.words(), (Words{"StatusNotification:Preparing", "Authorize", "StartTransaction",
                                  "StatusNotification:Charging"}));
  EXPECT_EQ(bench.last("StartTransaction")->string_or("idTag", ""), "TAG");
}

TEST_F(Session, TagFirst__AuthorizePreparingStartCharging) {
  bench.act("present_id", kTag);
  EXPECT_EQ(bench.words(), (Words{"Authorize", "StatusNotification:Preparing"}));
  bench.act("plug_in");
  EXPECT_EQ(bench.words(), (Words{"Authorize", "StatusNotification:Preparing", "StartTransaction",
                                  "StatusNotification:Charging"}));
}

TEST_F(Session, TagFirstWithoutPlug__AvailableAfterConnectionTimeOut) {
  set("ConnectionTimeOut", "20");
  bench.forget();
  bench.act("present_id", kTag);
  bench.pass(25s);
  EXPECT_EQ(bench.words(),
            (Words{"Authorize", "StatusNotification:Preparing", "StatusNotification:Available"}));
  EXPECT_EQ(bench.seen()[2].at - bench.seen()[1].at, 20s);
  bench.act("plug_in");
  EXPECT_EQ(bench.count("StartTransaction"), 0);
}

TEST_F(Session, SameTagAgainBeforePlug__AuthorisationWithdrawn) {
  bench.act("present_id", kTag);
  bench.act("present_id", kTag);
  EXPECT_EQ(bench.words().back(), "StatusNotification:Available");
}

TEST_F(Session, InvalidTag__NoTransaction) {
  bench.answer("Authorize", R"({"idTagInfo":{"status":"Invalid"}})");
  bench.act("plug_in");
  bench.act("present_id", kTag);
  bench.pass(60s);
  EXPECT_EQ(bench.words(), (Words{"StatusNotification:Preparing", "Authorize"}));
}

TEST_F(Session, StartAnsweredInvalid__StoppedDeAuthorized) {
  bench.answer("StartTransaction", R"({"transactionId":7,"idTagInfo":{"status":"Blocked"}})");
  bench.act("plug_in");
  bench.act("present_id", kTag);
  EXPECT_EQ(bench.words().back(), "StatusNotification:Finishing");
  EXPECT_EQ(bench.last("StopTransaction")->string_or("reason", ""), "DeAuthorized");
}

TEST_F(Session, StartAnsweredInvalidAndKept__SuspendedEVSEAfterTheAllowedEnergy) {
  set("StopTransactionOnInvalidId", "false");
  set("MaxEnergyOnInvalidId", "100");
  bench.answer("StartTransaction", R"({"transactionId":7,"idTagInfo":{"status":"Invalid"}})");
  bench.act("plug_in");
  bench.act("present_id", kTag);
  EXPECT_EQ(bench.words().back(), "StatusNotification:Charging");
  bench.pass(120s);
  EXPECT_EQ(bench.count("StatusNotification:SuspendedEVSE"), 1);
  EXPECT_EQ(bench.count("StopTransaction"), 0);
}

TEST_F(Session, SameTag__StopsWithoutAuthorizeAndUnlocks) {
  charge();
  EXPECT_FALSE(bench.act("plug_out").done);
  bench.act("present_id", kTag);
  EXPECT_EQ(bench.words(), (Words{"StopTransaction:Local", "StatusNotification:Finishing"}));
  EXPECT_EQ(bench.last("StopTransaction")->string_or("idTag", ""), "TAG");
  EXPECT_EQ(bench.last("StopTransaction")->int_or("transactionId", 0), bench.transaction_id());
  EXPECT_TRUE(bench.act("plug_out").done);
  EXPECT_EQ(bench.words().back(), "StatusNotification:Available");
}

TEST_F(Session, OtherTagWithoutParent__Ignored) {
  charge();
  bench.act("present_id", kOther);
  EXPECT_TRUE(bench.words().empty());
}

TEST_F(Session, OtherTagOfTheSameGroup__AuthorizedAndStops) {
  bench.answer("Authorize", R"({"idTagInfo":{"status":"Accepted","parentIdTag":"GROUP"}})");
  charge();
  bench.act("present_id", kOther);
  EXPECT_EQ(bench.words(),
            (Words{"Authorize", "StopTransaction:Local", "StatusNotification:Finishing"}));
  EXPECT_EQ(bench.last("StopTransaction")->string_or("idTag", ""), "OTHER");
}

TEST_F(Session, OtherTagOfAnotherGroup__AuthorizedAndGoesOn) {
  bench.answer("StartTransaction",
               R"({"transactionId":7,"idTagInfo":{"status":"Accepted","parentIdTag":"GROUP"}})");
  bench.answer("Authorize", R"({"idTagInfo":{"status":"Accepted","parentIdTag":"STRANGERS"}})");
  charge();
  bench.act("present_id", kOther);
  EXPECT_EQ(bench.words(), Words{"Authorize"});
}

TEST_F(Session, StopButton__Local) {
  EXPECT_FALSE(bench.act("press_stop").done);
  charge();
  EXPECT_TRUE(bench.act("press_stop").done);
  EXPECT_EQ(bench.words(), (Words{"StopTransaction:Local", "StatusNotification:Finishing"}));
  EXPECT_EQ(bench.last("StopTransaction")->find("idTag"), nullptr);
}

TEST_F(Session, FinishedAndTagAgain__PreparingBeforeTheNextTransaction) {
  charge();
  bench.act("present_id", kTag);
  bench.forget();
  bench.act("present_id", kTag);
  EXPECT_EQ(bench.words(), (Words{"Authorize", "StatusNotification:Preparing", "StartTransaction",
                                  "StatusNotification:Charging"}));
}

TEST_F(Session, VehicleUnplugged__StoppedAndUnlockedAsConfigured) {
  charge();
  EXPECT_TRUE(bench.act("ev_plug_out").done);
  EXPECT_EQ(bench.words(),
            (Words{"StopTransaction:EVDisconnected", "StatusNotification:Finishing"}));
  EXPECT_TRUE(bench.act("plug_out").done);
  EXPECT_EQ(bench.words().back(), "StatusNotification:Available");
}

TEST_F(Session, VehicleUnpluggedAndLockKept__ReleasedByUnlockConnector) {
  set("UnlockConnectorOnEVSideDisconnect", "false");
  charge();
  bench.act("ev_plug_out");
  EXPECT_FALSE(bench.act("plug_out").done);
  EXPECT_EQ(bench.status_of("UnlockConnector", R"({"connectorId":1})"), "Unlocked");
  EXPECT_TRUE(bench.act("plug_out").done);
}

TEST_F(Session, VehicleUnpluggedAndTransactionKept__SuspendedEVWithInfo) {
  set("StopTransactionOnEVSideDisconnect", "false");
  charge();
  bench.act("ev_plug_out");
  EXPECT_EQ(bench.words(), Words{"StatusNotification:SuspendedEV"});
  EXPECT_EQ(bench.last("StatusNotification")->string_or("info", ""), "EV side disconnected");
  EXPECT_TRUE(bench.act("ev_plug_in").done);
  EXPECT_EQ(bench.words().back(), "StatusNotification:Charging");
  EXPECT_EQ(bench.status_of("RemoteStopTransaction", bench.running()), "Accepted");
  EXPECT_EQ(bench.words().back(), "StatusNotification:Finishing");
}

TEST_F(Session, VehicleNotReady__SuspendedEVAndBack) {
  charge();
  bench.act("ev_ready", R"({"ready":false})");
  bench.act("ev_ready", R"({"ready":true})");
  EXPECT_EQ(bench.words(),
            (Words{"StatusNotification:SuspendedEV", "StatusNotification:Charging"}));
}

TEST_F(Session, CableHalfway__LockFailureAndNoTransaction) {
  bench.act("present_id", kTag);
  bench.forget();
  bench.act("plug_in", R"({"halfway":true})");
  bench.pass(30s);
  EXPECT_EQ(bench.count("StartTransaction"), 0);
  EXPECT_EQ(bench.words().back(), "StatusNotification:Faulted");
  EXPECT_EQ(bench.last("StatusNotification")->string_or("errorCode", ""), "ConnectorLockFailure");
  bench.act("plug_out");
  EXPECT_EQ(bench.words().back(), "StatusNotification:Available");
}

TEST_F(Session, Fault__ReportedForTheWholeAndForOneAndNothingStarts) {
  bench.act("fault", R"({"connector":0,"on":true})");
  EXPECT_EQ(bench.words(), (Words{"StatusNotification:Faulted@0", "StatusNotification:Faulted",
                                  "StatusNotification:Faulted@2"}));
  bench.act("plug_in");
  bench.act("present_id", kTag);
  EXPECT_EQ(bench.count("StartTransaction"), 0);
  bench.act("fault", R"({"connector":0,"on":false})");
  EXPECT_EQ(bench.words().back(), "StatusNotification:Available@2");
  EXPECT_EQ(bench.last("StatusNotification")->string_or("errorCode", ""), "NoError");
}

TEST_F(Session, FaultOfTheOtherConnector__AuthorisationKept) {
  bench.act("present_id", kTag);
  bench.act("fault", R"({"connector":2,"on":true})");
  bench.act("plug_in");
  EXPECT_EQ(bench.count("StatusNotification:Charging"), 1);
}

TEST_F(Session, CachedTag__NoAuthorizeUntilCleared) {
  set("LocalPreAuthorize", "true");
  charge();
  bench.act("present_id", kTag);
  bench.act("plug_out");
  bench.forget();
  bench.act("plug_in");
  bench.act("present_id", kTag);
  EXPECT_EQ(bench.words(), (Words{"StatusNotification:Preparing", "StartTransaction",
                                  "StatusNotification:Charging"}));
  bench.act("present_id", kTag);
  bench.act("plug_out");
  EXPECT_EQ(bench.status_of("ClearCache", "{}"), "Accepted");
  bench.forget();
  bench.act("present_id", kTag);
  EXPECT_EQ(bench.words(), (Words{"Authorize", "StatusNotification:Preparing"}));
}

TEST_F(Session, MinimumStatusDuration__ShortStatusesAreNotReported) {
  set("MinimumStatusDuration", "10");
  bench.forget();
  bench.act("plug_in");
  bench.act("plug_out");
  bench.pass(30s);
  EXPECT_TRUE(bench.words().empty());
  bench.act("plug_in");
  bench.pass(15s);
  EXPECT_EQ(bench.words(), Words{"StatusNotification:Preparing"});
}

TEST(FixedCable, SessionAndVehicleUnplugged__AvailableAtOnce) {
  Bench bench(pics_of(k2024All));
  bench.boot().forget();
  bench.act("plug_in");
  bench.act("present_id", kTag);
  EXPECT_FALSE(bench.act("plug_in", R"({"halfway":true})").done);
  bench.forget();
  bench.act("ev_plug_out");
  EXPECT_EQ(bench.words(),
            (Words{"StopTransaction:EVDisconnected", "StatusNotification:Available"}));
}

TEST(Physical, ImpossibleActions__RefusedWithAReason) {
  Bench bench(pics_of(k2024All, detachable()));
  bench.boot();
  EXPECT_NE(bench.act("ev_plug_out").reason.find("no vehicle"), std::string::npos);
  EXPECT_NE(bench.act("ev_plug_in").reason.find("no cable"), std::string::npos);
  EXPECT_NE(bench.act("plug_inn").reason.find("plug_in"), std::string::npos);
  EXPECT_NE(bench.act("plug_in", R"({"connector":9})").reason.find("no connector 9"),
            std::string::npos);
  EXPECT_FALSE(bench.act("present_id").done);
}

TEST(Physical, ClosedSocket__OpensWithTheAuthorisation) {
  Edits edits = detachable();
  edits.push_back({"AQ-2: no", "AQ-2: yes"});
  Bench bench(pics_of(k2024All, edits));
  bench.boot();
  EXPECT_FALSE(bench.act("plug_in").done);
  bench.act("present_id", kTag);
  EXPECT_TRUE(bench.act("plug_in").done);
  EXPECT_EQ(bench.words().back(), "StatusNotification:Charging");
}

}  // namespace
}  // namespace plugproof::simulator
