#include <gtest/gtest.h>

#include <algorithm>

#include "engine/ocpp/schema.hpp"

namespace plugproof::ocpp {
namespace {

std::optional<FieldInfo> info_of(const char* action, Direction direction, const char* path) {
  return field_info(action, direction, *base::FieldPath::parse(path));
}

TEST(Actions, Table__39Sorted) {
  const auto& names = all_actions();
  EXPECT_EQ(names.size(), 39u);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_EQ(actions_of(Sender::charge_point).size() + actions_of(Sender::central_system).size(),
            40u);
}

TEST(Actions, Names__ExactlyAsWritten) {
  EXPECT_TRUE(is_action("Heartbeat"));
  for (const char* name : {"heartbeat", "Heartbeat ", "", "Aaa", "Zzz", "NotifyReport"})
    EXPECT_FALSE(is_action(name));
}

TEST(Actions, Sender__AsInTheSpecification) {
  EXPECT_EQ(sender_of("BootNotification"), Sender::charge_point);
  EXPECT_EQ(sender_of("Reset"), Sender::central_system);
  EXPECT_EQ(sender_of("DataTransfer"), Sender::both);
  EXPECT_EQ(sender_of("SignCertificate"), Sender::charge_point);
  EXPECT_EQ(sender_of("CertificateSigned"), Sender::central_system);
  EXPECT_EQ(sender_of("Nothing"), std::nullopt);
}

TEST(FieldInfo, MemberOfListElement__Found) {
  const auto info = info_of("GetConfiguration", Direction::response, "configurationKey[0].key");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->type, "string");
  EXPECT_EQ(info->max_length, 50);
  EXPECT_TRUE(info->required);
}

TEST(FieldInfo, EnumerationUnderEveryElement__AllowedWords) {
  const auto info =
      info_of("MeterValues", Direction::request, "meterValue[*].sampledValue[*].context");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->allowed.size(), 8u);
  EXPECT_EQ(std::count(info->allowed.begin(), info->allowed.end(), "Sample.Periodic"), 1);
  EXPECT_FALSE(info->required);
}

TEST(FieldInfo, ListAndElement__TypesOfBoth) {
  EXPECT_EQ(info_of("GetConfiguration", Direction::request, "key")->type, "array");
  EXPECT_EQ(info_of("GetConfiguration", Direction::request, "key[0]")->type, "string");
  EXPECT_EQ(info_of("SetChargingProfile", Direction::request, "csChargingProfiles")->type,
            "object");
  EXPECT_EQ(info_of("SetChargingProfile", Direction::request,
                    "csChargingProfiles.chargingSchedule.chargingSchedulePeriod[*].limit")
                ->type,
            "number");
  EXPECT_EQ(info_of("GetConfiguration", Direction::response, "configurationKey[*].readonly")->type,
            "boolean");
}

TEST(FieldInfo, UnknownField__Nothing) {
  EXPECT_FALSE(info_of("Heartbeat", Direction::request, "currentTime"));
  EXPECT_FALSE(info_of("Authorize", Direction::request, "idTag.status"));
  EXPECT_FALSE(info_of("Authorize", Direction::request, "idTag[0]"));
  EXPECT_FALSE(info_of("Nothing", Direction::request, "idTag"));
  EXPECT_FALSE(info_of("GetConfiguration", Direction::response, "configurationKey.key"));
}

TEST(FieldsNear, WrongLastName__FieldsOfThatObject) {
  const auto path = *base::FieldPath::parse("meterValue[*].sampledValue[*].contex");
  const auto names = fields_near("MeterValues", Direction::request, path);
  EXPECT_EQ(std::count(names.begin(), names.end(), "context"), 1);
  EXPECT_EQ(names.size(), 7u);
}

TEST(FieldsNear, WrongFirstName__FieldsOfThePayload) {
  const auto path = *base::FieldPath::parse("idTagInf.status");
  EXPECT_EQ(fields_near("Authorize", Direction::response, path),
            std::vector<std::string>{"idTagInfo"});
}

TEST(FieldsNear, UnknownAction__Empty) {
  EXPECT_TRUE(fields_near("Nothing", Direction::request, *base::FieldPath::parse("a")).empty());
}

}  // namespace
}  // namespace plugproof::ocpp
