// For simulated worlds alone: keys, serial numbers and signatures that come out the same for the
// same seed, so that a run on virtual time can be repeated byte for byte.
#pragma once

#include <cstdint>

namespace plugproof::certs {

// While it exists, everything that OpenSSL draws follows from the seed; whoever knows that knows
// the keys. The one before it counts again afterwards. One thread.
class ReproducibleRandom {
 public:
  explicit ReproducibleRandom(std::uint64_t seed);
  ~ReproducibleRandom();
  ReproducibleRandom(const ReproducibleRandom&) = delete;
  ReproducibleRandom& operator=(const ReproducibleRandom&) = delete;

 private:
  const void* before_;  // the generator of OpenSSL that counted
  std::uint64_t state_before_;
};

}  // namespace plugproof::certs
