#include "simulator/security_events.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Value;
using namespace std::chrono_literals;

namespace {

// What a central system that does not take an event in is given before it is told again, and how
// often.
constexpr base::Nanos kRetry = 30s;
constexpr int kAttempts = 5;
constexpr std::size_t kLongestInfo = 255;  // techInfo

// Critical by the table of section 8; the last six are triggered by what is required of TLS and of
// certificates (sections 2.4.1, 2.5.1, use cases A02, L01), and are of use only where they are
// told.
constexpr std::array<std::string_view, 13> kTold{
    "FirmwareUpdated",
    "SettingSystemTime",
    "StartupOfTheDevice",
    "ResetOrReboot",
    "SecurityLogWasCleared",
    "MemoryExhaustion",
    "TamperDetectionActivated",
    "InvalidFirmwareSignature",
    "InvalidFirmwareSigningCertificate",
    "InvalidCentralSystemCertificate",
    "InvalidChargePointCertificate",
    "InvalidTLSVersion",
    "InvalidTLSCipherSuite",
};

}  // namespace

SecurityEvents::SecurityEvents(Station& station)
    : station_(station), retry_(station.context.clock) {}

void SecurityEvents::stop() {
  retry_.stop();
}

void SecurityEvents::happened(const std::string& type, const std::string& info) {
  Context& context = station_.context;
  if (!context.capabilities.security()) return;
  const bool told = std::find(kTold.begin(), kTold.end(), type) != kTold.end() ||
                    context.variations.tells_every_security_event;
  context.log("security event " + type + (info.empty() ? "" : ": " + info));
  auto& events = context.memory.security_events;
  const bool lost =
      told && !station_.messenger.online() && context.defects.hit("lose-offline-security-events");
  events.push_back({context.now_utc(), type, info.substr(0, kLongestInfo), told && !lost, 0});
  // What was told goes first; what is to be told is kept.
  if (events.size() > Memory::kMaxSecurityEvents) {
    const auto oldest = std::find_if(events.begin(), events.end(),
                                     [](const SecurityEvent& event) { return !event.to_be_told; });
    events.erase(oldest == events.end() ? events.begin() : oldest);
  }
  // Behind what is being said about the same thing, an answer or a status, or before it.
  if (context.variations.security_events_at_once) return deliver();
  station_.delays.after(0s, [this] { deliver(); });
}

void SecurityEvents::deliver() {
  Context& context = station_.context;
  if (telling_ || retry_.running() || !station_.messenger.online() ||
      !station_.registration.accepted())
    return;
  auto& events = context.memory.security_events;
  const auto next = std::find_if(events.begin(), events.end(),
                                 [](const SecurityEvent& event) { return event.to_be_told; });
  if (next == events.end()) return;
  telling_ = true;
  const bool late = context.defects.hit("stamp-security-events-on-delivery");
  Value payload =
      Value::object({{"type", next->type},
                     {"timestamp", context.timestamp(late ? context.now_utc() : next->at)}});
  if (!next->info.empty()) payload.set("techInfo", next->info);
  station_.messenger.call("SecurityEventNotification", payload, [this](const Answer& answer) {
    telling_ = false;
    auto& kept = station_.context.memory.security_events;
    const auto told = std::find_if(kept.begin(), kept.end(),
                                   [](const SecurityEvent& event) { return event.to_be_told; });
    if (answer.how == Answer::How::offline || told == kept.end())
      return;  // registered() begins again
    if (answer.ok() || ++told->attempts >= kAttempts) told->to_be_told = false;
    if (answer.ok()) return deliver();
    retry_.start(kRetry, [this] { deliver(); });
  });
}

}  // namespace plugproof::simulator
