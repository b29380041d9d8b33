#include "engine/schedule/profile.hpp"

#include <algorithm>

namespace plugproof::schedule {

using base::Micros;
using base::Value;

namespace {

constexpr std::int64_t kCentury = std::int64_t{100} * 366 * 86400;

std::optional<Purpose> purpose_of(const std::string& word) {
  if (word == "ChargePointMaxProfile") return Purpose::charge_point_max;
  if (word == "TxDefaultProfile") return Purpose::tx_default;
  if (word == "TxProfile") return Purpose::tx;
  return std::nullopt;
}

std::optional<Kind> kind_of(const std::string& word) {
  if (word == "Absolute") return Kind::absolute;
  if (word == "Recurring") return Kind::recurring;
  if (word == "Relative") return Kind::relative;
  return std::nullopt;
}

// A date-time member: true when it is absent or can be read.
bool read_instant(const Value& object, const char* key, std::optional<Micros>& out) {
  const Value* text = object.find(key);
  if (!text) return true;
  out = text->is_string() ? base::parse_utc(text->as_string()) : std::nullopt;
  return out.has_value();
}

bool read_periods(const Value& schedule, std::vector<Period>& out) {
  const Value* list = schedule.find("chargingSchedulePeriod");
  if (!list || !list->is_list() || list->as_list().empty()) return false;
  for (const auto& item : list->as_list()) {
    const Value* start = item.find("startPeriod");
    const Value* limit = item.find("limit");
    if (!start || !start->is_int() || !limit || !limit->is_number()) return false;
    const std::int64_t phases = std::clamp<std::int64_t>(item.int_or("numberPhases", 3), 1, 3);
    out.push_back({start->as_int(), limit->as_number(), static_cast<int>(phases)});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Period& a, const Period& b) { return a.start < b.start; });
  return true;
}

}  // namespace

Micros seconds(std::int64_t count) {
  return std::chrono::seconds(std::clamp(count, -kCentury, kCentury));
}

std::optional<Unit> unit_of(std::string_view word) {
  if (word == "A") return Unit::ampere;
  if (word == "W") return Unit::watt;
  return std::nullopt;
}

const char* to_string(Unit unit) {
  return unit == Unit::ampere ? "A" : "W";
}

std::optional<Profile> read_profile(const Value& value, std::string& problem) {
  const auto refuse = [&](const char* what) {
    problem = std::string("the charging profile ") + value.to_display() + " has no usable " + what;
    return std::nullopt;
  };
  Profile profile;
  profile.id = value.int_or("chargingProfileId", 0);
  profile.connector = value.int_or("connectorId", 0);
  profile.stack_level = value.int_or("stackLevel", 0);
  if (const Value* id = value.find("transactionId"); id && id->is_int())
    profile.transaction = id->as_int();
  const auto purpose = purpose_of(value.string_or("chargingProfilePurpose", ""));
  if (!purpose) return refuse("chargingProfilePurpose");
  profile.purpose = *purpose;
  const auto kind = kind_of(value.string_or("chargingProfileKind", ""));
  if (!kind) return refuse("chargingProfileKind");
  profile.kind = *kind;
  const std::string recurrency = value.string_or("recurrencyKind", "");
  if (*kind == Kind::recurring && recurrency != "Daily" && recurrency != "Weekly")
    return refuse("recurrencyKind");
  profile.recurrence = recurrency == "Weekly" ? seconds(7 * 86400) : seconds(86400);
  if (!read_instant(value, "validFrom", profile.valid_from)) return refuse("validFrom");
  if (!read_instant(value, "validTo", profile.valid_to)) return refuse("validTo");

  const Value* schedule = value.find("chargingSchedule");
  if (!schedule || !schedule->is_object()) return refuse("chargingSchedule");
  const auto unit = unit_of(schedule->string_or("chargingRateUnit", ""));
  if (!unit) return refuse("chargingRateUnit");
  profile.unit = *unit;
  if (!read_instant(*schedule, "startSchedule", profile.start)) return refuse("startSchedule");
  if (const Value* duration = schedule->find("duration")) {
    if (!duration->is_number()) return refuse("duration");
    profile.duration =
        duration->is_int() ? duration->as_int() : static_cast<std::int64_t>(duration->as_number());
  }
  if (!read_periods(*schedule, profile.periods)) return refuse("chargingSchedulePeriod");
  return profile;
}

}  // namespace plugproof::schedule
