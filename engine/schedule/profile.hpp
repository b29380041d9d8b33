// A charging profile of OCPP 1.6 sections 7.8 to 7.14, read once. Instants are UTC, spans seconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/base/value.hpp"

namespace plugproof::schedule {

enum class Purpose { charge_point_max, tx_default, tx };
enum class Kind { absolute, recurring, relative };
enum class Unit { ampere, watt };

struct Period {
  std::int64_t start = 0;  // seconds since the start of the schedule
  double limit = 0;        // in the profile's unit
  int phases = 3;          // the default of section 7.14
};

struct Profile {
  std::int64_t id = 0;
  std::int64_t connector = 0;
  Purpose purpose = Purpose::tx_default;
  Kind kind = Kind::absolute;
  base::Micros recurrence{0};  // of a recurring one: a day or a week
  std::int64_t stack_level = 0;
  std::optional<std::int64_t> transaction;
  std::optional<base::Micros> valid_from, valid_to;
  std::optional<base::Micros> start;     // startSchedule
  std::optional<std::int64_t> duration;  // seconds; absent: the last period goes on
  Unit unit = Unit::ampere;
  std::vector<Period> periods;  // by their start
};

// Seconds beyond a century count as that, so that sums with any instant still fit.
base::Micros seconds(std::int64_t count);

std::optional<Unit> unit_of(std::string_view word);  // "A", "W"
const char* to_string(Unit unit);

// A ChargingProfile with the member `connectorId` beside its own. Nothing, with the reason in
// `problem`, when it is none.
std::optional<Profile> read_profile(const base::Value& value, std::string& problem);

}  // namespace plugproof::schedule
