#include "engine/schedule/composite.hpp"

#include <algorithm>

#include "engine/schedule/step_function.hpp"

namespace plugproof::schedule {

using base::Micros;

namespace {

struct Window {
  const Question& question;
  const Supply& supply;
  Micros from, to;
};

Span validity(const Profile& profile, const Window& window) {
  return {std::max(window.from, profile.valid_from.value_or(Micros::min())),
          std::min(window.to, profile.valid_to.value_or(Micros::max()))};
}

double converted(const Period& period, Unit from, const Window& window) {
  if (from == window.question.unit) return period.limit;
  const double volts = window.supply.voltage * std::min(period.phases, window.supply.phases);
  return from == Unit::ampere ? period.limit * volts : period.limit / volts;
}

// One run of the schedule from `start` on, at most up to `end`.
void add_run(const Profile& profile, Micros start, Micros end, const Window& window,
             StepFunction& out) {
  const Span valid = validity(profile, window);
  for (std::size_t i = 0; i < profile.periods.size(); ++i) {
    const bool last = i + 1 == profile.periods.size();
    const Micros from = std::max(valid.from, start + seconds(profile.periods[i].start));
    const Micros to = std::min(
        {valid.to, end, last ? Micros::max() : start + seconds(profile.periods[i + 1].start)});
    if (from < to) out.push_back({from, to, converted(profile.periods[i], profile.unit, window)});
  }
}

StepFunction schedule_of(const Profile& profile, const Window& window) {
  const Question& question = window.question;
  const Micros anchor = profile.kind != Kind::relative && profile.start
                            ? *profile.start
                            : question.charging_since.value_or(question.from);
  const auto end_after = [&](Micros start) {
    return profile.duration ? start + seconds(*profile.duration) : Micros::max();
  };
  StepFunction out;
  if (profile.kind != Kind::recurring) {
    add_run(profile, anchor, end_after(anchor), window, out);
    return out;
  }
  const auto passed = std::max<std::int64_t>(0, (window.from - anchor) / profile.recurrence);
  for (Micros start = anchor + profile.recurrence * passed; start < window.to;
       start += profile.recurrence)
    add_run(profile, start, std::min(end_after(start), start + profile.recurrence), window, out);
  return out;
}

using Chosen = std::vector<const Profile*>;

StepFunction stacked(Chosen profiles, const Window& window) {
  std::stable_sort(profiles.begin(), profiles.end(), [](const Profile* a, const Profile* b) {
    return a->stack_level < b->stack_level;
  });
  StepFunction out;
  for (const Profile* profile : profiles) out = overlay(schedule_of(*profile, window), out);
  return out;
}

Chosen of_purpose(const std::vector<Profile>& all, Purpose purpose) {
  Chosen out;
  for (const auto& profile : all)
    if (profile.purpose == purpose) out.push_back(&profile);
  return out;
}

Chosen defaults_of(const std::vector<Profile>& all, std::int64_t connector) {
  Chosen out = of_purpose(all, Purpose::tx_default);
  const auto replaced = [&](const Profile& general) {
    return std::any_of(all.begin(), all.end(), [&](const Profile& own) {
      return own.purpose == Purpose::tx_default && own.connector == connector &&
             own.stack_level == general.stack_level;
    });
  };
  std::erase_if(out, [&](const Profile* profile) {
    return profile->connector != connector && (profile->connector != 0 || replaced(*profile));
  });
  return out;
}

Chosen of_transaction(const std::vector<Profile>& all, const Question& question) {
  Chosen out = of_purpose(all, Purpose::tx);
  std::erase_if(out, [&](const Profile* profile) {
    return profile->connector != question.connector || !question.transaction ||
           (profile->transaction && *profile->transaction != *question.transaction);
  });
  return out;
}

}  // namespace

std::vector<Piece> composite(const std::vector<Profile>& profiles, const Question& question,
                             const Supply& supply) {
  const Window window{question, supply, question.from - question.margin,
                      question.from + question.length + question.margin};
  const Chosen own = of_transaction(profiles, question);
  std::vector<Span> overruled;
  for (const Profile* profile : own) overruled.push_back(validity(*profile, window));
  const StepFunction defaults =
      without(stacked(defaults_of(profiles, question.connector), window), overruled);
  const StepFunction limits =
      least(stacked(of_purpose(profiles, Purpose::charge_point_max), window),
            overlay(stacked(own, window), defaults));

  std::vector<Piece> out;
  const auto add = [&](Micros from, std::optional<double> limit) {
    if (out.empty() || out.back().limit != limit)
      out.push_back({std::chrono::duration<double>(from - question.from).count(), limit});
  };
  Micros at = window.from;
  for (const auto& segment : limits) {
    if (at < segment.from) add(at, std::nullopt);
    add(segment.from, segment.value);
    at = segment.to;
  }
  if (at < window.to || out.empty()) add(at, std::nullopt);
  return out;
}

}  // namespace plugproof::schedule
