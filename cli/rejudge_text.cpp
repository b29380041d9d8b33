#include "cli/rejudge_text.hpp"

#include <algorithm>
#include <map>

#include "cli/common.hpp"
#include "engine/base/json.hpp"
#include "engine/base/utf8.hpp"

namespace plugproof::cli {

using base::Value;
using replay::CaseAgain;
using replay::Difference;

namespace {

const char* to_string(Outcome outcome) {
  static constexpr const char* kNames[] = {"same", "other_reasons", "changed", "dropped",
                                           "needs_new_run"};
  return kNames[static_cast<int>(outcome)];
}

Value failures_of(const run::CaseResult& result) {
  Value::List list;
  for (const auto& failure : result.failures) list.push_back(failure.to_value());
  return Value(std::move(list));
}

std::map<Outcome, std::size_t> count(const Rejudged& rejudged) {
  std::map<Outcome, std::size_t> counts;
  for (const auto& again : rejudged.cases) ++counts[outcome_of(again)];
  return counts;
}

std::size_t recorded_verdicts(const replay::Recording& recording) {
  std::size_t count = 0;
  for (const auto& attempt : recording.attempts())
    for (const auto& entry : attempt.entries)
      if (std::holds_alternative<replay::Judged>(entry.what)) ++count;
  return count;
}

// The case that was under way when the record ended, and never got a verdict.
std::string left_open(const replay::Recording& recording) {
  std::string open;
  for (const auto& attempt : recording.attempts())
    for (const auto& entry : attempt.entries) {
      if (const auto* begun = std::get_if<replay::CaseBegun>(&entry.what)) open = begun->id;
      if (std::holds_alternative<replay::Judged>(entry.what)) open.clear();
    }
  return open;
}

std::string clipped(const std::string& text, std::size_t limit) {
  return text.size() <= limit ? text : std::string(base::clip_utf8(text, limit)) + "...";
}

// The part of a record in which it differs.
std::string excerpt(const std::string& line, std::size_t at) {
  if (line.empty()) return "nothing";
  constexpr std::size_t kBefore = 60, kShown = 220;
  std::size_t from = at > kBefore ? at - kBefore : 0;
  while (from > 0 && (static_cast<unsigned char>(line[from]) & 0xC0) == 0x80) --from;
  return (from > 0 ? "..." : "") + clipped(line.substr(from), kShown);
}

std::string place_of(const Rejudged& rejudged, std::int64_t line) {
  return rejudged.recording.name() + ":" + std::to_string(line);
}

std::string text_of(const Rejudged& rejudged, const Difference& difference) {
  const auto& [line, recorded, again] = difference;
  const auto differ = std::mismatch(recorded.begin(), recorded.end(), again.begin(), again.end());
  const auto at = static_cast<std::size_t>(differ.first - recorded.begin());
  return place_of(rejudged, line) + ": the record does not come out as it stands there\n" +
         "  recorded:     " + excerpt(recorded, at) + "\n  judged again: " + excerpt(again, at) +
         "\n";
}

std::string why(const Rejudged& rejudged, const CaseAgain& again) {
  if (again.divergence) {
    const auto& [line, recorded, wanted] = *again.divergence;
    if (line == 0 && again.recorded.empty()) return "it was not run";
    return (line > 0 ? place_of(rejudged, line) : rejudged.recording.name() + ", at its end") +
           ": recorded: " + recorded + "; now: " + wanted;
  }
  if (!again.dropped.empty()) return again.dropped;
  return again.again->reason;
}

std::string verdict_now(const CaseAgain& again) {
  if (again.divergence) return "needs a new run";
  return again.again ? run::to_string(again.again->verdict) : "not to be run";
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text + "  ";
}

std::string table(const Rejudged& rejudged) {
  std::string text;
  for (const auto& again : rejudged.cases) {
    const Outcome outcome = outcome_of(again);
    if (outcome == Outcome::same) continue;
    const std::string recorded = again.recorded.empty() ? "not run" : again.recorded;
    text += padded(again.id, 14) + padded(recorded + " -> " + verdict_now(again), 23) +
            clipped(why(rejudged, again), 600) + "\n";
    if (outcome == Outcome::other_reasons)
      text += padded("", 14) + padded("", 23) + "recorded: " + clipped(again.recorded_reason, 300) +
              "\n";
  }
  return text;
}

std::string plural(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

// What was compared with what, where it is not the same.
std::string preface(const Rejudged& rejudged) {
  const auto& run = rejudged.recording.run();
  std::string text;
  if (run.tool != rejudged.tool)
    text += "Recorded by " + run.tool + ", judged by " + rejudged.tool + ".\n";
  if (run.suite_sha256 != rejudged.suite_sha256)
    text += "The suite " + rejudged.suite + " (" + rejudged.suite_sha256.substr(0, 12) +
            "...) is not the one that the run was made with (" + run.suite_sha256.substr(0, 12) +
            "...): what follows is a comparison.\n";
  if (run.edition != rejudged.edition)
    text += "The run was made for the edition " + run.edition + ", and is judged for " +
            rejudged.edition + ": what follows is a comparison.\n";
  return text;
}

std::string afterword(const Rejudged& rejudged) {
  const auto& recording = rejudged.recording;
  std::string text;
  if (const std::string open = left_open(recording); !open.empty())
    text += open + " was under way when the record ended; it has no verdict.\n";
  const std::size_t attempts = recording.attempts().size();
  if (attempts > 1)
    text += "The run was made in " + std::to_string(attempts) +
            " attempts; each was judged again from what the ones before it left.\n";
  return text;
}

Value to_value(const Rejudged& rejudged, const CaseAgain& again) {
  Value::Object object{{"id", again.id}, {"outcome", to_string(outcome_of(again))}};
  if (!again.recorded.empty()) {
    object.emplace_back("recorded", again.recorded);
    object.emplace_back("recorded_reason", again.recorded_reason);
  }
  if (again.again) {
    object.emplace_back("again", run::to_string(again.again->verdict));
    object.emplace_back("failures", failures_of(*again.again));
  }
  object.emplace_back("reason", why(rejudged, again));
  if (again.divergence)
    object.emplace_back("divergence", Value::object({{"line", again.divergence->line},
                                                     {"recorded", again.divergence->recorded},
                                                     {"now", again.divergence->wanted}}));
  return Value(std::move(object));
}

}  // namespace

Outcome outcome_of(const CaseAgain& again) {
  if (again.divergence) return Outcome::new_run;
  if (!again.again) return Outcome::dropped;
  if (again.recorded != run::to_string(again.again->verdict)) return Outcome::changed;
  const bool same = again.recorded_reason == again.again->reason &&
                    again.recorded_failures.is_list() &&
                    again.recorded_failures.as_list().size() == again.again->failures.size();
  if (!same) return Outcome::other_reasons;
  // Where the YAML of a step stands is no reason.
  for (std::size_t i = 0; i < again.again->failures.size(); ++i) {
    Value then = again.recorded_failures.as_list()[i], now = again.again->failures[i].to_value();
    for (Value* failure : {&then, &now})
      if (failure->is_object()) failure->erase("place");
    if (!(then == now)) return Outcome::other_reasons;
  }
  return Outcome::same;
}

int status_of(const Rejudged& rejudged) {
  auto counts = count(rejudged);
  if (rejudged.difference || counts[Outcome::changed] + counts[Outcome::dropped] > 0) return kFail;
  return counts[Outcome::new_run] > 0 ? kInconclusive : kPass;
}

std::string rejudged_text(const Rejudged& rejudged) {
  std::string text = preface(rejudged);
  if (rejudged.record_by_record && !rejudged.difference) {
    const std::size_t verdicts = recorded_verdicts(rejudged.recording);
    return text + plural(verdicts, "verdict", "verdicts") +
           ", all as recorded: " + std::to_string(rejudged.recording.lines()) +
           " records come out the same, byte for byte.\n" + afterword(rejudged);
  }
  if (rejudged.difference) text += text_of(rejudged, *rejudged.difference) + "\n";
  text += table(rejudged);
  auto counts = count(rejudged);
  const std::size_t same = counts[Outcome::same] + counts[Outcome::other_reasons];
  text += plural(same, "verdict", "verdicts") + " as recorded";
  if (counts[Outcome::other_reasons] > 0)
    text += " (" + std::to_string(counts[Outcome::other_reasons]) + " for other reasons)";
  text += ", " + std::to_string(counts[Outcome::changed] + counts[Outcome::dropped]) +
          " changed, " + std::to_string(counts[Outcome::new_run]) + " to be run anew.\n";
  return text + afterword(rejudged);
}

std::string rejudged_json(const Rejudged& rejudged) {
  const auto& run = rejudged.recording.run();
  Value::List cases;
  for (const auto& again : rejudged.cases) cases.push_back(to_value(rejudged, again));
  Value document = Value::object(
      {{"format", 1},
       {"journal", rejudged.recording.name()},
       {"records", static_cast<std::int64_t>(rejudged.recording.lines())},
       {"verdicts", static_cast<std::int64_t>(recorded_verdicts(rejudged.recording))},
       {"recorded",
        Value::object({{"tool", run.tool}, {"suite", run.suite_sha256}, {"edition", run.edition}})},
       {"again", Value::object({{"tool", rejudged.tool},
                                {"suite", rejudged.suite_sha256},
                                {"edition", rejudged.edition}})},
       {"identical", rejudged.record_by_record && !rejudged.difference}});
  if (rejudged.difference)
    document.set("difference", Value::object({{"line", rejudged.difference->line},
                                              {"recorded", rejudged.difference->recorded},
                                              {"again", rejudged.difference->again}}));
  document.set("cases", Value(std::move(cases)));
  if (const std::string open = left_open(rejudged.recording); !open.empty())
    document.set("without_verdict", open);
  document.set("attempts", static_cast<std::int64_t>(rejudged.recording.attempts().size()));
  return base::write_json_pretty(document);
}

}  // namespace plugproof::cli
