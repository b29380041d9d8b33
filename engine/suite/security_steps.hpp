// The words of the steps about security: what the bench can make of keys and certificates, what it
// serves, and what is known of a connection.
#pragma once

#include <string>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/suite/template.hpp"

namespace plugproof::suite {

// What `make` makes, with the arguments it takes.
struct Makeable {
  std::string name;
  std::vector<std::string> arguments;
};
const std::vector<Makeable>& makeable_things();
std::vector<std::string> makeable_names();
void lint_make(const std::string& thing, const Template& arguments, base::Diagnostics& diagnostics);
void lint_serve(const Template& arguments, base::Diagnostics& diagnostics);

// Facts of a connection that `await: connected` can check.
const std::vector<std::string>& connection_facts();

}  // namespace plugproof::suite
