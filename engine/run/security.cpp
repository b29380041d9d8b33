#include "engine/run/security.hpp"

#include "engine/base/diagnostics.hpp"

namespace plugproof::run {

using base::Value;

namespace {

constexpr int kUnauthorized = 401;

}  // namespace

Value Security::credentials(const link::Handshake& handshake) const {
  // A recorded one was judged when it came.
  if (!handshake.credentials.is_null()) return handshake.credentials;
  if (!vault_ || (!uses_basic() && !handshake.authorization)) return Value();
  Value facts = vault_->credentials(handshake);
  if (facts.is_null()) return facts;
  if (!uses_basic()) return facts;  // sent without need: there is nothing to decide
  const std::string which = facts.string_or("key", "");
  const bool known = which == "configured" || which == "temporary";
  const bool expected = key_.empty() || which == key_ || which == offered_;
  const Value* user = facts.find("user_is_identity");
  facts.set("valid", known && expected && user && *user == Value(true));
  return facts;
}

link::Admission Security::admit(const link::Handshake& handshake) const {
  if (!uses_basic()) return {};
  const Value facts = credentials(handshake);
  if (*facts.find("valid") == Value(true)) return {};
  const std::string scheme = facts.string_or("scheme", "none");
  if (scheme == "none") return {kUnauthorized, "no Authorization header was sent"};
  if (scheme != "Basic")
    return {kUnauthorized, "the Authorization header is no valid one of the scheme Basic"};
  if (const Value* user = facts.find("user_is_identity"); !user || *user != Value(true))
    return {kUnauthorized, "the user of Basic authentication is not the charge point's identity"};
  if (facts.string_or("key", "") == "other")
    return {kUnauthorized, "the password of Basic authentication is not the AuthorizationKey"};
  return {kUnauthorized, "the password of Basic authentication is no longer the AuthorizationKey"};
}

void Security::connected(const Value& credentials) {
  const std::string which = credentials.string_or("key", "");
  if (uses_basic() && (which == "configured" || which == "temporary")) key_ = held_ = which;
}

void Security::key_asked(const std::string& value) {
  offered_ = vault_ ? vault_->which_key(value) : "";
}

void Security::key_answered(bool accepted, bool later) {
  if ((accepted || later) && !offered_.empty()) held_ = offered_;
  if (accepted && !offered_.empty()) key_ = offered_;
  if (later) key_.clear();  // when it reboots is its own affair
  offered_.clear();
}

Vault::Made Security::make(const std::string& thing, const Value& arguments) {
  if (!vault_) return {{}, "this run has no keys and certificates"};
  return vault_->make(thing, arguments);
}

void Security::serve(link::Link& link, const Serving& serving) {
  if (!vault_) throw base::InputError("this run has no keys and certificates");
  link.secure(vault_->server(serving));
  served(serving);
}

}  // namespace plugproof::run
