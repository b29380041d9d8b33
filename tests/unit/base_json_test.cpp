#include "engine/base/json.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>

namespace plugproof::base {
namespace {

TEST(ReadJson, ValidTexts__ReadBack) {
  for (const char* text : {"null", "true", "-0.5", "\"a\\u00e9\"", "[]", "{}", "[1,[2,{\"a\":[]}]]",
                           "9223372036854775807", "-9223372036854775808"}) {
    const auto read = read_json(text);
    ASSERT_TRUE(read.value) << text << ": " << read.error.message;
    EXPECT_EQ(read_json(write_json(*read.value)).value, read.value) << text;
  }
}

TEST(ReadJson, IntegerBeyond64Bits__Double) {
  const auto read = read_json("18446744073709551615");
  ASSERT_TRUE(read.value);
  EXPECT_TRUE(read.value->is_double());
}

TEST(ReadJson, FractionOrExponent__Double) {
  EXPECT_TRUE(read_json("1.0").value->is_double());
  EXPECT_TRUE(read_json("1e2").value->is_double());
  EXPECT_TRUE(read_json("100").value->is_int());
}

TEST(ReadJson, Rubbish__Refused) {
  using namespace std::string_view_literals;
  for (const auto text : {""sv,
                          " "sv,
                          "[1,]"sv,
                          "{\"a\":1,}"sv,
                          "[1] x"sv,
                          "NaN"sv,
                          "Infinity"sv,
                          "1e999"sv,
                          "'a'"sv,
                          "{a:1}"sv,
                          "[01]"sv,
                          "// c\n1"sv,
                          "\"\xff\""sv,
                          "\"\xc0\xaf\""sv,
                          "\"\\ud800\""sv,
                          "\"tab\t\""sv,
                          "[1\0]"sv,
                          "{}\0{"sv,
                          "\"open"sv,
                          "+1"sv,
                          ".5"sv,
                          "tru"sv,
                          "[1 2]"sv,
                          "]"sv}) {
    const auto read = read_json(text);
    EXPECT_FALSE(read.value) << text;
    EXPECT_FALSE(read.error.message.empty()) << text;
    EXPECT_LE(read.error.offset, text.size()) << text;
  }
}

TEST(ReadJson, RepeatedMember__RefusedByName) {
  const auto read = read_json(R"({"a":1,"b":{"a":2},"a":3})");
  ASSERT_FALSE(read.value);
  EXPECT_NE(read.error.message.find("\"a\""), std::string::npos) << read.error.message;
}

TEST(ReadJson, DepthAtTheLimit__Read) {
  const std::string open(kMaxJsonDepth, '['), close(kMaxJsonDepth, ']');
  EXPECT_TRUE(read_json(open + close).value);
  EXPECT_FALSE(read_json("[" + open + close + "]").value);
}

TEST(ReadJson, HundredThousandLevels__RefusedWithoutCrash) {
  EXPECT_FALSE(read_json(std::string(100'000, '[')).value);
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_FALSE(read_json(objects).value);
}

TEST(ReadJson, HundredThousandMembers__ReadInTime) {
  std::string text = "{";
  for (int i = 0; i < 100'000; ++i) text += (i ? ",\"" : "\"") + std::to_string(i) + "\":0";
  text += "}";
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(read_json(text).value);
  // A pairwise comparison of the names takes minutes.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST(WriteJson, Members__KeepTheirOrder) {
  EXPECT_EQ(write_json(Value::object({{"z", 1}, {"a", Value::list({0.1, 1e21, "\n\"\x01"})}})),
            R"({"z":1,"a":[0.1,1e21,"\n\"\u0001"]})");
  EXPECT_EQ(quote_json("a\"b"), R"("a\"b")");
  EXPECT_EQ(write_json_pretty(Value::object({{"a", 1}})), "{\n  \"a\": 1\n}\n");
}

TEST(WriteJson, InfinityAndNan__StillJson) {
  const double infinite = std::numeric_limits<double>::infinity();
  EXPECT_EQ(
      write_json(Value::list({infinite, -infinite, std::numeric_limits<double>::quiet_NaN()})),
      "[null,null,null]");
}

}  // namespace
}  // namespace plugproof::base
