// Certificates that are bad on purpose, each in one way: a charge point has to refuse them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "certs/authority.hpp"

namespace plugproof::certs {

enum class Bad {
  expired,
  not_yet_valid,
  wrong_host,       // hosts that nobody asks for; of a client another common name
  wrong_ca,         // by an authority that has the name of the right one and another key
  weak_key,         // RSA of 1024 bits or P-192, as the authority's key is RSA or EC
  wrong_order,      // the authorities backwards, the root included; TLS 1.3 allows any order
  no_intermediate,  // the certificate alone, by an intermediate authority
  wrong_key,        // of another key than the one that goes with it
  garbage           // PEM around bytes that are no certificate
};

const std::vector<std::string>& bad_names();  // as a person writes them: "not-yet-valid"
std::optional<Bad> bad_named(const std::string& name);

// In PEM, garbage being no certificate.
struct BadCredential {
  std::string chain_pem, key_pem;
};
// What `authority` would have issued for `profile` and `good_key`, of its own kind, but for what is
// bad. `now` is the time (UTC) by which it is bad; the times of `profile` hold otherwise.
BadCredential bad_credential(Bad bad, const Authority& authority, const PrivateKey& good_key,
                             const Profile& profile, base::Micros now);
// For a new key.
BadCredential bad_credential(Bad bad, const Authority& authority, const Profile& profile,
                             base::Micros now);
// The chain in PEM for the key of a request, where weak_key and wrong_key are other keys.
std::string bad_answer(Bad bad, const Authority& authority, const SigningRequest& request,
                       const Profile& profile, base::Micros now);
// A root that is expired, not_yet_valid, weak_key or garbage, in PEM. Throws std::invalid_argument
// for the others.
std::string bad_root(Bad bad, KeyKind kind, const Profile& profile, base::Micros now);

}  // namespace plugproof::certs
