#include "engine/link/tls_offer.hpp"

#include <algorithm>
#include <utility>

namespace plugproof::link {
namespace {

const std::vector<std::pair<std::string, TlsOffer>>& offers() {
  static const std::vector<std::pair<std::string, TlsOffer>> table{
      {kProfileOffer, {}},
      {"old-version",
       {{"TLSv1.1"},
        {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
         "TLS_RSA_WITH_AES_128_CBC_SHA"}}},
      {"unsuitable-suites",
       {{"TLSv1.2"},
        {"TLS_ECDHE_ECDSA_WITH_NULL_SHA", "TLS_ECDHE_RSA_WITH_NULL_SHA", "TLS_RSA_WITH_NULL_SHA256",
         "TLS_ECDH_anon_WITH_AES_128_CBC_SHA"}}},
      {"other-suites",
       {{"TLSv1.2"},
        {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
         "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
         "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_RSA_WITH_AES_128_CBC_SHA256",
         "TLS_RSA_WITH_AES_256_CBC_SHA256"}}}};
  return table;
}

}  // namespace

const std::vector<std::string>& tls_offer_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& [name, offer] : offers()) all.push_back(name);
    return all;
  }();
  return names;
}

std::optional<TlsOffer> tls_offer_named(std::string_view name) {
  const auto found = std::find_if(offers().begin(), offers().end(),
                                  [&](const auto& entry) { return entry.first == name; });
  if (found == offers().end()) return std::nullopt;
  return found->second;
}

}  // namespace plugproof::link
