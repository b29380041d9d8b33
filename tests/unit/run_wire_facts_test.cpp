// What the wire shows of a charge point, message by message.
#include <gtest/gtest.h>

#include "engine/base/json.hpp"
#include "engine/run/wire_facts.hpp"

namespace plugproof::run {
namespace {

using base::Value;

class Wire : public testing::Test {
 protected:
  Value read(const std::string& json) {
    const auto value = base::read_json(json).value;
    EXPECT_TRUE(value) << json;
    return value.value_or(Value());
  }
  void call(const std::string& action, const std::string& payload) {
    SeenFrame seen;
    seen.record = ++record_;
    seen.frame.action = action;
    seen.frame.payload = read(payload);
    facts_.on_call(seen);
  }
  void answered(const std::string& action, const std::string& request, const std::string& payload) {
    SeenFrame seen;
    seen.record = ++record_;
    seen.frame.type = ocpp::MessageType::result;
    seen.frame.action = action;
    seen.frame.payload = read(payload);
    facts_.on_response(seen, read(request), false);
  }
  void configure(const std::string& key, const std::string& value) {
    state_.answered_by_charge_point("ChangeConfiguration",
                                    Value::object({{"key", key}, {"value", value}}),
                                    Value::object({{"status", "Accepted"}}));
  }

  ProtocolState state_;
  WireFacts facts_{state_};
  std::int64_t record_ = 0;
};

TEST_F(Wire, StartAfterRemoteRequest__NotLocal) {
  answered("RemoteStartTransaction", R"({"idTag":"A"})", R"({"status":"Accepted"})");
  call("Authorize", R"({"idTag":"A"})");
  call("StartTransaction", R"({"connectorId":1,"idTag":"A","timestamp":"2026-01-01T00:00:00Z"})");
  EXPECT_FALSE(facts_.local_authorize);
  EXPECT_FALSE(facts_.local_start);
}

TEST_F(Wire, SameStartToldAgain__StillOneRemoteStart) {
  answered("RemoteStartTransaction", R"({"idTag":"A"})", R"({"status":"Accepted"})");
  for (int i = 0; i < 2; ++i)
    call("StartTransaction", R"({"connectorId":1,"idTag":"A","timestamp":"2026-01-01T00:00:00Z"})");
  EXPECT_FALSE(facts_.local_start);
}

TEST_F(Wire, StartWithoutOrAfterRefusedRequest__Local) {
  answered("RemoteStartTransaction", R"({"idTag":"A"})", R"({"status":"Rejected"})");
  call("StartTransaction", R"({"connectorId":1,"idTag":"A","timestamp":"2026-01-01T00:00:00Z"})");
  ASSERT_TRUE(facts_.local_start);
  EXPECT_EQ(facts_.local_start->frame, 2);
}

TEST_F(Wire, StopReason__LocalWhenAbsentOrLocal) {
  call("StopTransaction", R"({"transactionId":1,"reason":"Remote"})");
  EXPECT_FALSE(facts_.local_stop);
  call("StopTransaction", R"({"transactionId":1})");
  ASSERT_TRUE(facts_.local_stop);
  EXPECT_EQ(facts_.local_stop->piece, "no reason");
}

TEST_F(Wire, MeterValues__MeasurandsByContextAndPhases) {
  configure("MeterValuesSampledData", "Voltage.L1,SoC");
  call(
      "MeterValues",
      R"({"connectorId":1,"meterValue":[{"timestamp":"2026-01-01T00:00:00.5Z","sampledValue":[)"
      R"({"value":"1","measurand":"Voltage","phase":"L2-L3"},{"value":"2"},)"
      R"({"value":"3","measurand":"SoC","context":"Sample.Clock"},)"
      R"({"value":"4","measurand":"VendorThing"},{"value":"5","measurand":"RPM","context":"Trigger"}]}]})");
  EXPECT_EQ(facts_.sampled.order,
            (std::vector<std::string>{"Voltage", "Energy.Active.Import.Register"}));
  EXPECT_EQ(facts_.aligned.order, std::vector<std::string>{"SoC"});
  EXPECT_TRUE(facts_.sampled.configured.contains("Voltage"));
  EXPECT_TRUE(facts_.sampled.configured.contains("SoC"));
  EXPECT_TRUE(facts_.aligned.configured.empty());
  EXPECT_FALSE(facts_.phases.contains(1));
  EXPECT_TRUE(facts_.phases.contains(2));
  EXPECT_TRUE(facts_.phases.contains(3));
  EXPECT_TRUE(facts_.times_with_milliseconds);
}

TEST_F(Wire, WrongTypesAndOddPhases__ReadWithoutHarm) {
  for (
      const char* payload :
      {R"({"meterValue":5})", R"({"meterValue":[5,{"sampledValue":[7,{"phase":3}]}]})",
       R"({"meterValue":[{"sampledValue":[{"phase":"L"},{"phase":"LL"},{"phase":"L9"},{"phase":""}]}]})"})
    call("MeterValues", payload);
  call("StatusNotification", R"({"connectorId":"1"})");
  call("BootNotification", R"({"firmwareVersion":7})");
  call("StopTransaction", R"({"transactionData":{}})");
  EXPECT_TRUE(facts_.phases.empty());
  EXPECT_TRUE(facts_.connectors.empty());
  EXPECT_TRUE(facts_.firmware_versions.empty());
}

TEST_F(Wire, FloodOfConnectors__KeptToALimit) {
  for (int i = 1; i <= 3000; ++i)
    call("StatusNotification", R"({"connectorId":)" + std::to_string(i) + "}");
  EXPECT_LE(facts_.connectors.size(), 1000U);
}

TEST_F(Wire, TlsHandshake__CipherSuiteKept) {
  link::Event event;
  event.handshake.tls = Value::object({{"cipher_suite", "TLS_AES_128_GCM_SHA256"}});
  facts_.on_connected(event, 7);
  ASSERT_TRUE(facts_.cipher_suites.contains("TLS_AES_128_GCM_SHA256"));
  EXPECT_EQ(facts_.cipher_suites.begin()->second.frame, 7);
}

TEST(PlainMeasurand, PhaseBehindIt__LeftOut) {
  EXPECT_EQ(plain_measurand("Voltage.L1-N"), "Voltage");
  EXPECT_EQ(plain_measurand("Current.Import"), "Current.Import");
  EXPECT_EQ(plain_measurand("Vendor.Lots"), "Vendor.Lots");
}

}  // namespace
}  // namespace plugproof::run
