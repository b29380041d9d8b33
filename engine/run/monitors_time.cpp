// Monitors of time: clocks, the order of events, heartbeats.
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "engine/run/monitors.hpp"

namespace plugproof::run {

namespace {

using base::Micros;
using base::Value;

// Timestamps lie near our clock, which the charge point learns from BootNotification.conf and
// Heartbeat.conf
// ("recommended", OCPP 1.6 section 4.2): a remark. A message may wait in a queue, so only times
// ahead of us, and late ones of messages that are sent at once, are looked at.
class ClockMonitor final : public Monitor {
 public:
  ClockMonitor(const Pixit& pixit, Report report)
      : Monitor(std::move(report)), tolerance_(pixit.number("max_time_deviation")) {}

  void on_call(const SeenFrame& seen) override {
    if (const Value* timestamp = seen.frame.payload.find("timestamp")) look_at(*timestamp, seen);
    if (seen.frame.action != "MeterValues") return;
    const Value* values = seen.frame.payload.find("meterValue");
    if (!values || !values->is_list()) return;
    for (const auto& value : values->as_list())
      if (const Value* timestamp = value.find("timestamp")) look_at(*timestamp, seen);
  }
  void on_connected(const link::Event&, std::int64_t) override { reported_ = false; }
  void on_answered(const SeenFrame& call, const Value& response, base::Nanos) override {
    if (call.frame.action == "StopTransaction")
      started_.erase(call.frame.payload.int_or("transactionId", 0));
    if (call.frame.action != "StartTransaction" || response.is_null()) return;
    if (const auto said = base::parse_utc(call.frame.payload.string_or("timestamp", ""))) {
      if (started_.size() >= kRemembered) started_.erase(started_.begin());
      started_[response.int_or("transactionId", 0)] = *said;
    }
  }

 private:
  static constexpr std::size_t kRemembered = 1000;  // a bound for transactions never stopped
  static constexpr double kStale =
      3600;  // queued that long without a word would be a case of its own

  void look_at(const Value& timestamp, const SeenFrame& seen) {
    if (!timestamp.is_string()) return;
    const auto said = base::parse_utc(timestamp.as_string());
    if (!said) return;
    const double ahead = std::chrono::duration<double>(*said - seen.utc).count();
    if (ahead > tolerance_ || ahead < -kStale - tolerance_) {
      if (!reported_)  // one remark a connection is enough
        remark({"clock",
                {},
                seen.frame.action + ".timestamp differs from our clock by " +
                    base::format_duration(base::from_seconds(std::fabs(ahead))),
                "within " + Value(tolerance_).to_display() + " s of " +
                    base::format_utc_millis(seen.utc),
                timestamp.as_string(),
                "timestamp",
                seen.record,
                "OCPP 1.6 section 4.2"});
      reported_ = true;
    }
    if (seen.frame.action != "StopTransaction") return;
    const auto started = started_.find(seen.frame.payload.int_or("transactionId", 0));
    if (started != started_.end() && *said < started->second)
      remark({"clock",
              {},
              "the transaction ended before it began, by its timestamps",
              "not before " + base::format_utc_millis(started->second),
              timestamp.as_string(),
              "timestamp",
              seen.record,
              "OCPP 1.6 section 4.10"});
  }

  double tolerance_;
  bool reported_ = false;
  std::map<std::int64_t, Micros> started_;  // by transactionId
};

// A charge point lets us hear from it within the heartbeat interval ("should", OCPP 1.6
// section 4.6).
class HeartbeatMonitor final : public Monitor {
 public:
  HeartbeatMonitor(const ProtocolState& state, const Pixit& pixit, Report report)
      : Monitor(std::move(report)),
        state_(state),
        tolerance_(pixit.seconds("interval_tolerance") + pixit.seconds("response_timeout")) {}

  void on_connected(const link::Event&, std::int64_t) override { last_.reset(); }
  void on_closed(const link::Event&, std::int64_t) override { last_.reset(); }
  void on_response(const SeenFrame& seen, const Value& request, bool) override {
    heard(seen);
    // What the charge point says itself, or accepted from us; a BootNotification.conf sets it anew.
    const Value& payload = seen.frame.payload;
    if (seen.frame.action == "ChangeConfiguration" &&
        request.string_or("key", "") == "HeartbeatInterval" &&
        payload.string_or("status", "") == "Accepted")
      set_interval(request.string_or("value", ""));
    if (const Value* keys = payload.find("configurationKey");
        seen.frame.action == "GetConfiguration" && keys && keys->is_list())
      for (const auto& key : keys->as_list())
        if (key.string_or("key", "") == "HeartbeatInterval")
          set_interval(key.string_or("value", ""));
  }
  void on_call(const SeenFrame& seen) override { heard(seen); }
  void on_answered(const SeenFrame& call, const Value& response, base::Nanos at) override {
    // Until it is answered, a charge point sends no other request.
    if (last_) last_ = std::max(*last_, at);
    if (call.frame.action == "BootNotification" && response.string_or("status", "") == "Accepted")
      set_interval(std::to_string(response.int_or("interval", 0)));
  }

 private:
  void set_interval(const std::string& text) {
    std::int64_t seconds = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, seconds);
    // Anything that is no sensible number of seconds is nothing to measure against.
    const bool sensible =
        error == std::errc() && stop == end && seconds >= 0 && seconds < 100'000'000;
    interval_ = std::chrono::seconds(sensible ? seconds : 0);
  }
  void heard(const SeenFrame& seen) {
    if (last_ && state_.registration() == "Accepted" && interval_ > base::Nanos::zero() &&
        seen.at - *last_ > interval_ + tolerance_)
      remark(
          {"heartbeat",
           {},
           "nothing was heard from the charge point for " + base::format_duration(seen.at - *last_),
           "a Heartbeat every " + base::format_duration(interval_),
           base::format_duration(seen.at - *last_),
           {},
           seen.record,
           "OCPP 1.6 section 4.6"});
    last_ = seen.at;
  }

  const ProtocolState& state_;
  base::Nanos tolerance_;
  base::Nanos interval_{0};
  std::optional<base::Nanos> last_;
};

}  // namespace

void add_time_monitors(MonitorList& monitors, const ProtocolState& state, const Pixit& pixit,
                       const Monitor::Report& report) {
  monitors.push_back(std::make_unique<ClockMonitor>(pixit, report));
  monitors.push_back(std::make_unique<HeartbeatMonitor>(state, pixit, report));
}

std::vector<std::unique_ptr<Monitor>> make_monitors(const ProtocolState& state, const Pixit& pixit,
                                                    const Monitor::Report& report) {
  MonitorList monitors;
  add_frame_monitors(monitors, report);
  add_connector_monitors(monitors, state, report);
  add_transaction_monitors(monitors, state, report);
  add_queue_monitors(monitors, state, pixit, report);
  add_time_monitors(monitors, state, pixit, report);
  add_security_monitors(monitors, pixit, report);
  return monitors;
}

}  // namespace plugproof::run
