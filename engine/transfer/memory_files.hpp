// File servers and their clients without sockets: both ends in one process, on any clock. On a
// virtual clock a transfer takes no time and is the same every time. URLs are of the host `memory`
// and carry throw-away credentials, so that what has to be said of real URLs can be said of these.
// Every other URL fails as one at which nobody answers.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/transfer/file_client.hpp"
#include "engine/transfer/file_host.hpp"

namespace plugproof::transfer {

class MemoryFiles final : public FileHost {
 public:
  // Where a complete upload was kept, for the record, or why it cannot be.
  struct Kept {
    std::string path, reason;
  };
  using Keep = std::function<Kept(const std::string& name, const std::string& content)>;
  struct Options {
    base::Nanos latency{std::chrono::milliseconds(1)};  // one way
    std::uint64_t bytes_per_second = 1 << 20;
    std::vector<Protocol> protocols{Protocol::http, Protocol::https, Protocol::ftp, Protocol::ftps,
                                    Protocol::ftps_implicit};
    std::uint64_t seed = 1;  // of the credentials
    // Keeps a complete upload. Absent: uploads() has it.
    Keep keep{};
  };

  // The clock must live longer than the host and its clients; clients may outlive the host.
  explicit MemoryFiles(base::Clock& clock);
  MemoryFiles(base::Clock& clock, Options options);
  ~MemoryFiles() override;
  MemoryFiles(const MemoryFiles&) = delete;
  MemoryFiles& operator=(const MemoryFiles&) = delete;

  void on_event(Handler handler) override;
  std::vector<Protocol> protocols() const override;
  Opened offer(const Offer& offer) override;
  Opened receive(const Inbox& inbox) override;
  void close(PlaceId place) override;

  FileClientFactory clients();
  // Contents of the complete uploads, by Event::kept.
  const std::map<std::string, std::string>& uploads() const;

  struct Server;

 private:
  std::shared_ptr<Server> server_;
};

}  // namespace plugproof::transfer
