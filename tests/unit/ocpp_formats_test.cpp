#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "engine/base/json.hpp"
#include "engine/ocpp/formats.hpp"

namespace plugproof::ocpp {
namespace {

TEST(DateTime, WellFormed__Accepted) {
  for (const char* text :
       {"2026-01-01T00:00:00Z", "2026-01-01t00:00:00z", "2026-12-31T23:59:59.9Z",
        "2026-01-01T00:00:00.123456789Z", "2026-01-01T00:00:00+01:00", "2026-01-01T00:00:00-11:30",
        "2026-01-01T00:00:00+00:00", "2024-02-29T12:00:00Z", "2000-02-29T12:00:00Z",
        "2016-12-31T23:59:60Z", "2016-12-31T23:59:60.5Z", "2016-12-31T15:59:60-08:00",
        "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z", "1600-02-29T00:00:00Z"})
    EXPECT_TRUE(is_date_time(text)) << text;
}

TEST(DateTime, IllFormedOrNoDate__Refused) {
  for (const char* text : {"",
                           "yesterday",
                           "2026-01-01",
                           "2026-01-01T00:00:00",
                           "2026-01-01 00:00:00Z",
                           "2026-01-01T00:00Z",
                           "2026-01-01T00:00:00.Z",
                           "2026-01-01T00:00:00+0100",
                           "2026-01-01T00:00:00+01",
                           "2026-01-01T00:00:00+24:00",
                           "2026-01-01T24:00:00Z",
                           "2026-01-01T00:60:00Z",
                           "2026-01-01T00:00:61Z",
                           "2026-01-01T12:30:60Z",
                           "2016-12-31T23:59:60+01:00",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-01-32T00:00:00Z",
                           "2026-04-31T00:00:00Z",
                           "2025-02-29T00:00:00Z",
                           "2100-02-29T00:00:00Z",
                           "1900-02-29T00:00:00Z",
                           "26-01-01T00:00:00Z",
                           "2026-1-1T00:00:00Z",
                           "2026-01-01T00:00:00ZZ",
                           " 2026-01-01T00:00:00Z",
                           "2026-01-01T00:00:00Z ",
                           "+2026-01-01T00:00:00Z",
                           "1969",
                           "1969-",
                           "1767225600"})
    EXPECT_FALSE(is_date_time(text)) << text;
}

TEST(Uri, WithScheme__Accepted) {
  for (const char* text :
       {"ftp://user:pw@192.168.1.10:2121/diag/", "http://example.org",
        "https://example.org/a/b.bin?x=1&y=%20#part", "http://[::1]:8080/x",
        "http://[2001:db8::8:800:200c:417a]/", "http://[::ffff:192.0.2.1]/", "ftps://host/a%2Fb",
        "urn:isbn:0451450523", "mailto:someone@example.org", "file:///srv/firmware.bin", "a:"})
    EXPECT_TRUE(is_uri(text)) << text;
}

TEST(Uri, RelativeOrIllFormed__Refused) {
  for (const char* text : {"",
                           "firmware.bin",
                           "/srv/firmware.bin",
                           "//host/path",
                           "http//example.org",
                           "1http://example.org",
                           ":no-scheme",
                           "http://exa mple.org/",
                           "http://example.org/a b",
                           "http://example.org/%zz",
                           "http://example.org/%2",
                           "http://example.org:80a/",
                           "http://[::1/",
                           "http://[1:2:3]/",
                           "http://[::1::2]/",
                           "http://[::12345]/",
                           "http://[1:2:3:4:5:6:7:8:9]/",
                           "http://[::1.2.3]/",
                           "http://[::1.2.3.400]/",
                           "http://[::1]x/",
                           "http://example.org/<x>",
                           "http://example.org/#a#b",
                           "http://\xC3\xA9.org/"})
    EXPECT_FALSE(is_uri(text)) << text;
}

// The numbers as they are written on the wire, read by the JSON reader.
TEST(Decimals, OneDecimalFrom0To100__AllAccepted) {
  int accepted = 0;
  for (int tenths = 0; tenths <= 1000; ++tenths) {
    const std::string text = std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
    const auto read = base::read_json(text);
    ASSERT_TRUE(read.value);
    if (has_at_most_decimals(read.value->as_number(), 1)) ++accepted;
    EXPECT_TRUE(has_at_most_decimals(-read.value->as_number(), 1)) << text;
  }
  EXPECT_EQ(accepted, 1001);
}

TEST(Decimals, TwoDecimalsFrom0To100__OnlyMultiplesAccepted) {
  for (int hundredths = 0; hundredths <= 10000; ++hundredths) {
    const std::string digits = std::to_string(1000 + hundredths % 100).substr(2);
    const std::string text = std::to_string(hundredths / 100) + "." + digits;
    EXPECT_EQ(has_at_most_decimals(std::stod(text), 1), hundredths % 10 == 0) << text;
  }
}

TEST(Decimals, LargeOneDecimal__Accepted) {
  for (const char* text :
       {"11000.1", "4294967295.9", "99999999999.3", "562949953421311.9", "1e300"})
    EXPECT_TRUE(has_at_most_decimals(std::stod(text), 1)) << text;
}

TEST(Decimals, NearOneDecimal__Refused) {
  for (const char* text : {"0.10000001", "21.40000001", "0.05", "1e-7", "99999.99"})
    EXPECT_FALSE(has_at_most_decimals(std::stod(text), 1)) << text;
  EXPECT_FALSE(has_at_most_decimals(std::numeric_limits<double>::infinity(), 1));
  EXPECT_FALSE(has_at_most_decimals(std::nan(""), 1));
}

TEST(Characters, SeveralBytes__CountedOnce) {
  EXPECT_EQ(count_characters(""), 0u);
  EXPECT_EQ(count_characters("abc"), 3u);
  EXPECT_EQ(count_characters("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x94\x8C"), 3u);
}

}  // namespace
}  // namespace plugproof::ocpp
