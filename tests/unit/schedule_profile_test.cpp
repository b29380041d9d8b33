// Reading a ChargingProfile as it was sent.
#include "schedule_fixture.hpp"

namespace plugproof::schedule {
namespace {

using base::Value;

Value period(std::int64_t start, double limit) {
  return Value::object({{"startPeriod", start}, {"limit", limit}});
}

Value sent() {
  return Value::object(
      {{"connectorId", 2},
       {"chargingProfileId", 5},
       {"transactionId", 9},
       {"stackLevel", 3},
       {"chargingProfilePurpose", "TxProfile"},
       {"chargingProfileKind", "Recurring"},
       {"recurrencyKind", "Weekly"},
       {"validFrom", "2026-01-01T12:00:00Z"},
       {"validTo", "2026-01-01T13:01:00+01:00"},
       {"chargingSchedule", Value::object({{"duration", 300},
                                           {"startSchedule", "2026-01-01T12:00:10.5Z"},
                                           {"chargingRateUnit", "W"},
                                           {"chargingSchedulePeriod",
                                            Value::list({period(60, 8.5), period(0, 6)})}})}});
}

TEST(ReadProfile, EveryField__Read) {
  std::string problem;
  const auto profile = read_profile(sent(), problem);
  ASSERT_TRUE(profile) << problem;
  EXPECT_EQ(profile->connector, 2);
  EXPECT_EQ(profile->id, 5);
  EXPECT_EQ(profile->transaction, 9);
  EXPECT_EQ(profile->stack_level, 3);
  EXPECT_EQ(profile->purpose, Purpose::tx);
  EXPECT_EQ(profile->kind, Kind::recurring);
  EXPECT_EQ(profile->recurrence, seconds(7 * 86400));
  EXPECT_EQ(profile->valid_from, noon());
  EXPECT_EQ(profile->valid_to, noon(60));
  EXPECT_EQ(profile->start, noon(10) + std::chrono::milliseconds(500));
  EXPECT_EQ(profile->duration, 300);
  EXPECT_EQ(profile->unit, Unit::watt);
  ASSERT_EQ(profile->periods.size(), 2u);
  EXPECT_EQ(profile->periods[0].start, 0);  // by time, whatever order they came in
  EXPECT_EQ(profile->periods[1].limit, 8.5);
  EXPECT_EQ(profile->periods[1].phases, 3);
}

TEST(ReadProfile, WhatCannotBeUsed__Named) {
  const std::pair<const char*, Value> broken[] = {{"chargingProfilePurpose", "Nonsense"},
                                                  {"chargingProfileKind", Value()},
                                                  {"recurrencyKind", "Monthly"},
                                                  {"validFrom", "yesterday"},
                                                  {"validTo", 5},
                                                  {"chargingSchedule", Value()}};
  for (const auto& [field, value] : broken) {
    Value profile = sent();
    profile.set(field, value);
    std::string problem;
    EXPECT_FALSE(read_profile(profile, problem)) << field;
    EXPECT_NE(problem.find(std::string("no usable ") + field), std::string::npos)
        << field << ": " << problem;
  }
  for (const char* field : {"chargingRateUnit", "chargingSchedulePeriod"}) {
    Value profile = sent();
    profile.find("chargingSchedule")->erase(field);
    std::string problem;
    EXPECT_FALSE(read_profile(profile, problem));
    EXPECT_NE(problem.find(field), std::string::npos) << problem;
  }
}

TEST(ReadProfile, HugeNumbers__StillFit) {
  Value profile = sent();
  profile.find("chargingSchedule")->set("duration", INT64_MAX);
  profile.find("chargingSchedule")
      ->set("chargingSchedulePeriod", Value::list({period(0, 6), period(INT64_MAX, 7)}));
  std::string problem;
  const auto read = read_profile(profile, problem);
  ASSERT_TRUE(read) << problem;
  Question asked = question(0, 100);
  asked.connector = 2;
  asked.transaction = 9;
  asked.unit = Unit::watt;
  EXPECT_EQ(composite_of({*read}, asked), "0:- 10.5:6 60:-");
}

}  // namespace
}  // namespace plugproof::schedule
