// JSON text to Value and back. Reading is strict (RFC 8259, valid UTF-8, no repeated members) and
// safe on hostile input: nesting is limited, nothing recurses without a bound.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/value.hpp"

namespace plugproof::base {

struct JsonError {
  std::size_t offset = 0;  // byte offset in the text
  std::string message;
};

struct JsonResult {
  std::optional<Value> value;  // empty: see error
  JsonError error;
};

// Nesting deeper than this is refused: OCPP messages need less than ten levels.
inline constexpr int kMaxJsonDepth = 64;

JsonResult read_json(std::string_view text);

// Compact, members in their order, doubles with the fewest digits that read back the same.
std::string write_json(const Value& value);
// Two spaces of indentation a level and a final newline: for files that people open.
std::string write_json_pretty(const Value& value);
// `text` as a JSON string with its quotes.
std::string quote_json(std::string_view text);

}  // namespace plugproof::base
