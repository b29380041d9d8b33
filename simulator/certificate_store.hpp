// The trust store: roots of Central Systems and of manufacturers, installed, listed and deleted by
// the Central System (security whitepaper, use cases M03 to M05).
#pragma once

#include <string>
#include <vector>

#include "certs/certificate.hpp"
#include "engine/base/value.hpp"
#include "simulator/memory.hpp"

namespace plugproof::simulator {

struct Station;

// certificateType (section 6.4).
inline constexpr const char* kCentralSystemRoot = "CentralSystemRootCertificate";
inline constexpr const char* kManufacturerRoot = "ManufacturerRootCertificate";

std::vector<certs::Certificate> roots_of(const Memory& memory, const std::string& type);
// What is wrong with a certificate as a root at that time (UTC); empty: nothing.
std::string root_problem(const certs::Certificate& root, base::Micros now);

class CertificateStore {
 public:
  explicit CertificateStore(Station& station) : station_(station) {}

  // Each takes a request and does what it says: the payload of the answer.
  base::Value install(const base::Value& request);
  base::Value list(const base::Value& request) const;
  base::Value remove(const base::Value& request);

 private:
  std::string install(const std::string& type, const std::string& pem);
  std::string remove(const StoredRoot& root);
  base::Value hash_data(const certs::Certificate& root) const;
  // Whether the connection that there is was made by trusting it.
  bool in_use(const StoredRoot& root) const;

  Station& station_;
};

}  // namespace plugproof::simulator
