// A private key of the bench. It is never printed; pem() is for files of mode 0600 alone.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "certs/public_key.hpp"

namespace plugproof::certs {

// The first and the fourth are weaker than "Improved security for OCPP 1.6-J" allows, on purpose: a
// charge point has to refuse them.
enum class KeyKind { rsa_1024, rsa_2048, rsa_3072, ec_p192, ec_p224, ec_p256, ec_p384, ed25519 };

class PrivateKey {
 public:
  // Drawn by OpenSSL's generator.
  static PrivateKey make(KeyKind kind);
  // The first private key of a text in PEM. `source` names it in messages. Throws base::InputError
  // when there is none, or when it is protected by a pass phrase: nobody is there to type it.
  static PrivateKey from_pem(std::string_view text, const std::string& source);

  std::string pem() const;   // PKCS #8
  std::string kind() const;  // as kind_of()
  int bits() const;
  // With SHA-256, ECDSA in DER. Of an Ed25519 key 64 bytes (RFC 8032): the same message and key
  // always give the same ones.
  std::string sign(std::string_view message, Padding padding = Padding::pkcs1) const;

  evp_pkey_st* get() const { return key_.get(); }

 private:
  explicit PrivateKey(evp_pkey_st* owned);
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace plugproof::certs
