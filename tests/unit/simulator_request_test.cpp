#include "simulator_bench.hpp"

namespace plugproof::simulator {
namespace {

constexpr const char* kTag = R"({"id_tag":"TAG"})";

class Request : public testing::Test {
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
  std::string change(const std::string& key, const std::string& value) {
    return bench.status_of("ChangeConfiguration",
                           R"({"key":")" + key + R"(","value":")" + value + R"("})");
  }
  // "key=value/readonly" of one key; empty when it is unknown.
  std::string get(const std::string& key) {
    const Value answer = bench.ask("GetConfiguration", R"({"key":[")" + key + R"("]})");
    const Value* list = answer.find("configurationKey");
    if (!list) return {};
    const Value& item = list->as_list().front();
    return item.string_or("value", "") + (item.find("readonly")->as_bool() ? "/R" : "/RW");
  }
};

TEST_F(Request, RemoteStartPluggedIn__AuthorizeStartCharging) {
  bench.act("plug_in");
  bench.forget();
  EXPECT_EQ(bench.status_of("RemoteStartTransaction", R"({"connectorId":1,"idTag":"TAG"})"),
            "Accepted");
  EXPECT_EQ(bench.words(), (Words{"Authorize", "StartTransaction", "StatusNotification:Charging"}));
}

TEST_F(Request, RemoteStartFirst__PreparingThenStartOnPlugIn) {
  EXPECT_EQ(bench.status_of("RemoteStartTransaction", R"({"connectorId":2,"idTag":"TAG"})"),
            "Accepted");
  EXPECT_EQ(bench.words(), (Words{"Authorize", "StatusNotification:Preparing@2"}));
  bench.act("plug_in", R"({"connector":2})");
  EXPECT_EQ(bench.words().back(), "StatusNotification:Charging@2");
}

TEST_F(Request, RemoteStartWithoutConnector__TakesThePluggedOne) {
  bench.act("plug_in", R"({"connector":2})");
  EXPECT_EQ(bench.status_of("RemoteStartTransaction", R"({"idTag":"TAG"})"), "Accepted");
  EXPECT_EQ(bench.last("StartTransaction")->int_or("connectorId", 0), 2);
}

TEST_F(Request, RemoteStartWithoutAuthorizeRemote__NoAuthorize) {
  EXPECT_EQ(change("AuthorizeRemoteTxRequests", "false"), "Accepted");
  bench.act("plug_in");
  bench.forget();
  bench.status_of("RemoteStartTransaction", R"({"connectorId":1,"idTag":"TAG"})");
  EXPECT_EQ(bench.words(), (Words{"StartTransaction", "StatusNotification:Charging"}));
}

TEST_F(Request, RemoteStartWhereItCannot__Rejected) {
  charge();
  const auto start = [this](int connector) {
    return bench.status_of("RemoteStartTransaction",
                           R"({"idTag":"TAG","connectorId":)" + std::to_string(connector) + "}");
  };
  EXPECT_EQ(start(1), "Rejected");
  EXPECT_EQ(start(3), "Rejected");
  EXPECT_NE(start(0), "Accepted");
  bench.act("fault", R"({"connector":2,"on":true})");
  EXPECT_EQ(start(2), "Rejected");
  bench.act("fault", R"({"connector":2,"on":false})");
  EXPECT_EQ(bench.status_of("ChangeAvailability", R"({"connectorId":2,"type":"Inoperative"})"),
            "Accepted");
  EXPECT_EQ(start(2), "Rejected");
}

TEST_F(Request, RemoteStop__ReasonRemoteAndUnknownIdRejected) {
  charge();
  EXPECT_EQ(bench.status_of("RemoteStopTransaction", R"({"transactionId":99999})"), "Rejected");
  EXPECT_TRUE(bench.words().empty());
  EXPECT_EQ(bench.status_of("RemoteStopTransaction", bench.running()), "Accepted");
  EXPECT_EQ(bench.words(), (Words{"StopTransaction:Remote", "StatusNotification:Finishing"}));
}

TEST_F(Request, HardReset__StopsRebootsAndKeepsAvailability) {
  bench.status_of("ChangeAvailability", R"({"connectorId":2,"type":"Inoperative"})");
  charge();
  EXPECT_EQ(bench.status_of("Reset", R"({"type":"Hard"})"), "Accepted");
  bench.pass(30s);
  EXPECT_EQ(bench.words(),
            (Words{"StopTransaction:HardReset", "StatusNotification:Finishing", "BootNotification",
                   "StatusNotification:Available@0", "StatusNotification:Preparing",
                   "StatusNotification:Unavailable@2"}));
  EXPECT_EQ(bench.connections(), 2);
}

TEST_F(Request, SoftResetWithSlowCentralSystem__WaitsForTheStop) {
  charge();
  bench.fail("StopTransaction", 1);
  EXPECT_EQ(bench.status_of("Reset", R"({"type":"Soft"})"), "Accepted");
  bench.pass(60s);
  EXPECT_EQ(bench.words(), (Words{"StopTransaction:SoftReset", "StatusNotification:Finishing",
                                  "StopTransaction:SoftReset", "BootNotification",
                                  "StatusNotification:Available@0", "StatusNotification:Preparing",
                                  "StatusNotification:Available@2"}));
}

TEST_F(Request, ChangeAvailability__ScheduledDuringTransaction) {
  charge();
  EXPECT_EQ(bench.status_of("ChangeAvailability", R"({"connectorId":1,"type":"Inoperative"})"),
            "Scheduled");
  EXPECT_TRUE(bench.words().empty());
  bench.act("present_id", kTag);
  EXPECT_EQ(bench.words(), (Words{"StopTransaction:Local", "StatusNotification:Finishing",
                                  "StatusNotification:Unavailable"}));
  EXPECT_EQ(bench.status_of("ChangeAvailability", R"({"connectorId":1,"type":"Operative"})"),
            "Accepted");
  EXPECT_EQ(bench.words().back(), "StatusNotification:Preparing");
  EXPECT_EQ(bench.status_of("ChangeAvailability", R"({"connectorId":5,"type":"Operative"})"),
            "Rejected");
}

TEST_F(Request, ChangeAvailabilityOfAll__EveryConnectorReported) {
  EXPECT_EQ(bench.status_of("ChangeAvailability", R"({"connectorId":0,"type":"Inoperative"})"),
            "Accepted");
  EXPECT_EQ(bench.words(),
            (Words{"StatusNotification:Unavailable@0", "StatusNotification:Unavailable",
                   "StatusNotification:Unavailable@2"}));
  bench.forget();
  EXPECT_EQ(bench.status_of("ChangeAvailability", R"({"connectorId":0,"type":"Operative"})"),
            "Accepted");
  EXPECT_EQ(bench.count("StatusNotification:Available@2"), 1);
}

TEST_F(Request, ChangeAvailabilityWhilePreparing__LegalWayToUnavailable) {
  bench.act("plug_in");
  bench.forget();
  bench.status_of("ChangeAvailability", R"({"connectorId":1,"type":"Inoperative"})");
  EXPECT_EQ(bench.words(),
            (Words{"StatusNotification:Finishing", "StatusNotification:Unavailable"}));
}

TEST_F(Request, GetConfigurationOfAll__RequiredKeysWithTheirAccess) {
  const Value answer = bench.ask("GetConfiguration", "{}");
  EXPECT_EQ(answer.find("unknownKey"), nullptr);
  std::map<std::string, bool> readonly;
  for (const auto& item : answer.find("configurationKey")->as_list())
    readonly[item.string_or("key", "")] = item.find("readonly")->as_bool();
  for (const char* key :
       {"GetConfigurationMaxKeys", "NumberOfConnectors", "SupportedFeatureProfiles",
        "LocalAuthListMaxLength", "SendLocalListMaxLength", "ChargeProfileMaxStackLevel",
        "ChargingScheduleAllowedChargingRateUnit", "ChargingScheduleMaxPeriods",
        "MaxChargingProfilesInstalled"}) {
    ASSERT_TRUE(readonly.contains(key)) << key;
    EXPECT_TRUE(readonly[key]) << key;
  }
  for (const char* key : {"AuthorizeRemoteTxRequests",
                          "ClockAlignedDataInterval",
                          "ConnectionTimeOut",
                          "ConnectorPhaseRotation",
                          "HeartbeatInterval",
                          "LocalAuthorizeOffline",
                          "LocalPreAuthorize",
                          "MeterValuesAlignedData",
                          "MeterValuesSampledData",
                          "MeterValueSampleInterval",
                          "ResetRetries",
                          "StopTransactionOnInvalidId",
                          "StopTransactionOnEVSideDisconnect",
                          "StopTxnAlignedData",
                          "StopTxnSampledData",
                          "TransactionMessageAttempts",
                          "TransactionMessageRetryInterval",
                          "UnlockConnectorOnEVSideDisconnect",
                          "MinimumStatusDuration",
                          "LocalAuthListEnabled"}) {
    ASSERT_TRUE(readonly.contains(key)) << key;
    EXPECT_FALSE(readonly[key]) << key;
  }
}

TEST_F(Request, GetConfigurationByName__KnownAndUnknown) {
  EXPECT_EQ(get("NumberOfConnectors"), "2/R");
  EXPECT_EQ(get("connectionTIMEout"), "60/RW");
  const Value answer = bench.ask("GetConfiguration", R"({"key":["Nonsense","ResetRetries"]})");
  EXPECT_EQ(answer.find("unknownKey")->as_list(), Value::List{"Nonsense"});
  EXPECT_EQ(answer.find("configurationKey")->as_list().size(), 1u);
}

TEST_F(Request, GetConfigurationOfTooManyKeys__CallError) {
  std::string keys;
  for (int i = 0; i < 21; ++i) keys += (i ? ",\"K" : "\"K") + std::to_string(i) + "\"";
  EXPECT_EQ(bench.ask("GetConfiguration", "{\"key\":[" + keys + "]}").string_or("error", ""),
            "OccurenceConstraintViolation");
}

TEST_F(Request, ChangeConfiguration__CheckedByTypeAndLimits) {
  EXPECT_EQ(change("ConnectionTimeOut", "77"), "Accepted");
  EXPECT_EQ(get("ConnectionTimeOut"), "77/RW");
  EXPECT_EQ(change("ConnectionTimeOut", "-1"), "Rejected");
  EXPECT_EQ(change("ConnectionTimeOut", "1.5"), "Rejected");
  EXPECT_EQ(change("LocalPreAuthorize", "maybe"), "Rejected");
  EXPECT_EQ(change("MeterValuesSampledData", "Voltage,SoC"), "Accepted");
  EXPECT_EQ(change("MeterValuesSampledData", "Voltage,Nonsense"), "Rejected");
  EXPECT_EQ(change("MeterValueSampleInterval", "90000"), "Rejected");
  EXPECT_EQ(change("MeterValueSampleInterval", "0"), "Accepted");
  EXPECT_EQ(change("NumberOfConnectors", "3"), "Rejected");
  EXPECT_EQ(change("Testing", "true"), "NotSupported");
  EXPECT_EQ(change("ConnectorPhaseRotation", "1.RST,2.RTS"), "RebootRequired");
  EXPECT_EQ(change("ConnectorPhaseRotation", "7.RST"), "Rejected");
}

TEST_F(Request, UnlockConnector__ByConnectorAndLock) {
  EXPECT_EQ(bench.status_of("UnlockConnector", R"({"connectorId":1})"), "Unlocked");
  EXPECT_EQ(bench.status_of("UnlockConnector", R"({"connectorId":3})"), "NotSupported");
  bench.act("unlock_failure", R"({"connector":1,"on":true})");
  EXPECT_EQ(bench.status_of("UnlockConnector", R"({"connectorId":1})"), "UnlockFailed");
}

TEST_F(Request, UnlockConnectorDuringTransaction__StopsIt) {
  charge();
  EXPECT_EQ(bench.status_of("UnlockConnector", R"({"connectorId":1})"), "Unlocked");
  EXPECT_EQ(bench.words(),
            (Words{"StopTransaction:UnlockCommand", "StatusNotification:Finishing"}));
}

TEST_F(Request, DataTransfer__UnknownVendor) {
  EXPECT_EQ(bench.status_of("DataTransfer", R"({"vendorId":"someone"})"), "UnknownVendorId");
}

TEST_F(Request, TriggerMessage__SendsWhatWasAskedFor) {
  const auto trigger = [this](const std::string& json) {
    return bench.status_of("TriggerMessage", json);
  };
  EXPECT_EQ(trigger(R"({"requestedMessage":"MeterValues","connectorId":1})"), "Accepted");
  EXPECT_EQ(trigger(R"({"requestedMessage":"StatusNotification","connectorId":2})"), "Accepted");
  EXPECT_EQ(trigger(R"({"requestedMessage":"Heartbeat"})"), "Accepted");
  EXPECT_EQ(trigger(R"({"requestedMessage":"FirmwareStatusNotification"})"), "Accepted");
  EXPECT_EQ(bench.words(), (Words{"MeterValues", "StatusNotification:Available@2", "Heartbeat",
                                  "FirmwareStatusNotification:Idle"}));
  EXPECT_EQ(trigger(R"({"requestedMessage":"MeterValues","connectorId":3})"), "Rejected");
}

TEST_F(Request, BadOrUnknownRequests__CallErrors) {
  EXPECT_EQ(bench.ask("MakeCoffee", "{}").string_or("error", ""), "NotImplemented");
  EXPECT_EQ(bench.ask("Heartbeat", "{}").string_or("error", ""), "NotSupported");
  EXPECT_NE(bench.ask("Reset", R"({"type":"Gentle"})").string_or("error", ""), "");
  EXPECT_NE(bench.ask("Reset", "{}").string_or("error", ""), "");
  EXPECT_NE(bench.ask("UnlockConnector", R"({"connectorId":"one"})").string_or("error", ""), "");
}

TEST_F(Request, Rubbish__SurvivedAndAnsweredOnlyWhereThereIsAnId) {
  for (const char* text : {"", "{", "[]", "[2]", "[2,\"x\"]", "[3,\"nobody\",{}]", "[4,\"nobody\"]",
                           "[9,\"a\",{}]", "null", "[2,\"y\",\"Reset\",[]]"})
    bench.send_raw(text);
  bench.pass(5s);
  EXPECT_EQ(bench.status_of("DataTransfer", R"({"vendorId":"someone"})"), "UnknownVendorId");
}

TEST(Profiles, Unclaimed__ActionsAndKeysAreMissing) {
  Bench bench(pics_of(k2019));
  bench.boot();
  EXPECT_EQ(
      bench.ask("TriggerMessage", R"({"requestedMessage":"Heartbeat"})").string_or("error", ""),
      "NotImplemented");
  EXPECT_EQ(bench.ask("GetLocalListVersion", "{}").int_or("listVersion", 0), -1);
  EXPECT_EQ(bench.ask("CancelReservation", R"({"reservationId":1})").string_or("error", ""),
            "NotSupported");
  const Value answer =
      bench.ask("GetConfiguration", R"({"key":["LocalAuthListEnabled","NumberOfConnectors"]})");
  EXPECT_EQ(answer.find("unknownKey")->as_list(), Value::List{"LocalAuthListEnabled"});
  EXPECT_EQ(answer.find("configurationKey")->as_list()[0].string_or("value", ""), "2");
}

TEST(Profiles, OneSidedDisconnectKeys__ReadOnly) {
  Bench bench(pics_of(k2025));
  bench.boot();
  const Value answer =
      bench.ask("GetConfiguration", R"({"key":["UnlockConnectorOnEVSideDisconnect"]})");
  const Value& key = answer.find("configurationKey")->as_list()[0];
  EXPECT_TRUE(key.find("readonly")->as_bool());
  EXPECT_EQ(key.string_or("value", ""), "false");
  EXPECT_EQ(bench.status_of("UnlockConnector", R"({"connectorId":1})"), "NotSupported");
}

}  // namespace
}  // namespace plugproof::simulator
