#include "engine/run/secrets.hpp"

#include <random>

#include "engine/base/json.hpp"
#include "engine/base/sha256.hpp"

namespace plugproof::run {

using base::Value;

namespace {

constexpr const char* kSecretKey = "AuthorizationKey";

// Both ChangeConfiguration.req and the items of GetConfiguration.conf are objects with `key` and
// `value`. True when something was replaced.
template <class Instead>
bool replace(Value& value, const Instead& instead) {
  bool replaced = false;
  if (value.is_list())
    for (auto& item : value.as_list()) replaced = replace(item, instead) || replaced;
  if (!value.is_object()) return replaced;
  if (value.string_or("key", "") == kSecretKey)
    if (Value* secret = value.find("value"); secret && secret->is_string()) {
      *secret = Value(instead(secret->as_string()));
      replaced = true;
    }
  for (auto& [name, member] : value.as_object()) replaced = replace(member, instead) || replaced;
  return replaced;
}

}  // namespace

bool is_digest(std::string_view text) {
  constexpr std::string_view kMark = "hmac:";
  constexpr std::size_t kDigits = 64;
  return text.size() == kMark.size() + kDigits && text.starts_with(kMark) &&
         text.find_first_not_of("0123456789abcdef", kMark.size()) == std::string_view::npos;
}

std::string SecretMask::digest(std::string_view secret) const {
  if (is_digest(secret)) return std::string(secret);
  return "hmac:" + base::hmac_sha256_hex(key_, secret);
}

SecretMask::Masked SecretMask::masked(const std::string& frame_text) const {
  if (frame_text.find(kSecretKey) == std::string::npos) return {frame_text, {}};
  auto parsed = base::read_json(frame_text);
  // Not JSON: what cannot be taken apart is not shown at all.
  if (!parsed.value) return {digest(frame_text), {}};
  std::vector<std::string> secrets;
  const auto by_digest = [&](const std::string& secret) {
    if (secret.empty()) return secret;  // there is none
    if (!is_digest(secret)) secrets.push_back(secret);
    return digest(secret);
  };
  if (!replace(*parsed.value, by_digest)) return {frame_text, {}};
  return {base::write_json(*parsed.value), std::move(secrets)};
}

Value without_secrets(Value arguments) {
  replace(arguments, [](const std::string&) { return std::string("..."); });
  return arguments;
}

std::string password_in(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::string_view rest = url.substr(scheme + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  const auto at = authority.rfind('@');
  if (at == std::string_view::npos) return {};
  const std::string_view user = authority.substr(0, at);
  const auto colon = user.find(':');
  return colon == std::string_view::npos ? std::string() : std::string(user.substr(colon + 1));
}

std::string random_mask_key() {
  std::random_device device;
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += std::to_string(device());
  return base::sha256_hex(bytes);
}

}  // namespace plugproof::run
