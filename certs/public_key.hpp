// What certificates and signing requests say of a key, and signatures that a key made.
#pragma once

#include <string>
#include <string_view>

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace plugproof::certs {

// How an RSA key signs: PKCS #1 v1.5, or PSS with a salt as long as the digest (RFC 8017). Keys of
// other kinds have one way only.
enum class Padding { pkcs1, pss };

// "RSA", "EC", "Ed25519"; OpenSSL's short name of another kind; empty without a key.
std::string kind_of(const evp_pkey_st* key);
// Of the modulus or of the curve's order; 0 without a key.
int bits_of(const evp_pkey_st* key);
// Whether `key` made the signature; SHA-256 but for Ed25519, ECDSA in DER.
bool signature_holds(evp_pkey_st* key, std::string_view message, std::string_view signature,
                     Padding padding);

}  // namespace plugproof::certs
