// OpenSSL's objects with an owner, for the .cpp files that speak to it. No other header includes
// OpenSSL.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

#include "certs/public_key.hpp"

namespace plugproof::certs {

template <auto free>
struct Free {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};
using OwnedBio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using OwnedDigest = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using OwnedKey = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using OwnedExtension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;

// Throws std::runtime_error, "OpenSSL cannot <what>: <its own words>", when something that no input
// can make fail did fail. Forgets OpenSSL's errors.
void need(bool done, const char* what);
// OpenSSL's words for the error it met last; empties its list, so that an old one is never told
// again.
std::string last_error();
// Whether the last thing read in PEM was not there at all: to OpenSSL the end of a text is an error
// like any other. Forgets nothing.
bool no_pem_left();

// Throws std::runtime_error where a text is too long for OpenSSL.
OwnedBio reading(std::string_view text);
OwnedBio writing();
std::string text_of(BIO* written);

// SubjectPublicKeyInfo in DER.
std::string public_key_der(const EVP_PKEY* key);

// What a key signs with: SHA-256; nothing for Ed25519, which has its digest built in.
const EVP_MD* digest_for(const EVP_PKEY* key);
// Sets how an RSA key signs or checks; does nothing for others.
bool pad(EVP_PKEY_CTX* way, const EVP_PKEY* key, Padding padding);

}  // namespace plugproof::certs
