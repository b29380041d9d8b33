#include "cli/identity.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <system_error>

#include "cli/common.hpp"
#include "engine/base/sha256.hpp"

namespace plugproof::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kDigits = 32;

bool is_id(const std::string& text) {
  return text.size() == kDigits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string first_line(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

std::string drawn() {
  std::random_device device;
  std::string id;
  while (id.size() < kDigits) {
    char part[9];
    std::snprintf(part, sizeof part, "%08x", static_cast<unsigned>(device() & 0xffffffffU));
    id += part;
  }
  return id;
}

// Two first runs at the same time must end with the same id: the first to link its file wins.
void keep(const std::string& id, const fs::path& file) {
  const fs::path draft = file.string() + "." + id;
  std::ofstream(draft) << id << "\n";
  std::error_code error;
  fs::create_hard_link(draft, file, error);
  fs::remove(draft, error);
}

}  // namespace

fs::path state_folder() {
  const auto variable = [](const char* name) -> std::string {
    const char* value = std::getenv(name);
    return value ? value : "";
  };
  if (const std::string own = variable("PLUGPROOF_STATE"); !own.empty()) return own;
  // The XDG base directory specification has a relative path ignored.
  if (const fs::path state = variable("XDG_STATE_HOME"); state.is_absolute())
    return state / "plugproof";
  const fs::path home = variable("HOME");
  return home.is_absolute() ? home / ".local/state/plugproof" : fs::path();
}

std::string instance_id() {
  const fs::path folder = state_folder();
  const fs::path file = folder / "instance-id";
  std::error_code error;
  if (!folder.empty()) {
    if (!fs::exists(file, error)) {
      fs::create_directories(folder, error);
      keep(drawn(), file);
    }
    std::string id = first_line(file);
    if (is_id(id)) return id;
  }
  const std::string problem = fs::exists(file, error)
                                  ? file.string() + " does not hold 32 hex digits; remove it"
                                  : "the id of this installation cannot be kept in '" +
                                        folder.string() +
                                        "'; name a folder that can be written in PLUGPROOF_STATE";
  std::fprintf(stderr, "plugproof: warning: %s. The run is recorded without it.\n",
               problem.c_str());
  return {};
}

base::Value describe_image(const std::string& path) {
  if (path.empty()) return {};
  std::ifstream in(path, std::ios::binary);
  std::ostringstream bytes;
  if (in && fs::is_regular_file(path)) bytes << in.rdbuf();
  if (!in || !fs::is_regular_file(path) || in.bad())
    throw ExitWith(kUsage, "--firmware-image: " + path +
                               " cannot be read; name the file of the firmware under test");
  const std::string image = bytes.str();
  if (image.empty())
    throw ExitWith(kUsage, "--firmware-image: " + path + " is empty; name the whole image");
  return base::Value::object({{"name", fs::path(path).filename().string()},
                              {"bytes", static_cast<std::int64_t>(image.size())},
                              {"sha256", base::sha256_hex(image)}});
}

}  // namespace plugproof::cli
