#include "engine/transfer/names.hpp"

#include <algorithm>
#include <cctype>

namespace plugproof::transfer {

std::vector<Protocol> protocols_named(std::string_view word) {
  std::string upper(word);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (upper == "HTTP") return {Protocol::http};
  if (upper == "HTTPS") return {Protocol::https};
  if (upper == "FTP") return {Protocol::ftp};
  if (upper == "FTPS") return {Protocol::ftps, Protocol::ftps_implicit};
  return {};
}

const std::vector<std::string>& protocol_words() {
  static const std::vector<std::string> kWords{"HTTP", "HTTPS", "FTP", "FTPS"};
  return kWords;
}

std::optional<Conduct> conduct_named(std::string_view word) {
  for (const auto conduct : {Conduct::whole, Conduct::missing, Conduct::broken, Conduct::stalled})
    if (word == to_string(conduct)) return conduct;
  return std::nullopt;
}

const std::vector<std::string>& conduct_words() {
  static const std::vector<std::string> kWords{"whole", "missing", "broken", "stalled"};
  return kWords;
}

}  // namespace plugproof::transfer
