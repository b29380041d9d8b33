// certificateHashData of OCPP: how Central System and charge point name a certificate to each other
// ("Improved security for OCPP 1.6-J", CertificateHashDataType; RFC 6960 section 4.1.1).
#pragma once

#include <string>

#include "certs/certificate.hpp"

namespace plugproof::certs {

struct HashData {
  std::string algorithm;  // SHA256, SHA384, SHA512
  // Lower-case hex: of the issuer's name in DER, and of its key's BIT STRING without tag, length
  // and number of unused bits.
  std::string issuer_name_hash, issuer_key_hash;
  std::string serial_number;  // lower-case hex without leading zeros

  // Upper and lower case are the same: OCPP does not say which hex digits to use.
  bool operator==(const HashData& other) const;
};

// Lower-case hex. Throws std::invalid_argument for an algorithm that OCPP does not know.
std::string digest_hex(const std::string& bytes, const std::string& algorithm);

// A root is its own issuer. Throws std::invalid_argument for an algorithm that OCPP does not know.
HashData hash_data(const Certificate& certificate, const Certificate& issuer,
                   const std::string& algorithm);

}  // namespace plugproof::certs
