// A private key of the bench. It is never printed; pem() is for files of mode 0600 alone.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace plugproof::certs {

class PrivateKey {
 public:
  // Drawn by OpenSSL's generator (RFC 8032).
  static PrivateKey ed25519();
  // The first private key of a text in PEM. `source` names it in messages. Throws base::InputError
  // when there is none, or when it is protected by a pass phrase: nobody is there to type it.
  static PrivateKey from_pem(std::string_view text, const std::string& source);

  std::string pem() const;  // PKCS #8
  bool is_ed25519() const;
  // Of an Ed25519 key, 64 bytes: the same message and key always give the same ones.
  std::string sign(std::string_view message) const;

  evp_pkey_st* get() const { return key_.get(); }

 private:
  explicit PrivateKey(evp_pkey_st* owned);
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace plugproof::certs
