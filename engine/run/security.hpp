// The security of one charge point's connections as a run sees it: the profile in force, who is let
// in, and which password it uses ("Improved security for OCPP 1.6-J", section 2).
#pragma once

#include <string>

#include "engine/link/link.hpp"
#include "engine/run/vault.hpp"

namespace plugproof::run {

class Security {
 public:
  // Without a vault there is no security: everybody is let in.
  Security(Vault* vault, int profile) : vault_(vault), serving_{profile} {}

  int profile() const { return serving_.profile; }
  const Serving& serving() const { return serving_; }
  bool uses_basic() const { return vault_ && (profile() == 1 || profile() == 2); }
  Vault* vault() const { return vault_; }

  // What the header says, with `valid` where one is needed: whether it is let in. Null where none
  // is needed or shown.
  base::Value credentials(const link::Handshake& handshake) const;
  link::Admission admit(const link::Handshake& handshake) const;

  // The connection was made with these credentials.
  void connected(const base::Value& credentials);
  // ChangeConfiguration of AuthorizationKey: until it is answered both keys are let in, since the
  // charge point may be quicker than its answer.
  void key_asked(const std::string& value);
  // `later`: it was taken up, and is used after a reboot only (RebootRequired).
  void key_answered(bool accepted, bool later);
  // Both keys are let in until the next connection tells which one is in force: what happened is
  // not known, or does not matter any more.
  void forget_key() { key_.clear(); }
  // The key that the charge point holds as far as it is known, used or not yet: "configured",
  // "temporary", or empty.
  const std::string& key_held() const { return held_; }

  Vault::Made make(const std::string& thing, const base::Value& arguments);
  // What it makes never stands in a record.
  static bool is_secret(const std::string& thing) { return thing == "authorization_key"; }

  // From now on. Throws base::InputError; nothing has changed then.
  void serve(link::Link& link, const Serving& serving);
  // It was done.
  void served(const Serving& serving) { serving_ = serving; }

 private:
  Vault* vault_;
  Serving serving_;
  std::string key_;  // in force; empty: not known
  std::string held_;
  std::string offered_;  // by a request that is not answered yet
};

}  // namespace plugproof::run
