#include "certs/bad_certificate.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <utility>

namespace plugproof::certs {

namespace {

constexpr base::Micros kDay = std::chrono::hours(24);
constexpr base::Micros kYear = 365 * kDay;

const std::vector<std::string> kNames{"expired",         "not-yet-valid", "wrong-host",
                                      "wrong-ca",        "weak-key",      "wrong-order",
                                      "no-intermediate", "wrong-key",     "garbage"};

// The form of a certificate around base64 of "this is no certificate".
constexpr const char* kGarbage =
    "-----BEGIN CERTIFICATE-----\n"
    "dGhpcyBpcyBubyBjZXJ0aWZpY2F0ZQ==\n"
    "-----END CERTIFICATE-----\n";

// Those of a bad certificate; a profile that is good otherwise.
Profile spoilt(Bad bad, Profile profile, base::Micros now) {
  if (bad == Bad::expired) {
    profile.not_before = now - kYear;
    profile.not_after = now - kDay;
  } else if (bad == Bad::not_yet_valid) {
    profile.not_before = now + kDay;
    profile.not_after = now + kYear;
  } else if (bad == Bad::wrong_host && profile.usage == Usage::server) {
    profile.hosts = {"wrong-host.invalid"};  // RFC 6761 section 6.4: never anybody's
    profile.common_name = "wrong-host.invalid";
  } else if (bad == Bad::wrong_host) {
    profile.common_name = "another charge point";
  }
  return profile;
}

KeyKind weak(const Authority& authority) {
  return authority.key().kind() == "RSA" ? KeyKind::rsa_1024 : KeyKind::ec_p192;
}

// Of the same names, with other keys: only the signatures differ.
Authority impostor(const Authority& authority) {
  const auto like = [](const Certificate& certificate) {
    return Profile{certificate.common_name(), certificate.organization(), {}, Usage::ca,
                   certificate.not_before(),  certificate.not_after()};
  };
  const KeyKind kind = authority.kind_of_issued();
  Authority made = Authority::root(kind, like(authority.root_certificate()));
  for (std::size_t i = authority.chain().size() - 1; i-- > 0;)
    made = made.intermediate(kind, like(authority.chain()[i]));
  return made;
}

std::string chain_text(Bad bad, const Authority& authority, const Certificate& leaf) {
  if (bad == Bad::garbage) return kGarbage;
  if (bad == Bad::no_intermediate) return pem_of({leaf});
  if (bad != Bad::wrong_order) return pem_of(authority.chain_of(leaf));
  std::vector<Certificate> chain{leaf};
  chain.insert(chain.end(), authority.chain().rbegin(), authority.chain().rend());
  return pem_of(chain);
}

std::string spoilt_chain(Bad bad, const Authority& authority,
                         const std::function<Certificate(const Authority&)>& issue) {
  if (bad != Bad::wrong_ca) return chain_text(bad, authority, issue(authority));
  const Authority other = impostor(authority);
  return chain_text(bad, other, issue(other));
}

}  // namespace

const std::vector<std::string>& bad_names() {
  return kNames;
}

std::optional<Bad> bad_named(const std::string& name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Bad>(found - kNames.begin());
}

BadCredential bad_credential(Bad bad, const Authority& authority, const PrivateKey& good_key,
                             const Profile& profile, base::Micros now) {
  const PrivateKey key = bad == Bad::weak_key ? PrivateKey::make(weak(authority)) : good_key;
  const PrivateKey named =
      bad == Bad::wrong_key ? PrivateKey::make(authority.kind_of_issued()) : key;
  const Profile wanted = spoilt(bad, profile, now);
  return {
      spoilt_chain(bad, authority, [&](const Authority& by) { return by.issue(named, wanted); }),
      key.pem()};
}

BadCredential bad_credential(Bad bad, const Authority& authority, const Profile& profile,
                             base::Micros now) {
  return bad_credential(bad, authority, PrivateKey::make(authority.kind_of_issued()), profile, now);
}

std::string bad_answer(Bad bad, const Authority& authority, const SigningRequest& request,
                       const Profile& profile, base::Micros now) {
  Profile wanted = spoilt(bad, profile, now);
  const bool other_key = bad == Bad::weak_key || bad == Bad::wrong_key;
  if (other_key && wanted.common_name.empty() && wanted.organization.empty()) {
    wanted.common_name = request.common_name();
    wanted.organization = request.organization();
  }
  return spoilt_chain(bad, authority, [&](const Authority& by) {
    if (!other_key) return by.issue(request, wanted);
    return by.issue(
        PrivateKey::make(bad == Bad::weak_key ? weak(authority) : authority.kind_of_issued()),
        wanted);
  });
}

std::string bad_root(Bad bad, KeyKind kind, const Profile& profile, base::Micros now) {
  if (bad == Bad::garbage) return kGarbage;
  if (bad != Bad::expired && bad != Bad::not_yet_valid && bad != Bad::weak_key)
    throw std::invalid_argument("a root can be expired, not-yet-valid, weak-key or garbage");
  const bool rsa =
      kind == KeyKind::rsa_1024 || kind == KeyKind::rsa_2048 || kind == KeyKind::rsa_3072;
  if (bad == Bad::weak_key) kind = rsa ? KeyKind::rsa_1024 : KeyKind::ec_p192;
  return Authority::root(kind, spoilt(bad, profile, now)).certificate().pem();
}

}  // namespace plugproof::certs
