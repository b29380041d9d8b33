#include "engine/base/expression.hpp"

#include <gtest/gtest.h>

#include <map>

#include "engine/base/json.hpp"

namespace plugproof::base {
namespace {

class Names final : public Scope {
 public:
  std::optional<Value> lookup(std::string_view name) const override {
    static const std::map<std::string, Value, std::less<>> kValues{
        {"C-04", true},
        {"C-06.2", false},
        {"ORS-1", 7},
        {"n", 5},
        {"text", "abc"},
        {"config.MaxKeys", "40"},
        {"profile.SmartCharging", false},
        {"o", Value::object({{"a", Value::object({{"b", 2}})}})},
        {"l", Value::list({1, "x", Value::object({{"k", "v"}})})},
        {"huge", INT64_MAX},
        {"when", "2026-01-01T00:00:00Z"}};
    const auto it = kValues.find(name);
    return it == kValues.end() ? std::nullopt : std::optional(it->second);
  }
};

std::optional<Expression> parse(const std::string& text, std::string* error = nullptr) {
  Diagnostics diagnostics;
  auto expression = Expression::parse(text, {"f.yaml", 3, 4}, diagnostics);
  EXPECT_EQ(expression.has_value(), !diagnostics.has_errors()) << text;
  if (error && diagnostics.has_errors()) *error = diagnostics.render();
  return expression;
}

struct Example {
  const char* text;
  const char* result;  // JSON
};

TEST(Expression, Values__AsExpected) {
  const Example examples[] = {
      {"1 + 2 * 3", "7"},
      {"(1 + 2) * 3", "9"},
      {"10 - 3 - 2", "5"},
      {"7 / 2", "3.5"},
      {"7 % 4", "3"},
      {"-n + 1", "-4"},
      {"- -2", "2"},
      {"1 + 1 == 2 and 2 > 1", "true"},
      {"not true or true", "true"},
      {"not (true or true)", "false"},
      {"true or false and false", "true"},
      {"not 1 == 2", "true"},
      {"1 in [1, 2]", "true"},
      {"'x' in l", "true"},
      {"3 in []", "false"},
      {"'a' + \"b\"", "\"ab\""},
      {"[1] + [2]", "[1,2]"},
      {"1 == 1.0", "true"},
      {"'1' == 1", "false"},
      {"C-04 and not C-06.2", "true"},
      {"ORS-1 - 1", "6"},
      {"o.a.b", "2"},
      {"o.missing.deeper", "null"},
      {"l[1]", "\"x\""},
      {"l[9]", "null"},
      {"l[-1]", "null"},
      {"l[2].k", "\"v\""},
      {"o['a'].b", "2"},
      {"number(config.MaxKeys) - 1", "39"},
      {"len(l) + len('ab')", "5"},
      {"min(1, 2) + max(1, 2)", "3"},
      {"abs(-2)", "2.0"},
      {"ceil(1.2)", "2"},
      {"text(5) + text(true) + text('x')", "\"5truex\""},
      {"lower('AbC')", "\"abc\""},
      {"split(' a, b ,,c', ',')", "[\"a\",\"b\",\"c\"]"},
      {"contains('abc', 'b') and contains([1, 2], 2)", "true"},
      {"first([1, 2, 3], 2)", "[1,2]"},
      {"first([1], 1e0)", nullptr},
      {"first([1], 99999999999999999999)", "[1]"},
      {"first([1], -1)", "[]"},
      {"pluck(l, 'k')", "[null,null,\"v\"]"},
      {"lookup(l, 'k', 'v').k", "\"v\""},
      {"lookup(l, 'k', 'w')", "null"},
      {"without([1, 2, 3], [2])", "[1,3]"},
      {"defined(null) or defined(0)", "true"},
      {"seconds_between(when, '2026-01-01T00:01:00Z')", "60.0"},
      {"clock_offset('2026-01-01T00:14:58Z', 900)", "2.0"},
      {"clock_offset('1970-01-01T00:00:00+00:01', 900)", "60.0"},
      {"plus_seconds(when, 1.5)", "\"2026-01-01T00:00:01.500Z\""},
  };
  for (const auto& example : examples) {
    if (!example.result) {
      EXPECT_FALSE(parse(example.text)) << example.text;
      continue;
    }
    const auto expression = parse(example.text);
    ASSERT_TRUE(expression) << example.text;
    EXPECT_EQ(write_json(expression->evaluate(Names())), example.result) << example.text;
  }
}

TEST(Expression, SideThatDoesNotDecide__MayBeMissing) {
  EXPECT_FALSE(parse("profile.SmartCharging and SC-99")->holds(Names()));
  EXPECT_TRUE(parse("C-04 or SC-99")->holds(Names()));
  EXPECT_THROW(parse("SC-99 or C-04")->holds(Names()), EvaluationError);
}

TEST(Expression, EvaluationThatFails__SaysWhatAndWhere) {
  const std::pair<const char*, const char*> examples[] = {
      {"SC-9 and true", "the PICS does not answer SC-9"},
      {"unknown + 1", "'unknown' has no value here"},
      {"config.Other == 'x'", "'config.Other' has no value here"},
      {"n and true", "'and' needs true or false, but got the integer 5"},
      {"not 'x'", "'not' needs true or false"},
      {"'a' < 'b'", "'<' needs numbers, but got the string \"a\""},
      {"n / 0", "division by zero"},
      {"n % 0", "division by zero"},
      {"1.5 % 0", "division by zero"},
      {"huge + 1", "too large"},
      {"huge * 2", "too large"},
      {"- (0 - huge - 1)", "too large"},
      {"1 in 2", "'in' needs a list"},
      {"n[0]", "needs a list and a whole number"},
      {"number('abc')", "number() needs a number or a text that is one"},
      {"number('nan')", "number() needs a number"},
      {"number('inf')", "number() needs a number"},
      {"number('1e999')", "number() needs a number"},
      {"ceil(99999999999999999999.5)", "ceil() needs a number below"},
      {"len(5)", "len() needs a list"},
      {"split('a', '')", "split() needs a separator"},
      {"seconds_between('x', when)", "needs a date-time"},
      {"clock_offset(when, 0)", "a positive period"},
  };
  for (const auto& [text, message] : examples) {
    const auto expression = parse(text);
    ASSERT_TRUE(expression) << text;
    try {
      const Value value = expression->evaluate(Names());
      ADD_FAILURE() << text << " is " << value.to_display();
    } catch (const EvaluationError& e) {
      EXPECT_NE(std::string(e.what()).find(message), std::string::npos) << text << ": " << e.what();
    }
  }
}

TEST(Expression, MissingName__KnownToTheCaller) {
  try {
    parse("not AQ-2")->holds(Names());
    FAIL();
  } catch (const EvaluationError& e) {
    EXPECT_EQ(e.missing_name, "AQ-2");
  }
}

TEST(Expression, ConditionThatIsNoBoolean__Refused) {
  EXPECT_THROW(parse("n")->holds(Names()), EvaluationError);
}

TEST(Expression, BrokenText__ErrorAtItsPlace) {
  const std::pair<const char*, const char*> examples[] = {
      {"", "ends too early"},
      {"1 +", "ends too early"},
      {"(1", "')' is missing"},
      {"[1, 2", "']' is missing"},
      {"'open", "a text is not closed"},
      {"a b", "'b' is not expected here"},
      {"and 1", "'and' is not expected here"},
      {"1 = 2", "'=' has no meaning here"},
      {"a ? b", "'?' has no meaning here"},
      {"1.2.3", "is no number"},
      {"foo(1)", "there is no function 'foo'"},
      {"lenn(a)", "did you mean 'len'"},
      {"len(a, b)", "len() takes 1 argument(s), not 2"},
      {"o.5", "a name must follow '.'"},
      {"l[0", "']' is missing"},
      {"a..b", "a name must follow '.'"},
  };
  for (const auto& [text, message] : examples) {
    std::string error;
    EXPECT_FALSE(parse(text, &error)) << text;
    EXPECT_EQ(error.rfind("f.yaml:3:4: error: expression '" + std::string(text) + "'", 0), 0u)
        << error;
    EXPECT_NE(error.find(message), std::string::npos) << text << ": " << error;
  }
}

TEST(Expression, HostileNesting__RefusedWithoutCrash) {
  const auto repeated = [](const std::string& part, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += part;
    return text;
  };
  for (const auto& text :
       {repeated("(", 1000) + "1" + repeated(")", 1000), repeated("not ", 500) + "true",
        repeated("-", 1500) + "1", repeated("[", 1000), repeated("len(", 900),
        repeated("1+", 100'000) + "1", repeated("a[0]", 50'000) + "", repeated("(", 1'000'000)})
    EXPECT_FALSE(parse(text)) << text.substr(0, 20);
}

TEST(Expression, LongestAllowedChain__Evaluates) {
  std::string text = "1";
  while (text.size() < 3900) text += "+1";
  EXPECT_EQ(parse(text)->evaluate(Names()), Value(static_cast<std::int64_t>(text.size() / 2 + 1)));
}

TEST(Expression, Names__InOrderWithoutRepetition) {
  EXPECT_EQ(parse("C-04 and x.y == len(C-04) or [z][0]")->names(),
            (std::vector<std::string>{"C-04", "x.y", "z"}));
}

TEST(PicsId, Forms__Told) {
  for (const char* id : {"C-06.2", "HFS-1", "AQ-7.1", "ORS-16", "SEC-3"})
    EXPECT_TRUE(is_pics_id(id)) << id;
  for (const char* no : {"", "C", "C-", "c-04", "ABCDE-1", "C-04x", "C-04.", "C_04", "C-04-1"})
    EXPECT_FALSE(is_pics_id(no)) << no;
}

TEST(KnownFunctions, Table__EachExplained) {
  for (const auto& function : known_functions())
    EXPECT_FALSE(function.explanation.empty()) << function.name;
}

}  // namespace
}  // namespace plugproof::base
