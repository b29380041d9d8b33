#include "certs/signing_request.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "certs/naming.hpp"
#include "certs/openssl.hpp"
#include "engine/base/diagnostics.hpp"

namespace plugproof::certs {

SigningRequest::SigningRequest(X509_req_st* owned) : request_(owned, X509_REQ_free) {
  need(owned != nullptr, "make a certificate signing request");
}

SigningRequest SigningRequest::make(const PrivateKey& key, const std::string& common_name,
                                    const std::string& organization) {
  SigningRequest request(X509_REQ_new());
  set_name(X509_REQ_get_subject_name(request.get()), common_name, organization);
  need(X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1 &&
           X509_REQ_set_pubkey(request.get(), key.get()) == 1 &&
           X509_REQ_sign(request.get(), key.get(), digest_for(key.get())) > 0,
       "sign a certificate signing request");
  return request;
}

SigningRequest SigningRequest::from_pem(std::string_view text, const std::string& source) {
  ERR_clear_error();
  X509_REQ* request = PEM_read_bio_X509_REQ(reading(text).get(), nullptr, nullptr, nullptr);
  if (request) return SigningRequest(request);
  const bool none = no_pem_left();
  const std::string problem = last_error();
  throw base::InputError(source +
                         (none ? ": there is no certificate signing request in PEM (-----BEGIN "
                                 "CERTIFICATE REQUEST-----)"
                               : ": the certificate signing request cannot be read: " + problem));
}

std::string SigningRequest::pem() const {
  const OwnedBio out = writing();
  need(PEM_write_bio_X509_REQ(out.get(), get()) == 1, "write a certificate signing request");
  return text_of(out.get());
}

std::string SigningRequest::common_name() const {
  return name_entry(X509_REQ_get_subject_name(get()), NID_commonName);
}

std::string SigningRequest::organization() const {
  return name_entry(X509_REQ_get_subject_name(get()), NID_organizationName);
}

std::string SigningRequest::key_kind() const {
  return kind_of(X509_REQ_get0_pubkey(get()));
}

int SigningRequest::key_bits() const {
  return bits_of(X509_REQ_get0_pubkey(get()));
}

int SigningRequest::digest_bits() const {
  int digest = NID_undef;
  const bool known = OBJ_find_sigid_algs(X509_REQ_get_signature_nid(get()), &digest, nullptr) == 1;
  const EVP_MD* md = known && digest != NID_undef ? EVP_get_digestbynid(digest) : nullptr;
  ERR_clear_error();
  return md ? 8 * EVP_MD_get_size(md) : 0;
}

std::string SigningRequest::public_key_der() const {
  return certs::public_key_der(X509_REQ_get0_pubkey(get()));
}

bool SigningRequest::signature_holds() const {
  EVP_PKEY* key = X509_REQ_get0_pubkey(get());
  const bool holds = key && X509_REQ_verify(get(), key) == 1;
  ERR_clear_error();
  return holds;
}

}  // namespace plugproof::certs
