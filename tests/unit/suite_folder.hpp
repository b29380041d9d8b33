// A suite of a few files in a folder of its own: the shape of the tests of loader, selection and
// run.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "engine/suite/suite.hpp"

namespace plugproof::suite {

class SuiteFolder {
 public:
  // A new folder, or one of that name where two runs must see the same paths.
  explicit SuiteFolder(std::string name = {}) {
    static std::atomic<int> count{0};
    if (name.empty()) name = std::to_string(++count);
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("plugproof_suite_" + std::to_string(::getpid()) + "_" + name);
    std::filesystem::create_directories(folder_);
  }
  ~SuiteFolder() { std::filesystem::remove_all(folder_); }
  SuiteFolder(const SuiteFolder&) = delete;
  SuiteFolder& operator=(const SuiteFolder&) = delete;

  void write(const std::string& name, const std::string& text) {
    const auto path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  // A case of the group core/x that is valid but for what `body` says: `before`, `scenario`.
  void add_case(const std::string& id, const std::string& body) {
    write("core/" + id + ".yaml", head(id) + body);
    programme_ +=
        "  - {id: " + id +
        ", title: A title, group: core/x, editions: ['2025-11'], profile: Core, applies: 'true'}\n";
  }
  static std::string head(const std::string& id) {
    return "id: " + id +
           "\ntitle: A title\ngroup: core/x\neditions: ['2025-11']\nprofile: Core\napplies: "
           "'true'\n"
           "purpose: Something is tried.\nrequirement: It shall work.\nreference: [OCPP 1.6 "
           "section 5]\nadvice: Look there.\n";
  }
  std::optional<Suite> load(base::Diagnostics& diagnostics) {
    if (!programme_.empty()) write("programme.yaml", "cases:\n" + programme_);
    return Suite::load(folder_.string(), diagnostics);
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

 private:
  std::filesystem::path folder_;
  std::string programme_;
};

}  // namespace plugproof::suite
