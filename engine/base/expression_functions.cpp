#include "engine/base/expression_functions.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <list>

#include "engine/base/time.hpp"

namespace plugproof::base {

namespace {

using Arguments = std::vector<Value>;

[[noreturn]] void refuse(const std::string& function, const std::string& needs, const Value& got) {
  throw EvaluationError(function + "() needs " + needs + ", but got the " + got.type_name() + " " +
                        got.to_display());
}

const std::string& text_of(const std::string& function, const Value& value) {
  if (!value.is_string()) refuse(function, "a text", value);
  return value.as_string();
}

const Value::List& list_of(const std::string& function, const Value& value) {
  if (!value.is_list()) refuse(function, "a list", value);
  return value.as_list();
}

Micros instant_of(const std::string& function, const Value& value) {
  const auto instant = parse_utc(text_of(function, value));
  if (!instant) refuse(function, "a date-time", value);
  return *instant;
}

double number_of(const std::string& function, const Value& value) {
  if (!value.is_number()) refuse(function, "a number", value);
  return value.as_number();
}

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

Value to_number(const Arguments& a) {
  if (a[0].is_number()) return a[0];
  const std::string text = trimmed(text_of("number", a[0]));
  const char* end = text.data() + text.size();
  std::int64_t integer = 0;
  if (auto [stop, error] = std::from_chars(text.data(), end, integer);
      error == std::errc() && stop == end)
    return Value(integer);
  double real = 0;
  // from_chars knows 'inf' and 'nan', which are no numbers to compare with.
  if (auto [stop, error] = std::from_chars(text.data(), end, real);
      error == std::errc() && stop == end && std::isfinite(real))
    return Value(real);
  refuse("number", "a number or a text that is one", a[0]);
}

Value split(const Arguments& a) {
  Value::List parts;
  std::string_view rest = text_of("split", a[0]);
  const std::string& separator = text_of("split", a[1]);
  if (separator.empty()) refuse("split", "a separator", a[1]);
  while (true) {
    const std::size_t end = std::min(rest.find(separator), rest.size());
    if (std::string part = trimmed(rest.substr(0, end)); !part.empty())
      parts.emplace_back(std::move(part));
    if (end == rest.size()) return Value(std::move(parts));
    rest.remove_prefix(end + separator.size());
  }
}

Value length(const Arguments& a) {
  if (a[0].is_string()) return Value(static_cast<std::int64_t>(a[0].as_string().size()));
  return Value(static_cast<std::int64_t>(list_of("len", a[0]).size()));
}

Value contains(const Arguments& a) {
  if (a[0].is_string())
    return Value(a[0].as_string().find(text_of("contains", a[1])) != std::string::npos);
  const auto& list = list_of("contains", a[0]);
  return Value(std::find(list.begin(), list.end(), a[1]) != list.end());
}

Value first(const Arguments& a) {
  const auto& list = list_of("first", a[0]);
  const double wanted = std::clamp(number_of("first", a[1]), 0.0, static_cast<double>(list.size()));
  return Value(Value::List(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(wanted)));
}

Value pluck(const Arguments& a) {
  Value::List out;
  for (const auto& item : list_of("pluck", a[0])) {
    const Value* member = item.find(text_of("pluck", a[1]));
    out.push_back(member ? *member : Value());
  }
  return Value(std::move(out));
}

// The first object of a list whose member `key` equals `value`, or null.
Value lookup(const Arguments& a) {
  for (const auto& item : list_of("lookup", a[0]))
    if (const Value* member = item.find(text_of("lookup", a[1])); member && *member == a[2])
      return item;
  return {};
}

Value without(const Arguments& a) {
  Value::List out;
  const auto& unwanted = list_of("without", a[1]);
  for (const auto& item : list_of("without", a[0]))
    if (std::find(unwanted.begin(), unwanted.end(), item) == unwanted.end()) out.push_back(item);
  return Value(std::move(out));
}

Value seconds_between(const Arguments& a) {
  const auto span = instant_of("seconds_between", a[1]) - instant_of("seconds_between", a[0]);
  return Value(std::chrono::duration<double>(span).count());
}

// How far an instant lies from the nearest multiple of `period` seconds since midnight UTC.
Value clock_offset(const Arguments& a) {
  const double period = number_of("clock_offset", a[1]);
  if (period <= 0) refuse("clock_offset", "a positive period", a[1]);
  // Reduced before it becomes a double: seconds since 1970 leave too few digits for an exact
  // comparison.
  const double of_day =
      std::chrono::duration<double>(instant_of("clock_offset", a[0]) % std::chrono::hours(24))
          .count();
  double past = std::fmod(of_day, period);
  if (past < 0) past += period;  // an offset may put an instant before 1970
  return Value(std::min(past, period - past));
}

Value plus_seconds(const Arguments& a) {
  const Micros moved =
      instant_of("plus_seconds", a[0]) +
      std::chrono::duration_cast<Micros>(from_seconds(number_of("plus_seconds", a[1])));
  return Value(format_utc_millis(moved));
}

Value round_up(const Arguments& a) {
  const double up = std::ceil(number_of("ceil", a[0]));
  if (!(std::fabs(up) < 9e18)) refuse("ceil", "a number below 9e18", a[0]);
  return Value(static_cast<std::int64_t>(up));
}

// A list: expressions keep what they were given, and functions may be added later.
std::list<Function>& functions() {
  static std::list<Function> kFunctions{
      {{"len", 1, "number of items of a list, or of bytes of a text"}, length},
      {{"min", 2, "the smaller of two numbers"},
       [](const Arguments& a) {
         return number_of("min", a[0]) <= number_of("min", a[1]) ? a[0] : a[1];
       }},
      {{"max", 2, "the larger of two numbers"},
       [](const Arguments& a) {
         return number_of("max", a[0]) >= number_of("max", a[1]) ? a[0] : a[1];
       }},
      {{"abs", 1, "a number without its sign"},
       [](const Arguments& a) { return Value(std::fabs(number_of("abs", a[0]))); }},
      {{"ceil", 1, "the next whole number, upwards"}, round_up},
      {{"number", 1, "a text read as a number"}, to_number},
      {{"text", 1, "a value as a text, as configuration keys carry it"},
       [](const Arguments& a) { return a[0].is_string() ? a[0] : Value(a[0].to_display()); }},
      {{"lower", 1, "a text in lower case"},
       [](const Arguments& a) {
         std::string text = text_of("lower", a[0]);
         std::transform(text.begin(), text.end(), text.begin(),
                        [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
         return Value(std::move(text));
       }},
      {{"split", 2, "the parts of a text between separators, trimmed, empty ones left out"}, split},
      {{"contains", 2, "whether a list holds a value, or a text another text"}, contains},
      {{"first", 2, "the first n items of a list"}, first},
      {{"pluck", 2, "one member of every object of a list"}, pluck},
      {{"lookup", 3, "the first object of a list whose member has a value, or null"}, lookup},
      {{"without", 2, "a list without the items of another"}, without},
      {{"defined", 1, "whether a value is not null"},
       [](const Arguments& a) { return Value(!a[0].is_null()); }},
      {{"seconds_between", 2, "seconds from one date-time to another"}, seconds_between},
      {{"clock_offset", 2,
        "seconds between a date-time and the nearest multiple of a period since midnight UTC"},
       clock_offset},
      {{"plus_seconds", 2, "a date-time some seconds later"}, plus_seconds},
  };
  return kFunctions;
}

}  // namespace

const Function* find_function(std::string_view name) {
  for (const auto& function : functions())
    if (function.info.name == name) return &function;
  return nullptr;
}

void add_functions(const std::vector<Function>& added) {
  for (const auto& function : added)
    if (!find_function(function.info.name)) functions().push_back(function);
}

std::vector<FunctionInfo> known_functions() {
  std::vector<FunctionInfo> infos;
  for (const auto& function : functions()) infos.push_back(function.info);
  return infos;
}

}  // namespace plugproof::base
