// SetChargingProfile, ClearChargingProfile and GetCompositeSchedule (OCPP 1.6
// sections 5.5, 5.7, 5.16).
#include "simulator/request_desk.hpp"
#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Value;

RequestDesk::Reply RequestDesk::set_charging_profile(const Value& request) {
  const Context& context = station_.context;
  const std::int64_t number = request.int_or("connectorId", -1);
  // Errata sheet 4.0 of section 5.16.
  if (number < 0 || number > context.capabilities.connectors)
    return {{}, {}, "PropertyConstraintViolation", "there is no such connectorId"};
  const int connector = static_cast<int>(number);
  const Value* profile = request.find("csChargingProfiles");
  const bool homeless = profile && connector > 0 &&
                        profile->string_or("chargingProfilePurpose", "") == "TxProfile" &&
                        !station_.transactions.of(connector);
  const std::string word = profile ? station_.charging.install(connector, *profile) : "Rejected";
  if (word == "Rejected" && homeless && context.variations.refuses_by_error)
    return {{}, {}, "PropertyConstraintViolation", "no transaction runs there"};
  return {Value::object({{"status", word}}), [this] { station_.charging.apply(); }, {}, {}};
}

RequestDesk::Reply RequestDesk::clear_charging_profile(const Value& request) {
  const std::string word = station_.charging.clear(request);
  return {Value::object({{"status", word}}), [this] { station_.charging.apply(); }, {}, {}};
}

RequestDesk::Reply RequestDesk::get_composite_schedule(const Value& request) {
  Context& context = station_.context;
  Reply rejected{Value::object({{"status", "Rejected"}}), {}, {}, {}};
  const std::int64_t number = request.int_or("connectorId", -1);
  const std::int64_t duration = request.int_or("duration", -1);
  constexpr std::int64_t kLongest = 366 * 86400;
  if (number < 0 || number > context.capabilities.connectors || duration < 0 || duration > kLongest)
    return rejected;
  // Without a wish, in the unit that is known best.
  const auto units = context.configuration.list("ChargingScheduleAllowedChargingRateUnit");
  const std::string fallback = units.empty() || units.front() == "Current" ? "A" : "W";
  const bool in_watts = request.string_or("chargingRateUnit", fallback) == "W";
  auto schedule = station_.charging.composite(static_cast<int>(number), duration, in_watts);
  if (!schedule) return rejected;
  return {*std::move(schedule), {}, {}, {}};
}

}  // namespace plugproof::simulator
