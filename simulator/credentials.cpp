#include "simulator/credentials.hpp"

#include <utility>

#include "engine/base/diagnostics.hpp"
#include "engine/base/encoding.hpp"
#include "engine/link/handshake.hpp"

namespace plugproof::simulator {

void install_security(Context& context, int profile, const std::string& authorization_key) {
  if (profile == 0 && authorization_key.empty()) return;
  if (!context.capabilities.security())
    throw base::InputError(
        "the PICS claims no security profile, so the charge point has none; leave the security "
        "profile and the authorization key out");
  if (!authorization_key.empty()) {
    if (!is_authorization_key(authorization_key))
      throw base::InputError(
          "the authorization key must be 32 to 40 hexadecimal digits: 16 to 20 bytes");
    context.configuration.set("AuthorizationKey", authorization_key);
  }
  if (profile == 0) return;
  if (const std::string problem = profile_problem(context, profile); !problem.empty())
    throw base::InputError("security profile " + std::to_string(profile) + ": " + problem);
  context.configuration.set("SecurityProfile", std::to_string(profile));
}

std::string profile_problem(const Context& context, std::int64_t profile) {
  if (!context.capabilities.has_security_profile(profile)) return "the PICS does not claim it";
  if (profile <= 2 && context.configuration.text("AuthorizationKey").empty())
    return "it needs an authorization key";
  if (profile >= 2) return "no root certificate of a Central System is installed";
  return {};
}

link::ClientOptions connection_options(Context& context, const std::string& url) {
  link::ClientOptions options{.url = url, .subprotocols = {"ocpp1.6"}, .authorization = {}};
  if (context.configuration.number("SecurityProfile") != 1) return options;
  Defects& defects = context.defects;
  if (defects.hit("no-authorization")) return options;
  std::string user = link::identity_of(link::path_of(url)).value;
  if (defects.hit("foreign-user")) user += "X";
  const std::string hex = context.configuration.text("AuthorizationKey");
  std::string password = defects.hit("authorization-as-hex") ? hex : *base::from_hex(hex);
  if (defects.hit("wrong-password")) password.back() = password.back() == '?' ? '!' : '?';
  if (defects.hit("short-password")) password.resize(8);
  options.authorization = "Basic " + base::base64(user + ":" + password);
  return options;
}

bool return_to_former_key(Context& context) {
  const std::string former = std::exchange(context.memory.former_key, {});
  if (former.empty()) return false;
  context.configuration.set("AuthorizationKey", former);
  return true;
}

void keep_key(Context& context) {
  context.memory.former_key.clear();
}

}  // namespace plugproof::simulator
