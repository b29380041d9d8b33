#include "engine/transfer/upload_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include "engine/base/sha256.hpp"
#include "engine/transfer/place.hpp"

namespace plugproof::transfer {

namespace fs = std::filesystem;

namespace {

constexpr const char* kFolder = "uploads";
constexpr const char* kIncoming = ".incoming-";

std::string cannot_keep(const fs::path& path, int error) {
  return "the upload cannot be kept: " + path.string() + ": " + std::strerror(error) + kMakeRoom;
}

}  // namespace

std::string safe_file_name(const std::string& name) {
  constexpr std::size_t kMost = 100;
  std::string safe;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    safe.push_back(byte < 0x80 && (std::isalnum(byte) || c == '.' || c == '-') ? c : '_');
  }
  // The end says what it is: diagnostics-...-long.log stays a .log.
  if (safe.size() > kMost) safe = safe.substr(0, kMost / 2) + safe.substr(safe.size() - kMost / 2);
  return safe.find_first_not_of("._") == std::string::npos ? "unnamed" : safe;
}

struct UploadStore::File::Digest {
  base::Sha256 sha256;
};

// A run that goes on has uploads already: what came next is counted on, and what was on its way
// when the process ended is gone like every upload that did not come to its end.
UploadStore::UploadStore(fs::path run_folder) : run_folder_(std::move(run_folder)) {
  std::error_code error;
  std::vector<fs::path> unfinished;
  for (fs::directory_iterator it(run_folder_ / kFolder, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (name.rfind(kIncoming, 0) == 0) unfinished.push_back(it->path());
    kept_ = std::max(kept_, std::atoi(name.c_str()));
  }
  for (const auto& path : unfinished) fs::remove(path, error);
}

UploadStore::~UploadStore() {
  std::error_code ignored;
  if (fs::is_empty(run_folder_ / kFolder, ignored)) fs::remove(run_folder_ / kFolder, ignored);
}

std::unique_ptr<UploadStore::File> UploadStore::begin() {
  return std::unique_ptr<File>(new File(*this));
}

UploadStore::File::File(UploadStore& store) : store_(store), digest_(std::make_unique<Digest>()) {
  const std::scoped_lock lock(store_.mutex_);
  const fs::path folder = store_.run_folder_ / kFolder;
  std::error_code error;
  fs::create_directories(folder, error);
  path_ = folder / (kIncoming + std::to_string(++store_.begun_));
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (descriptor_ < 0) reason_ = cannot_keep(path_, errno);
}

UploadStore::File::~File() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(path_.c_str());
}

bool UploadStore::File::write(std::string_view bytes) {
  if (!reason_.empty()) return false;
  digest_->sha256.add(bytes);
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      reason_ = cannot_keep(path_.parent_path(), errno);
      return false;
    }
    bytes_ += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::string UploadStore::File::finish(const std::string& name) {
  if (!reason_.empty()) return {};
  // Some file systems tell only here that they are full.
  const int result = ::close(std::exchange(descriptor_, -1));
  const int close_error = errno;
  const std::scoped_lock lock(store_.mutex_);
  char number[16];
  std::snprintf(number, sizeof number, "%02d-", store_.kept_ + 1);
  const fs::path kept = path_.parent_path() / (number + safe_file_name(name));
  if (result != 0 || ::rename(path_.c_str(), kept.c_str()) != 0) {
    reason_ = cannot_keep(kept, result != 0 ? close_error : errno);
    ::unlink(path_.c_str());
    return {};
  }
  ++store_.kept_;
  sha256_ = digest_->sha256.hex();
  return std::string(kFolder) + "/" + kept.filename().string();
}

}  // namespace plugproof::transfer
