#include "certs/public_key.hpp"

#include <openssl/err.h>
#include <openssl/rsa.h>

#include "certs/openssl.hpp"

namespace plugproof::certs {

std::string kind_of(const evp_pkey_st* key) {
  if (!key) return {};
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
      return "RSA";
    case EVP_PKEY_EC:
      return "EC";
    case EVP_PKEY_ED25519:
      return "Ed25519";
    default: {
      const char* name = OBJ_nid2sn(EVP_PKEY_get_base_id(key));
      return name ? name : "";
    }
  }
}

int bits_of(const evp_pkey_st* key) {
  return key ? EVP_PKEY_get_bits(key) : 0;
}

bool signature_holds(evp_pkey_st* key, std::string_view message, std::string_view signature,
                     Padding padding) {
  if (!key) return false;
  const OwnedDigest context(EVP_MD_CTX_new());
  need(context != nullptr, "check a signature");
  EVP_PKEY_CTX* way = nullptr;  // belongs to `context`
  const bool good =
      EVP_DigestVerifyInit(context.get(), &way, digest_for(key), nullptr, key) == 1 &&
      pad(way, key, padding) &&
      EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                       signature.size(), reinterpret_cast<const unsigned char*>(message.data()),
                       message.size()) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace plugproof::certs
