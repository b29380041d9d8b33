#include "reports/html/case_section.hpp"

#include <utility>
#include <vector>

#include "engine/base/time.hpp"
#include "reports/html/ladder.hpp"
#include "reports/html/pieces.hpp"
#include "reports/text.hpp"

namespace plugproof::reports::html {

namespace {

using base::Value;

Value texts(const std::vector<std::string>& lines) {
  Value::List out;
  for (const auto& line : lines) out.emplace_back(line);
  return Value(std::move(out));
}

Value context_rows(const std::vector<ContextLine>& context) {
  Value::List out;
  std::int64_t before = context.empty() ? 0 : context.front().t;
  for (const auto& line : context) {
    const bool in = line.kind == "in", out_going = line.kind == "out";
    out.push_back(Value::object({{"time", clock_time(line.utc)},
                                 {"since", elapsed(static_cast<double>(line.t - before) / 1e9)},
                                 {"arrow", in          ? "←"
                                           : out_going ? "→"
                                                       : "•"},
                                 {"from", in          ? "from the charge point"
                                          : out_going ? "to the charge point"
                                                      : "at the bench"},
                                 {"text", line.text},
                                 {"subject", line.subject}}));
    before = line.t;
  }
  return Value(std::move(out));
}

// `before`: the failure above, whose texts need not be said again.
Value failure_value(const Failure& failure, const Failure* before, const CaseResult& result,
                    const CaseHistory& history) {
  const auto new_text = [&](std::string Failure::*member) {
    return before && before->*member == failure.*member ? std::string() : failure.*member;
  };
  const auto* step = step_of_check(history, failure.check);
  std::string step_text = failure.step;
  std::optional<double> waited = failure.waited;
  if (step_text.empty() && step) {
    step_text = step->second.summary;
    if (step->second.deadline)
      waited = base::to_seconds(base::Nanos(*step->second.deadline - step->second.t));
  }
  std::string limit;
  if (waited && *waited > 0) limit = base::format_duration(base::from_seconds(*waited));
  const bool values = !failure.expected.empty() || !failure.actual.empty();
  return Value::object(
      {{"says", failure.message},
       {"cause", spaced(failure.kind)},
       {"check", failure.check},
       {"field", failure.field},
       {"number", step && step->second.number ? std::to_string(*step->second.number) : ""},
       {"step_text", step_text},
       {"limit", limit},
       {"place", failure.place.empty() ? result.file : failure.place},
       {"rule", failure.requirement == result.requirement ? std::string() : failure.requirement},
       {"reference", new_text(&Failure::reference)},
       {"advice", new_text(&Failure::advice)},
       {"subject_words",
        failure.kind == "missing" ? "the last before the time was up" : "this frame"},
       {"values", values},
       {"difference", values ? difference(failure.expected, failure.actual) : Value(false)},
       {"context", context_rows(failure.context)}});
}

Value rig_rows(const CaseHistory& history) {
  Value::List out;
  for (const auto& action : history.rig)
    out.push_back(
        Value::object({{"time", clock_time(action.utc)},
                       {"action", action.action},
                       {"arguments", action.arguments},
                       {"adapter", action.adapter},
                       {"outcome", action.outcome.empty() ? "no end recorded" : action.outcome},
                       {"reason", action.reason}}));
  return Value(std::move(out));
}

std::string rest(std::int64_t count, const char* noun) {
  return count > 0 ? counted(static_cast<std::size_t>(count), noun) +
                         " more, counted only; the journal has them all"
                   : std::string();
}

}  // namespace

Value remark_rows(const std::vector<Finding>& findings, bool all) {
  Value::List out;
  for (const auto& finding : findings) {
    if (!all && finding.severity == "fail") continue;
    out.push_back(
        Value::object({{"monitor", finding.monitor},
                       {"severity", finding.severity},
                       {"says", finding.message},
                       {"field", finding.field},
                       {"values", !finding.expected.empty() || !finding.actual.empty()},
                       {"expected", finding.expected},
                       {"actual", finding.actual},
                       {"times", counted(static_cast<std::size_t>(finding.count), "time")},
                       {"reference", finding.reference}}));
  }
  return Value(std::move(out));
}

Value case_section(const CaseResult& result, const CaseHistory& history, const std::string& anchor,
                   const std::string& mark) {
  Value::List failures;
  const Failure* before = nullptr;
  for (const auto& failure : result.failures) {
    failures.push_back(failure_value(failure, before, result, history));
    before = &failure;
  }
  const bool explained = did_not_pass(result);
  Value remarks = remark_rows(result.findings, false);
  Value rig = rig_rows(history);
  const std::size_t steps = history.steps.size();
  return Value::object(
      {{"anchor", anchor},
       {"mark", mark},
       {"id", result.id},
       {"title", result.title},
       {"verdict", verdict_value(result.verdict)},
       {"profile", result.profile},
       {"group", result.group},
       {"file", result.file},
       {"started", result.started},
       {"took", seconds_text(result.seconds)},
       {"checks_judged", std::to_string(result.checks)},
       {"attempts", result.attempts > 1 ? std::to_string(result.attempts) : std::string()},
       // The first failure says it again.
       {"reason", result.failures.empty() ? result.reason : std::string()},
       {"requirement", result.requirement},
       {"open", explained},
       {"failures", Value(std::move(failures))},
       {"failures_left_out", rest(result.failures_left_out, "failure")},
       {"ladder", ladder(result, history)},
       {"ladder_size", counted(steps, "step") + ", " + counted(history.frames, "frame")},
       {"frame_count", std::to_string(history.frames)},
       {"frames", frame_list(history)},
       {"has_rig", !rig.as_list().empty()},
       {"rig_count", std::to_string(rig.as_list().size())},
       {"rig", std::move(rig)},
       {"rig_left_out", rest(history.rig_left_out, "action")},
       {"has_remarks", !remarks.as_list().empty()},
       {"remarks", std::move(remarks)},
       {"remarks_left_out", rest(result.findings_left_out, "remark")},
       {"has_notes", !result.notes.empty()},
       {"notes", texts(result.notes)}});
}

Value outside_rows(const CaseHistory& history) {
  Value::List out;
  for (const auto& event : history.events) {
    const bool in = event.kind == "in", to = event.kind == "out";
    std::string text(head_of(event.text, 600));
    if (text.size() < event.bytes) text += "... (" + std::to_string(event.bytes) + " bytes in all)";
    out.push_back(
        Value::object({{"gap", event.left_out_before > 0 ? counted(event.left_out_before, "event")
                                                         : std::string()},
                       {"time", event.utc},
                       {"arrow", in   ? "←"
                                 : to ? "→"
                                      : "•"},
                       {"from", in   ? "from the charge point"
                                : to ? "to the charge point"
                                     : "at the bench"},
                       {"text", text}}));
  }
  return Value(std::move(out));
}

}  // namespace plugproof::reports::html
