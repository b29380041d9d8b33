#include "certs/bench_pki.hpp"

#include <chrono>
#include <stdexcept>

namespace plugproof::certs {

namespace {

constexpr base::Micros kBehind = std::chrono::minutes(1);
constexpr base::Micros kYear = std::chrono::hours(24 * 365);
constexpr base::Micros kDay = std::chrono::hours(24);  // another machine's clock may be behind
const std::vector<std::string> kNoHosts;

KeyKind kind_for(Family family) {
  return family == Family::rsa ? KeyKind::rsa_2048 : KeyKind::ec_p256;
}

// A host longer than a common name may be stands among the alternative names alone.
std::string name_of_server(const std::vector<std::string>& hosts) {
  constexpr std::size_t kMaxName = 64;
  return hosts.empty() || hosts.front().size() > kMaxName ? "Central System" : hosts.front();
}

}  // namespace

BenchPki::BenchPki(std::map<Family, Half> halves,
                   std::vector<Certificate> further_charge_point_roots)
    : halves_(std::move(halves)), further_roots_(std::move(further_charge_point_roots)) {
  if (halves_.empty()) throw std::invalid_argument("keys of no family are none");
  for (const auto& [family, half] : halves_) families_.push_back(family);
}

BenchPki BenchPki::make(const Order& order) {
  std::map<Family, Half> halves;
  for (const Family family : order.families)
    if (!halves.count(family)) halves.emplace(family, make_half(order, family));
  return BenchPki(std::move(halves), {});
}

BenchPki::Half BenchPki::make_half(const Order& order, Family family) {
  const KeyKind kind = kind_for(family);
  const std::string of = family == Family::rsa ? " (RSA)" : " (ECDSA)";
  const auto named = [&](Usage usage, const std::string& name) {
    return Profile{name,  order.organization, usage == Usage::server ? order.hosts : kNoHosts,
                   usage, order.now - kDay,   order.now + order.life};
  };
  const auto ca = [&](const std::string& name) { return named(Usage::ca, name + of); };
  Authority central = Authority::root(kind, ca("Central System root"));
  Authority servers = central.intermediate(kind, ca("Central System servers"));
  Authority charge_points = central.intermediate(kind, ca("Charge points"));
  Authority manufacturer = Authority::root(kind, ca("Manufacturer root"));
  Credential server = servers.new_credential(named(Usage::server, name_of_server(order.hosts)));
  Credential firmware = manufacturer.new_credential(named(Usage::firmware, "Firmware signer" + of));
  return {std::move(central),
          std::move(servers),
          std::move(charge_points),
          std::move(manufacturer),
          std::move(server),
          std::move(firmware),
          Authority::root(kind, ca("Spare Central System root")).certificate(),
          Authority::root(kind, ca("Spare manufacturer root")).certificate()};
}

Profile BenchPki::profile(Family family, Usage usage, const std::string& common_name) const {
  const Certificate& root = central_system_root(family).certificate();
  return {common_name, root.organization(), {}, usage, root.not_before(), root.not_after()};
}

Profile BenchPki::server_profile(Family family, const std::vector<std::string>& hosts) const {
  Profile wanted = profile(family, Usage::server, name_of_server(hosts));
  wanted.hosts = hosts;
  return wanted;
}

Profile BenchPki::server_profile(Family family) const {
  return server_profile(family, server(family).certificate().hosts());
}

Profile BenchPki::charge_point_profile(Family family, const std::string& common_name) const {
  return profile(family, Usage::client, common_name);
}

Profile BenchPki::profile_of_a_request(Family family, base::Micros now) const {
  Profile wanted = profile(family, Usage::client, "");
  wanted.not_before = std::max(wanted.not_before, now - kBehind);
  wanted.not_after = std::min(wanted.not_after, now + kYear);
  wanted.organization.clear();
  return wanted;
}

const Certificate& BenchPki::spare_central_system_root() const {
  return any().spare_central_system;
}

const Certificate& BenchPki::spare_manufacturer_root() const {
  return any().spare_manufacturer;
}

std::string BenchPki::central_system_roots_pem() const {
  std::string text;
  for (const auto& [family, half] : halves_) text += half.central_system.certificate().pem();
  return text;
}

std::string BenchPki::charge_point_roots_pem() const {
  return central_system_roots_pem() + pem_of(further_roots_);
}

Credential BenchPki::charge_point(Family family, const std::string& common_name) const {
  return charge_point_authority(family).new_credential(charge_point_profile(family, common_name));
}

Family BenchPki::family_for(const SigningRequest& request) const {
  const Family wanted = request.key_kind() == "RSA" ? Family::rsa : Family::ec;
  return has(wanted) ? wanted : families_.front();
}

std::string BenchPki::answer(const SigningRequest& request, base::Micros now) const {
  const Family family = family_for(request);
  const Authority& by = charge_point_authority(family);
  return pem_of(by.chain_of(by.issue(request, profile_of_a_request(family, now))));
}

std::string BenchPki::bad_answer(Bad bad, const SigningRequest& request, base::Micros now) const {
  const Family family = family_for(request);
  return certs::bad_answer(bad, charge_point_authority(family), request,
                           profile_of_a_request(family, now), now);
}

BadCredential BenchPki::bad_server(Bad bad, Family family, base::Micros now) const {
  // With the server's own key: keys take time to make.
  return bad_credential(bad, server_authority(family), server(family).key, server_profile(family),
                        now);
}

std::string BenchPki::bad_central_system_root(Bad bad, base::Micros now) const {
  const Family family = families_.front();
  return bad_root(bad, kind_for(family), profile(family, Usage::ca, "Bad Central System root"),
                  now);
}

}  // namespace plugproof::certs
