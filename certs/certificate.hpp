// An X.509 certificate (RFC 5280).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "certs/private_key.hpp"

struct x509_st;  // OpenSSL's X509

namespace plugproof::certs {

class Certificate {
 public:
  // The certificate that says of itself who it is: `common_name` is subject and issuer, its one use
  // is to check signatures, and it does not expire: what it signed is to be checked for years.
  // `common_name` must satisfy common_name_problem().
  static Certificate self_signed(const PrivateKey& key, const std::string& common_name);
  // All certificates of a text in PEM. `source` names it in messages. Throws base::InputError when
  // there is none or one cannot be read.
  static std::vector<Certificate> all_from_pem(std::string_view text, const std::string& source);
  // One that OpenSSL holds; it is shared, not taken.
  static Certificate held(x509_st* certificate);

  std::string pem() const;
  std::string der() const;
  std::string name() const;         // the common name; without one the whole subject
  std::string fingerprint() const;  // SHA-256 of the DER form, lower-case hex
  // Whether the key of the certificate made the signature; Ed25519 alone.
  bool verifies(std::string_view message, std::string_view signature) const;
  bool belongs_to(const PrivateKey& key) const;

  x509_st* get() const { return x509_.get(); }

 private:
  explicit Certificate(x509_st* owned);
  std::shared_ptr<x509_st> x509_;
};

// What is wrong with a text as a common name; empty: nothing.
std::string common_name_problem(const std::string& name);

}  // namespace plugproof::certs
