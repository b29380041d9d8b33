// Rules of "Improved security for OCPP 1.6-J" (the security whitepaper): what was refused for its
// certificate or signature is told as a security event (section 3), and the password can be written
// and never read (section 2.3).
#include <map>

#include "engine/run/monitors.hpp"

namespace plugproof::run {

namespace {

using base::Nanos;
using base::Value;

// What happened, in words, and the event that has to tell of it.
struct Cause {
  std::string what, event;
};

std::optional<Cause> cause_of_response(const ocpp::Frame& frame, const Value& request) {
  const std::string status = frame.payload.string_or("status", "");
  if (frame.action == "CertificateSigned" && status == "Rejected")
    return Cause{"a new charge point certificate was rejected", "InvalidChargePointCertificate"};
  if (frame.action == "InstallCertificate" && status == "Rejected" &&
      request.string_or("certificateType", "") == "CentralSystemRootCertificate")
    return Cause{"a root certificate of the Central System was rejected",
                 "InvalidCentralSystemCertificate"};
  if (frame.action == "SignedUpdateFirmware" && status == "InvalidCertificate")
    return Cause{"the signing certificate of a firmware image was not accepted",
                 "InvalidFirmwareSigningCertificate"};
  return std::nullopt;
}

std::optional<Cause> cause_of_call(const ocpp::Frame& frame) {
  if (frame.action == "SignedFirmwareStatusNotification" &&
      frame.payload.string_or("status", "") == "InvalidSignature")
    return Cause{"the signature of a firmware image was invalid", "InvalidFirmwareSignature"};
  return std::nullopt;
}

class SecurityEventMonitor final : public Monitor {
 public:
  SecurityEventMonitor(const Pixit& pixit, Report report)
      : Monitor(std::move(report)), limit_(pixit.seconds("triggered_timeout")) {}

  void on_call(const SeenFrame& seen) override {
    if (seen.frame.action == "SecurityEventNotification") {
      const std::string type = seen.frame.payload.string_or("type", "");
      told_[type] = seen.at;
      awaited_.erase(type);
    }
    if (const auto cause = cause_of_call(seen.frame)) await(*cause, seen);
    look(seen.at);
  }
  void on_response(const SeenFrame& seen, const Value& request, bool) override {
    if (seen.frame.type == ocpp::MessageType::result)
      if (const auto cause = cause_of_response(seen.frame, request)) await(*cause, seen);
    look(seen.at);
  }
  void on_case_over(Nanos now) override { look(now + Nanos(1)); }
  // What it has to tell waits for the next connection.
  void on_connected(const link::Event& event, std::int64_t) override {
    for (auto& [type, awaited] : awaited_) awaited.due = event.at + limit_;
  }

 private:
  struct Awaited {
    Nanos due{0};
    std::string what;
    std::int64_t record = 0;
  };

  void await(const Cause& cause, const SeenFrame& seen) {
    // It may come before the answer that shows the cause.
    const auto told = told_.find(cause.event);
    if (told != told_.end() && told->second >= seen.at - limit_) return;
    awaited_[cause.event] = {seen.at + limit_, cause.what, seen.record};
  }
  void look(Nanos now) {
    for (auto it = awaited_.begin(); it != awaited_.end();) {
      if (it->second.due >= now) {
        ++it;
        continue;
      }
      remark({"security-event",
              {},
              it->second.what + ", and no security event tells of it",
              "SecurityEventNotification with type " + it->first,
              "none within " + base::format_duration(limit_),
              "type",
              it->second.record,
              "Security whitepaper section 3"});
      it = awaited_.erase(it);
    }
  }

  Nanos limit_;
  std::map<std::string, Nanos> told_;
  std::map<std::string, Awaited> awaited_;
};

class PasswordMonitor final : public Monitor {
 public:
  using Monitor::Monitor;

  void on_response(const SeenFrame& seen, const Value&, bool) override {
    if (told_ || seen.frame.action != "GetConfiguration") return;
    const Value* keys = seen.frame.payload.find("configurationKey");
    if (!keys || !keys->is_list()) return;
    for (const auto& key : keys->as_list()) {
      if (key.string_or("key", "") != "AuthorizationKey" || key.string_or("value", "").empty())
        continue;
      told_ = true;
      remark({"authorization-key",
              {},
              "GetConfiguration tells the password of the charge point",
              "AuthorizationKey without a value: it can only be written",
              "a value",
              "configurationKey[*].value",
              seen.record,
              "Security whitepaper section 2.3"});
    }
  }

 private:
  bool told_ = false;  // once a run is enough
};

}  // namespace

void add_security_monitors(MonitorList& monitors, const Pixit& pixit,
                           const Monitor::Report& report) {
  monitors.push_back(std::make_unique<SecurityEventMonitor>(pixit, report));
  monitors.push_back(std::make_unique<PasswordMonitor>(report));
}

}  // namespace plugproof::run
