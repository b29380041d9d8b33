#include "engine/run/recorder.hpp"

#include <algorithm>

#include "engine/link/handshake.hpp"
#include "engine/run/secrets.hpp"

namespace plugproof::run {

using base::Nanos;
using base::Value;

namespace {

std::string summary_of(const suite::Step& step) {
  std::string text = suite::to_string(step.kind);
  if (!step.name.empty()) text += " " + step.name;
  if (!step.place.empty()) text += " of " + step.place;
  if (!step.arguments.is_null()) {
    const Value arguments = without_secrets(step.arguments.to_value());
    text += " " + (arguments.is_string() ? arguments.as_string() : arguments.to_display());
  }
  std::string wanted;
  for (const auto* list : {&step.select, &step.checks})
    for (const auto& check : *list)
      wanted +=
          (wanted.empty() ? "" : ", ") + check.path.text() + ": " + check.condition.to_display();
  if (!wanted.empty()) text += " {" + wanted + "}";
  return text;
}

// A hostile value may be a megabyte long; the frame has it in full.
void clip(std::string& text) {
  constexpr std::size_t kShown = 2000;
  if (text.size() > kShown) text = std::string(link::clip_utf8(text, kShown)) + "...";
}

}  // namespace

void Recorder::step(Nanos at, const suite::Step& step, const std::string& label,
                    std::optional<Nanos> deadline) {
  Value::Object fields{{"label", label}};
  if (step.number) fields.emplace_back("step", *step.number);
  fields.emplace_back("summary", summary_of(step));
  if (deadline) fields.emplace_back("deadline", static_cast<std::int64_t>(deadline->count()));
  journal_.write(at, "step", fields);
}

void Recorder::match(Nanos at, const std::string& label, std::int64_t frame) {
  journal_.write(at, "match", {{"label", label}, {"frame", frame}});
}

void Recorder::check(Nanos at, const std::string& name, const CheckOutcome& outcome,
                     const Failure& context) {
  ++result_.checks;
  std::string actual = outcome.actual;
  clip(actual);
  Value::Object fields{{"check", name},
                       {"passed", outcome.passed},
                       {"expected", outcome.expected},
                       {"actual", actual},
                       {"field", outcome.field}};
  if (context.frame) fields.emplace_back("frame", *context.frame);
  journal_.write(at, "check", fields);
  if (outcome.passed) return;
  Failure failure = context;
  failure.check = name;
  failure.field = outcome.field;
  failure.expected = outcome.expected;
  failure.actual = outcome.actual;
  fail(std::move(failure));
}

void Recorder::passed(Nanos at, const std::string& name) {
  ++result_.checks;
  journal_.write(at, "check", {{"check", name}, {"passed", true}});
}

void Recorder::note(Nanos at, const std::string& text) {
  journal_.write(at, "note", {{"text", text}});
}

void Recorder::fail(Failure failure) {
  result_.verdict = std::max(result_.verdict, Verdict::fail);
  if (result_.failures.size() >= kMaxFailures) return;
  keep(std::move(failure));
}

void Recorder::keep(Failure failure) {
  for (auto* text : {&failure.message, &failure.expected, &failure.actual}) {
    clip(*text);
    *text = journal_.masked(std::move(*text));
  }
  result_.failures.push_back(std::move(failure));
}

void Recorder::inconclusive(Failure failure) {
  result_.verdict = std::max(result_.verdict, Verdict::inconc);
  keep(std::move(failure));
}

void Recorder::error(Failure failure) {
  result_.verdict = Verdict::error;
  keep(std::move(failure));
}

void Recorder::excuse(Failure failure) {
  const bool proven = std::any_of(result_.failures.begin(), result_.failures.end(),
                                  [](const Failure& known) { return known.kind == "monitor"; });
  if (result_.verdict != Verdict::fail || proven) return;
  result_.verdict = Verdict::inconc;
  keep(std::move(failure));
  std::rotate(result_.failures.begin(), result_.failures.end() - 1, result_.failures.end());
}

void Recorder::finding(Nanos, const Finding& finding) {
  if (finding.severity == FindingSeverity::remark) {
    const bool known =
        std::any_of(result_.remarks.begin(), result_.remarks.end(), [&](const Finding& r) {
          return r.monitor == finding.monitor && r.message == finding.message;
        });
    if (!known && result_.remarks.size() < kMaxRemarks) result_.remarks.push_back(finding);
    return;
  }
  Failure failure;
  failure.check = "monitor:" + finding.monitor;
  failure.kind = "monitor";
  failure.message = finding.message;
  failure.field = finding.field;
  failure.expected = finding.expected;
  failure.actual = finding.actual;
  failure.frame = finding.frame;
  failure.reference = finding.reference;
  // The same rule broken again and again is one failure.
  for (const auto& known : result_.failures)
    if (known.check == failure.check && known.message == failure.message) return;
  fail(std::move(failure));
}

Failure Recorder::failure(const suite::Step& step, std::string check, std::string kind,
                          std::string message) const {
  Failure failure;
  failure.check = std::move(check);
  failure.kind = std::move(kind);
  failure.message = std::move(message);
  failure.place = step.pos.to_string();
  failure.requirement = case_.requirement;
  for (const auto& section : case_.reference)
    failure.reference += (failure.reference.empty() ? "" : "; ") + section;
  failure.advice = case_.advice;
  return failure;
}

}  // namespace plugproof::run
