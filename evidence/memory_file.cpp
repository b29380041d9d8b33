#include "evidence/memory_file.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace plugproof::evidence {

MemoryFile::MemoryFile(std::string_view bytes)
    : descriptor_(::memfd_create("plugproof", MFD_CLOEXEC)),
      path_("/proc/self/fd/" + std::to_string(descriptor_)) {
  int error = descriptor_ < 0 ? errno : 0;
  while (error == 0 && !bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written >= 0)
      bytes.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EINTR)
      error = errno;
  }
  if (error == 0) return;
  if (descriptor_ >= 0) ::close(descriptor_);
  throw std::system_error(error, std::generic_category(), "a file in memory");
}

MemoryFile::~MemoryFile() {
  ::close(descriptor_);
}

}  // namespace plugproof::evidence
