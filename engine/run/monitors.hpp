// The groups of monitors, for make_monitors.
#pragma once

#include <memory>
#include <vector>

#include "engine/run/monitor.hpp"

namespace plugproof::run {

using MonitorList = std::vector<std::unique_ptr<Monitor>>;

void add_frame_monitors(MonitorList& monitors, const Monitor::Report& report);
void add_connector_monitors(MonitorList& monitors, const ProtocolState& state,
                            const Monitor::Report& report);
void add_transaction_monitors(MonitorList& monitors, const ProtocolState& state,
                              const Monitor::Report& report);
void add_queue_monitors(MonitorList& monitors, const ProtocolState& state, const Pixit& pixit,
                        const Monitor::Report& report);
void add_time_monitors(MonitorList& monitors, const ProtocolState& state, const Pixit& pixit,
                       const Monitor::Report& report);
void add_security_monitors(MonitorList& monitors, const Pixit& pixit,
                           const Monitor::Report& report);

}  // namespace plugproof::run
