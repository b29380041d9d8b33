// Our actions in the words of the laboratory interface that the official tool calls too: operations
// of the charge point's side and of the vehicle's side, with their query parameters. Data only;
// http.cpp sends it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/base/value.hpp"
#include "engine/rig/actions.hpp"

namespace plugproof::rig {

struct LabCall {
  enum class Side { station, vehicle };
  Side side = Side::station;
  std::string operation;
  std::vector<std::pair<std::string, std::string>> query;  // not yet percent-encoded

  // "/plugin?evse_id=1&connector_id=1", percent-encoded (RFC 3986 section 2.1).
  std::string target() const;
};

// The calls that perform an action, in order; none when the interface has no words for it. What an
// action does at the vehicle is left out of a call at both ends when `with_vehicle` is false.
// `token_type`: the type that goes with an idTag; OCPP 1.6 has none, the interface wants one.
std::vector<LabCall> lab_calls(const ActionInfo& action, const base::Value& arguments,
                               const std::string& token_type, bool with_vehicle);

}  // namespace plugproof::rig
