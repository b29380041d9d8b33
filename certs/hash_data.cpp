#include "certs/hash_data.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

#include "certs/openssl.hpp"
#include "engine/base/encoding.hpp"

namespace plugproof::certs {

namespace {

const EVP_MD* digest_named(const std::string& algorithm) {
  if (algorithm == "SHA256") return EVP_sha256();
  if (algorithm == "SHA384") return EVP_sha384();
  if (algorithm == "SHA512") return EVP_sha512();
  throw std::invalid_argument("'" + algorithm +
                              "' is no hash algorithm of OCPP: SHA256, SHA384 or SHA512");
}

std::string hex(const unsigned char* bytes, unsigned size) {
  return base::to_hex({reinterpret_cast<const char*>(bytes), size});
}

bool same(const std::string& a, const std::string& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

}  // namespace

bool HashData::operator==(const HashData& other) const {
  return same(algorithm, other.algorithm) && same(issuer_name_hash, other.issuer_name_hash) &&
         same(issuer_key_hash, other.issuer_key_hash) && same(serial_number, other.serial_number);
}

std::string digest_hex(const std::string& bytes, const std::string& algorithm) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  need(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, digest_named(algorithm),
                  nullptr) == 1,
       "digest bytes");
  return hex(digest.data(), size);
}

HashData hash_data(const Certificate& certificate, const Certificate& issuer,
                   const std::string& algorithm) {
  const EVP_MD* digest = digest_named(algorithm);
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  need(X509_NAME_digest(X509_get_issuer_name(certificate.get()), digest, bytes.data(), &size) == 1,
       "digest an issuer's name");
  HashData data{algorithm, hex(bytes.data(), size), {}, certificate.serial_number()};
  need(X509_pubkey_digest(issuer.get(), digest, bytes.data(), &size) == 1, "digest a key");
  data.issuer_key_hash = hex(bytes.data(), size);
  return data;
}

}  // namespace plugproof::certs
