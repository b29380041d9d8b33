#include "certs/private_key.hpp"

#include <openssl/pem.h>

#include "certs/openssl.hpp"
#include "engine/base/diagnostics.hpp"

namespace plugproof::certs {

PrivateKey::PrivateKey(evp_pkey_st* owned) : key_(owned, EVP_PKEY_free) {
  need(owned != nullptr, "make a key");
}

PrivateKey PrivateKey::ed25519() {
  return PrivateKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
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

bool PrivateKey::is_ed25519() const {
  return EVP_PKEY_get_base_id(get()) == EVP_PKEY_ED25519;
}

std::string PrivateKey::sign(std::string_view message) const {
  const OwnedDigest context(EVP_MD_CTX_new());
  std::string signature(64, '\0');  // RFC 8032 section 5.1.6
  std::size_t size = signature.size();
  need(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, get()) == 1 &&
           EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                          reinterpret_cast<const unsigned char*>(message.data()),
                          message.size()) == 1,
       "sign");
  signature.resize(size);
  return signature;
}

}  // namespace plugproof::certs
