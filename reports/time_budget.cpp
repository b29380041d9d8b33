#include "reports/time_budget.hpp"

#include <algorithm>

#include "reports/text.hpp"

namespace plugproof::reports {

using base::Value;

std::string time_text(const TimeBudget& budget) {
  return "the charge point " + seconds_text(budget.charge_point) + ", prescribed waits " +
         seconds_text(budget.prescribed) + ", physical actions " + seconds_text(budget.rig) +
         ", the harness " + fixed(budget.harness, 2) + " s (" + fixed(budget.harness_percent(), 2) +
         " %)";
}

void TimeLedger::take(const Value& record) {
  const std::string kind = record.string_or("kind", "");
  const std::int64_t t = record.int_or("t", now_.value_or(0));
  if (!now_) now_ = t;
  const bool own_call = kind == "out" && record.string_or("type", "") == "call";
  // Between two attempts of a run nobody waited for anybody.
  if (kind == "resume") {
    now_ = std::max(*now_, t);
    asked_.clear();
  }
  if (t > *now_) pass_time(kind, own_call, t);
  if (kind == "case") case_ = {};  // what went before it is not its own
  note(kind, record);
}

void TimeLedger::spend(double TimeBudget::*part, std::int64_t until) {
  const double seconds = static_cast<double>(until - *now_) / 1e9;
  run_.*part += seconds;
  case_.*part += seconds;
  now_ = until;
}

void TimeLedger::pass_time(const std::string& kind, bool own_call, std::int64_t t) {
  const bool acted = kind == "out" || kind == "rig" || kind == "link";
  // A new request while the one before is open: that one was waited for in vain until now.
  if (!acted || (own_call && !asked_.empty())) return spend(waiting(), t);
  // What we did was enabled by the last event, or by a deadline that passed since.
  if (deadline_ > *now_ && deadline_ < t) spend(waiting(), deadline_);
  spend(&TimeBudget::harness, t);
}

double TimeBudget::*TimeLedger::waiting() const {
  if (acting_) return &TimeBudget::rig;
  const bool watching = step_ == "never" || step_ == "collect" || step_ == "wait";
  if (asked_.empty() && watching) return &TimeBudget::prescribed;
  return &TimeBudget::charge_point;
}

void TimeLedger::note(const std::string& kind, const Value& record) {
  if (kind == "step") {
    const std::string summary = record.string_or("summary", "");
    step_ = summary.substr(0, summary.find(' '));
    deadline_ = record.int_or("deadline", 0);
  } else if (kind == "rig") {
    acting_ = true;
  } else if (kind == "rig_done") {
    acting_ = false;
  } else if (kind == "out" && record.string_or("type", "") == "call") {
    asked_ = record.string_or("id", "");
  } else if (kind == "in" && record.string_or("type", "") != "call") {
    if (record.string_or("id", "") == asked_) asked_.clear();
  } else if (kind == "closed") {
    asked_.clear();
  } else if (kind == "case" || kind == "phase" || kind == "verdict" || kind == "end" ||
             kind == "source" || kind == "resume") {
    step_.clear();
    deadline_ = 0;
    acting_ = false;
    if (kind == "source") asked_.clear();
  }
}

}  // namespace plugproof::reports
