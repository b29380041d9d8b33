// The messages of OCPP 1.6 with the security extension: which actions exist, who sends them, and
// whether a payload is valid. Schemas of our own (engine/ocpp/schemas/), embedded at build.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/path.hpp"
#include "engine/base/value.hpp"

namespace plugproof::ocpp {

enum class Direction { request, response };
enum class Sender { charge_point, central_system, both };

// One thing wrong with a payload. A payload may have several; all are reported.
struct Violation {
  std::string place;  // path of the field: "meterValue[0].timestamp"; empty: the payload itself
  std::string
      rule;  // "required", "type", "enum", "maxLength", "format", "multipleOf", "unknown field"...
  std::string message;     // "connectorId is missing", complete
  std::string error_code;  // the CALLERROR code that fits (OCPP-J 1.6 section 4.2.3)
};

const std::vector<std::string>& all_actions();  // the 39, sorted
bool is_action(std::string_view action);
std::optional<Sender> sender_of(std::string_view action);
std::vector<std::string> actions_of(Sender sender);  // incl. those of both

// A payload that has more violations than this is reported no further: hostile ones have a hundred
// thousand.
inline constexpr std::size_t kMaxViolations = 100;

// Every violation, in the order of the schema; empty when valid. An action that does not exist is a
// violation too. An integer is a number written without fraction or exponent that fits 64 bits.
std::vector<Violation> validate(std::string_view action, Direction direction,
                                const base::Value& payload);

// What the schemas know about a field path, for the linter: nothing when no such field exists.
struct FieldInfo {
  std::string type;                  // "string", "integer", "number", "boolean", "object", "array"
  std::vector<std::string> allowed;  // of an enumeration
  std::optional<int> max_length;     // of a string
  bool required = false;
};
std::optional<FieldInfo> field_info(std::string_view action, Direction direction,
                                    const base::FieldPath& path);
// Names of the fields that the object at the path's parent has, for "did you mean".
std::vector<std::string> fields_near(std::string_view action, Direction direction,
                                     const base::FieldPath& path);

}  // namespace plugproof::ocpp
