#include "simulator/connection_security.hpp"

#include <algorithm>
#include <string_view>

#include "simulator/credentials.hpp"
#include "simulator/station.hpp"

namespace plugproof::simulator {

namespace {

constexpr std::string_view kTls = "tls: ";
constexpr const char* kNotAuthenticated = "FailedToAuthenticationAtCentralSystem";
// With the usual back-off half a minute: a central system that changes over has that long.
constexpr int kAttempts = 5;

struct Sign {
  std::string_view words;  // in the reason
  const char* event;
};

// A handshake_failure says too little: it can be the suites, and it can be our certificate.
constexpr Sign kSigns[] = {
    {"certificate verify failed", "InvalidCentralSystemCertificate"},
    {"unsupported protocol", "InvalidTLSVersion"},
    {"alert protocol_version", "InvalidTLSVersion"},
    {"alert insufficient_security", "InvalidTLSCipherSuite"},
    {"wrong cipher returned", "InvalidTLSCipherSuite"},
    {"unknown cipher returned", "InvalidTLSCipherSuite"},
};

// Alerts of a central system that does not take our certificate.
constexpr std::string_view kRefusals[] = {
    "bad_certificate",     "unsupported_certificate", "certificate_revoked",
    "certificate_expired", "certificate_unknown",     "unknown_ca",
    "access_denied",       "certificate_required",
};

bool our_certificate_refused(std::string_view reason) {
  return reason.ends_with("received") &&
         std::any_of(std::begin(kRefusals), std::end(kRefusals), [reason](std::string_view alert) {
           return reason.find("alert " + std::string(alert) + " ") != std::string_view::npos;
         });
}

}  // namespace

void ConnectionSecurity::connected() {
  failures_ = 0;
  told_.clear();
  keep_credentials(station_.context);
}

void ConnectionSecurity::failed(int status, const std::string& reason) {
  Context& context = station_.context;
  ++failures_;
  if (status == 401) turned_away(reason);
  if (reason.starts_with(kTls)) {
    const std::string why = reason.substr(kTls.size());
    for (const Sign& sign : kSigns)
      if (why.find(sign.words) != std::string::npos) {
        happened(sign.event, why);
        break;
      }
    if (our_certificate_refused(why)) {
      happened(kNotAuthenticated, why);
      if (return_to_former_certificate(context))
        reconfigured("the former charge point certificate is in use again");
    }
  }
  // Use case A05, error handling; once a connection was made there is no way back.
  const bool back = context.variations.returns_to_former_profile && failures_ >= kAttempts;
  if ((context.defects.on("return-to-old-profile") && !context.memory.former.profile.empty() &&
       context.defects.hit("return-to-old-profile")) ||
      back)
    if (return_to_former_profile(context))
      reconfigured("the former SecurityProfile is in force again");
}

void ConnectionSecurity::turned_away(const std::string& reason) {
  happened(kNotAuthenticated, reason);
  if (return_to_former_key(station_.context))
    reconfigured("the former AuthorizationKey is in force again");
}

void ConnectionSecurity::happened(const std::string& event, const std::string& info) {
  if (told_.insert(event).second) station_.security_events.happened(event, info);
}

void ConnectionSecurity::reconfigured(const std::string& what) {
  station_.security_events.happened("ReconfigurationOfSecurityParameters", what);
}

}  // namespace plugproof::simulator
