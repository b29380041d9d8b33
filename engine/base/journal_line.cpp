#include "engine/base/journal_line.hpp"

#include <utility>

#include "engine/base/json.hpp"

namespace plugproof::base {

JournalLine::JournalLine(std::int64_t seq, std::int64_t t, std::string_view utc,
                         std::string_view kind) {
  member("seq", std::to_string(seq));
  member("t", std::to_string(t));
  member("utc", quote_json(utc));
  member("kind", quote_json(kind));
}

void JournalLine::add(std::string_view key, const Value& value) {
  member(key, write_json(value));
}

std::string JournalLine::finish(std::string_view prev) && {
  member("prev", quote_json(prev));
  text_ += "}";
  return std::move(text_);
}

void JournalLine::member(std::string_view key, std::string_view json) {
  if (text_.size() > 1) text_ += ",";
  text_ += quote_json(key);
  text_ += ":";
  text_ += json;
}

}  // namespace plugproof::base
