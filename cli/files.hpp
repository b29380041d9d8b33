// Files that the user names, read whole.
#pragma once

#include <string>

namespace plugproof::cli {

// Ends the program when it cannot be read; `option` names where it was given, and may be empty.
std::string read_file(const std::string& path, const std::string& option);

}  // namespace plugproof::cli
