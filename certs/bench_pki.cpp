#include "certs/bench_pki.hpp"

#include <chrono>
#include <stdexcept>

namespace plugproof::certs {

namespace {

constexpr base::Micros kDay = std::chrono::hours(24);  // another machine's clock may be behind
constexpr base::Micros kLife = 3650 * kDay;

KeyKind kind_for(Family family) {
  return family == Family::rsa ? KeyKind::rsa_2048 : KeyKind::ec_p256;
}

Profile profile_of(const BenchPki::Order& order, Usage usage, const std::string& common_name) {
  return {common_name,
          order.organization,
          usage == Usage::server ? order.hosts : std::vector<std::string>{},
          usage,
          order.now - kDay,
          order.now + kLife};
}

Credential credential(const Authority& by, PrivateKey key, const Profile& profile) {
  std::vector<Certificate> chain = by.chain_of(by.issue(key, profile));
  return {std::move(key), std::move(chain)};
}

}  // namespace

BenchPki BenchPki::make(const Order& order) {
  if (order.families.empty()) throw std::invalid_argument("keys of no family are none");
  BenchPki pki;
  pki.order_ = order;
  pki.families_ = order.families;
  for (const Family family : order.families)
    if (!pki.halves_.count(family)) pki.halves_.emplace(family, make_half(order, family));
  return pki;
}

BenchPki::Half BenchPki::make_half(const Order& order, Family family) {
  const KeyKind kind = kind_for(family);
  const std::string of = family == Family::rsa ? " (RSA)" : " (ECDSA)";
  const auto ca = [&](const std::string& name) { return profile_of(order, Usage::ca, name + of); };
  Authority central = Authority::root(kind, ca("Central System root"));
  Authority servers = central.intermediate(kind, ca("Central System servers"));
  Authority charge_points = central.intermediate(kind, ca("Charge points"));
  Authority manufacturer = Authority::root(kind, ca("Manufacturer root"));
  const std::string host = order.hosts.empty() ? "Central System" : order.hosts.front();
  Credential server = credential(
      servers, PrivateKey::make(kind),
      // A host longer than a common name may be stands among the alternative names alone.
      profile_of(order, Usage::server, host.size() > 64 ? "Central System" : host));
  Credential firmware = credential(manufacturer, PrivateKey::make(kind),
                                   profile_of(order, Usage::firmware, "Firmware signer" + of));
  return {std::move(central),
          std::move(servers),
          std::move(charge_points),
          std::move(manufacturer),
          std::move(server),
          std::move(firmware),
          Authority::root(kind, ca("Spare Central System root")),
          Authority::root(kind, ca("Spare manufacturer root"))};
}

Profile BenchPki::profile(Usage usage, const std::string& common_name) const {
  return profile_of(order_, usage, common_name);
}

Profile BenchPki::profile_of_a_request() const {
  Profile profile = this->profile(Usage::client, "");
  profile.organization.clear();
  return profile;
}

const Certificate& BenchPki::spare_central_system_root() const {
  return any().spare_central_system.certificate();
}

const Certificate& BenchPki::spare_manufacturer_root() const {
  return any().spare_manufacturer.certificate();
}

std::string BenchPki::central_system_roots_pem() const {
  std::string text;
  for (const auto& [family, half] : halves_) text += half.central_system.certificate().pem();
  return text;
}

Credential BenchPki::charge_point(Family family, const std::string& common_name) const {
  return credential(charge_point_authority(family), PrivateKey::make(kind_for(family)),
                    profile(Usage::client, common_name));
}

const Authority& BenchPki::authority_for(const SigningRequest& request) const {
  const auto found = halves_.find(request.key_kind() == "RSA" ? Family::rsa : Family::ec);
  return (found == halves_.end() ? any() : found->second).charge_points;
}

std::string BenchPki::answer(const SigningRequest& request) const {
  const Authority& by = authority_for(request);
  return pem_of(by.chain_of(by.issue(request, profile_of_a_request())));
}

std::string BenchPki::bad_answer(Bad bad, const SigningRequest& request, base::Micros now) const {
  return certs::bad_answer(bad, authority_for(request), request, profile_of_a_request(), now);
}

BadCredential BenchPki::bad_server(Bad bad, Family family, base::Micros now) const {
  return bad_credential(bad, server_authority(family),
                        profile(Usage::server, server(family).certificate().common_name()), now);
}

std::string BenchPki::bad_central_system_root(Bad bad, base::Micros now) const {
  return bad_root(bad, kind_for(families_.front()), profile(Usage::ca, "Bad Central System root"),
                  now);
}

}  // namespace plugproof::certs
