#include "engine/base/value.hpp"

#include <gtest/gtest.h>

#include "engine/base/path.hpp"

namespace plugproof::base {
namespace {

TEST(Value, IntegerAndEqualDouble__Equal) {
  EXPECT_EQ(Value(1), Value(1.0));
  EXPECT_FALSE(Value(1) == Value(1.5));
  EXPECT_FALSE(Value(1) == Value("1"));
  EXPECT_FALSE(Value(0) == Value(false));
  EXPECT_FALSE(Value() == Value(0));
}

TEST(Value, ObjectsInAnotherOrder__Equal) {
  const Value a = Value::object({{"x", 1}, {"y", Value::list({1, 2})}});
  EXPECT_EQ(a, Value::object({{"y", Value::list({1.0, 2})}, {"x", 1}}));
  EXPECT_FALSE(a == Value::object({{"x", 1}}));
  EXPECT_FALSE(a == Value::object({{"x", 1}, {"z", Value::list({1, 2})}}));
}

TEST(Value, ListsInAnotherOrder__Differ) {
  EXPECT_FALSE(Value::list({1, 2}) == Value::list({2, 1}));
}

TEST(Value, SetOnNull__BecomesObject) {
  Value v;
  v.set("a", 1);
  v.set("a", 2);
  v.set("b", "x");
  EXPECT_EQ(v, Value::object({{"a", 2}, {"b", "x"}}));
  EXPECT_TRUE(v.erase("a"));
  EXPECT_FALSE(v.erase("a"));
  EXPECT_EQ(v.find("a"), nullptr);
}

TEST(Value, FindInNoObject__Nothing) {
  EXPECT_EQ(Value(3).find("a"), nullptr);
  EXPECT_EQ(Value("text").string_or("a", "fallback"), "fallback");
  EXPECT_EQ(Value::object({{"n", "7"}}).int_or("n", 5), 5);
}

TEST(Value, WrongAccessor__Throws) {
  EXPECT_THROW(static_cast<void>(Value("x").as_int()), std::bad_variant_access);
}

TEST(FieldPath, Texts__ReadOrRefused) {
  for (const char* good : {"a", "a.b", "a[0].b", "a[*].b[*].c", "a[9999]", "_x1"})
    EXPECT_TRUE(FieldPath::parse(good)) << good;
  for (const char* bad : {"", ".", "a.", ".a", "a..b", "[0]", "a[", "a[]", "a[-1]", "a[x]",
                          "a[12345]", "a b", "a[0]b", "a-b"})
    EXPECT_FALSE(FieldPath::parse(bad)) << bad;
}

TEST(FieldPath, EveryElement__OneHitEach) {
  const Value root = Value::object(
      {{"m", Value::list({Value::object({{"v", 1}}), Value::object({{"w", 2}}), Value(3)})}});
  const auto hits = FieldPath::parse("m[*].v")->resolve(root);
  ASSERT_EQ(hits.size(), 3u);
  EXPECT_EQ(hits[0].place, "m[0].v");
  EXPECT_EQ(*hits[0].value, Value(1));
  EXPECT_EQ(hits[1].value, nullptr);
  EXPECT_EQ(hits[2].value, nullptr);
}

TEST(FieldPath, EveryElementOfNoList__NoHit) {
  EXPECT_TRUE(FieldPath::parse("m[*].v")->resolve(Value::object({{"m", 5}})).empty());
  EXPECT_TRUE(FieldPath::parse("m[*]")->resolve(Value(Value::Object{})).empty());
}

TEST(FieldPath, MissingMemberOrIndex__AbsentHit) {
  const Value root = Value::object({{"m", Value::list({1})}});
  for (const char* text : {"x.y", "m[1]", "m[0].deep"}) {
    const auto hits = FieldPath::parse(text)->resolve(root);
    ASSERT_EQ(hits.size(), 1u) << text;
    EXPECT_EQ(hits[0].value, nullptr) << text;
    EXPECT_EQ(hits[0].place, text);
  }
}

}  // namespace
}  // namespace plugproof::base
