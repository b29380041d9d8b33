#include "engine/suite/security_steps.hpp"

#include <algorithm>

#include "certs/bad_certificate.hpp"
#include "engine/link/tls_offer.hpp"

namespace plugproof::suite {

namespace {

void lint_word(const Template& value, const char* name, const std::vector<std::string>& allowed,
               base::Diagnostics& diagnostics) {
  const auto constant = value.constant();
  if (!constant) return;
  const std::string word = constant->is_string() ? constant->as_string() : constant->to_display();
  if (std::find(allowed.begin(), allowed.end(), word) == allowed.end())
    diagnostics.error(value.pos(), "'" + word + "' is no " + name,
                      base::did_you_mean(word, allowed));
}

std::vector<std::string> with_valid(std::vector<std::string> kinds) {
  kinds.insert(kinds.begin(), "valid");
  return kinds;
}

}  // namespace

const std::vector<Makeable>& makeable_things() {
  static const std::vector<Makeable> kThings{
      // Hexadecimal; `which`: configured, or temporary: another one, for as long as a case needs
      // it.
      {"authorization_key", {"which"}},
      // In PEM, for the signing request `csr`; `kind`: valid, or bad in one way.
      {"charge_point_certificate", {"csr", "kind"}},
      // Roots in PEM that charge points are to install.
      {"central_system_root", {"kind"}},
      // A list: those that the bench's own certificates hang on, or the one that nothing hangs on.
      {"central_system_roots", {"own"}},
      {"manufacturer_root", {}},
      // {signature, certificate} of a firmware image that was offered; `kind`: valid or invalid.
      {"firmware_signature", {"image", "kind"}}};
  return kThings;
}

std::vector<std::string> makeable_names() {
  std::vector<std::string> names;
  for (const auto& thing : makeable_things()) names.push_back(thing.name);
  return names;
}

void lint_make(const std::string& thing, const Template& arguments,
               base::Diagnostics& diagnostics) {
  const auto& things = makeable_things();
  const auto known = std::find_if(things.begin(), things.end(),
                                  [&](const Makeable& makeable) { return makeable.name == thing; });
  if (known == things.end()) return;
  for (const auto& [key, member] : arguments.members()) {
    const auto& taken = known->arguments;
    if (std::find(taken.begin(), taken.end(), key) == taken.end()) {
      diagnostics.error(member.pos(), "making a " + thing + " takes no '" + key + "'",
                        base::did_you_mean(key, taken));
      continue;
    }
    if (key == "which")
      lint_word(member, "authorization key", {"configured", "temporary"}, diagnostics);
    if (key != "kind") continue;
    if (thing == "firmware_signature")
      lint_word(member, "signature", {"valid", "invalid"}, diagnostics);
    else
      lint_word(member, "kind of certificate", with_valid(certs::bad_names()), diagnostics);
  }
}

void lint_serve(const Template& arguments, base::Diagnostics& diagnostics) {
  const std::vector<std::string> known{"profile", "certificate", "tls"};
  for (const auto& [key, member] : arguments.members()) {
    if (std::find(known.begin(), known.end(), key) == known.end())
      diagnostics.error(member.pos(), "'serve' knows no '" + key + "'",
                        base::did_you_mean(key, known));
    if (key == "certificate")
      lint_word(member, "kind of certificate", with_valid(certs::bad_names()), diagnostics);
    if (key == "tls")
      lint_word(member, "TLS that a server speaks", link::tls_offer_names(), diagnostics);
  }
}

const std::vector<std::string>& connection_facts() {
  static const std::vector<std::string> kFacts{"path", "identity",    "admitted",
                                               "tls",  "credentials", "certificate"};
  return kFacts;
}

}  // namespace plugproof::suite
