// All that a bench needs of keys and certificates, RSA and ECDSA side by side.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "certs/authority.hpp"
#include "certs/bad_certificate.hpp"
#include "certs/credential.hpp"

namespace plugproof::certs {

enum class Family { rsa, ec };

class BenchPki {
 public:
  struct Order {
    std::vector<std::string> hosts;  // by which charge points reach the bench
    std::string organization = "plugproof bench";
    base::Micros now{};  // UTC; all is valid from a day before on
    std::vector<Family> families{Family::ec};
    base::Micros life = std::chrono::hours(24) * 3650;  // from `now` on
  };
  // What there is of each family.
  struct Half {
    // The middle two are below the first.
    Authority central_system, servers, charge_points, manufacturer;
    Credential server, firmware;
    Certificate spare_central_system, spare_manufacturer;
  };
  // In memory. Elliptic keys are cheap, RSA keys take a second in all. Throws std::invalid_argument
  // without a family, base::InputError for a host that is none.
  static BenchPki make(const Order& order);
  // One made earlier, with other roots of charge points' certificates; see pki_folder.hpp. Throws
  // std::invalid_argument without a half.
  BenchPki(std::map<Family, Half> halves, std::vector<Certificate> further_charge_point_roots);

  const std::vector<Family>& families() const { return families_; }  // RSA first
  bool has(Family family) const { return halves_.count(family) != 0; }
  // Each throws std::out_of_range for a family that was not made.
  const Authority& central_system_root(Family family) const { return at(family).central_system; }
  const Authority& server_authority(Family family) const { return at(family).servers; }
  // Below the Central System's root, so that a charge point that trusts it can check what it gets.
  const Authority& charge_point_authority(Family family) const { return at(family).charge_points; }
  const Authority& manufacturer_root(Family family) const { return at(family).manufacturer; }
  const Credential& server(Family family) const { return at(family).server; }
  const Credential& firmware_signer(Family family) const { return at(family).firmware; }
  const Half& half(Family family) const { return at(family); }
  // Roots that nothing hangs on and whose keys are gone, to install and to delete.
  const Certificate& spare_central_system_root() const;
  const Certificate& spare_manufacturer_root() const;

  // The Central System's roots in PEM: what charge points trust, and what signs their certificates.
  std::string central_system_roots_pem() const;
  // What the Central System trusts in profile 3: its own roots, and those of manufacturers.
  std::string charge_point_roots_pem() const;
  const std::vector<Certificate>& further_charge_point_roots() const { return further_roots_; }

  // What the bench's certificates say: the organization of the PKI, valid as long as its root.
  // Of the server's the hosts of the one that is there.
  Profile server_profile(Family family) const;
  Profile server_profile(Family family, const std::vector<std::string>& hosts) const;
  Profile charge_point_profile(Family family, const std::string& common_name) const;
  // The subject is that of the request. It begins now, for of several certificates a charge point
  // uses the one whose validity begins last (security whitepaper, A02.FR.09); a minute early, for
  // clocks that are behind. It lasts a year, so that a later one ends later too.
  Profile profile_of_a_request(Family family, base::Micros now) const;
  // The family of its key where there is one.
  Family family_for(const SigningRequest& request) const;
  // A charge point's certificate and key.
  Credential charge_point(Family family, const std::string& common_name) const;
  // The chain in PEM for a request, by the authority of the family of its key: as CertificateSigned
  // carries it.
  std::string answer(const SigningRequest& request, base::Micros now) const;
  std::string bad_answer(Bad bad, const SigningRequest& request, base::Micros now) const;
  BadCredential bad_server(Bad bad, Family family, base::Micros now) const;
  // One to install; see certs::bad_root().
  std::string bad_central_system_root(Bad bad, base::Micros now) const;

 private:
  static Half make_half(const Order& order, Family family);
  // In the bench's own name, valid as long as the family's Central System root.
  Profile profile(Family family, Usage usage, const std::string& common_name) const;
  const Half& at(Family family) const { return halves_.at(family); }
  const Half& any() const { return halves_.at(families_.front()); }

  std::vector<Family> families_;
  std::map<Family, Half> halves_;
  std::vector<Certificate> further_roots_;
};

}  // namespace plugproof::certs
