#include "engine/run/installed_profiles.hpp"

#include <algorithm>

namespace plugproof::run {

using base::Value;

namespace {

constexpr std::int64_t kAny = -1;

bool same(const Value& a, const Value& b, const char* member) {
  const Value* x = a.find(member);
  const Value* y = b.find(member);
  return x && y ? *x == *y : x == y;
}

// Sections 3.13.2 and 5.16.3: one of each id, and one of each purpose and stackLevel for a
// connector; TxProfiles of different transactions have nothing to do with each other.
bool replaces(const Value& next, const Value& old) {
  if (same(next, old, "chargingProfileId")) return true;
  for (const char* member :
       {"chargingProfilePurpose", "stackLevel", "connectorId", "transactionId"})
    if (!same(next, old, member)) return false;
  return true;
}

bool matches(const Value& profile, const Value& request) {
  // An id says it all: the other fields are ignored then (errata sheet 4.0, section 6.13).
  if (const Value* id = request.find("id")) {
    const Value* own = profile.find("chargingProfileId");
    return own && *own == *id;
  }
  for (const char* member : {"connectorId", "chargingProfilePurpose", "stackLevel"})
    if (request.find(member) && !same(profile, request, member)) return false;
  return true;
}

bool is_tx_profile(const Value& profile) {
  return profile.string_or("chargingProfilePurpose", "") == "TxProfile";
}

}  // namespace

void InstalledProfiles::install(Value profile) {
  known_ = true;
  std::erase_if(installed_, [&](const Value& old) { return replaces(profile, old); });
  installed_.push_back(std::move(profile));
}

void InstalledProfiles::set(const Value& request, const Value& running) {
  const Value* sent = request.find("csChargingProfiles");
  if (!sent || !sent->is_object()) return;
  Value profile = *sent;
  profile.set("connectorId", request.int_or("connectorId", 0));
  if (is_tx_profile(profile) && !profile.find("transactionId") && running.is_int())
    profile.set("transactionId", running);
  install(std::move(profile));
}

void InstalledProfiles::cleared(const Value& request, bool accepted) {
  const bool everything = request.is_object() && request.as_object().empty();
  known_ = known_ || everything;
  if (accepted || everything)
    std::erase_if(installed_, [&](const Value& profile) { return matches(profile, request); });
}

void InstalledProfiles::awaits_start(const Value& request) {
  const std::int64_t connector = request.int_or("connectorId", kAny);
  std::erase_if(waiting_, [&](const Waiting& w) { return w.connector == connector; });
  const Value* profile = request.find("chargingProfile");
  if (profile && profile->is_object())
    waiting_.push_back({connector, request.string_or("idTag", ""), *profile});
}

void InstalledProfiles::started(std::int64_t transaction, std::int64_t connector,
                                const std::string& id_tag) {
  const auto fits = [&](const Waiting& w) {
    return (w.connector == kAny || w.connector == connector) && w.id_tag == id_tag;
  };
  const auto it = std::find_if(waiting_.begin(), waiting_.end(), fits);
  if (it == waiting_.end()) return;
  Value profile = std::move(it->profile);
  waiting_.erase(it);
  profile.set("connectorId", connector);
  profile.set("transactionId", transaction);
  install(std::move(profile));
}

void InstalledProfiles::stopped(std::int64_t transaction) {
  std::erase_if(installed_, [&](const Value& profile) {
    return is_tx_profile(profile) && profile.int_or("transactionId", 0) == transaction &&
           profile.find("transactionId");
  });
}

void InstalledProfiles::not_started(std::int64_t connector) {
  std::erase_if(waiting_,
                [&](const Waiting& w) { return connector == kAny || w.connector == connector; });
}

Value InstalledProfiles::to_value() const {
  return known_ ? Value(Value::List(installed_)) : Value();
}

}  // namespace plugproof::run
