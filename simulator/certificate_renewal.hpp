// The charge point certificate: a new key and a request for a certificate, on demand or a month
// before the one in use expires, and what comes back (security whitepaper, use cases A02 and A03).
#pragma once

#include <string>

#include "engine/base/value.hpp"
#include "simulator/timer.hpp"

namespace plugproof::simulator {

struct Station;

class CertificateRenewal {
 public:
  explicit CertificateRenewal(Station& station);

  // Why no certificate can be asked for; empty when it can.
  std::string problem() const;
  // Asks for one. `urgent`: also while the registration is pending.
  void begin(bool urgent);
  // CertificateSigned.req: the payload of its answer. Whether the connection must be made anew then
  // stands in `reconnects`.
  base::Value signed_chain(const base::Value& request, bool& reconnects);
  // Accepted for the first time since power on: an expiry is watched from now on.
  void registered();
  void stop();

 private:
  std::string chain_problem(const std::string& pem) const;
  void take(const std::string& pem);
  void watch_expiry();

  Station& station_;
  Timer due_;
};

}  // namespace plugproof::simulator
