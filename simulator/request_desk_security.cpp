// Requests of the security whitepaper: GetLog (section 5.9), and the keys that credentials hang on
// (use cases A01 and A05).
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

// The key in force is not told to anybody, so setting the same one again is a change as well: who
// sets it expects the reconnection.
RequestDesk::Reply RequestDesk::set_authorization_key(const std::string& value) {
  Context& context = station_.context;
  const bool in_use = context.configuration.number("SecurityProfile") == 1;
  if (in_use && context.memory.former_key.empty())
    context.memory.former_key = context.configuration.text("AuthorizationKey");
  context.configuration.set("AuthorizationKey", value);
  station_.security_events.happened(kChanged, "AuthorizationKey");
  const bool stays = in_use && context.defects.hit("no-reconnect-for-new-key");
  return {Value::object({{"status", "Accepted"}}),
          [this, in_use, stays] {
            if (in_use && !stays) station_.reconnect_soon();
          },
          {},
          {}};
}

// Never lower (use case A05), and only with everything that the new profile needs.
RequestDesk::Reply RequestDesk::set_security_profile(const std::string& value) {
  Context& context = station_.context;
  const auto answer = [](const char* word) {
    return Reply{Value::object({{"status", word}}), {}, {}, {}};
  };
  const std::int64_t now = context.configuration.number("SecurityProfile");
  const std::int64_t wanted = std::stoll(value);
  if (wanted == now) return answer("Accepted");
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
