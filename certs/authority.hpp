// A certificate authority of the bench: its key, its certificate, and what it issues.
#pragma once

#include <string>
#include <vector>

#include "certs/certificate.hpp"
#include "certs/credential.hpp"
#include "certs/private_key.hpp"
#include "certs/signing_request.hpp"
#include "engine/base/time.hpp"

namespace plugproof::certs {

enum class Usage { ca, server, client, firmware };

// What a certificate says.
struct Profile {
  // Each must satisfy common_name_problem(). An empty organization is left out.
  std::string common_name, organization;
  std::vector<std::string> hosts;  // DNS names and IP addresses, as host_problem() allows
  Usage usage = Usage::server;
  base::Micros not_before{}, not_after{};  // UTC; not_after 0: it never expires
};

// The certificate that says of itself who it is: `common_name` is subject and issuer, its one use
// is to check signatures, and it does not expire: what it signed is to be checked for years.
Certificate self_signed(const PrivateKey& key, const std::string& common_name);
// The same with the uses, hosts and times of a profile: trusted by who has been given it itself.
Certificate self_signed(const PrivateKey& key, const Profile& profile);

class Authority {
 public:
  // `usage` of the profile is not looked at: an authority is a CA.
  static Authority root(KeyKind kind, const Profile& profile);
  Authority intermediate(KeyKind kind, const Profile& profile) const;
  // One made earlier: its own certificate first, the root last. Throws base::InputError, with
  // `source` in front, when the key is not that of the certificate or one did not issue the one
  // before it.
  Authority(PrivateKey key, std::vector<Certificate> chain, const std::string& source);

  Certificate issue(const PrivateKey& subject_key, const Profile& profile) const;
  // For the key of the request, whose subject is taken where the profile names nobody.
  Certificate issue(const SigningRequest& request, const Profile& profile) const;

  // A new key of kind_of_issued() and its certificate.
  Credential new_credential(const Profile& profile) const;
  // Of the family of its own: RSA of 2048 bits or P-256.
  KeyKind kind_of_issued() const;

  const Certificate& certificate() const { return chain_.front(); }
  const Certificate& root_certificate() const { return chain_.back(); }
  const std::vector<Certificate>& chain() const { return chain_; }
  std::string chain_pem() const;  // this one first, the root last
  // What goes with a certificate that it issued: that one first, the root left out.
  std::vector<Certificate> chain_of(Certificate issued) const;
  const PrivateKey& key() const { return key_; }

 private:
  Authority(PrivateKey key, std::vector<Certificate> chain)
      : key_(std::move(key)), chain_(std::move(chain)) {}
  PrivateKey key_;
  std::vector<Certificate> chain_;
};

}  // namespace plugproof::certs
