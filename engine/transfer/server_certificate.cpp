#include "engine/transfer/server_certificate.hpp"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <asio/ip/address.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>

#include "certs/openssl.hpp"
#include "engine/base/diagnostics.hpp"

namespace plugproof::transfer {

namespace {

using Key = certs::OwnedKey;
using Certificate = std::unique_ptr<X509, certs::Free<X509_free>>;

void need(bool done) {
  certs::need(done, "make a certificate for the file servers");
}

void extend(X509* certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const certs::OwnedExtension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  need(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

std::string alternative_names(const std::vector<std::string>& hosts) {
  std::string names;
  for (const auto& host : hosts) {
    std::error_code no_address;
    asio::ip::make_address(host, no_address);
    names += std::string(names.empty() ? "" : ",") + (no_address ? "DNS:" : "IP:") + host;
  }
  return names;
}

std::string read_text(const std::string& path, const char* what) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf()))
    throw base::InputError(std::string("the ") + what + " of the file servers cannot be read: " +
                           path + ": " + std::strerror(errno));
  return text.str();
}

}  // namespace

ServerCertificate make_server_certificate(const std::vector<std::string>& hosts) {
  const Key key(EVP_RSA_gen(2048));
  const Certificate certificate(X509_new());
  need(key && certificate);
  X509* x509 = certificate.get();
  std::uint64_t serial = 0;
  need(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
  need(X509_set_version(x509, X509_VERSION_3) == 1 &&
       ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), serial >> 1 | 1) == 1 &&
       X509_gmtime_adj(X509_getm_notBefore(x509), -24 * 3600) &&
       X509_gmtime_adj(X509_getm_notAfter(x509), 90L * 24 * 3600) &&
       X509_set_pubkey(x509, key.get()) == 1);
  X509_NAME* name = X509_get_subject_name(x509);
  const auto* common = reinterpret_cast<const unsigned char*>("plugproof file servers");
  need(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common, -1, -1, 0) == 1 &&
       X509_set_issuer_name(x509, name) == 1);
  extend(x509, NID_basic_constraints, "critical,CA:FALSE");
  extend(x509, NID_key_usage, "critical,digitalSignature,keyEncipherment");
  extend(x509, NID_ext_key_usage, "serverAuth");
  extend(x509, NID_subject_alt_name, alternative_names(hosts));
  need(X509_sign(x509, key.get(), EVP_sha256()) > 0);

  const auto chain = certs::writing(), secret = certs::writing();
  need(PEM_write_bio_X509(chain.get(), x509) == 1 &&
       PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) ==
           1);
  return {certs::text_of(chain.get()), certs::text_of(secret.get()), false};
}

ServerCertificate read_server_certificate(const std::string& chain_path,
                                          const std::string& key_path) {
  ServerCertificate files{read_text(chain_path, "certificate"), read_text(key_path, "key"), false};
  const auto chain = certs::reading(files.chain), secret = certs::reading(files.key);
  const Certificate certificate(PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr));
  if (!certificate)
    throw base::InputError(chain_path +
                           ": this is no certificate in PEM; the file servers need one");
  // Nobody is there to type a pass phrase.
  bool protected_key = false;
  const auto no_phrase = [](char*, int, int, void* told) {
    *static_cast<bool*>(told) = true;
    return -1;
  };
  const Key key(PEM_read_bio_PrivateKey(secret.get(), nullptr, no_phrase, &protected_key));
  if (!key)
    throw base::InputError(
        key_path + (protected_key ? ": the key is protected by a pass phrase; write it without one "
                                    "(openssl pkey -in ... -out ...)"
                                  : ": this is no private key in PEM; the file servers need one"));
  if (X509_check_private_key(certificate.get(), key.get()) != 1)
    throw base::InputError(key_path + ": this key does not belong to the certificate in " +
                           chain_path);
  files.elliptic = EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_EC;
  if (!files.elliptic && EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA)
    throw base::InputError(key_path + ": the file servers need an RSA or an ECDSA key");
  return files;
}

}  // namespace plugproof::transfer
