#include "certs/authority.hpp"

#include <openssl/bn.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <optional>
#include <utility>

#include "certs/naming.hpp"
#include "certs/openssl.hpp"
#include "engine/base/diagnostics.hpp"

namespace plugproof::certs {

namespace {

using OwnedCertificate = std::unique_ptr<X509, Free<X509_free>>;

// 9999-12-31T23:59:59Z, RFC 5280 section 4.1.2.5: for a certificate that has no well-defined end.
constexpr std::time_t kNoEnd = 253402300799;
constexpr int kSerialBits = 127;  // RFC 5280 section 4.1.2.2: above zero, at most 20 bytes

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const OwnedExtension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  need(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "extend a certificate");
}

void draw_serial(X509* certificate) {
  const std::unique_ptr<BIGNUM, Free<BN_free>> number(BN_new());
  need(number && BN_rand(number.get(), kSerialBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)),
       "draw a serial number");
}

std::time_t seconds(base::Micros utc) {
  return std::chrono::duration_cast<std::chrono::seconds>(utc).count();
}

// Nothing: a certificate that checks signatures and has no other use. The usages as RFC 5280
// sections 4.2.1.3 and 4.2.1.12 and the TLS suites want them: with RSA key exchange the server's
// key deciphers.
void extend_for(X509* x509, X509* issuer, const EVP_PKEY* key, std::optional<Usage> usage) {
  const bool ca = usage == Usage::ca;
  const bool deciphers = usage == Usage::server && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
  extend(x509, issuer, NID_basic_constraints, ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
  extend(x509, issuer, NID_key_usage,
         ca          ? "critical,keyCertSign,cRLSign"
         : deciphers ? "critical,digitalSignature,keyEncipherment"
                     : "critical,digitalSignature");
  if (usage == Usage::server) extend(x509, issuer, NID_ext_key_usage, "serverAuth");
  if (usage == Usage::client) extend(x509, issuer, NID_ext_key_usage, "clientAuth");
  if (usage == Usage::firmware) extend(x509, issuer, NID_ext_key_usage, "codeSigning");
  extend(x509, issuer, NID_subject_key_identifier, "hash");
  // Who issues itself has said whose key it is already.
  if (issuer != x509) extend(x509, issuer, NID_authority_key_identifier, "keyid:always");
}

std::string alternative_names(const std::vector<std::string>& hosts) {
  std::string names;
  for (const auto& host : hosts) {
    if (const std::string problem = host_problem(host); !problem.empty())
      throw base::InputError("'" + host + "' cannot be the host in a certificate: " + problem);
    names += (names.empty() ? "" : ",") + std::string(is_ip_address(host) ? "IP:" : "DNS:") + host;
  }
  return names;
}

// `issuer` nullptr: the certificate issues itself.
Certificate certify(const Profile& profile, std::optional<Usage> usage, const X509_NAME* subject,
                    EVP_PKEY* subject_key, X509* issuer, EVP_PKEY* issuer_key) {
  const OwnedCertificate certificate(X509_new());
  need(certificate != nullptr, "make a certificate");
  X509* x509 = certificate.get();
  draw_serial(x509);
  need(X509_set_version(x509, X509_VERSION_3) == 1 &&
           ASN1_TIME_set(X509_getm_notBefore(x509), seconds(profile.not_before)) &&
           ASN1_TIME_set(X509_getm_notAfter(x509), profile.not_after == base::Micros::zero()
                                                       ? kNoEnd
                                                       : seconds(profile.not_after)) &&
           X509_set_pubkey(x509, subject_key) == 1,
       "fill a certificate");
  if (subject)
    need(X509_set_subject_name(x509, subject) == 1, "name a certificate");
  else
    set_name(X509_get_subject_name(x509), profile.common_name, profile.organization);
  if (!issuer) issuer = x509;
  need(X509_set_issuer_name(x509, X509_get_subject_name(issuer)) == 1, "name an issuer");
  extend_for(x509, issuer, subject_key, usage);
  if (const std::string names = alternative_names(profile.hosts); !names.empty())
    extend(x509, issuer, NID_subject_alt_name, names);
  need(X509_sign(x509, issuer_key, digest_for(issuer_key)) > 0, "sign a certificate");
  return Certificate::held(x509);
}

}  // namespace

Certificate self_signed(const PrivateKey& key, const std::string& common_name) {
  constexpr std::time_t kDay =
      std::time_t{24} * 3600;  // seconds: another machine's clock may be behind
  Profile profile;
  profile.common_name = common_name;
  profile.not_before = std::chrono::seconds(std::time(nullptr) - kDay);
  return certify(profile, std::nullopt, nullptr, key.get(), nullptr, key.get());
}

Certificate self_signed(const PrivateKey& key, const Profile& profile) {
  return certify(profile, profile.usage, nullptr, key.get(), nullptr, key.get());
}

Authority Authority::root(KeyKind kind, const Profile& profile) {
  PrivateKey key = PrivateKey::make(kind);
  Certificate own = certify(profile, Usage::ca, nullptr, key.get(), nullptr, key.get());
  return Authority(std::move(key), {std::move(own)});
}

Authority Authority::intermediate(KeyKind kind, const Profile& profile) const {
  PrivateKey key = PrivateKey::make(kind);
  std::vector<Certificate> chain{
      certify(profile, Usage::ca, nullptr, key.get(), certificate().get(), key_.get())};
  chain.insert(chain.end(), chain_.begin(), chain_.end());
  return Authority(std::move(key), std::move(chain));
}

Authority::Authority(PrivateKey key, std::vector<Certificate> chain, const std::string& source)
    : Authority(std::move(key), std::move(chain)) {
  if (chain_.empty()) throw base::InputError(source + ": there is no certificate of the authority");
  if (!certificate().belongs_to(key_))
    throw base::InputError(source + ": the key is not that of the first certificate");
  for (std::size_t i = 0; i < chain_.size(); ++i)
    if (!chain_[std::min(i + 1, chain_.size() - 1)].issued(chain_[i]))
      throw base::InputError(source + ": certificate " + std::to_string(i + 1) +
                             " was not issued by the one that follows it, or the last one is no "
                             "root; put the authority's own certificate first and its root last");
}

Certificate Authority::issue(const PrivateKey& subject_key, const Profile& profile) const {
  return certify(profile, profile.usage, nullptr, subject_key.get(), certificate().get(),
                 key_.get());
}

Certificate Authority::issue(const SigningRequest& request, const Profile& profile) const {
  EVP_PKEY* key = X509_REQ_get0_pubkey(request.get());
  if (!key) throw base::InputError("the certificate signing request holds no key that can be read");
  const bool named = !profile.common_name.empty() || !profile.organization.empty();
  return certify(profile, profile.usage, named ? nullptr : X509_REQ_get_subject_name(request.get()),
                 key, certificate().get(), key_.get());
}

KeyKind Authority::kind_of_issued() const {
  return key_.kind() == "RSA" ? KeyKind::rsa_2048 : KeyKind::ec_p256;
}

Credential Authority::new_credential(const Profile& profile) const {
  PrivateKey key = PrivateKey::make(kind_of_issued());
  std::vector<Certificate> chain = chain_of(issue(key, profile));
  return {std::move(key), std::move(chain)};
}

std::vector<Certificate> Authority::chain_of(Certificate issued) const {
  std::vector<Certificate> chain{std::move(issued)};
  chain.insert(chain.end(), chain_.begin(), chain_.end() - 1);
  return chain;
}

std::string Authority::chain_pem() const {
  return pem_of(chain_);
}

}  // namespace plugproof::certs
