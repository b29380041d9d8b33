// The part `rig` of a PIXIT file: who performs physical actions, and how they are reached.
#pragma once

#include <string>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/base/time.hpp"
#include "engine/base/yaml.hpp"
#include "engine/rig/http.hpp"

namespace plugproof::run {

struct RigSettings {
  // In the order in which they are asked: "simulator", "command", "http", "console".
  std::vector<std::string> adapters;
  std::vector<std::string> command;               // program and arguments of the command adapter
  rig::HttpSettings http;                         // servers of the http adapter
  base::Nanos timeout{std::chrono::minutes(10)};  // for one action
};

// Errors go to `diagnostics`, with the place and what to write instead.
void load_rig(const base::YamlNode& node, RigSettings& rig, base::Diagnostics& diagnostics);

}  // namespace plugproof::run
