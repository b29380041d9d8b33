// A certificate signing request (PKCS #10, RFC 2986).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "certs/private_key.hpp"

struct X509_req_st;  // OpenSSL's X509_REQ

namespace plugproof::certs {

class SigningRequest {
 public:
  static SigningRequest make(const PrivateKey& key, const std::string& common_name,
                             const std::string& organization);
  // The first one of a text in PEM. `source` names it in messages. Throws base::InputError.
  static SigningRequest from_pem(std::string_view text, const std::string& source);

  std::string pem() const;
  std::string common_name() const, organization() const;  // of the subject; empty without one
  std::string key_kind() const;                           // as kind_of()
  int key_bits() const;
  std::string public_key_der() const;  // SubjectPublicKeyInfo
  // Of the digest that it is signed with; 0 where the kind of signature does not name one.
  int digest_bits() const;
  bool signature_holds() const;  // by the key that it asks a certificate for

  X509_req_st* get() const { return request_.get(); }

 private:
  explicit SigningRequest(X509_req_st* owned);
  std::shared_ptr<X509_req_st> request_;
};

}  // namespace plugproof::certs
