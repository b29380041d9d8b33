#include "engine/run/journal_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace plugproof::run {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kFlushAt = std::size_t{64} * 1024;
constexpr const char* kRemedy = "; make room there, then go on with run --resume";

void write_all(int fd, const std::string& path, std::string& bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t written = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (written < 0) {
      if (errno == EINTR) continue;
      const int error = errno;
      bytes.erase(0, done);
      throw JournalError("cannot write " + path + ": " + std::strerror(error) + kRemedy);
    }
    done += static_cast<std::size_t>(written);
  }
  bytes.clear();
}

// A name in a folder is on disk when the folder is.
void sync_folder(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

}  // namespace

JournalFile::JournalFile(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}

std::unique_ptr<JournalFile> JournalFile::create(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0)
    throw JournalError("cannot create " + path + ": " + std::strerror(errno) +
                       "; name another folder with --out");
  std::unique_ptr<JournalFile> file(new JournalFile(path, fd));
  file->lock();
  sync_folder(path);
  return file;
}

std::unique_ptr<JournalFile> JournalFile::reopen(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (fd < 0)
    throw JournalError("cannot open " + path + " to write: " + std::strerror(errno) +
                       "; name the folder of a run");
  std::unique_ptr<JournalFile> file(new JournalFile(path, fd));
  file->lock();
  return file;
}

JournalFile::~JournalFile() {
  try {
    flush();
  } catch (const JournalError&) {
    // The error was or will be seen by a sync; a destructor cannot report it.
  }
  ::close(fd_);
}

void JournalFile::refuse(const std::string& what) const {
  throw JournalError(what + " " + path_ + ": " + std::strerror(errno));
}

void JournalFile::lock() {
  if (::flock(fd_, LOCK_EX | LOCK_NB) == 0) return;
  if (errno == EWOULDBLOCK)
    throw JournalError("another process writes " + path_ +
                       "; wait until it ends, or end it (SIGINT) and resume then");
  // A file system without locks is no reason not to run.
  if (errno != ENOLCK && errno != ENOTSUP) refuse("cannot lock");
}

void JournalFile::append(std::string_view line) {
  buffer_.append(line);
  if (buffer_.size() >= kFlushAt) flush();
}

void JournalFile::flush() {
  write_all(fd_, path_, buffer_);
}

void JournalFile::sync() {
  flush();
  if (::fdatasync(fd_) != 0)
    throw JournalError("cannot sync " + path_ + ": " + std::strerror(errno) + kRemedy);
}

std::string JournalFile::cut(std::uint64_t whole) {
  std::ifstream in(path_, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(whole));
  std::string torn{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const fs::path folder = fs::path(path_).parent_path();
  std::string name;
  int fd = -1;
  for (int number = 1; fd < 0; ++number) {
    name = "torn-" + std::to_string(number) + ".bin";
    fd = ::open((folder / name).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0 && errno != EEXIST)
      throw JournalError("cannot create " + (folder / name).string() + ": " + std::strerror(errno));
  }
  struct Closer {
    int fd;
    ~Closer() { ::close(fd); }
  } const closer{fd};
  write_all(fd, (folder / name).string(), torn);
  // The bytes are safe in their new place before they leave the old one.
  if (::fsync(fd) != 0)
    throw JournalError("cannot sync " + (folder / name).string() + ": " + std::strerror(errno));
  sync_folder(path_);
  if (::ftruncate(fd_, static_cast<off_t>(whole)) != 0) refuse("cannot shorten");
  return name;
}

}  // namespace plugproof::run
