// The members of a record, read with a complaint that names the place for what is missing or has a
// wrong type.
#pragma once

#include <limits>
#include <string>

#include "engine/base/diagnostics.hpp"
#include "engine/base/time.hpp"
#include "engine/base/value.hpp"

namespace plugproof::replay {

class Fields {
 public:
  // `place`: "journal.jsonl:12".
  Fields(const base::Value& record, std::string place)
      : record_(record), place_(std::move(place)) {}

  [[noreturn]] void refuse(const std::string& problem) const {
    throw base::InputError(place_ + ": " + problem +
                           "; this is no journal that plugproof wrote, or it was changed since");
  }
  const base::Value& any(const char* name) const {
    const base::Value* value = record_.find(name);
    if (!value) refuse(std::string("the record has no '") + name + "'");
    return *value;
  }
  const std::string& text(const char* name) const {
    const base::Value& value = any(name);
    if (!value.is_string()) refuse(std::string("'") + name + "' is no text");
    return value.as_string();
  }
  std::string text_or(const char* name, const char* fallback) const {
    return record_.find(name) ? text(name) : fallback;
  }
  std::int64_t number(const char* name, std::int64_t least = 0,
                      std::int64_t most = std::numeric_limits<std::int64_t>::max()) const {
    const base::Value& value = any(name);
    if (!value.is_int() || value.as_int() < least || value.as_int() > most)
      refuse(std::string("'") + name + "' is no number that can stand there");
    return value.as_int();
  }
  bool flag(const char* name) const {
    const base::Value* value = record_.find(name);
    if (!value) return false;
    if (!value->is_bool()) refuse(std::string("'") + name + "' is neither true nor false");
    return value->as_bool();
  }
  // A time on the run's clock: within a century of its beginning.
  base::Nanos time(const char* name) const {
    constexpr std::int64_t kCentury = std::int64_t{100} * 366 * 86400 * 1'000'000'000;
    return base::Nanos(number(name, 0, kCentury));
  }
  Fields object(const char* name) const {
    const base::Value& value = any(name);
    if (!value.is_object()) refuse(std::string("'") + name + "' is no object");
    return Fields(value, place_);
  }
  // One of the words that `to_string` makes of the first `count` values of an enumeration.
  template <typename Enum>
  Enum word(const char* name, int count, const char* (*to_string)(Enum)) const {
    const std::string& given = text(name);
    for (int i = 0; i < count; ++i)
      if (given == to_string(static_cast<Enum>(i))) return static_cast<Enum>(i);
    refuse("'" + given + "' cannot be the '" + name + "' of a record");
  }
  const base::Value& record() const { return record_; }
  const std::string& place() const { return place_; }

 private:
  const base::Value& record_;
  std::string place_;
};

}  // namespace plugproof::replay
