// An X.509 certificate (RFC 5280).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "certs/private_key.hpp"
#include "engine/base/time.hpp"

struct x509_st;  // OpenSSL's X509

namespace plugproof::certs {

class Certificate {
 public:
  // All certificates of a text in PEM. `source` names it in messages. Throws base::InputError when
  // there is none or one cannot be read.
  static std::vector<Certificate> all_from_pem(std::string_view text, const std::string& source);
  // One that OpenSSL holds; it is shared, not taken.
  static Certificate held(x509_st* certificate);

  std::string pem() const;
  std::string der() const;
  std::string name() const;         // the common name; without one the whole subject
  std::string fingerprint() const;  // SHA-256 of the DER form, lower-case hex
  // The first of its kind in the subject or issuer, in UTF-8; empty without one.
  std::string common_name() const, organization() const, issuer_common_name() const;
  std::string serial_number() const;                   // lower-case hex, no leading zeros
  base::Micros not_before() const, not_after() const;  // UTC
  // The DNS names and IP addresses that it is for; other alternative names are left out.
  std::vector<std::string> hosts() const;
  std::string key_kind() const;  // as kind_of()
  int key_bits() const;
  bool is_root() const { return issued(*this); }
  std::string public_key_der() const;  // SubjectPublicKeyInfo
  // Whether this one's subject and key are those that `child` says it was issued by.
  bool issued(const Certificate& child) const;
  // Whether the key of the certificate made the signature, as PrivateKey::sign() makes it.
  bool verifies(std::string_view message, std::string_view signature,
                Padding padding = Padding::pkcs1) const;
  bool belongs_to(const PrivateKey& key) const;

  x509_st* get() const { return x509_.get(); }

 private:
  explicit Certificate(x509_st* owned);
  std::shared_ptr<x509_st> x509_;
};

// One after the other.
std::string pem_of(const std::vector<Certificate>& chain);

}  // namespace plugproof::certs
