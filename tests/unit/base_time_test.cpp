#include "engine/base/time.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace plugproof::base {
namespace {

using namespace std::chrono_literals;

TEST(ParseUtc, ValidForms__SameInstant) {
  const Micros noon{1767268800000000};  // 2026-01-01T12:00:00Z
  for (const char* text : {"2026-01-01T12:00:00Z", "2026-01-01t12:00:00z", "2026-01-01T12:00:00.0Z",
                           "2026-01-01T12:00:00.0000000009Z", "2026-01-01T13:30:00+01:30",
                           "2025-12-31T23:00:00-13:00", "2026-01-01T12:00:00+00:00"}) {
    const auto read = parse_utc(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(*read, noon) << text;
  }
  EXPECT_EQ(*parse_utc("2026-01-01T12:00:00.123456789Z"), noon + 123456us);
  EXPECT_EQ(*parse_utc("2024-02-29T00:00:00Z"), Micros(1709164800000000));
}

TEST(ParseUtc, LeapSecond__SecondBefore) {
  EXPECT_EQ(parse_utc("2016-12-31T23:59:60Z"), parse_utc("2016-12-31T23:59:59Z"));
}

TEST(ParseUtc, OtherTexts__Refused) {
  for (const char* text : {"",
                           "2026-01-01",
                           "2026-01-01T12:00:00",
                           "2026-01-01 12:00:00Z",
                           "2026-13-01T12:00:00Z",
                           "2026-02-29T12:00:00Z",
                           "2026-00-01T12:00:00Z",
                           "2026-01-01T24:00:00Z",
                           "2026-01-01T12:60:00Z",
                           "2026-01-01T12:00:61Z",
                           "2026-01-01T12:00:00.Z",
                           "2026-01-01T12:00:00+0100",
                           "2026-01-01T12:00:00+24:00",
                           "2026-01-01T12:00:00+01:60",
                           "2026-01-01T12:00:00Zx",
                           "1969-12-31T23:59:59Z",
                           "26-01-01T12:00:00Z",
                           "2026-1-1T12:00:00Z",
                           "2026-01-01T12:00Z",
                           "+2026-01-01T12:00:00Z",
                           " 2026-01-01T12:00:00Z"})
    EXPECT_FALSE(parse_utc(text)) << text;
}

TEST(FormatUtc, Instants__FixedDecimals) {
  EXPECT_EQ(format_utc_millis(Micros(1767268800123456)), "2026-01-01T12:00:00.123Z");
  EXPECT_EQ(format_utc_micros(Micros(1767268800000007)), "2026-01-01T12:00:00.000007Z");
  EXPECT_EQ(format_utc_millis(Micros(0)), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_utc_micros(Micros(-1)), "1969-12-31T23:59:59.999999Z");
}

TEST(FormatUtc, EveryDayOfACentury__ReadsBack) {
  for (int day = 0; day < 36525; day += 13) {
    const Micros instant = std::chrono::days(day) + 86399s + 999999us;
    EXPECT_EQ(parse_utc(format_utc_micros(instant)), instant);
  }
}

TEST(FormatDuration, Spans__ReadableSentences) {
  EXPECT_EQ(format_duration(250us), "250 us");
  EXPECT_EQ(format_duration(250ms), "250 ms");
  EXPECT_EQ(format_duration(1500ms), "1.5 s");
  EXPECT_EQ(format_duration(30s), "30 s");
  EXPECT_EQ(format_duration(125s), "2 min 5 s");
  EXPECT_EQ(format_duration(3h), "3 h 0 min");
  EXPECT_EQ(format_duration(-2s), "-2 s");
  EXPECT_EQ(format_duration(0s), "0 us");
}

TEST(FromSeconds, HugeNumbers__StayAddable) {
  const Nanos huge = from_seconds(std::numeric_limits<double>::max());
  EXPECT_GT(huge, Nanos(std::chrono::hours(24 * 365)));
  EXPECT_GT(huge + huge, huge);
  EXPECT_EQ(from_seconds(-1e300), -huge);
  EXPECT_EQ(from_seconds(0.25), Nanos(250ms));
}

}  // namespace
}  // namespace plugproof::base
