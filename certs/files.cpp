#include "certs/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "engine/base/diagnostics.hpp"

namespace plugproof::certs {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMost = std::size_t{1} << 20;  // bytes: hundreds of certificates

// A file that is closed when it goes.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }
  int close() {
    const int number = number_;
    number_ = -1;
    return ::close(number);
  }

 private:
  int number_;
};

// 0 or the error number.
int write_all(int descriptor, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t written = ::write(descriptor, text.data() + done, text.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    if (written == 0) return ENOSPC;
    done += static_cast<std::size_t>(written);
  }
  return ::fsync(descriptor) == 0 ? 0 : errno;
}

void write_file(const fs::path& file, const std::string& text, mode_t mode) {
  Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (out.get() < 0) throw std::system_error(errno, std::generic_category(), file.string());
  int error = write_all(out.get(), text);
  if (out.close() != 0 && error == 0) error = errno;
  if (error == 0) return;
  ::unlink(file.c_str());
  throw std::system_error(error, std::generic_category(), file.string());
}

[[noreturn]] void refuse(const fs::path& file, const std::string& problem) {
  throw base::InputError(file.string() + ": " + problem);
}

std::string read_file(const fs::path& file, bool key) {
  const std::string what = key ? "the key" : "this file";
  // Without O_NONBLOCK a pipe in its place would hold us here.
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (in.get() < 0 && errno == ENOENT) refuse(file, what + " is missing");
  struct stat about {};
  if (in.get() < 0 || ::fstat(in.get(), &about) != 0)
    refuse(file, what + " cannot be read: " + std::strerror(errno));
  if (!S_ISREG(about.st_mode)) refuse(file, "this is no file; one in PEM is wanted");
  if (key && (about.st_mode & 077) != 0)
    refuse(file,
           "others than its owner can read this key, so it proves nothing; make it private (chmod "
           "600) if nobody did, else replace it");
  std::string text;
  char piece[4096];
  while (true) {
    const ssize_t got = ::read(in.get(), piece, sizeof piece);
    if (got == 0) return text;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) refuse(file, what + " cannot be read: " + std::strerror(errno));
    text.append(piece, static_cast<std::size_t>(got));
    if (text.size() > kMost) refuse(file, "this file is longer than 1 MiB; one in PEM is wanted");
  }
}

}  // namespace

void write_key_file(const fs::path& file, const std::string& text) {
  write_file(file, text, 0600);
}

void write_certificate_file(const fs::path& file, const std::string& text) {
  write_file(file, text, 0644);
}

std::string read_certificate_file(const fs::path& file) {
  return read_file(file, false);
}

std::string read_key_file(const fs::path& file) {
  return read_file(file, true);
}

}  // namespace plugproof::certs
