// What happens in folders, told by the kernel (inotify): proftpd logs a transfer only when it is
// over, and its beginning shows here.
#pragma once

#include <asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/event_loop.hpp"

namespace plugproof::transfer {

class FolderWatch {
 public:
  using Folder = int;  // -1: none
  struct Event {
    Folder folder = -1;
    std::string name;  // of the file
  };
  enum class Of { reading, writing };

  // `ready` is called when take() has something. Throws base::InputError when the system grants no
  // watch.
  FolderWatch(base::EventLoop& loop, std::function<void()> ready);

  // Files in the folder that are opened and read, or created and changed.
  Folder add(const std::string& path, Of what);
  void remove(Folder folder);
  // All that has happened, in order.
  std::vector<Event> take();

 private:
  void wait();

  std::function<void()> ready_;
  asio::posix::stream_descriptor events_;
  // What the loop has still to run for us finds out that we are gone.
  const std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace plugproof::transfer
