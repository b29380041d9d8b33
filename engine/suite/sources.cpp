#include "engine/suite/sources.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/base/sha256.hpp"

namespace plugproof::suite {

namespace fs = std::filesystem;
using base::Diagnostics;

namespace {

std::vector<std::string> yaml_files(const std::string& folder, Diagnostics& diagnostics) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error))
    if (it->is_regular_file() && it->path().extension() == ".yaml")
      files.push_back(it->path().string());
  if (error)
    diagnostics.error({folder, 0, 0}, "the suite's folder cannot be read: " + error.message(),
                      "name it with --suite");
  std::sort(files.begin(), files.end());
  return files;
}

std::string read_all(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

std::vector<SourceFile> read_sources(const std::string& folder, Diagnostics& diagnostics) {
  std::vector<SourceFile> sources;
  for (auto& path : yaml_files(folder, diagnostics)) {
    std::string name = fs::path(path).lexically_relative(folder).generic_string();
    std::string text = read_all(path);
    sources.push_back({std::move(path), std::move(name), std::move(text)});
  }
  return sources;
}

std::string digest_of(const std::vector<SourceFile>& sources) {
  base::Sha256 sum;
  for (const auto& source : sources) {
    sum.add(source.name + "\n");
    sum.add(source.text);
  }
  return sum.hex();
}

}  // namespace plugproof::suite
