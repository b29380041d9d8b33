// Certificates for tests, all valid around the one moment that the tests take for now.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "certs/authority.hpp"
#include "certs/chain.hpp"

namespace plugproof::certs {

inline constexpr base::Micros kNow = std::chrono::seconds(1767225600);  // 2026-01-01
inline constexpr base::Micros kDay = std::chrono::hours(24);

inline Profile profile(Usage usage, const std::string& name,
                       const std::vector<std::string>& hosts = {}) {
  return {name, "Example Ltd", hosts, usage, kNow - kDay, kNow + 30 * kDay};
}

inline Authority a_root(KeyKind kind = KeyKind::ec_p256, const std::string& name = "Test root") {
  return Authority::root(kind, profile(Usage::ca, name));
}

// Who has issued a certificate with its chain up to, and without, the root.
inline std::vector<Certificate> chain_of(const Authority& by, Certificate leaf) {
  std::vector<Certificate> chain{std::move(leaf)};
  chain.insert(chain.end(), by.chain().begin(), by.chain().end() - 1);
  return chain;
}

}  // namespace plugproof::certs
