#include "engine/run/pixit_security.hpp"

#include <algorithm>
#include <filesystem>

#include "engine/base/encoding.hpp"
#include "engine/suite/map_reader.hpp"
#include "engine/suite/selection.hpp"

namespace plugproof::run {

using base::Diagnostics;
using base::Value;
using base::YamlNode;

namespace {

// Security whitepaper, key AuthorizationKey: at most 40 hexadecimal digits, at least 16 bytes.
constexpr std::size_t kLeastKey = 16, kMostKey = 20;

// Nothing lets a charge point take these; what it may take is tried by supplementary cases.
const std::vector<std::string> kRefused{"expired",  "not-yet-valid", "wrong-host",
                                        "wrong-ca", "wrong-key",     "garbage"};

void load_profile(const YamlNode& node, const pics::Pics& pics, SecuritySettings& security,
                  Diagnostics& diagnostics) {
  const Value value = node.to_value();
  if (!value.is_int() || value.as_int() < 0 || value.as_int() > 3) {
    diagnostics.error(node.pos, "'profile' must be a security profile, from 0 to 3");
    return;
  }
  const int profile = static_cast<int>(value.as_int());
  const auto claimed = suite::security_profiles_of(pics);
  if (profile > 0 && std::find(claimed.begin(), claimed.end(), profile) == claimed.end())
    diagnostics.error(node.pos,
                      "the PICS does not claim the security profile " + std::to_string(profile));
  security.profile = profile;
}

void load_key(suite::MapReader& in, SecuritySettings& security, Diagnostics& diagnostics) {
  const YamlNode* hex = in.get("authorization_key");
  const YamlNode* text = in.get("authorization_password");
  if (hex && text)
    diagnostics.error(text->pos,
                      "'authorization_password' and 'authorization_key' are the same key",
                      "give it once: as a text, or in hexadecimal");
  const YamlNode* given = hex ? hex : text;
  if (!given) return;
  const auto bytes = hex ? base::from_hex(hex->text) : std::optional(text->text);
  // The key itself stands in no message.
  if (!bytes) {
    diagnostics.error(given->pos, "'authorization_key' is not hexadecimal",
                      "quote it, or give the same key as a text with authorization_password");
    return;
  }
  if (bytes->size() < kLeastKey || bytes->size() > kMostKey)
    diagnostics.error(given->pos, "the authorization key has " + std::to_string(bytes->size()) +
                                      " bytes, but it must have 16 to 20");
  security.authorization_key = *bytes;
}

std::string path_at(suite::MapReader& in, const char* name, bool folder, Diagnostics& diagnostics) {
  const YamlNode* node = in.get(name);
  if (!node) return {};
  std::error_code error;
  const bool there = folder ? std::filesystem::is_directory(node->text, error)
                            : std::filesystem::is_regular_file(node->text, error);
  if (!there)
    diagnostics.error(node->pos,
                      "'" + std::string(name) + "': there is no " + (folder ? "folder" : "file") +
                          " '" + node->text + "'",
                      folder ? "plugproof pki init makes one"
                             : "paths count from the folder in "
                               "which plugproof is started");
  return node->text;
}

}  // namespace

void load_security(const YamlNode& node, const pics::Pics& pics, SecuritySettings& security,
                   std::map<std::string, Value>& values, Diagnostics& diagnostics) {
  suite::MapReader in(node, "security", diagnostics);
  if (const YamlNode* profile = in.get("profile"))
    load_profile(*profile, pics, security, diagnostics);
  load_key(in, security, diagnostics);
  security.pki = path_at(in, "pki", true, diagnostics);
  if (in.get("tls13")) security.tls13 = in.flag("tls13");
  security.firmware_certificate = path_at(in, "firmware_certificate", false, diagnostics);
  security.firmware_signature = path_at(in, "firmware_signature", false, diagnostics);
  if (security.firmware_certificate.empty() != security.firmware_signature.empty())
    diagnostics.error(node.pos, "'firmware_certificate' and 'firmware_signature' belong together",
                      "give both, or neither: the bench then signs the image itself");
  if (const YamlNode* padding = in.get("firmware_padding")) {
    if (padding->text != "pkcs1" && padding->text != "pss")
      diagnostics.error(padding->pos, "'firmware_padding' must be pkcs1 or pss");
    security.pss = padding->text == "pss";
  }
  if (const YamlNode* kind = in.get("invalid_certificate")) {
    if (std::find(kRefused.begin(), kRefused.end(), kind->text) == kRefused.end())
      diagnostics.error(
          kind->pos,
          "'" + kind->text + "' is no kind of bad certificate that every charge point must refuse",
          base::did_you_mean(kind->text, kRefused));
    values["invalid_certificate"] = kind->text;
  }
  in.finish();
  const int profile = security.profile_or(0);
  if ((profile == 1 || profile == 2) && security.authorization_key.empty())
    diagnostics.error(node.pos, "security profile " + std::to_string(profile) +
                                    " needs the charge point's 'authorization_key'");
  if (profile >= 2 && security.pki.empty())
    diagnostics.error(node.pos,
                      "security profile " + std::to_string(profile) +
                          " needs 'pki', the folder with the bench's certificates",
                      "plugproof pki init makes one");
}

}  // namespace plugproof::run
