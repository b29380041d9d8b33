// Complete uploads, kept as evidence in the run's folder: uploads/01-diagnostics.log. Written and
// digested as they come in, never held in memory. May be used from any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace plugproof::transfer {

class UploadStore {
 public:
  // What the folder holds already stays; numbers go on behind it.
  explicit UploadStore(std::filesystem::path run_folder);
  // An empty folder of uploads is taken away.
  ~UploadStore();
  UploadStore(const UploadStore&) = delete;
  UploadStore& operator=(const UploadStore&) = delete;

  // One upload on its way in. Destroyed before finish(), nothing is left of it.
  class File {
   public:
    ~File();
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    // False when the disk does not take it; reason() then says why.
    bool write(std::string_view bytes);
    // Keeps it under a name that is safe on every disk; empty when that fails. `sha256()` is of
    // what was written.
    std::string finish(const std::string& name);
    std::uint64_t bytes() const { return bytes_; }
    const std::string& sha256() const { return sha256_; }
    const std::string& reason() const { return reason_; }

   private:
    friend class UploadStore;
    struct Digest;
    explicit File(UploadStore& store);

    UploadStore& store_;
    std::filesystem::path path_;
    std::unique_ptr<Digest> digest_;
    int descriptor_ = -1;
    std::uint64_t bytes_ = 0;
    std::string sha256_, reason_;
  };
  // Must not outlive the store. Never null; a file that cannot be made refuses every write.
  std::unique_ptr<File> begin();

 private:
  std::filesystem::path run_folder_;
  std::mutex mutex_;
  int begun_ = 0, kept_ = 0;
};

// A name for the disk out of one from outside: letters, digits, '.', '-' and '_', at most 100 of
// them, never empty.
std::string safe_file_name(const std::string& name);

}  // namespace plugproof::transfer
