// One line of a journal, as docs/journal.md fixes it: who runs writes such lines, and who merges
// runs writes them anew.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/value.hpp"

namespace plugproof::base {

class JournalLine {
 public:
  // `t` in nanoseconds on the run's clock, `utc` as format_utc_micros() writes it.
  JournalLine(std::int64_t seq, std::int64_t t, std::string_view utc, std::string_view kind);

  void add(std::string_view key, const Value& value);
  // The line without its newline; `prev` is the digest of the one before. Nothing is added after
  // it.
  std::string finish(std::string_view prev) &&;

 private:
  void member(std::string_view key, std::string_view json);

  std::string text_ = "{";
};

}  // namespace plugproof::base
