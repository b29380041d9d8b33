// The value type of the engine: what JSON can say, held by value. Payload fields, captured values,
// PICS answers and the results of expressions are all of this type. Objects keep the order they
// were read in.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace plugproof::base {

class Value {
 public:
  using List = std::vector<Value>;
  using Member = std::pair<std::string, Value>;
  using Object = std::vector<Member>;

  Value() = default;  // null
  Value(bool b) : data_(b) {}
  Value(int n) : data_(static_cast<std::int64_t>(n)) {}
  Value(std::int64_t n) : data_(n) {}
  Value(double d) : data_(d) {}
  Value(const char* s) : data_(std::string(s)) {}
  Value(std::string s) : data_(std::move(s)) {}
  Value(std::string_view s) : data_(std::string(s)) {}
  Value(List list) : data_(std::move(list)) {}
  Value(Object object) : data_(std::move(object)) {}

  static Value object(std::initializer_list<Member> members) { return Value(Object(members)); }
  static Value list(std::initializer_list<Value> items) { return Value(List(items)); }

  bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  bool is_bool() const { return std::holds_alternative<bool>(data_); }
  bool is_int() const { return std::holds_alternative<std::int64_t>(data_); }
  bool is_double() const { return std::holds_alternative<double>(data_); }
  bool is_number() const { return is_int() || is_double(); }
  bool is_string() const { return std::holds_alternative<std::string>(data_); }
  bool is_list() const { return std::holds_alternative<List>(data_); }
  bool is_object() const { return std::holds_alternative<Object>(data_); }

  // The accessors below are for values whose type was looked at before: a wrong type is a
  // programming error and throws std::bad_variant_access.
  bool as_bool() const { return std::get<bool>(data_); }
  std::int64_t as_int() const { return std::get<std::int64_t>(data_); }
  double as_number() const {
    return is_int() ? static_cast<double>(as_int()) : std::get<double>(data_);
  }
  const std::string& as_string() const { return std::get<std::string>(data_); }
  const List& as_list() const { return std::get<List>(data_); }
  List& as_list() { return std::get<List>(data_); }
  const Object& as_object() const { return std::get<Object>(data_); }
  Object& as_object() { return std::get<Object>(data_); }

  // Member of an object; nullptr when this is no object or has no such member.
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  // Sets or replaces a member; a null value becomes an object first.
  void set(std::string_view key, Value value);
  // Removes a member; true if it was there.
  bool erase(std::string_view key);
  void push_back(Value value);

  // The string of a string member, or the fallback.
  std::string string_or(std::string_view key, std::string_view fallback) const;
  // The integer of an integer member, or the fallback.
  std::int64_t int_or(std::string_view key, std::int64_t fallback) const;

  // How a person would write the value in a sentence: strings in quotes, the rest as JSON.
  std::string to_display() const;
  const char* type_name() const;

  // Equal by meaning: 1 and 1.0 are equal, members compare without regard to order.
  friend bool operator==(const Value& a, const Value& b);

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Object> data_;
};

}  // namespace plugproof::base
