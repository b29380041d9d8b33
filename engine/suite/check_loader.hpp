// Reads `select`, `check`, `via` and `result`, and checks their paths and values against the
// message schemas.
#pragma once

#include <string>
#include <vector>

#include "engine/base/yaml.hpp"
#include "engine/ocpp/schema.hpp"
#include "engine/suite/model.hpp"

namespace plugproof::suite {

std::vector<FieldCheck> load_checks(const base::YamlNode& node, const std::string& action,
                                    ocpp::Direction direction, base::Diagnostics& diagnostics);
// Checks on what is no message: its facts are fields of the first level. `what` names it in errors.
std::vector<FieldCheck> load_fact_checks(const base::YamlNode& node,
                                         const std::vector<std::string>& facts,
                                         const std::string& what, base::Diagnostics& diagnostics);
// A path that must exist in the message; nothing, with an error, otherwise.
std::optional<base::FieldPath> load_path(const std::string& text, const base::SourcePos& pos,
                                         const std::string& action, ocpp::Direction direction,
                                         base::Diagnostics& diagnostics);
// Checks a payload template field by field: names, and constant values of enumerations.
void lint_payload(const Template& payload, const std::string& action, ocpp::Direction direction,
                  base::Diagnostics& diagnostics);

}  // namespace plugproof::suite
