// The JSON Schema files of engine/ocpp/schemas as texts in the program. The definition is generated
// at build.
#pragma once

#include <string_view>
#include <vector>

#include "engine/ocpp/schema.hpp"

namespace plugproof::ocpp {

struct EmbeddedSchema {
  std::string_view action;
  Direction direction;
  std::string_view text;  // JSON Schema, draft-06
};

const std::vector<EmbeddedSchema>& embedded_schemas();

}  // namespace plugproof::ocpp
