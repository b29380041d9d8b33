// All that a bench needs of keys and certificates, RSA and ECDSA side by side.
#pragma once

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
    base::Micros now{};  // UTC; all is valid from a day before on, for ten years
    std::vector<Family> families{Family::ec};
  };
  // In memory. Elliptic keys are cheap, RSA keys take a second in all. Throws std::invalid_argument
  // without a family, base::InputError for a host that is none.
  static BenchPki make(const Order& order);

  const std::vector<Family>& families() const { return families_; }
  // Each throws std::out_of_range for a family that was not made.
  const Authority& central_system_root(Family family) const { return at(family).central_system; }
  const Authority& server_authority(Family family) const { return at(family).servers; }
  // Below the Central System's root, so that a charge point that trusts it can check what it gets.
  const Authority& charge_point_authority(Family family) const { return at(family).charge_points; }
  const Authority& manufacturer_root(Family family) const { return at(family).manufacturer; }
  const Credential& server(Family family) const { return at(family).server; }
  const Credential& firmware_signer(Family family) const { return at(family).firmware; }
  // Roots that nothing hangs on, to install and to delete.
  const Certificate& spare_central_system_root() const;
  const Certificate& spare_manufacturer_root() const;

  // The Central System's roots in PEM: what charge points trust, and what signs their certificates.
  std::string central_system_roots_pem() const;
  // A charge point's certificate and key.
  Credential charge_point(Family family, const std::string& common_name) const;
  // The chain in PEM for a request, by the authority of the family of its key: as CertificateSigned
  // carries it.
  std::string answer(const SigningRequest& request) const;
  std::string bad_answer(Bad bad, const SigningRequest& request, base::Micros now) const;
  BadCredential bad_server(Bad bad, Family family, base::Micros now) const;
  // One to install; see certs::bad_root().
  std::string bad_central_system_root(Bad bad, base::Micros now) const;

 private:
  struct Half {
    Authority central_system, servers, charge_points, manufacturer;
    Credential server, firmware;
    Authority spare_central_system, spare_manufacturer;
  };
  BenchPki() = default;
  static Half make_half(const Order& order, Family family);
  Profile profile(Usage usage, const std::string& common_name) const;
  Profile profile_of_a_request() const;  // whose subject is that of the request
  const Half& at(Family family) const { return halves_.at(family); }
  const Half& any() const { return halves_.at(families_.front()); }
  const Authority& authority_for(const SigningRequest& request) const;

  Order order_;
  std::vector<Family> families_;
  std::map<Family, Half> halves_;
};

}  // namespace plugproof::certs
