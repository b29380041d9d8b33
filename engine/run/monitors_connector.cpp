// Monitors of registration and of connector statuses.
#include <algorithm>
#include <set>

#include "engine/run/monitors.hpp"

namespace plugproof::run {

namespace {

// Transitions that OCPP 1.6 section 4.9 lists (table of status transitions). What is missing there
// is no "shall not", and statuses may be left out (MinimumStatusDuration), so a transition outside
// is a remark.
bool transition_listed(const std::string& from, const std::string& to) {
  static const std::map<std::string, std::vector<std::string>> kListed{
      {"Available",
       {"Preparing", "Charging", "SuspendedEV", "SuspendedEVSE", "Reserved", "Unavailable",
        "Faulted"}},
      {"Preparing",
       {"Available", "Charging", "SuspendedEV", "SuspendedEVSE", "Finishing", "Faulted"}},
      {"Charging",
       {"Available", "SuspendedEV", "SuspendedEVSE", "Finishing", "Unavailable", "Faulted"}},
      {"SuspendedEV",
       {"Available", "Charging", "SuspendedEVSE", "Finishing", "Unavailable", "Faulted"}},
      {"SuspendedEVSE",
       {"Available", "Charging", "SuspendedEV", "Finishing", "Unavailable", "Faulted"}},
      {"Finishing", {"Available", "Preparing", "Unavailable", "Faulted"}},
      {"Reserved", {"Available", "Preparing", "Unavailable", "Faulted"}},
      {"Unavailable",
       {"Available", "Preparing", "Charging", "SuspendedEV", "SuspendedEVSE", "Faulted"}},
      {"Faulted",
       {"Available", "Preparing", "Charging", "SuspendedEV", "SuspendedEVSE", "Finishing",
        "Reserved", "Unavailable"}}};
  const auto it = kListed.find(from);
  return it == kListed.end() ||
         std::find(it->second.begin(), it->second.end(), to) != it->second.end();
}

class StatusMonitor final : public Monitor {
 public:
  StatusMonitor(const ProtocolState& state, Report report)
      : Monitor(std::move(report)), state_(state) {}

  // What happened without a connection need not be reported: the first status of a connector
  // afterwards has no known predecessor.
  void on_connected(const link::Event&, std::int64_t) override { followed_.clear(); }
  void on_call(const SeenFrame& seen) override {
    if (seen.frame.action != "StatusNotification") return;
    const std::int64_t connector = seen.frame.payload.int_or("connectorId", -1);
    const std::string status = seen.frame.payload.string_or("status", "");
    if (connector == 0 && status != "Available" && status != "Unavailable" && status != "Faulted")
      fail({"status",
            {},
            "connectorId 0 was reported as " + status,
            "Available, Unavailable or Faulted",
            status,
            "status",
            seen.record,
            "OCPP 1.6 section 4.9: the status of the charge point main controller"});
    const auto before = state_.status(connector);
    const bool known = !followed_.insert(connector).second;
    if (known && connector > 0 && before && *before != status &&
        !transition_listed(*before, status))
      remark({"status",
              {},
              "connector " + std::to_string(connector) + " went from " + *before + " to " + status +
                  ", a transition that the specification does not list",
              "a listed transition from " + *before,
              status,
              "status",
              seen.record,
              "OCPP 1.6 section 4.9"});
  }

 private:
  const ProtocolState& state_;
  std::set<std::int64_t> followed_;  // connectors with a status since the connection
};

// Until it is Accepted, a charge point keeps silent: after Rejected for the whole interval, after
// Pending but for BootNotification and what it is asked for (OCPP 1.6 section 4.2).
class RegistrationMonitor final : public Monitor {
 public:
  RegistrationMonitor(const ProtocolState& state, Report report)
      : Monitor(std::move(report)), state_(state) {}

  void on_call(const SeenFrame& seen) override {
    const std::string& registration = state_.registration();
    if (seen.frame.action == "BootNotification" || registration.empty() ||
        registration == "Accepted")
      return;
    // Pending, but we asked for it.
    if (registration == "Pending" && triggered_ == seen.frame.action) return;
    fail({"registration",
          {},
          seen.frame.action + ".req came although the registration is " + registration,
          "no request but BootNotification",
          seen.frame.action,
          {},
          seen.record,
          "OCPP 1.6 section 4.2"});
  }

  void on_response(const SeenFrame& seen, const base::Value& request, bool) override {
    if (seen.frame.action == "TriggerMessage" || seen.frame.action == "ExtendedTriggerMessage")
      triggered_ = request.string_or("requestedMessage", "");
  }

 private:
  const ProtocolState& state_;
  std::string triggered_;  // what a TriggerMessage.req asked for last
};

}  // namespace

void add_connector_monitors(MonitorList& monitors, const ProtocolState& state,
                            const Monitor::Report& report) {
  monitors.push_back(std::make_unique<StatusMonitor>(state, report));
  monitors.push_back(std::make_unique<RegistrationMonitor>(state, report));
}

}  // namespace plugproof::run
