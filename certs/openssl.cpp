#include "certs/openssl.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <limits>
#include <stdexcept>

namespace plugproof::certs {

std::string last_error() {
  const unsigned long code = ERR_peek_last_error();
  const char* words = code == 0 ? nullptr : ERR_reason_error_string(code);
  std::string text = words ? words : "no reason given";
  ERR_clear_error();
  return text;
}

void need(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("OpenSSL cannot ") + what + ": " + last_error());
}

bool no_pem_left() {
  const unsigned long code = ERR_peek_last_error();
  return ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
}

OwnedBio reading(std::string_view text) {
  need(text.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()),
       "read a text of this length");
  OwnedBio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  need(bio != nullptr, "make a buffer");
  return bio;
}

OwnedBio writing() {
  OwnedBio bio(BIO_new(BIO_s_mem()));
  need(bio != nullptr, "make a buffer");
  return bio;
}

std::string text_of(BIO* written) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(written, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string public_key_der(const EVP_PKEY* key) {
  const OwnedBio out = writing();
  need(i2d_PUBKEY_bio(out.get(), key) == 1, "write a public key");
  return text_of(out.get());
}

const EVP_MD* digest_for(const EVP_PKEY* key) {
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 ? nullptr : EVP_sha256();
}

bool pad(EVP_PKEY_CTX* way, const EVP_PKEY* key, Padding padding) {
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) return true;
  if (padding == Padding::pkcs1) return EVP_PKEY_CTX_set_rsa_padding(way, RSA_PKCS1_PADDING) == 1;
  return EVP_PKEY_CTX_set_rsa_padding(way, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(way, RSA_PSS_SALTLEN_DIGEST) == 1;
}

}  // namespace plugproof::certs
