// What a bench has of keys and certificates. A recorded run, judged again, has what it had then.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/value.hpp"
#include "engine/link/link.hpp"

namespace plugproof::run {

// What new connections must bring, and what they are shown.
struct Serving {
  int profile = 0;                        // security profile
  std::string certificate = "valid";      // or how it is bad (certs/bad_certificate.hpp)
  std::string tls = link::kProfileOffer;  // what is spoken (link/tls_offer.hpp)

  // Nothing about it is wrong on purpose.
  bool is_proper() const { return certificate == "valid" && tls == link::kProfileOffer; }
};

class Vault {
 public:
  virtual ~Vault() = default;

  // What `make` steps ask for (engine/suite/security_steps.hpp): the thing, or why it cannot be
  // had.
  struct Made {
    base::Value value;
    std::string reason;  // empty: it is there
  };
  virtual Made make(const std::string& thing, const base::Value& arguments) = 0;

  // The same in the words of the link. Throws base::InputError when the bench has nothing of the
  // kind.
  virtual link::ServerSecurity server(const Serving& serving) = 0;

  // What an Authorization header says (RFC 7617), without secrets: `scheme`; of Basic
  // `user_is_identity`, `key`: "configured", "temporary" or "other", `bytes`, and `printable`.
  virtual base::Value credentials(const link::Handshake& handshake) = 0;
  // Which of the keys that is, as ChangeConfiguration carries it: "configured", "temporary" or
  // "other".
  virtual std::string which_key(std::string_view value) = 0;

  // For the `run` record: what a reader must know to check the run.
  virtual base::Value facilities() const = 0;
};

}  // namespace plugproof::run
