#include "tests/suite/kill_list.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

namespace plugproof::suite_tests {

namespace {

constexpr const char* kUsualPics = "pics/certified/CHQ-S-07SR.yaml";

[[noreturn]] void refuse(const std::string& place, const std::string& reason) {
  throw std::runtime_error(place + ": " + reason);
}

std::string place_of(const std::string& path, const YAML::Node& node) {
  return path + ":" + std::to_string(node.Mark().line + 1);
}

Kill read_kill(const std::string& place, const std::string& test_case, const YAML::Node& entry) {
  Kill kill{place, test_case, {}, {}, kUsualPics, {}, 0, "testcases"};
  for (const auto& member : entry) {
    const auto key = member.first.as<std::string>();
    if (key == "check") {
      kill.check = member.second.as<std::string>();
    } else if (key == "remark") {
      kill.remark = member.second.as<std::string>();
    } else if (key == "pics") {
      kill.pics = member.second.as<std::string>();
    } else if (key == "defects") {
      kill.defects = member.second.as<std::vector<std::string>>();
    } else if (key == "variations") {
      kill.variation_seed = member.second.as<std::uint64_t>();
    } else if (key == "suite") {
      kill.suite = member.second.as<std::string>();
    } else {
      refuse(place, "the key '" + key +
                        "' is unknown; use check or remark, pics, defects, variations, suite");
    }
  }
  if (kill.check.empty() == kill.remark.empty()) refuse(place, "give either check or remark");
  if (kill.defects.empty()) refuse(place, "give at least one defect");
  return kill;
}

}  // namespace

std::vector<Kill> load_kills(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& file : std::filesystem::directory_iterator(folder))
    if (file.path().extension() == ".yaml") paths.push_back(file.path().string());
  std::sort(paths.begin(), paths.end());
  std::vector<Kill> kills;
  for (const auto& path : paths)
    for (const auto& test_case : YAML::LoadFile(path))
      for (const auto& entry : test_case.second)
        kills.push_back(read_kill(place_of(path, entry), test_case.first.as<std::string>(), entry));
  return kills;
}

}  // namespace plugproof::suite_tests
