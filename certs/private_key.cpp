#include "certs/private_key.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <stdexcept>

#include "certs/openssl.hpp"
#include "engine/base/diagnostics.hpp"

namespace plugproof::certs {

PrivateKey::PrivateKey(evp_pkey_st* owned) : key_(owned, EVP_PKEY_free) {
  need(owned != nullptr, "make a key");
}

PrivateKey PrivateKey::make(KeyKind kind) {
  switch (kind) {
    case KeyKind::rsa_1024:
      return PrivateKey(EVP_RSA_gen(1024));
    case KeyKind::rsa_2048:
      return PrivateKey(EVP_RSA_gen(2048));
    case KeyKind::rsa_3072:
      return PrivateKey(EVP_RSA_gen(3072));
    case KeyKind::ec_p192:
      return PrivateKey(EVP_EC_gen("P-192"));
    case KeyKind::ec_p224:
      return PrivateKey(EVP_EC_gen("P-224"));
    case KeyKind::ec_p256:
      return PrivateKey(EVP_EC_gen("P-256"));
    case KeyKind::ec_p384:
      return PrivateKey(EVP_EC_gen("P-384"));
    case KeyKind::ed25519:
      return PrivateKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  }
  throw std::logic_error("a kind of key that is none");
}

PrivateKey PrivateKey::from_pem(std::string_view text, const std::string& source) {
  bool asked = false;
  const auto no_phrase = [](char*, int, int, void* told) {
    *static_cast<bool*>(told) = true;
    return -1;
  };
  EVP_PKEY* key = PEM_read_bio_PrivateKey(reading(text).get(), nullptr, no_phrase, &asked);
  if (!key) {
    last_error();
    throw base::InputError(
        source + (asked ? ": the private key is protected by a pass phrase; write it without one "
                          "(openssl pkey -in ... -out ...)"
                        : ": there is no private key in PEM in this file"));
  }
  return PrivateKey(key);
}

std::string PrivateKey::pem() const {
  const OwnedBio out = writing();
  need(PEM_write_bio_PrivateKey(out.get(), get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
       "write a key");
  return text_of(out.get());
}

std::string PrivateKey::kind() const {
  return kind_of(get());
}

int PrivateKey::bits() const {
  return bits_of(get());
}

std::string PrivateKey::sign(std::string_view message, Padding padding) const {
  const OwnedDigest context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* way = nullptr;  // belongs to `context`
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(get()));
  std::string signature(size, '\0');
  need(context && EVP_DigestSignInit(context.get(), &way, digest_for(get()), nullptr, get()) == 1 &&
           pad(way, get(), padding) &&
           EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                          reinterpret_cast<const unsigned char*>(message.data()),
                          message.size()) == 1,
       "sign");
  signature.resize(size);
  return signature;
}

}  // namespace plugproof::certs
