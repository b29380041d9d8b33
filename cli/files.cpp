#include "cli/files.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/common.hpp"

namespace plugproof::cli {

std::string read_file(const std::string& path, const std::string& option) {
  const std::string place = option.empty() ? path : option + ": " + path;
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    throw ExitWith(kUsage, place + " is a folder; name a file");
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  if (in && in.peek() != std::ifstream::traits_type::eof()) bytes << in.rdbuf();
  if (!in.is_open() || in.bad() || bytes.fail())
    throw ExitWith(kUsage, place + " cannot be read: " + std::strerror(errno == 0 ? EIO : errno) +
                               "; check the path");
  return std::move(bytes).str();
}

}  // namespace plugproof::cli
