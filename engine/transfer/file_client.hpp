// The other end: what the reference charge point downloads and uploads with. Over sockets or in
// memory.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace plugproof::transfer {

struct Fetched {
  bool ok = false;
  std::string content;  // of a download
  std::string reason;   // when not ok
};

class FileClient {
 public:
  using Done = std::function<void(Fetched)>;
  virtual ~FileClient() = default;

  // One transfer at a time. `done` is called once, on the clock's thread, never from inside the
  // call; destroying the client, or cancel(), gives the transfer up and calls nothing.
  virtual void download(const std::string& url, Done done) = 0;
  // `folder` is a URL with '/' at the end; HTTP takes a PUT to folder + name.
  virtual void upload(const std::string& folder, const std::string& name, std::string content,
                      Done done) = 0;
  virtual void cancel() = 0;
};

// Makes the client of one transfer.
using FileClientFactory = std::function<std::unique_ptr<FileClient>()>;

}  // namespace plugproof::transfer
