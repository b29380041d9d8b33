// Meter values (OCPP 1.6 sections 3.16, 4.7, 7.31 to 7.43): sampled during a transaction, aligned
// to the clock, at its begin and end, and on request.
#pragma once

#include <string>
#include <vector>

#include "engine/base/value.hpp"
#include "simulator/connector.hpp"
#include "simulator/timer.hpp"

namespace plugproof::simulator {

struct Station;

class Metering {
 public:
  explicit Metering(Station& station);

  // The energy register in whole Wh, as StartTransaction and StopTransaction give it.
  std::int64_t register_wh(int connector) const;
  void transaction_started(int connector);
  // After a loss of power; `started` on the one clock.
  void transaction_resumed(int connector, base::Nanos started);
  void transaction_stopped(int connector);
  // The keys of the intervals have changed.
  void restart_sampling();
  void restart_alignment();
  // MeterValues.req because TriggerMessage asked for it.
  void send_triggered(int connector);
  void stop();

 private:
  void align_after(base::Micros earlier);
  void arm_sampling(int connector);
  void take_sample(int connector);
  void take_aligned();
  // One meterValue entry. Connector 0: the sum over the connectors where that makes sense.
  base::Value entry(int connector, const std::vector<std::string>& measurands,
                    const std::string& context, base::Micros time);
  void send(int connector, base::Value entry);
  void keep(int connector, base::Value entry);
  std::vector<std::string> measurands(const std::string& key) const;

  Station& station_;
  Timer aligned_;
};

}  // namespace plugproof::simulator
