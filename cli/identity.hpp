// What names the tool and the firmware in a run's record: the id of this installation, and the
// image that the user gives.
#pragma once

#include <filesystem>
#include <string>

#include "engine/base/value.hpp"

namespace plugproof::cli {

// Where this installation keeps what is its own: PLUGPROOF_STATE, else XDG_STATE_HOME/plugproof,
// else ~/.local/state/plugproof. Empty when none of them is known. It need not exist.
std::filesystem::path state_folder();

// The id of this installation, 32 hex digits: drawn by lot at the first run and kept in
// instance-id of the state folder. Empty, with a warning on standard error, when it cannot be kept:
// an id that changes with every run would name nothing.
std::string instance_id();

// {name, bytes, sha256} of a firmware image; null for an empty path. Ends the program when the file
// cannot be read.
base::Value describe_image(const std::string& path);

}  // namespace plugproof::cli
