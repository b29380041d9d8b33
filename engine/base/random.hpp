// The one source of chance, seeded: what the engine or the simulator picks can be picked again. The
// standard distributions differ between libraries, so none is used.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace plugproof::base {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t bits() { return engine_(); }
  // 0 to bound - 1; bound must not be 0.
  std::uint64_t below(std::uint64_t bound) { return engine_() % bound; }
  // lowest to highest, both included.
  std::int64_t between(std::int64_t lowest, std::int64_t highest) {
    return lowest +
           static_cast<std::int64_t>(below(static_cast<std::uint64_t>(highest - lowest) + 1));
  }
  // True in `percent` of 100 draws.
  bool chance(unsigned percent) { return below(100) < percent; }
  // 32 lower-case hex digits in the shape of a UUID (version 4).
  std::string uuid();

 private:
  std::mt19937_64 engine_;
};

inline std::string Random::uuid() {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out(36, '-');
  for (std::size_t i = 0; i < out.size(); ++i)
    if (i != 8 && i != 13 && i != 18 && i != 23) out[i] = kDigits[below(16)];
  out[14] = '4';
  out[19] = kDigits[8 + below(4)];
  return out;
}

}  // namespace plugproof::base
