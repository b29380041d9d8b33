#include "certs/certificate.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdint>

#include "certs/openssl.hpp"
#include "engine/base/diagnostics.hpp"
#include "engine/base/sha256.hpp"
#include "engine/base/utf8.hpp"

namespace plugproof::certs {

namespace {

// RFC 5280 section 4.1.2.5: for a certificate that has no well-defined end.
constexpr const char* kNoEnd = "99991231235959Z";
constexpr std::size_t kMaxCommonName = 64;  // characters, RFC 5280 appendix A, ub-common-name

void extend(X509* certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const OwnedExtension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  need(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "extend a certificate");
}

std::string entry_text(const X509_NAME* name, int nid) {
  const int index = X509_NAME_get_index_by_NID(const_cast<X509_NAME*>(name), nid, -1);
  if (index < 0) return {};
  unsigned char* utf8 = nullptr;
  const int size =
      ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
  if (size < 0) {
    last_error();
    return {};
  }
  std::string text(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  return text;
}

}  // namespace

Certificate::Certificate(x509_st* owned) : x509_(owned, X509_free) {
  need(owned != nullptr, "make a certificate");
}

Certificate Certificate::self_signed(const PrivateKey& key, const std::string& common_name) {
  Certificate certificate(X509_new());
  X509* x509 = certificate.get();
  std::uint64_t serial = 0;
  need(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "draw a number");
  constexpr long kDay = 24 * 3600;  // seconds: another machine's clock may be behind
  need(X509_set_version(x509, X509_VERSION_3) == 1 &&
           ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), serial >> 1 | 1) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(x509), -kDay) &&
           ASN1_TIME_set_string(X509_getm_notAfter(x509), kNoEnd) == 1 &&
           X509_set_pubkey(x509, key.get()) == 1,
       "fill a certificate");
  X509_NAME* name = X509_get_subject_name(x509);
  const auto* text = reinterpret_cast<const unsigned char*>(common_name.data());
  need(X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, text,
                                  static_cast<int>(common_name.size()), -1, 0) == 1 &&
           X509_set_issuer_name(x509, name) == 1,
       "name a certificate");
  extend(x509, NID_basic_constraints, "critical,CA:FALSE");
  extend(x509, NID_key_usage, "critical,digitalSignature");
  extend(x509, NID_subject_key_identifier, "hash");
  // Ed25519 has its digest built in.
  need(X509_sign(x509, key.get(), key.is_ed25519() ? nullptr : EVP_sha256()) > 0,
       "sign a certificate");
  return certificate;
}

std::vector<Certificate> Certificate::all_from_pem(std::string_view text,
                                                   const std::string& source) {
  const OwnedBio in = reading(text);
  std::vector<Certificate> all;
  ERR_clear_error();
  while (X509* x509 = PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr))
    all.push_back(Certificate(x509));
  // The end of the text is an error like any other to OpenSSL.
  const unsigned long code = ERR_peek_last_error();
  const bool at_end =
      ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
  const std::string problem = last_error();
  if (all.empty()) throw base::InputError(source + ": there is no certificate in PEM in this file");
  if (!at_end)
    throw base::InputError(source + ": certificate " + std::to_string(all.size() + 1) +
                           " of the file cannot be read: " + problem);
  return all;
}

Certificate Certificate::held(x509_st* certificate) {
  need(X509_up_ref(certificate) == 1, "share a certificate");
  return Certificate(certificate);
}

std::string Certificate::pem() const {
  const OwnedBio out = writing();
  need(PEM_write_bio_X509(out.get(), get()) == 1, "write a certificate");
  return text_of(out.get());
}

std::string Certificate::der() const {
  const OwnedBio out = writing();
  need(i2d_X509_bio(out.get(), get()) == 1, "write a certificate");
  return text_of(out.get());
}

std::string Certificate::name() const {
  const X509_NAME* subject = X509_get_subject_name(get());
  std::string common = entry_text(subject, NID_commonName);
  if (!common.empty()) return common;
  const OwnedBio out = writing();
  X509_NAME_print_ex(out.get(), subject, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  return text_of(out.get());
}

std::string Certificate::fingerprint() const {
  return base::sha256_hex(der());
}

bool Certificate::verifies(std::string_view message, std::string_view signature) const {
  EVP_PKEY* key = X509_get0_pubkey(get());
  const OwnedDigest context(EVP_MD_CTX_new());
  need(context != nullptr, "check a signature");
  const bool good =
      key && EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 &&
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key) == 1 &&
      EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                       signature.size(), reinterpret_cast<const unsigned char*>(message.data()),
                       message.size()) == 1;
  ERR_clear_error();
  return good;
}

bool Certificate::belongs_to(const PrivateKey& key) const {
  const bool same = X509_check_private_key(get(), key.get()) == 1;
  ERR_clear_error();
  return same;
}

std::string common_name_problem(const std::string& name) {
  if (name.find_first_not_of(' ') == std::string::npos) return "it is empty";
  if (!base::is_utf8(name)) return "it is not UTF-8";
  if (std::any_of(name.begin(), name.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; }))
    return "it has a control character";
  const auto characters = std::count_if(name.begin(), name.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  });
  if (static_cast<std::size_t>(characters) > kMaxCommonName)
    return "it is longer than 64 characters";
  return {};
}

}  // namespace plugproof::certs
