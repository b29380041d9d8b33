// One download or upload of the charge point: by a protocol that it has, and not for ever.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/transfer/file_client.hpp"
#include "simulator/context.hpp"
#include "simulator/timer.hpp"

namespace plugproof::simulator {

class FileTransfer {
 public:
  using Done = std::function<void(const transfer::Fetched&)>;

  explicit FileTransfer(Context& context);

  // `done` is called once, never from inside the call; a transfer under way is given up for the
  // new one.
  void download(const std::string& url, Done done);
  void upload(const std::string& folder, const std::string& name, std::string content, Done done);
  // Gives the transfer under way up; nothing is called.
  void stop();

 private:
  // Why it cannot be tried at all; empty when it can.
  std::string refusal(const std::string& url) const;
  // False when it was refused, which `done` is then told.
  bool begin(const std::string& url, const Done& done);
  transfer::FileClient::Done ends(Done done);

  Context& context_;
  std::unique_ptr<transfer::FileClient> client_;
  Timer limit_;
};

}  // namespace plugproof::simulator
