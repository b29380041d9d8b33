// Security events (security whitepaper, section 8 and use case A04): kept in the security log, and
// those that the central system must know told with guaranteed delivery.
#pragma once

#include <string>

#include "simulator/timer.hpp"

namespace plugproof::simulator {

struct Station;

class SecurityEvents {
 public:
  explicit SecurityEvents(Station& station);

  // Does nothing on a charge point without security.
  void happened(const std::string& type, const std::string& info = {});
  // What is still to be told can be told now.
  void deliver();
  void stop();

 private:
  Station& station_;
  Timer retry_;
  bool telling_ = false;
};

}  // namespace plugproof::simulator
