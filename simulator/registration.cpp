#include "simulator/registration.hpp"

#include <cstdlib>

#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Value;

namespace {
// When the central system leaves the interval to the charge point (OCPP 1.6 section 4.2).
constexpr std::int64_t kOwnRetrySeconds = 30;
constexpr std::int64_t kLongestSeconds = 30LL * 86400;
// The latency of an answer is no new time.
constexpr base::Micros kNoticed = std::chrono::seconds(2);
}  // namespace

Registration::Registration(Station& station)
    : station_(station), retry_(station.context.clock), heartbeat_(station.context.clock) {}

void Registration::stop() {
  retry_.stop();
  heartbeat_.stop();
}

void Registration::connected() {
  if (!accepted()) {
    // An interval that runs is kept, a lost connection does not shorten it.
    if (!retry_.running()) send_boot();
    return;
  }
  registers_again_ = station_.context.variations.boot_on_reconnect;
  if (registers_again_)
    send_boot();
  else
    station_.statuses.report_changes();
  station_.firmware.reconnected();
  station_.security_events.deliver();
  if (!heartbeat_.running()) restart_heartbeat();
}

void Registration::disconnected() {
  if (state_ == State::unknown) retry_.stop();
}

void Registration::send_boot() {
  retry_.stop();
  const Context& context = station_.context;
  const Capabilities& can = context.capabilities;
  Value payload =
      Value::object({{"chargePointVendor", can.vendor}, {"chargePointModel", can.model}});
  // Who looks at certificates of charge points has to know it (A00.FR.405).
  if (!can.serial.empty() && (context.variations.boot_details || can.has_security_profile(3)))
    payload.set("chargePointSerialNumber", can.serial);
  if (context.variations.boot_details) {
    if (!context.firmware_version().empty())
      payload.set("firmwareVersion", context.firmware_version());
    payload.set("meterType", "reference");
  }
  station_.messenger.call(
      "BootNotification", payload, [this](const Answer& answer) { booted(answer); }, true);
}

void Registration::booted(const Answer& answer) {
  if (answer.how == Answer::How::offline) return;  // connected() begins again
  if (!answer.ok()) return accepted() ? void() : retry_after(kOwnRetrySeconds);
  Defects& defects = station_.context.defects;
  const std::string status = answer.payload.string_or("status", "");
  std::int64_t interval = answer.payload.int_or("interval", 0);
  if (status == "Accepted") {
    const bool first = !accepted();
    set_clock(answer.payload);
    if (interval > 0)
      station_.context.configuration.set("HeartbeatInterval", std::to_string(interval));
    state_ = State::accepted;
    station_.context.log("registration accepted");
    station_.messenger.registered(true);
    restart_heartbeat();
    if (first)
      station_.registered();
    else if (registers_again_)
      station_.statuses.report_all();
    registers_again_ = false;
    return;
  }
  station_.context.log("registration " + status);
  state_ = status == "Pending" ? State::pending : State::rejected;
  if (state_ == State::pending) set_clock(answer.payload);
  station_.messenger.registered(false);
  if (state_ == State::rejected && defects.on("status-while-rejected"))
    station_.statuses.update_all();
  if (state_ == State::pending && defects.hit("heartbeat-while-pending")) send_heartbeat(true);
  if (defects.hit("never-retry-boot")) return;
  if (interval <= 0) interval = kOwnRetrySeconds;
  if (interval > 2 && state_ == State::rejected && defects.hit("ignore-rejected-boot-interval"))
    interval = 2;
  if (interval > 2 && state_ == State::pending && defects.hit("ignore-pending-boot-interval"))
    interval = 2;
  if (defects.hit("retry-boot-too-late")) interval *= 10;
  retry_after(interval);
}

void Registration::retry_after(std::int64_t seconds) {
  retry_.start(std::chrono::seconds(std::min(seconds, kLongestSeconds)), [this] {
    if (station_.messenger.online()) send_boot();
  });
}

void Registration::set_clock(const Value& answer) {
  Context& context = station_.context;
  const auto time = base::parse_utc(answer.string_or("currentTime", ""));
  if (!time) return;
  const base::Micros offset = *time - context.clock.utc();
  const bool set = std::chrono::abs(offset - context.memory.clock_offset) >= kNoticed;
  context.memory.clock_offset = offset;
  if (set) station_.security_events.happened("SettingSystemTime");
}

void Registration::restart_heartbeat() {
  Context& context = station_.context;
  heartbeat_.stop();
  if (!accepted()) return;
  if (context.defects.hit("no-heartbeat")) return;
  std::int64_t seconds = context.configuration.number("HeartbeatInterval");
  if (context.defects.on("ignore-heartbeat-interval")) {
    const std::int64_t own =
        std::max(1LL, std::atoll(context.defects.argument("ignore-heartbeat-interval").c_str()));
    const std::int64_t used =
        context.defects.argument("ignore-heartbeat-interval").empty() ? 7 : own;
    if (used != seconds && context.defects.hit("ignore-heartbeat-interval")) seconds = used;
  }
  if (seconds <= 0) return;
  heartbeat_.start(std::chrono::seconds(std::min(seconds, kLongestSeconds)), [this] {
    restart_heartbeat();
    if (station_.messenger.online()) send_heartbeat(false);
  });
}

void Registration::send_heartbeat(bool urgent) {
  station_.messenger.call(
      "Heartbeat", Value(Value::Object{}),
      [this](const Answer& answer) {
        if (answer.ok()) set_clock(answer.payload);
      },
      urgent);
}

}  // namespace plugproof::simulator
