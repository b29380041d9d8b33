// Reads the three kinds of file that a suite is made of.
#pragma once

#include <optional>
#include <vector>

#include "engine/base/yaml.hpp"
#include "engine/suite/model.hpp"

namespace plugproof::suite {

// Whether a file is a state (it has `kind`) rather than a case.
bool is_state_file(const base::YamlNode& root);
State load_state(const base::YamlNode& root, base::Diagnostics& diagnostics);
TestCase load_case(const base::YamlNode& root, base::Diagnostics& diagnostics);
std::vector<ProgrammeEntry> load_programme(const base::YamlNode& root,
                                           base::Diagnostics& diagnostics);

}  // namespace plugproof::suite
