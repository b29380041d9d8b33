#include "engine/base/value.hpp"

#include <algorithm>

#include "engine/base/json.hpp"

namespace plugproof::base {

namespace {
template <typename Members>
auto find_member(Members& members, std::string_view key) {
  return std::find_if(members.begin(), members.end(),
                      [&](const auto& m) { return m.first == key; });
}
}  // namespace

const Value* Value::find(std::string_view key) const {
  if (!is_object()) return nullptr;
  const auto& members = as_object();
  auto it = find_member(members, key);
  return it == members.end() ? nullptr : &it->second;
}

Value* Value::find(std::string_view key) {
  return const_cast<Value*>(std::as_const(*this).find(key));
}

void Value::set(std::string_view key, Value value) {
  if (is_null()) data_ = Object{};
  if (Value* old = find(key)) {
    *old = std::move(value);
  } else {
    as_object().emplace_back(std::string(key), std::move(value));
  }
}

bool Value::erase(std::string_view key) {
  if (!is_object()) return false;
  auto& members = as_object();
  auto it = find_member(members, key);
  if (it == members.end()) return false;
  members.erase(it);
  return true;
}

void Value::push_back(Value value) {
  if (is_null()) data_ = List{};
  as_list().push_back(std::move(value));
}

std::string Value::string_or(std::string_view key, std::string_view fallback) const {
  const Value* member = find(key);
  return member && member->is_string() ? member->as_string() : std::string(fallback);
}

std::int64_t Value::int_or(std::string_view key, std::int64_t fallback) const {
  const Value* member = find(key);
  return member && member->is_int() ? member->as_int() : fallback;
}

std::string Value::to_display() const {
  return write_json(*this);
}

const char* Value::type_name() const {
  static constexpr const char* kNames[] = {"null",   "boolean", "integer", "number",
                                           "string", "list",    "object"};
  return kNames[data_.index()];
}

bool operator==(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) {
    if (a.is_int() && b.is_int()) return a.as_int() == b.as_int();
    return a.as_number() == b.as_number();
  }
  if (a.data_.index() != b.data_.index()) return false;
  if (a.is_object()) {
    if (a.as_object().size() != b.as_object().size()) return false;
    return std::all_of(a.as_object().begin(), a.as_object().end(), [&](const auto& m) {
      const Value* other = b.find(m.first);
      return other && *other == m.second;
    });
  }
  return a.data_ == b.data_;
}

}  // namespace plugproof::base
