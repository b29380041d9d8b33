#include "simulator/credentials.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "certs/chain.hpp"
#include "certs/private_key.hpp"
#include "engine/base/diagnostics.hpp"
#include "engine/base/encoding.hpp"
#include "engine/link/handshake.hpp"
#include "simulator/certificate_store.hpp"
#include "simulator/charge_point.hpp"

namespace plugproof::simulator {

namespace {

using certs::Certificate;

constexpr const char* kCharge = "the charge point certificate";

void install_certificates(Context& context, const Options& options) {
  const auto add = [&context](const std::string& pem, const char* type, const std::string& what) {
    if (pem.empty()) return;
    for (const auto& root : Certificate::all_from_pem(pem, what))
      context.memory.roots.push_back({type, root, true});
  };
  add(options.central_system_roots, kCentralSystemRoot, "the Central System's root certificates");
  add(options.manufacturer_roots, kManufacturerRoot, "the manufacturer's root certificates");
  if (!options.certificate) return;
  const auto chain = Certificate::all_from_pem(options.certificate->chain_pem, kCharge);
  const auto key = certs::PrivateKey::from_pem(options.certificate->key_pem,
                                               "the key of " + std::string(kCharge));
  if (!chain.front().belongs_to(key))
    throw base::InputError(std::string(kCharge) + " ('" + chain.front().name() +
                           "') is that of another key than the one that was given");
  context.memory.certificate = options.certificate;
}

bool any_valid_root(const Context& context) {
  const auto roots = roots_of(context.memory, kCentralSystemRoot);
  return std::any_of(roots.begin(), roots.end(), [&](const Certificate& root) {
    return root_problem(root, context.now_utc()).empty();
  });
}

// Why the charge point certificate will not do. The manufacturer may have signed the one from the
// factory (A00.FR.804).
std::string certificate_problem(const Context& context) {
  auto roots = roots_of(context.memory, kCentralSystemRoot);
  for (auto& root : roots_of(context.memory, kManufacturerRoot)) roots.push_back(std::move(root));
  const auto chain = Certificate::all_from_pem(context.memory.certificate->chain_pem, kCharge);
  const std::string problem =
      certs::chain_problem(chain, roots, context.now_utc(), certs::Usage::client, "");
  return problem.empty() ? "" : std::string(kCharge) + " is not valid: " + problem;
}

// What a profile must have, good or not.
std::string lacking(const Context& context, std::int64_t profile) {
  if (!context.capabilities.has_security_profile(profile)) return "the PICS does not claim it";
  if (profile <= 2 && context.configuration.text("AuthorizationKey").empty())
    return "it needs an authorization key";
  if (profile >= 2 && roots_of(context.memory, kCentralSystemRoot).empty())
    return "no root certificate of a Central System is installed";
  if (profile >= 3 && !context.memory.certificate) return "there is no charge point certificate";
  return {};
}

bool is_of_tls13(const std::string& suite) {
  return suite.starts_with("TLS_AES_") || suite.starts_with("TLS_CHACHA20_");
}

// The suites of a charge point that says nothing of them: what the profiles name for TLS 1.2.
std::vector<std::string> offered_suites(const Context& context) {
  if (!context.capabilities.cipher_suites.empty()) return context.capabilities.cipher_suites;
  std::vector<std::string> suites{"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                                  "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"};
  if (!context.variations.offers_ecdhe_alone) {
    suites.emplace_back("TLS_RSA_WITH_AES_128_GCM_SHA256");
    suites.emplace_back("TLS_RSA_WITH_AES_256_GCM_SHA384");
  }
  if (context.variations.offers_tls13)
    for (const char* suite : {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"})
      suites.emplace_back(suite);
  return suites;
}

link::TlsClient tls_of(Context& context, std::int64_t profile) {
  Defects& defects = context.defects;
  link::TlsClient tls;
  if (!shows_defect(context, "lose-roots"))
    tls.roots_pem = certs::pem_of(roots_of(context.memory, kCentralSystemRoot));
  tls.cipher_suites = offered_suites(context);
  tls.versions.clear();
  if (!std::all_of(tls.cipher_suites.begin(), tls.cipher_suites.end(), is_of_tls13))
    tls.versions.emplace_back("TLSv1.2");
  if (std::any_of(tls.cipher_suites.begin(), tls.cipher_suites.end(), is_of_tls13))
    tls.versions.emplace_back("TLSv1.3");
  if (defects.hit("half-suites"))
    std::erase_if(tls.cipher_suites,
                  [](const std::string& suite) { return suite.ends_with("SHA384"); });
  if (defects.hit("weak-suites-only")) {
    tls.versions = {"TLSv1.2"};
    tls.cipher_suites = {"TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA"};
  }
  if (shows_defect(context, "old-tls")) {
    tls.versions = {"TLSv1.1"};
    tls.cipher_suites = {"TLS_RSA_WITH_AES_128_CBC_SHA"};
  }
  if (shows_defect(context, "ecdsa-suites-alone")) {
    tls.versions = {"TLSv1.2"};
    tls.cipher_suites = {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                         "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"};
  }
  if (defects.hit("speak-old-tls")) {
    tls.versions.emplace_back("TLSv1.1");
    for (const char* suite :
         {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA"})
      tls.cipher_suites.emplace_back(suite);
  }
  if (defects.hit("offer-unsuitable-suites"))
    for (const char* suite : {"TLS_ECDHE_ECDSA_WITH_NULL_SHA", "TLS_RSA_WITH_NULL_SHA256"})
      tls.cipher_suites.emplace_back(suite);
  tls.verify = !defects.hit("trust-any-server");
  if (profile == 3 && context.memory.certificate && !shows_defect(context, "no-client-certificate"))
    tls.credential = context.memory.certificate;
  return tls;
}

// User and password of profiles 1 and 2.
std::optional<std::string> authorization(Context& context, const std::string& url) {
  if (shows_defect(context, "no-authorization")) return std::nullopt;
  std::string user = link::identity_of(link::path_of(url)).value;
  if (shows_defect(context, "foreign-user")) user += "X";
  const std::string hex = context.configuration.text("AuthorizationKey");
  std::string password = shows_defect(context, "authorization-as-hex") ? hex : *base::from_hex(hex);
  if (password.empty()) return "Basic " + base::base64(user + ":");  // by a defect, without a key
  if (shows_defect(context, "wrong-password")) password.back() = password.back() == '?' ? '!' : '?';
  if (shows_defect(context, "short-password")) password.resize(8);
  return "Basic " + base::base64(user + ":" + password);
}

std::string with_scheme(const std::string& url, const char* scheme) {
  const auto end = url.find("://");
  return end == std::string::npos ? url : scheme + url.substr(end);
}

}  // namespace

bool shows_defect(Context& context, const char* defect) {
  const std::string from = context.defects.argument(defect);
  if (!from.empty() && context.memory.connections < std::atoi(from.c_str())) return false;
  return context.defects.hit(defect);
}

void install_security(Context& context, const Options& options) {
  const std::string& key = options.authorization_key;
  const int profile = options.security_profile;
  const bool certificates = !options.central_system_roots.empty() ||
                            !options.manufacturer_roots.empty() || options.certificate.has_value();
  if (profile == 0 && key.empty() && !certificates) return;
  if (!context.capabilities.security())
    throw base::InputError(
        "the PICS claims no security profile, so the charge point has none; leave the security "
        "profile, the authorization key and all certificates out");
  if (!key.empty()) {
    if (!is_authorization_key(key))
      throw base::InputError(
          "the authorization key must be 32 to 40 hexadecimal digits: 16 to 20 bytes");
    context.configuration.set("AuthorizationKey", key);
  }
  install_certificates(context, options);
  if (profile == 0) return;
  if (const std::string problem = lacking(context, profile); !problem.empty())
    throw base::InputError("security profile " + std::to_string(profile) + ": " + problem);
  context.configuration.set("SecurityProfile", std::to_string(profile));
}

std::int64_t security_profile(const Context& context) {
  return context.configuration.number("SecurityProfile");
}

std::string profile_problem(const Context& context, std::int64_t profile) {
  if (std::string problem = lacking(context, profile); !problem.empty()) return problem;
  if (profile >= 2 && !any_valid_root(context))
    return "no root certificate of a Central System is valid";
  return profile >= 3 ? certificate_problem(context) : "";
}

link::ClientOptions connection_options(Context& context, const std::string& url) {
  const std::int64_t profile = security_profile(context);
  ++context.memory.connections;
  link::ClientOptions options{.url = with_scheme(url, profile >= 2 ? "wss" : "ws"),
                              .subprotocols = {"ocpp1.6"},
                              .authorization = {}};
  if (profile == 1 || profile == 2 ||
      (profile == 3 && context.defects.hit("basic-auth-on-profile-3")))
    options.authorization = authorization(context, url);
  if (profile >= 2) options.tls = tls_of(context, profile);
  return options;
}

bool return_to_former_key(Context& context) {
  const std::string former = std::exchange(context.memory.former.key, {});
  if (former.empty()) return false;
  context.configuration.set("AuthorizationKey", former);
  return true;
}

bool return_to_former_certificate(Context& context) {
  const auto former = std::exchange(context.memory.former.certificate, std::nullopt);
  if (!former) return false;
  context.memory.certificate = former;
  return true;
}

bool return_to_former_profile(Context& context) {
  const std::string former = std::exchange(context.memory.former.profile, {});
  if (former.empty()) return false;
  context.configuration.set("SecurityProfile", former);
  return true;
}

void keep_credentials(Context& context) {
  FormerCredentials& former = context.memory.former;
  std::string kept = context.defects.on("return-to-old-profile") ? former.profile : "";
  former = {};
  former.profile = std::move(kept);
}

}  // namespace plugproof::simulator
