#include "engine/transfer/folder_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "engine/base/diagnostics.hpp"

namespace plugproof::transfer {

namespace {
[[noreturn]] void refuse(const std::string& what) {
  throw base::InputError(what + ": " + std::strerror(errno) +
                         "; raise fs.inotify.max_user_instances and max_user_watches (sysctl)");
}
}  // namespace

FolderWatch::FolderWatch(base::EventLoop& loop, std::function<void()> ready)
    : ready_(std::move(ready)), events_(loop.context()) {
  const int descriptor = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (descriptor < 0) refuse("the folders of the FTP server cannot be watched");
  events_.assign(descriptor);
  wait();
}

void FolderWatch::wait() {
  events_.async_wait(
      asio::posix::stream_descriptor::wait_read,
      [this, alive = std::weak_ptr<const bool>(alive_)](const std::error_code& error) {
        if (error || alive.expired()) return;
        ready_();
        wait();
      });
}

FolderWatch::Folder FolderWatch::add(const std::string& path, Of what) {
  const std::uint32_t mask =
      IN_ONLYDIR | (what == Of::reading ? IN_OPEN | IN_ACCESS : IN_CREATE | IN_MODIFY);
  const int folder = ::inotify_add_watch(events_.native_handle(), path.c_str(), mask);
  if (folder < 0) refuse("the folder " + path + " cannot be watched");
  return folder;
}

void FolderWatch::remove(Folder folder) {
  if (folder >= 0) ::inotify_rm_watch(events_.native_handle(), folder);
}

std::vector<FolderWatch::Event> FolderWatch::take() {
  std::vector<Event> out;
  alignas(inotify_event) std::array<char, 16384> buffer;
  while (true) {
    const ssize_t size = ::read(events_.native_handle(), buffer.data(), buffer.size());
    if (size <= 0) return out;
    for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      if (!(event.mask & IN_ISDIR) && event.len > 0)
        out.push_back({event.wd, buffer.data() + at + sizeof event});
      at += sizeof event + event.len;
    }
  }
}

}  // namespace plugproof::transfer
