// What the installed profiles allow at one instant, and when that may change next. The schedule is
// found by going from one such instant to the next.
#include <algorithm>

#include "simulator/charging.hpp"
#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Micros;

namespace {

constexpr double kVolts = 230.0;
constexpr double kOwnAmperes = 32.0;       // of the hardware, by phase
constexpr double kOwnDirectWatts = 50000;  // of one that gives direct current

Micros after(Micros from, std::int64_t seconds) {
  return from + std::chrono::seconds(std::min<std::int64_t>(seconds, 400000000));
}

}  // namespace

double Charging::scaled(double limit, bool in_watts, int phases, const View& view) const {
  if (in_watts == view.in_watts) return limit;
  const int present = station_.context.capabilities.phases(view.connector);
  // A limit is for the phases that there are, never for more (errata sheet 4.0 of section 5.16).
  const double volts = kVolts * std::max(1, std::min(phases, present));
  return view.in_watts ? limit * volts : limit / volts;
}

std::optional<double> Charging::local_limit(const View& view) const {
  const auto local = parse_local_limit(station_.context.plant.local_limit);
  if (!local) return std::nullopt;
  return scaled(local->limit, local->in_watts, 3, view);
}

double Charging::own_maximum(const View& view) const {
  if (station_.context.capabilities.phases(view.connector) == 0)
    return scaled(kOwnDirectWatts, true, 1, view);
  return scaled(kOwnAmperes, false, 3, view);
}

// Where the schedule of a profile begins for the first time.
Micros Charging::beginning(const ChargingProfile& profile, const View& view) {
  if (profile.kind != "Relative" && profile.start) {
    if (*profile.start == view.asked || !station_.context.defects.hit("schedule-from-now"))
      return *profile.start;
    return view.asked;
  }
  const Transaction* running = station_.transactions.of(view.connector);
  return running ? running->started : view.asked;
}

Allowance Charging::of_profile(const ChargingProfile& profile, const View& view, Micros time) {
  Defects& defects = station_.context.defects;
  Allowance out;
  if (profile.valid_from && time < *profile.valid_from) {
    out.until = *profile.valid_from;
    return out;
  }
  if (profile.valid_to && time >= *profile.valid_to && !defects.hit("ignore-validity")) return out;
  if (profile.valid_to && time < *profile.valid_to) out.until = *profile.valid_to;

  Micros begin = beginning(profile, view);
  if (time < begin) {
    out.until = std::min(out.until, begin);
    return out;
  }
  if (profile.kind == "Recurring") {
    const Micros every = std::chrono::hours(profile.recurrency == "Weekly" ? 7 * 24 : 24);
    begin += every * ((time - begin) / every);
    out.until = std::min(out.until, begin + every);
  }
  if (profile.duration) {
    const Micros end = after(begin, *profile.duration);
    if (time >= end && !defects.hit("ignore-schedule-duration")) return out;
    if (time < end) out.until = std::min(out.until, end);
  }
  const ChargingProfile::Period* current = nullptr;
  for (const auto& period : profile.periods) {
    const Micros from = after(begin, period.start);
    if (from > time) {
      out.until = std::min(out.until, from);
      break;
    }
    current = &period;
  }
  if (current) out.limit = scaled(current->limit, profile.in_watts, current->phases, view);
  return out;
}

// The highest stack level that has something to say.
Allowance Charging::of_purpose(std::string_view purpose, const View& view, Micros time) {
  Context& context = station_.context;
  const auto& all = context.memory.charging_profiles;
  const auto own_of_level = [&](std::int64_t level) {
    return std::any_of(all.begin(), all.end(), [&](const ChargingProfile& p) {
      return p.purpose == purpose && p.connector == view.connector && p.stack_level == level;
    });
  };
  const auto running = view.connector > 0 ? station_.connector(view.connector).transaction : 0;
  Allowance out;
  std::int64_t level = -1;
  for (const auto& profile : all) {
    if (profile.purpose != purpose) continue;
    if (purpose == "TxProfile" && (running == 0 || profile.transaction != running)) continue;
    // That of connector 0 is for all that have none of their own on that level (section 3.13.1).
    if (purpose == "TxDefaultProfile" && profile.connector != view.connector &&
        (profile.connector != 0 || own_of_level(profile.stack_level)))
      continue;
    const Allowance one = of_profile(profile, view, time);
    out.until = std::min(out.until, one.until);
    if (!one.limit) continue;
    const bool higher = profile.stack_level > level;
    const bool wins = level < 0 || (higher != context.defects.hit("ignore-stack-level"));
    if (!wins) continue;
    out.limit = one.limit;
    level = profile.stack_level;
  }
  return out;
}

// Whether a TxProfile keeps the default profiles away: for the whole transaction, as long as it is
// valid, though its own schedule may be over.
bool Charging::overruled(const View& view, Micros time, Micros& until) {
  Context& context = station_.context;
  if (view.connector == 0) return false;
  const auto running = station_.connector(view.connector).transaction;
  bool out = false;
  for (const auto& profile : context.memory.charging_profiles) {
    if (profile.purpose != "TxProfile" || running == 0 || profile.transaction != running) continue;
    for (const auto& edge : {profile.valid_from, profile.valid_to})
      if (edge && *edge > time) until = std::min(until, *edge);
    const bool early = profile.valid_from && time < *profile.valid_from;
    const bool late = profile.valid_to && time >= *profile.valid_to;
    out = out || (!early && !late);
  }
  return out;
}

Allowance Charging::at(const View& view, Micros time) {
  Context& context = station_.context;
  Defects& defects = context.defects;
  Allowance out;
  const auto heed = [&out](const Allowance& other) {
    out.until = std::min(out.until, other.until);
    return other.limit;
  };
  bool blocked = overruled(view, time, out.until);
  const auto own = heed(of_purpose("TxProfile", view, time));
  const auto fallback = heed(of_purpose("TxDefaultProfile", view, time));
  if (blocked && own && fallback && defects.hit("default-over-tx-profile"))
    out.limit = fallback;
  else if (blocked && !own && fallback && defects.hit("default-after-tx-profile"))
    out.limit = fallback;
  else
    out.limit = blocked ? own : fallback;
  const auto most = heed(of_purpose("ChargePointMaxProfile", view, time));
  if (most && (!out.limit || *most < *out.limit) && !defects.hit("ignore-charge-point-max"))
    out.limit = most;
  return out;
}

// What a schedule tells for that instant: with the limits of the charge point itself. What a
// profile allows beyond the hardware's maximum is told as the profile says it; that is open
// (section 5.7).
double Charging::total(const View& view, Micros time, Micros& until) {
  Context& context = station_.context;
  double out = 0;
  if (view.connector > 0) {
    const Allowance allowance = at(view, time);
    until = allowance.until;
    if (allowance.limit)
      out = *allowance.limit;
    else
      out = context.defects.hit("no-own-limit") ? 0.0 : own_maximum(view);
  } else {
    for (int number = 1; number <= context.capabilities.connectors; ++number) {
      Micros change = Micros::max();
      out += total({number, view.in_watts, view.asked}, time, change);
      until = std::min(until, change);
    }
    const Allowance most = of_purpose("ChargePointMaxProfile", view, time);
    until = std::min(until, most.until);
    if (most.limit) out = std::min(out, *most.limit);
  }
  if (const auto local = local_limit(view)) out = std::min(out, *local);
  return out;
}

}  // namespace plugproof::simulator
