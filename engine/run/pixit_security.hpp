// The section `security` of a PIXIT: how the charge point is set up, and the bench's keys and
// certificates (docs/pixit.md).
#pragma once

#include <map>
#include <optional>
#include <string>

#include "engine/base/diagnostics.hpp"
#include "engine/base/value.hpp"
#include "engine/base/yaml.hpp"
#include "pics/pics.hpp"

namespace plugproof::run {

struct SecuritySettings {
  // The security profile that the charge point has when the run begins; absent: as the bench has
  // it, which is the lowest claimed one for a simulated charge point and none for one that
  // connects.
  std::optional<int> profile;
  std::string authorization_key;  // its bytes; a secret
  std::string pki;                // folder that `plugproof pki init` made
  bool tls13 = false;             // may be agreed on too
  // Of the image in `files.firmware`, where its manufacturer and not the bench signs it.
  std::string firmware_certificate, firmware_signature;  // files: PEM, and base64
  bool pss = false;                                      // the bench signs with RSA-PSS

  int profile_or(int otherwise) const { return profile.value_or(otherwise); }
};

void load_security(const base::YamlNode& node, const pics::Pics& pics, SecuritySettings& security,
                   std::map<std::string, base::Value>& values, base::Diagnostics& diagnostics);

}  // namespace plugproof::run
