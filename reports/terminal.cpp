#include "reports/terminal.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "engine/base/time.hpp"
#include "reports/terminal_lines.hpp"
#include "reports/text.hpp"
#include "reports/titles.hpp"

namespace plugproof::reports {

namespace {

constexpr std::size_t kVerdictWidth = 8;
constexpr std::size_t kIdWidth = 15;
constexpr std::size_t kTimeWidth = 11;
// Lines that the frame at fault may take; the frames around it have one each.
constexpr std::size_t kSubjectLines = 4;
// A failure past these adds nothing that the first ones did not say; the other reports have them
// all.
constexpr std::size_t kMaxExplained = 10;

Colour colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return Colour::green;
    case Verdict::fail:
      return Colour::red;
    case Verdict::inconc:
      return Colour::yellow;
    case Verdict::error:
      return Colour::magenta;
    case Verdict::not_applicable:
    case Verdict::not_run:
      return Colour::dim;
  }
  return Colour::none;
}

// Byte offset of the first character in which the two differ.
std::size_t first_difference(const std::string& a, const std::string& b) {
  std::size_t at = 0;
  while (at < a.size() && at < b.size() && a[at] == b[at]) ++at;
  while (at > 0 && at < a.size() && (static_cast<unsigned char>(a[at]) & 0xC0U) == 0x80U) --at;
  return at;
}

// Expected above actual. Long texts that begin alike get a mark under the first difference, and
// start shortly before it when they would not fit.
std::string difference(const Failure& failure, const Style& style) {
  if (failure.expected.empty() && failure.actual.empty()) return {};
  std::string expected = printable(failure.expected);
  std::string actual = printable(failure.actual);
  const std::size_t room = columns(style) - kLabelWidth;
  std::size_t same = first_difference(expected, actual);
  constexpr std::size_t kWorthAMark = 12;
  const bool mark = same >= kWorthAMark && same < std::max(expected.size(), actual.size());
  if (mark && same + kWorthAMark > room) {
    std::size_t cut = same - kWorthAMark;
    while (cut > 0 && (static_cast<unsigned char>(actual[cut]) & 0xC0U) == 0x80U) --cut;
    expected = "..." + expected.substr(cut);
    actual = "..." + actual.substr(cut);
    same = first_difference(expected, actual);
  }
  const auto line = [&](const char* label, const std::string& text, Colour colour) {
    return paint("  " + pad(label, kLabelWidth - 2), Colour::dim, style) +
           paint(text.empty() ? "(nothing)" : elide(text, room), colour, style) + "\n";
  };
  std::string out = line("Expected", expected, Colour::green) + line("Actual", actual, Colour::red);
  if (mark)
    out += std::string(kLabelWidth + width_of(actual.substr(0, same)), ' ') +
           paint("^ differs from here", Colour::red, style) + "\n";
  return out;
}

const char* direction(const std::string& kind) {
  if (kind == "in") return "<-";
  if (kind == "out") return "->";
  return "--";
}

// The text in pieces of `width` characters, the last one elided when there would be more than
// `most`.
std::vector<std::string> pieces(const std::string& text, std::size_t width, std::size_t most) {
  std::string rest = printable(text);
  std::vector<std::string> out;
  while (out.size() + 1 < most && width_of(rest) > width) {
    std::size_t at = 0;
    for (std::size_t count = 0; count < width; ++count) {
      ++at;
      while (at < rest.size() && (static_cast<unsigned char>(rest[at]) & 0xC0U) == 0x80U) ++at;
    }
    out.push_back(rest.substr(0, at));
    rest.erase(0, at);
  }
  out.push_back(elide(rest, width));
  return out;
}

// `  > 12:00:04.120  +0.880 s  <- [2,"17","StopTransaction",...`
std::string frames(const std::vector<ContextLine>& context, const Style& style) {
  if (context.empty()) return {};
  std::string out = paint("  " + pad("Frames", kLabelWidth - 2) +
                              "<- from the charge point, -> to it; + since the line before",
                          Colour::dim, style) +
                    "\n";
  std::int64_t before = context.front().t;
  for (const auto& line : context) {
    const double elapsed = static_cast<double>(line.t - before) / 1e9;
    before = line.t;
    const std::string clock = line.utc.size() >= 23 ? line.utc.substr(11, 12) : line.utc;
    std::string since = (elapsed < 0 ? "" : "+") + fixed(elapsed, 3) + " s";
    if (since.size() < 11) since.insert(0, 11 - since.size(), ' ');
    std::string head = std::string(line.subject ? "  > " : "    ") + printable(clock) + since +
                       "  " + direction(line.kind) + " ";
    const std::size_t indent = width_of(head);
    const std::size_t room = columns(style) > indent + 20 ? columns(style) - indent : 20;
    for (const auto& piece : pieces(line.text, room, line.subject ? kSubjectLines : 1)) {
      out += paint(head + piece, line.subject ? Colour::bold : Colour::none, style) + "\n";
      head.assign(indent, ' ');
    }
  }
  return out;
}

std::string explain_failure(const Failure& failure, const CaseResult& result, const Style& style) {
  std::string step = failure.step;
  if (failure.waited && *failure.waited > 0)
    step += (step.empty() ? "at most " : ", at most ") +
            base::format_duration(base::from_seconds(*failure.waited));
  std::string out;
  for (const auto& line : wrap(printable(failure.message), columns(style) - 2))
    out += "  " + paint(line, Colour::bold, style) + "\n";
  out += labelled("Case", failure.place.empty() ? result.file : failure.place, style);
  out += labelled("Check", failure.check, style);
  out += labelled("Step", step, style);
  out += labelled("Field", failure.field, style);
  out += difference(failure, style);
  out += frames(failure.context, style);
  if (failure.requirement != result.requirement)
    out += labelled("Rule", failure.requirement, style);
  out += labelled("Specification", failure.reference, style);
  out += labelled("Look at", failure.advice, style, Colour::yellow);
  return out;
}

std::string verdict_word(const CaseResult& result) {
  switch (result.verdict) {
    case Verdict::pass:
      return "PASS";
    case Verdict::fail:
      return "FAIL";
    case Verdict::inconc:
      return "INCONC";
    case Verdict::error:
      return "ERROR";
    case Verdict::not_applicable:
      return "N/A";
    case Verdict::not_run:
      return "NOT RUN";
  }
  return {};
}

std::string timings(const Results& results, const Style& style) {
  std::string out;
  for (const auto& kpi : results.kpis) {
    if (kpi.count == 0) continue;
    std::string line = "  " + pad(kpi_title(kpi.name), 60) + fixed(kpi.min, 2) + " to " +
                       fixed(kpi.max, 2) + " s, average " + fixed(kpi.average(), 2) + " s, " +
                       counted(static_cast<std::size_t>(kpi.count), "sample");
    if (kpi.declared) line += ", declared " + fixed(*kpi.declared, 0) + " s";
    out += paint(line, kpi.beyond_declared() ? Colour::yellow : Colour::none, style) + "\n";
  }
  return out.empty() ? out : heading("Timings", style) + out;
}

std::string causes(const Results& results, const Style& style) {
  std::map<std::string, std::size_t> by_kind;
  for (const auto& result : results.cases)
    for (const auto& failure : result.failures) ++by_kind[failure.kind];
  if (by_kind.empty()) return {};
  std::vector<std::string> parts;
  for (const auto& [kind, count] : by_kind)
    parts.push_back(printable(kind) + " " + std::to_string(count));
  return labelled("By cause", join(parts, ", "), style);
}

std::string audit(const Results& results, const Style& style) {
  std::string out;
  for (const auto& row : results.audit)
    if (!row.agrees)
      out += labelled(row.id,
                      "claimed " + row.claimed + ", reported " + row.reported +
                          (row.reason.empty() ? "" : ": " + row.reason),
                      style, Colour::yellow);
  return out.empty() ? out : heading("Claims that the charge point contradicts", style) + out;
}

std::string totals(const Results& results, const Style& style) {
  const Counts counts = results.counts();
  std::vector<std::string> parts;
  const auto add = [&](std::size_t count, const std::string& what, Colour colour) {
    if (count > 0) parts.push_back(paint(std::to_string(count) + " " + what, colour, style));
  };
  add(counts.pass, "passed", Colour::green);
  add(counts.fail, "failed", Colour::red);
  add(counts.inconc, "inconclusive", Colour::yellow);
  add(counts.error, counts.error == 1 ? "error" : "errors", Colour::magenta);
  std::size_t not_built = 0;
  for (const auto& result : results.cases) not_built += result.decision == "not_built";
  add(not_built, "not built", Colour::yellow);
  add(counts.not_run - not_built, "not run", Colour::yellow);
  add(counts.not_applicable, "not applicable", Colour::dim);
  if (parts.empty()) parts.emplace_back("no test case");
  return "  " + join(parts, ", ") + " in " + seconds_text(results.run.seconds) + "\n";
}

}  // namespace

std::string case_line(const CaseResult& result, const Style& style) {
  const std::size_t fixed_part = kVerdictWidth + kIdWidth + kTimeWidth;
  const std::size_t room = columns(style) - fixed_part;
  std::string time = result.attempts > 0 ? seconds_text(result.seconds) : std::string();
  if (time.size() < kTimeWidth) time.insert(0, kTimeWidth - time.size(), ' ');
  const std::string id = pad(elide(result.id, kIdWidth - 1), kIdWidth);
  const std::string line = id + pad(elide(result.title, room), room) + time;
  return paint(pad(verdict_word(result), kVerdictWidth), colour_of(result.verdict), style) +
         line.substr(0, line.find_last_not_of(' ') + 1);
}

std::string explain_case(const CaseResult& result, const Style& style) {
  std::string out = paint(verdict_word(result), colour_of(result.verdict), style) + "  " +
                    printable(result.id) + "  " + printable(result.title) + "\n";
  out += labelled("Requirement", result.requirement, style);
  if (result.failures.empty()) {
    out += labelled("Reason", result.reason, style, colour_of(result.verdict));
    out += labelled("Case", result.file, style);
  }
  const std::size_t shown = std::min(result.failures.size(), kMaxExplained);
  for (std::size_t i = 0; i < shown; ++i)
    out += "\n" + explain_failure(result.failures[i], result, style);
  const std::size_t hidden =
      result.failures.size() - shown + static_cast<std::size_t>(result.failures_left_out);
  if (hidden > 0)
    out += "\n  " + counted(hidden, "further failure") + ": see results.json and the journal\n";
  if (!result.failures.empty() && !result.notes.empty()) out += "\n";
  for (const auto& note : result.notes) out += labelled("Note", note, style);
  return out;
}

std::string summarise(const Results& results, const Style& style) {
  std::string out;
  for (const auto& result : results.cases) {
    const bool judged = result.verdict == Verdict::fail || result.verdict == Verdict::inconc ||
                        result.verdict == Verdict::error;
    if (judged) out += "\n" + explain_case(result, style);
  }
  out += heading("Profiles", style);
  for (const auto& profile : results.profiles) {
    const Colour colour = profile.verdict == ProfileVerdict::pass          ? Colour::green
                          : profile.verdict == ProfileVerdict::fail        ? Colour::red
                          : profile.verdict == ProfileVerdict::not_claimed ? Colour::dim
                                                                           : Colour::yellow;
    out += "  " + pad(profile.title, 38) + paint(profile.printed, colour, style) + "\n";
  }
  out += timings(results, style);
  out += audit(results, style);
  out += heading("Result", style) + totals(results, style) + causes(results, style);
  if (!results.resumed.empty()) out += labelled("Run", resumptions_in_short(results), style);
  if (results.time.total() > 0) out += labelled("Time", time_text(results.time), style);
  if (const std::size_t count = remarks(results); count > 0)
    out += labelled("Remarks", counted(count, "remark") + " of the monitors: see report.md", style);
  for (const auto& source : results.run.merged)
    out += labelled("Joined from", source.text(), style);
  for (const auto& warning : warnings(results))
    out += labelled("Notice", warning, style, Colour::yellow);
  return out;
}

}  // namespace plugproof::reports
