// What a server speaks of TLS: what the security profiles want, or on purpose something else.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugproof::link {

struct TlsOffer {
  std::vector<std::string> versions{"TLSv1.2"};  // of "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"
  // IANA names; without one of a version, the four of the profiles, and all of TLS 1.3.
  std::vector<std::string> cipher_suites{};
};

// The names by which test cases know them:
//   profile            what the security profiles want
//   old-version        TLS 1.1 alone
//   unsuitable-suites  TLS 1.2 with suites alone that encrypt nothing or prove nobody's identity
//   other-suites       TLS 1.2 with suites alone that are sound, and that no profile names
inline constexpr const char* kProfileOffer = "profile";
const std::vector<std::string>& tls_offer_names();
std::optional<TlsOffer> tls_offer_named(std::string_view name);

}  // namespace plugproof::link
