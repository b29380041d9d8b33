// Requests of the security whitepaper: logs (use case N01), certificates (A02, M03 to M05),
// firmware (L01), and the keys that credentials hang on (A01, A05).
#include "simulator/credentials.hpp"
#include "simulator/request_desk.hpp"
#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Value;

namespace {
constexpr const char* kChanged = "ReconfigurationOfSecurityParameters";
}

RequestDesk::Reply RequestDesk::get_log(const Value& request) {
  Context& context = station_.context;
  if (context.defects.hit("refuse-log"))
    return {Value::object({{"status", "Rejected"}}), {}, {}, {}};
  return {station_.logs.log_requested(request), [this] { station_.logs.begin(); }, {}, {}};
}

RequestDesk::Reply RequestDesk::install_certificate(const Value& request) {
  return {station_.certificates.install(request), {}, {}, {}};
}

RequestDesk::Reply RequestDesk::get_installed_certificate_ids(const Value& request) {
  return {station_.certificates.list(request), {}, {}, {}};
}

RequestDesk::Reply RequestDesk::delete_certificate(const Value& request) {
  return {station_.certificates.remove(request), {}, {}, {}};
}

RequestDesk::Reply RequestDesk::certificate_signed(const Value& request) {
  bool reconnects = false;
  Value payload = station_.renewal.signed_chain(request, reconnects);
  return {std::move(payload),
          [this, reconnects] {
            if (reconnects) station_.reconnect_soon();
          },
          {},
          {}};
}

RequestDesk::Reply RequestDesk::signed_update_firmware(const Value& request) {
  Value payload = station_.firmware.signed_requested(request);
  const bool taken = payload.string_or("status", "").starts_with("Accepted");
  return {std::move(payload),
          [this, taken] {
            if (taken) station_.firmware.begin();
          },
          {},
          {}};
}

// The key in force is not told to anybody, so setting the same one again is a change as well: who
// sets it expects the reconnection.
RequestDesk::Reply RequestDesk::set_authorization_key(const std::string& value) {
  Context& context = station_.context;
  const bool in_use = security_profile(context) == 1 || security_profile(context) == 2;
  if (in_use && context.memory.former.key.empty())
    context.memory.former.key = context.configuration.text("AuthorizationKey");
  context.configuration.set("AuthorizationKey", value);
  station_.security_events.happened(kChanged, "AuthorizationKey");
  const bool stays = in_use && shows_defect(context, "no-reconnect-for-new-key");
  return {Value::object({{"status", "Accepted"}}),
          [this, in_use, stays] {
            if (in_use && !stays) station_.reconnect_soon();
          },
          {},
          {}};
}

// Higher alone (A05.FR.01), and only with everything that the new profile needs.
RequestDesk::Reply RequestDesk::set_security_profile(const std::string& value) {
  Context& context = station_.context;
  const auto answer = [](const char* word) {
    return Reply{Value::object({{"status", word}}), {}, {}, {}};
  };
  const std::int64_t now = security_profile(context);
  const std::int64_t wanted = std::stoll(value);
  if (wanted == now) return answer("Rejected");
  if (wanted < now && !context.defects.hit("accept-lower-profile")) return answer("Rejected");
  if (const std::string problem = profile_problem(context, wanted);
      wanted > now && !problem.empty() && !context.defects.hit("accept-profile-without-needs")) {
    context.log("security profile " + value + " refused: " + problem);
    return answer("Rejected");
  }
  if (context.defects.hit("ignore-profile-change")) return answer("Accepted");
  context.memory.next_profile = value;
  station_.security_events.happened(kChanged, "SecurityProfile " + value);
  if (context.variations.profile_needs_reboot) return answer("RebootRequired");
  return {Value::object({{"status", "Accepted"}}), [this] { station_.reconnect_soon(); }, {}, {}};
}

}  // namespace plugproof::simulator
