// What the messages of a charge point show of the product, whatever the test cases make of them:
// connectors, measurands, phases, how sessions begin and end, the form of its times. It judges
// nothing; the audit compares it with the PICS.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/run/monitor.hpp"

namespace plugproof::run {

// Where something was seen first: the record in the journal, and the piece of it that shows it.
struct Sighting {
  std::int64_t frame = 0;
  std::string piece;
};

// The measurands of one kind of meter value.
struct MeasurandFacts {
  std::vector<std::string> order;              // as they were first seen
  std::map<std::string, Sighting> seen;        // by measurand
  std::map<std::string, Sighting> configured;  // those that the key asked for when values came
};

// All that was shown so far.
struct ShownFacts {
  std::map<std::int64_t, Sighting> connectors;  // numbers from 1 in StatusNotification
  MeasurandFacts sampled, aligned;              // Sample.Periodic; Sample.Clock
  std::map<int, Sighting> phases;               // 1 to 3, of sampled values
  std::map<std::string, Sighting> cipher_suites;
  std::map<std::string, Sighting> firmware_versions;  // until we asked for another one
  std::optional<Sighting> local_authorize, local_start, local_stop;
  std::optional<Sighting> unlocked;  // UnlockConnector was answered with Unlocked
  std::optional<Sighting> times, times_with_milliseconds;

  bool updated = false;                // we asked for another firmware
  std::set<std::string> remote;        // idTags that a remote start was accepted for
  std::set<std::string> transactions;  // already reported: connector and time
};

class WireFacts final : public Monitor, public ShownFacts {
 public:
  // `before`: what was shown to an earlier process.
  explicit WireFacts(const ProtocolState& state, ShownFacts before = {})
      : Monitor([](const Finding&) {}), ShownFacts(std::move(before)), state_(state) {}

  void on_connected(const link::Event& event, std::int64_t record) override;
  void on_call(const SeenFrame& seen) override;
  void on_response(const SeenFrame& seen, const base::Value& request, bool late) override;

 private:
  void meter_values(const SeenFrame& seen, const base::Value& list);
  void timestamp(const SeenFrame& seen, const base::Value& holder);
  void start(const SeenFrame& seen);

  const ProtocolState& state_;
};

// A measurand without the phase that a configuration key may have behind it: Voltage of Voltage.L1.
std::string plain_measurand(const std::string& name);
std::vector<std::string> list_of_key(const std::string& value);

}  // namespace plugproof::run
