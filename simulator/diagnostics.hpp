// Diagnostics (OCPP 1.6 sections 4.4, 5.9, 7.24): the charge point's log as a file, uploaded where
// the central system says. A request is kept over a loss of power until it was followed.
#pragma once

#include <string>

#include "engine/base/value.hpp"
#include "simulator/file_transfer.hpp"
#include "simulator/timer.hpp"

namespace plugproof::simulator {

struct Station;

class Diagnostics {
 public:
  explicit Diagnostics(Station& station);

  // Takes a request in; the name of the file that will be uploaded, empty when there is nothing to
  // upload or an upload is under way. begin() starts it.
  std::string requested(const base::Value& request);
  void begin();
  // Accepted for the first time since power on.
  void registered();
  std::string status() const;  // for TriggerMessage.req
  void stop();

 private:
  void attempt();
  void send(const std::string& content);
  void uploaded(const transfer::Fetched& result);
  void finish(const std::string& status);
  void tell(const std::string& status);
  std::string write_log(base::Micros from, base::Micros to) const;

  Station& station_;
  FileTransfer transfer_;
  Timer timer_;
};

}  // namespace plugproof::simulator
