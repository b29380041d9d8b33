// Where things lie in the folder of a PKI: said once for who writes it and who reads it.
#pragma once

#include <vector>

#include "certs/bench_pki.hpp"

namespace plugproof::certs {

inline constexpr const char* kCertificateFile = "certificate.pem";
inline constexpr const char* kKeyFile = "key.pem";
inline constexpr const char* kFurtherRoots = "charge-point-roots";

inline constexpr const char* kCentralSystemRoot = "central-system-root";
inline constexpr const char* kServers = "central-system-servers";
inline constexpr const char* kChargePoints = "charge-points";
inline constexpr const char* kServer = "server";
inline constexpr const char* kManufacturerRoot = "manufacturer-root";
inline constexpr const char* kFirmwareSigner = "firmware-signer";
inline constexpr const char* kSpareCentralSystemRoot = "spare-central-system-root";
inline constexpr const char* kSpareManufacturerRoot = "spare-manufacturer-root";

// One folder of a family.
struct LaidOut {
  const char* folder;
  const char* purpose;
  Usage usage;
  Certificate root;
  std::vector<Certificate> chain;  // without the root, but where it is one
  const PrivateKey* key;           // nullptr: there is none
};
// Roots before what is below them.
std::vector<LaidOut> laid_out(const BenchPki::Half& half);

}  // namespace plugproof::certs
