#include "certs/certificate.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <chrono>
#include <ctime>

#include "certs/naming.hpp"
#include "certs/openssl.hpp"
#include "engine/base/diagnostics.hpp"
#include "engine/base/encoding.hpp"
#include "engine/base/sha256.hpp"

namespace plugproof::certs {

namespace {

base::Micros time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1)
    throw base::InputError("a certificate holds a time that is none: " + last_error());
  using namespace std::chrono;
  const sys_days day = year(parts.tm_year + 1900) / month(static_cast<unsigned>(parts.tm_mon + 1)) /
                       std::chrono::day(static_cast<unsigned>(parts.tm_mday));
  return duration_cast<base::Micros>(day.time_since_epoch() + hours(parts.tm_hour) +
                                     minutes(parts.tm_min) + seconds(parts.tm_sec));
}

std::string bytes_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

// Of the four or sixteen bytes of an address; hex of other numbers of bytes.
std::string address_text(const std::string& bytes) {
  char text[INET6_ADDRSTRLEN];
  const int family = bytes.size() == 4 ? AF_INET : AF_INET6;
  if ((bytes.size() != 4 && bytes.size() != 16) ||
      !inet_ntop(family, bytes.data(), text, sizeof text))
    return base::to_hex(bytes);
  return text;
}

}  // namespace

Certificate::Certificate(x509_st* owned) : x509_(owned, X509_free) {
  need(owned != nullptr, "make a certificate");
}

std::vector<Certificate> Certificate::all_from_pem(std::string_view text,
                                                   const std::string& source) {
  const OwnedBio in = reading(text);
  std::vector<Certificate> all;
  ERR_clear_error();
  while (X509* x509 = PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr))
    all.push_back(Certificate(x509));
  const bool at_end = no_pem_left();
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
  std::string common = common_name();
  if (!common.empty()) return common;
  const X509_NAME* subject = X509_get_subject_name(get());
  const OwnedBio out = writing();
  X509_NAME_print_ex(out.get(), subject, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  return text_of(out.get());
}

std::string Certificate::fingerprint() const {
  return base::sha256_hex(der());
}

std::string Certificate::common_name() const {
  return name_entry(X509_get_subject_name(get()), NID_commonName);
}

std::string Certificate::organization() const {
  return name_entry(X509_get_subject_name(get()), NID_organizationName);
}

std::string Certificate::issuer_common_name() const {
  return name_entry(X509_get_issuer_name(get()), NID_commonName);
}

std::string Certificate::serial_number() const {
  return serial_text(X509_get0_serialNumber(get()));
}

base::Micros Certificate::not_before() const {
  return time_of(X509_get0_notBefore(get()));
}

base::Micros Certificate::not_after() const {
  return time_of(X509_get0_notAfter(get()));
}

std::vector<std::string> Certificate::hosts() const {
  const std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(get(), NID_subject_alt_name, nullptr, nullptr)));
  ERR_clear_error();
  std::vector<std::string> hosts;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int kind = 0;
    const auto* text = static_cast<const ASN1_STRING*>(
        GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &kind));
    if (kind == GEN_DNS)
      hosts.push_back(bytes_of(text));
    else if (kind == GEN_IPADD)
      hosts.push_back(address_text(bytes_of(text)));
  }
  return hosts;
}

std::string Certificate::key_kind() const {
  return kind_of(X509_get0_pubkey(get()));
}

int Certificate::key_bits() const {
  return bits_of(X509_get0_pubkey(get()));
}

std::string Certificate::public_key_der() const {
  return certs::public_key_der(X509_get0_pubkey(get()));
}

bool Certificate::issued(const Certificate& child) const {
  EVP_PKEY* key = X509_get0_pubkey(get());
  const bool did =
      key && X509_NAME_cmp(X509_get_subject_name(get()), X509_get_issuer_name(child.get())) == 0 &&
      X509_verify(child.get(), key) == 1;
  ERR_clear_error();
  return did;
}

bool Certificate::verifies(std::string_view message, std::string_view signature,
                           Padding padding) const {
  return signature_holds(X509_get0_pubkey(get()), message, signature, padding);
}

bool Certificate::belongs_to(const PrivateKey& key) const {
  const bool same = X509_check_private_key(get(), key.get()) == 1;
  ERR_clear_error();
  return same;
}

std::string pem_of(const std::vector<Certificate>& chain) {
  std::string text;
  for (const auto& certificate : chain) text += certificate.pem();
  return text;
}

}  // namespace plugproof::certs
