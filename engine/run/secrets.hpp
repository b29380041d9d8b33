// Keeps secrets out of the journal: what stands there instead is a digest under a key of the run,
// so that equality can still be judged.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/value.hpp"

namespace plugproof::run {

class SecretMask {
 public:
  explicit SecretMask(std::string key) : key_(std::move(key)) {}

  // "hmac:" and the HMAC-SHA-256 of the secret. What is such a digest already stays as it is: a
  // recorded run is judged again from a record without secrets.
  std::string digest(std::string_view secret) const;
  // A frame's text with every value of the configuration key AuthorizationKey (security whitepaper
  // section 2.3) replaced, and those values. Any other text comes back as it is.
  struct Masked {
    std::string text;
    std::vector<std::string> secrets;
  };
  Masked masked(const std::string& frame_text) const;

 private:
  std::string key_;
};

// The arguments of a step with every value of AuthorizationKey replaced by "...": a case can name
// one, and what a step is for is shown.
base::Value without_secrets(base::Value arguments);

// Whether a text is what stands in the journal in place of a secret.
bool is_digest(std::string_view text);

// The password of a URL (RFC 3986 section 3.2.1, user:password@host) as it stands there; empty when
// it has none.
std::string password_in(std::string_view url);

// 32 random bytes as hex, for a run on real time.
std::string random_mask_key();

}  // namespace plugproof::run
