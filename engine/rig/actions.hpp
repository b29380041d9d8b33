// The physical actions that a test case may ask for: names, arguments, and what a person is told to
// do. Data, not code: every adapter and the linter read the same table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/value.hpp"

namespace plugproof::rig {

struct ArgumentInfo {
  std::string name;
  enum class Type { connector, boolean, text } type = Type::connector;
  bool required = false;
};

struct ActionInfo {
  std::string name;
  std::vector<ArgumentInfo> arguments;
  // Sentences for a person, with {argument} in place of values. Where an action has a boolean that
  // turns it on and off, `prompt` is for true and `prompt_off` for false.
  std::string prompt;
  std::string prompt_off;
  // Whether it may end the connection to the charge point without a word on the wire.
  bool cuts_connection = false;
};

const std::vector<ActionInfo>& all_actions();
const ActionInfo* find_action(std::string_view name);
// The sentence for a person, arguments filled in.
std::string prompt_for(const ActionInfo& action, const base::Value& arguments);

}  // namespace plugproof::rig
