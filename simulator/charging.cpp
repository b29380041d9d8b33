#include "simulator/charging.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Micros;
using base::Value;

namespace {

// A schedule with more periods than this is not reported at all.
constexpr std::size_t kMostReported = 1000;

std::optional<Micros> instant(const Value& object, const char* name) {
  return base::parse_utc(object.string_or(name, ""));
}

}  // namespace

std::optional<LocalLimit> parse_local_limit(const std::string& text) {
  LocalLimit out;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, out.limit);
  if (error != std::errc{} || !std::isfinite(out.limit) || out.limit <= 0) return std::nullopt;
  std::string unit(rest, end);
  unit.erase(0, unit.find_first_not_of(' '));
  if (!unit.empty() && unit != "A" && unit != "W") return std::nullopt;
  out.in_watts = unit == "W";
  return out;
}

Charging::Charging(Station& station) : station_(station), next_(station.context.clock) {}

void Charging::stop() {
  next_.stop();
}

std::optional<ChargingProfile> Charging::read(int connector, const Value& given) const {
  ChargingProfile out;
  out.connector = connector;
  out.id = given.int_or("chargingProfileId", 0);
  out.stack_level = given.int_or("stackLevel", -1);
  out.purpose = given.string_or("chargingProfilePurpose", "");
  out.kind = given.string_or("chargingProfileKind", "");
  out.recurrency = given.string_or("recurrencyKind", "");
  out.valid_from = instant(given, "validFrom");
  out.valid_to = instant(given, "validTo");
  const Value* schedule = given.find("chargingSchedule");
  if (!schedule) return std::nullopt;
  out.start = instant(*schedule, "startSchedule");
  if (const Value* duration = schedule->find("duration"); duration && duration->is_int())
    out.duration = duration->as_int();
  out.in_watts = schedule->string_or("chargingRateUnit", "") == "W";
  const Value* periods = schedule->find("chargingSchedulePeriod");
  if (!periods || !periods->is_list()) return std::nullopt;
  for (const auto& period : periods->as_list()) {
    const Value* limit = period.find("limit");
    if (!limit || !limit->is_number()) return std::nullopt;
    out.periods.push_back({period.int_or("startPeriod", -1), limit->as_number(),
                           static_cast<int>(period.int_or("numberPhases", 3))});
  }
  return out;
}

// What of a profile can be used at all, whatever it is for (sections 5.16.4, 7.8, 9.4).
bool Charging::acceptable(const ChargingProfile& profile) const {
  const Configuration& configuration = station_.context.configuration;
  if (profile.stack_level < 0 ||
      profile.stack_level > configuration.number("ChargeProfileMaxStackLevel"))
    return false;
  if (profile.kind == "Recurring" && profile.recurrency.empty()) return false;
  if (profile.duration && *profile.duration < 0) return false;
  const auto units = configuration.list("ChargingScheduleAllowedChargingRateUnit");
  const bool known = std::any_of(units.begin(), units.end(), [&](const std::string& unit) {
    return (unit == "Current") != profile.in_watts;  // Power, named Watt by some
  });
  if (!known) return false;
  const auto& periods = profile.periods;
  if (periods.empty() || periods.front().start != 0 ||
      static_cast<std::int64_t>(periods.size()) >
          configuration.number("ChargingScheduleMaxPeriods"))
    return false;
  // A month is the most that the arithmetic of one period is asked for.
  for (std::size_t i = 0; i < periods.size(); ++i)
    if (periods[i].limit < 0 || periods[i].start > 31 * 86400 ||
        (i > 0 && periods[i].start <= periods[i - 1].start))
      return false;
  return true;
}

bool Charging::fits_remote_start(const Value& given) const {
  const auto profile = read(1, given);
  if (!profile || !acceptable(*profile)) return false;
  Defects& defects = station_.context.defects;
  const bool fits = profile->purpose == "TxProfile" && !given.find("transactionId");
  return fits || defects.hit("accept-any-remote-profile");
}

// Sections 3.13.2 and 5.16.3.
void Charging::replace_by(ChargingProfile profile) {
  auto& all = station_.context.memory.charging_profiles;
  std::erase_if(all, [&](const ChargingProfile& old) {
    return old.id == profile.id ||
           (old.purpose == profile.purpose && old.stack_level == profile.stack_level &&
            old.connector == profile.connector);
  });
  all.push_back(std::move(profile));
}

std::string Charging::install(int connector, const Value& given) {
  Context& context = station_.context;
  Defects& defects = context.defects;
  if (defects.hit("refuse-charging-profile")) return "Rejected";
  auto profile = read(connector, given);
  if (!profile || !acceptable(*profile)) return "Rejected";
  if (profile->purpose == "ChargePointMaxProfile" && connector != 0) return "Rejected";
  if (profile->purpose == "TxProfile") {
    if (connector == 0) return "Rejected";
    const Transaction* running = station_.transactions.of(connector);
    const Value* wanted = given.find("transactionId");
    if (!running) {
      // Without a transaction it is discarded (section 3.13.1).
      return defects.hit("accept-tx-profile-without-transaction") ? "Accepted" : "Rejected";
    }
    const bool foreign = wanted && !(running->id && *wanted == Value(*running->id));
    if (foreign && !defects.hit("accept-foreign-tx-profile")) return "Rejected";
    profile->transaction = running->number;
  }
  auto& all = context.memory.charging_profiles;
  const auto before = all;
  replace_by(*std::move(profile));
  if (static_cast<std::int64_t>(all.size()) >
      context.configuration.number("MaxChargingProfilesInstalled")) {
    all = before;
    return "Rejected";
  }
  return "Accepted";
}

std::string Charging::clear(const Value& request) {
  Context& context = station_.context;
  auto& all = context.memory.charging_profiles;
  const auto matches = [&](const ChargingProfile& profile) {
    // A given id stands alone (errata sheet 4.0 of section 6.13).
    if (const Value* id = request.find("id")) return *id == Value(profile.id);
    const Value* connector = request.find("connectorId");
    const Value* purpose = request.find("chargingProfilePurpose");
    const Value* level = request.find("stackLevel");
    return (!connector || *connector == Value(profile.connector)) &&
           (!purpose || *purpose == Value(profile.purpose)) &&
           (!level || *level == Value(profile.stack_level));
  };
  const auto count = std::count_if(all.begin(), all.end(), matches);
  if (count == 0) return "Unknown";
  if (context.defects.hit("clear-no-profile")) return "Accepted";
  if (count < std::ssize(all) && context.defects.hit("clear-every-profile"))
    all.clear();
  else
    std::erase_if(all, matches);
  return "Accepted";
}

void Charging::transaction_started(int connector, const std::optional<Value>& given) {
  if (given) {
    if (auto profile = read(connector, *given)) {
      profile->transaction = station_.connector(connector).transaction;
      replace_by(*std::move(profile));
    }
  }
  settle();
}

void Charging::transaction_ended(std::uint64_t transaction) {
  std::erase_if(station_.context.memory.charging_profiles, [&](const ChargingProfile& profile) {
    return profile.purpose == "TxProfile" && profile.transaction == transaction;
  });
  apply();
}

void Charging::apply() {
  settle();
  for (int number = 1; number <= station_.context.capabilities.connectors; ++number)
    if (station_.connector(number).transaction != 0) station_.statuses.update(number);
}

void Charging::settle() {
  Context& context = station_.context;
  next_.stop();
  const Micros now = context.now_utc();
  Micros until = now + std::chrono::hours(24);
  int running = 0;
  for (int number = 1; number <= context.capabilities.connectors; ++number)
    running += station_.connector(number).transaction != 0;
  for (int number = 1; number <= context.capabilities.connectors; ++number) {
    Connector& connector = station_.connector(number);
    double power = std::numeric_limits<double>::infinity();
    if (connector.transaction != 0) {
      const View view{number, true, now};
      const Allowance own = at(view, now);
      if (own.limit) power = *own.limit;
      // What the charge point as a whole may have is shared evenly (section 3.13.3).
      const Allowance most = of_purpose("ChargePointMaxProfile", view, now);
      if (most.limit) power = std::min(power, *most.limit / running);
      if (const auto local = local_limit(view)) power = std::min(power, *local / running);
      until = std::min(until, own.until);
    }
    connector.allowed_power = power;
  }
  if (running > 0) next_.start(until - now, [this] { apply(); });
}

std::optional<Value> Charging::composite(int connector, std::int64_t duration, bool in_watts) {
  Context& context = station_.context;
  const Variations& variations = context.variations;
  const Micros from =
      context.now_utc() + std::chrono::duration_cast<Micros>(variations.schedule_shift);
  const Micros end = from + std::chrono::seconds(duration);
  const View view{connector, in_watts, from};
  Value periods(Value::List{});
  std::optional<double> last_limit;
  std::int64_t last_start = -1;  // of the last period
  for (Micros time = from; time < end || last_start < 0;) {
    Micros until = Micros::max();
    const double exact = total(view, time, until);
    const double limit = std::round(exact * 10) / 10;
    const auto start =
        static_cast<std::int64_t>(std::llround(std::chrono::duration<double>(time - from).count()));
    if (start >= duration && last_start >= 0) break;  // what is left is less than a second
    // Cut where nothing changes, too: at what changes underneath, or in the middle of it.
    const bool cut = variations.cuts != Variations::Cuts::none;
    const bool same_second = start == last_start;
    if (same_second) periods.as_list().pop_back();
    if (same_second || !last_limit || *last_limit != limit || cut) {
      Value period = Value::object({{"startPeriod", start}});
      const bool whole = limit == std::floor(limit) && !variations.decimal_limits;
      period.set("limit", whole ? Value(static_cast<std::int64_t>(limit)) : Value(limit));
      if (variations.says_phases && !in_watts && connector > 0 &&
          context.capabilities.phases(connector) > 0)
        period.set("numberPhases", context.capabilities.phases(connector));
      periods.push_back(period);
      if (variations.cuts == Variations::Cuts::anywhere && until != Micros::max() &&
          until - time > std::chrono::seconds(20)) {
        period.set("startPeriod", start + 7);
        if (start + 7 < duration) periods.push_back(std::move(period));
      }
      last_start = periods.as_list().back().int_or("startPeriod", 0);
    }
    last_limit = limit;
    if (periods.as_list().size() > kMostReported) return std::nullopt;
    if (until >= end) break;
    time = until;
  }

  const std::string text = context.timestamp(from);
  Value schedule = Value::object({{"duration", duration}});
  if (variations.start_in != Variations::StartIn::schedule_start)
    schedule.set("startSchedule", text);
  schedule.set("chargingRateUnit", in_watts ? "W" : "A");
  schedule.set("chargingSchedulePeriod", std::move(periods));
  Value answer = Value::object({{"status", "Accepted"}, {"connectorId", connector}});
  if (variations.start_in != Variations::StartIn::start_schedule) answer.set("scheduleStart", text);
  answer.set("chargingSchedule", std::move(schedule));
  return answer;
}

}  // namespace plugproof::simulator
