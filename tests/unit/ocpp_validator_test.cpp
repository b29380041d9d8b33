#include <gtest/gtest.h>

#include "engine/base/json.hpp"
#include "engine/ocpp/schema.hpp"

namespace plugproof::ocpp {
namespace {

std::vector<Violation> violations_of(const char* action, Direction direction,
                                     const std::string& payload) {
  const auto read = base::read_json(payload);
  EXPECT_TRUE(read.value) << payload;
  return validate(action, direction, *read.value);
}

struct Wrong {
  const char* name;
  const char* action;
  Direction direction;
  const char* payload;
  const char* place;
  const char* rule;
  const char* message;
  const char* error_code;
};

class OneViolation : public testing::TestWithParam<Wrong> {};

TEST_P(OneViolation, Payload__NamedExactly) {
  const Wrong& wrong = GetParam();
  const auto found = violations_of(wrong.action, wrong.direction, wrong.payload);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].place, wrong.place);
  EXPECT_EQ(found[0].rule, wrong.rule);
  EXPECT_EQ(found[0].message, wrong.message);
  EXPECT_EQ(found[0].error_code, wrong.error_code);
}

constexpr auto kRequest = Direction::request;
constexpr auto kResponse = Direction::response;
constexpr const char* kFormation = "FormationViolation";
constexpr const char* kOccurrence = "OccurenceConstraintViolation";
constexpr const char* kType = "TypeConstraintViolation";
constexpr const char* kProperty = "PropertyConstraintViolation";

INSTANTIATE_TEST_SUITE_P(
    Keywords, OneViolation,
    testing::Values(
        Wrong{"PayloadNoObject", "Heartbeat", kRequest, "[]", "", "type",
              "the payload must be an object, is a list", kFormation},
        Wrong{"Missing", "Authorize", kRequest, "{}", "idTag", "required", "idTag is missing",
              kOccurrence},
        Wrong{
            "MissingInside", "MeterValues", kRequest,
            R"({"connectorId":1,"meterValue":[{"timestamp":"2026-01-01T00:00:00Z","sampledValue":[{}]}]})",
            "meterValue[0].sampledValue[0].value", "required",
            "meterValue[0].sampledValue[0].value is missing", kOccurrence},
        Wrong{"Unknown", "Heartbeat", kRequest, R"({"vendorThing":1})", "vendorThing",
              "unknown field", "vendorThing is no field of Heartbeat.req", kFormation},
        Wrong{"UnknownInside", "Authorize", kResponse,
              R"({"idTagInfo":{"status":"Accepted","expiryDat":1}})", "idTagInfo.expiryDat",
              "unknown field",
              "idTagInfo.expiryDat is no field of Authorize.conf; did you mean 'expiryDate'?",
              kFormation},
        Wrong{"UnknownEmptyName", "Heartbeat", kRequest, R"({"":1})", "(empty name)",
              "unknown field", "(empty name) is no field of Heartbeat.req", kFormation},
        Wrong{"TextForInteger", "UnlockConnector", kRequest, R"({"connectorId":"1"})",
              "connectorId", "type", "connectorId must be an integer, is a string", kType},
        Wrong{"FractionForInteger", "UnlockConnector", kRequest, R"({"connectorId":1.5})",
              "connectorId", "type", "connectorId must be an integer, is the number 1.5", kType},
        Wrong{"PointZeroForInteger", "UnlockConnector", kRequest, R"({"connectorId":1.0})",
              "connectorId", "type", "connectorId must be an integer, is the number 1.0", kType},
        Wrong{"IntegerForText", "Authorize", kRequest, R"({"idTag":17})", "idTag", "type",
              "idTag must be a string, is an integer", kType},
        Wrong{"NullForText", "Authorize", kRequest, R"({"idTag":null})", "idTag", "type",
              "idTag must be a string, is null", kType},
        Wrong{"ObjectForList", "GetConfiguration", kRequest, R"({"key":{}})", "key", "type",
              "key must be a list, is an object", kType},
        Wrong{"TextForBoolean", "GetConfiguration", kResponse,
              R"({"configurationKey":[{"key":"k","readonly":"false"}]})",
              "configurationKey[0].readonly", "type",
              "configurationKey[0].readonly must be a boolean, is a string", kType},
        Wrong{"TextForNumber", "GetCompositeSchedule", kResponse,
              R"({"status":"Accepted","chargingSchedule":{"chargingRateUnit":"A",)"
              R"("chargingSchedulePeriod":[{"startPeriod":0,"limit":"16"}]}})",
              "chargingSchedule.chargingSchedulePeriod[0].limit", "type",
              "chargingSchedule.chargingSchedulePeriod[0].limit must be a number, is a string",
              kType},
        Wrong{"Enum", "Reset", kResponse, R"({"status":"accepted"})", "status", "enum",
              "status is \"accepted\"; allowed are Accepted, Rejected", kProperty},
        Wrong{"MaxLength", "Authorize", kRequest, R"({"idTag":"012345678901234567890"})", "idTag",
              "maxLength", "idTag has 21 characters, at most 20 are allowed", kProperty},
        Wrong{"DateTime", "Heartbeat", kResponse, R"({"currentTime":"yesterday"})", "currentTime",
              "format",
              "currentTime is \"yesterday\", which is no date-time of RFC 3339 such as "
              "2026-01-01T00:00:00Z",
              kProperty},
        Wrong{"Uri", "GetDiagnostics", kRequest, R"({"location":"diag"})", "location", "format",
              "location is \"diag\", which is no URI of RFC 3986 with a scheme", kProperty},
        Wrong{
            "MultipleOf", "GetCompositeSchedule", kResponse,
            R"({"status":"Accepted","chargingSchedule":{"chargingRateUnit":"A","minChargingRate":6.25,)"
            R"("chargingSchedulePeriod":[{"startPeriod":0,"limit":16}]}})",
            "chargingSchedule.minChargingRate", "multipleOf",
            "chargingSchedule.minChargingRate is 6.25, at most 1 digit after the point is allowed",
            kProperty},
        Wrong{"Minimum", "StartTransaction", kRequest,
              R"({"connectorId":0,"idTag":"x","meterStart":0,"timestamp":"2026-01-01T00:00:00Z"})",
              "connectorId", "minimum", "connectorId is 0, at least 1 is allowed", kProperty},
        Wrong{"MinItems", "MeterValues", kRequest, R"({"connectorId":1,"meterValue":[]})",
              "meterValue", "minItems", "meterValue has 0 elements, at least 1 must be there",
              kOccurrence},
        Wrong{"Action", "NotifyReport", kRequest, "{}", "", "action",
              "\"NotifyReport\" is no action of OCPP 1.6", "NotImplemented"}),
    [](const auto& tested) { return tested.param.name; });

TEST(Validator, SeveralViolations__AllInSchemaOrder) {
  const auto found =
      violations_of("StopTransaction", kRequest,
                    R"({"extra":1,"reason":"Because","timestamp":"now","meterStop":"5",)"
                    R"("transactionData":[{"timestamp":1,"sampledValue":[{"value":3}]}]})");
  std::vector<std::string> places;
  for (const auto& violation : found) places.push_back(violation.rule + " " + violation.place);
  EXPECT_EQ(places, (std::vector<std::string>{
                        "type meterStop", "format timestamp", "required transactionId",
                        "enum reason", "type transactionData[0].timestamp",
                        "type transactionData[0].sampledValue[0].value", "unknown field extra"}));
}

TEST(Validator, LengthInCharacters__NotBytes) {
  std::string tag;
  for (int i = 0; i < 20; ++i) tag += "\xC3\xA9";
  EXPECT_TRUE(violations_of("Authorize", kRequest, "{\"idTag\":\"" + tag + "\"}").empty());
  EXPECT_EQ(violations_of("Authorize", kRequest, "{\"idTag\":\"" + tag + "e\"}").size(), 1u);
}

TEST(Validator, LongValueInMessage__CutAtACharacter) {
  std::string word = "a";
  for (int i = 0; i < 1000; ++i) word += "\xE2\x82\xAC";
  const auto found = violations_of("Reset", kRequest, "{\"type\":\"" + word + "\"}");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_LT(found[0].message.size(), 150u);
  EXPECT_TRUE(base::read_json(base::quote_json(found[0].message)).value) << "not UTF-8";
}

TEST(Validator, LongUnknownName__CutInPlaceAndMessage) {
  const auto found =
      violations_of("Heartbeat", kRequest, "{\"" + std::string(100000, 'x') + "\":1}");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_LT(found[0].place.size() + found[0].message.size(), 250u);
}

TEST(Validator, UnitOfTemperature__BothSpellings) {
  for (const char* unit : {"Celsius", "Celcius", "Fahrenheit", "K"})
    EXPECT_TRUE(
        violations_of("MeterValues", kRequest,
                      R"({"connectorId":0,"meterValue":[{"timestamp":"2026-01-01T00:00:00Z",)"
                      R"("sampledValue":[{"value":"20","unit":")" +
                          std::string(unit) + "\"}]}]}")
            .empty())
        << unit;
}

TEST(Validator, OneDecimalLimits__AllAccepted) {
  for (int tenths = 0; tenths <= 1000; ++tenths) {
    const std::string limit = std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
    EXPECT_TRUE(violations_of("GetCompositeSchedule", kResponse,
                              R"({"status":"Accepted","chargingSchedule":{"chargingRateUnit":"A",)"
                              R"("chargingSchedulePeriod":[{"startPeriod":0,"limit":)" +
                                  limit + "}]}}")
                    .empty())
        << limit;
  }
}

}  // namespace
}  // namespace plugproof::ocpp
