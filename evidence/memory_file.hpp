// A file that exists in memory alone, with a path for those who read files: a journal inside a
// bundle is read like one in a folder, and nothing is written to disk.
#pragma once

#include <string>
#include <string_view>

namespace plugproof::evidence {

class MemoryFile {
 public:
  // Throws std::system_error when the system has no memory for it.
  explicit MemoryFile(std::string_view bytes);
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  int descriptor_;
  std::string path_;
};

}  // namespace plugproof::evidence
