// Reads a list of steps.
#pragma once

#include "engine/base/yaml.hpp"
#include "engine/suite/model.hpp"

namespace plugproof::suite {

Steps load_steps(const base::YamlNode& node, base::Diagnostics& diagnostics);
std::vector<ConfigurationEntry> load_configuration(const base::YamlNode& node,
                                                   base::Diagnostics& diagnostics);

// Gives every step its label: its number, or key and name, with #2 for a repetition among the
// unnumbered.
void label_steps(Steps& steps);

}  // namespace plugproof::suite
