// A comparison for people: at a terminal, and as Markdown for pull requests.
#include "reports/compare.hpp"
#include "reports/markdown_table.hpp"
#include "reports/terminal_lines.hpp"
#include "reports/text.hpp"
#include "reports/titles.hpp"

namespace plugproof::reports {

namespace {

constexpr std::size_t kMessageLength = 240;  // characters
constexpr std::size_t kMaxRows = 100;        // of one table or list

std::string side_text(const ComparedRun& run) {
  std::string out = run.name;
  if (!run.firmware.empty()) out += "; firmware " + join(run.firmware, ", then ");
  if (!run.firmware_image_sha256.empty())
    out += "; firmware image with SHA-256 " + run.firmware_image_sha256;
  if (!run.device.empty()) out += "; charge point " + run.device;
  return out + "; " + run.started + "; " + run.tool;
}

std::string uneven_text(const Unevenness& one) {
  return one.after.empty() ? one.what + ": " + one.before
                           : one.what + ": " + one.before + " before, " + one.after + " after";
}

std::string verdicts(const CaseChange& change) {
  return std::string(to_string(change.before)) + " before, " + to_string(change.after) + " after";
}

std::string change_reason(const CaseChange& change) {
  return change.after == Verdict::pass ? "" : elide(change.reason, kMessageLength);
}

std::string figures_text(const Figures& f) {
  if (f.count == 0) return "none";
  return fixed(f.min, 2) + " / " + fixed(f.average, 2) + " / " + fixed(f.max, 2) + " s, " +
         counted(static_cast<std::size_t>(f.count), "sample");
}

std::string pace_text(const KpiChange& kpi) {
  std::string out;
  if (kpi.pace == Pace::slower || kpi.pace == Pace::faster)
    out = std::string(to_string(kpi.pace)) + ": the median is " + fixed(kpi.after.median, 2) +
          " s after " + fixed(kpi.before.median, 2) + " s";
  if (kpi.pace == Pace::too_few) out = "too few samples to tell";
  if (kpi.now_beyond_declared)
    out += std::string(out.empty() ? "" : "; ") + "the maximum is now above the declared one";
  return out;
}

std::string duration_text(const DurationChange& d) {
  return std::string(d.slower ? "slower" : "faster") + ": it waited " + seconds_text(d.after) +
         " for the charge point, " + seconds_text(d.before) + " before";
}

std::string new_or_gone(const ItemChange& item) {
  return item.appeared ? "new" : "gone";
}

std::string where(const ItemChange& item, const char* otherwise) {
  return item.where.empty() ? otherwise : item.where;
}

Colour colour_of(Change change) {
  switch (change) {
    case Change::worse:
      return Colour::red;
    case Change::better:
      return Colour::green;
    case Change::unclear:
      return Colour::yellow;
    case Change::appeared:
    case Change::gone:
      return Colour::none;
  }
  return Colour::none;
}

std::string totals(const Comparison& c) {
  std::vector<std::string> parts;
  for (const Change change :
       {Change::worse, Change::better, Change::unclear, Change::appeared, Change::gone})
    if (const std::size_t count = c.count(change); count > 0)
      parts.push_back(std::to_string(count) + " " + to_string(change));
  const std::string cases = counted(c.judged_in_both, "case") + " judged in both runs";
  if (c.nothing_differs()) return "Nothing differs; " + cases;
  return (parts.empty() ? "No verdict changed" : "Verdicts: " + join(parts, ", ")) + "; " + cases +
         (c.slower() ? "; slower" : "");
}

const char* note_on_cut(std::size_t count) {
  return count > kMaxRows ? "There are more: --format json has them all." : "";
}

std::string items_text(const char* title, const std::vector<ItemChange>& items,
                       const char* otherwise, const Style& style) {
  if (items.empty()) return {};
  std::string out = heading(title, style);
  for (std::size_t i = 0; i < items.size() && i < kMaxRows; ++i)
    out +=
        labelled(new_or_gone(items[i]),
                 where(items[i], otherwise) + (*otherwise || !items[i].where.empty() ? "  " : "") +
                     items[i].what + ": " + elide(items[i].message, kMessageLength),
                 style, items[i].appeared ? Colour::red : Colour::green);
  return out + labelled("", note_on_cut(items.size()), style);
}

std::string items_markdown(const char* title, const std::vector<ItemChange>& items,
                           const char* otherwise) {
  MarkdownTable table({"", "Case", "What", "Message"});
  for (std::size_t i = 0; i < items.size() && i < kMaxRows; ++i)
    table.row({new_or_gone(items[i]), where(items[i], otherwise), items[i].what,
               elide(items[i].message, kMessageLength)});
  if (table.empty()) return {};
  const std::string note = note_on_cut(items.size());
  return markdown_heading(3, title) + table.text() + (note.empty() ? "" : markdown_paragraph(note));
}

constexpr const char* kFailures = "Failures of cases that passed in neither run";
constexpr const char* kRemarks = "Remarks of the monitors";
constexpr const char* kClaims = "Claims that the charge point contradicts";

}  // namespace

std::string compare_text(const Comparison& c, const Style& style) {
  std::string out =
      labelled("Before", side_text(c.before), style) + labelled("After", side_text(c.after), style);
  if (!c.uneven.empty()) {
    out += heading("What makes the comparison uneven", style);
    for (const auto& one : c.uneven)
      out += labelled("Notice", uneven_text(one), style, Colour::yellow);
  }
  if (!c.cases.empty()) {
    out += heading("Verdicts", style);
    for (const auto& change : c.cases) {
      const std::string reason = change_reason(change);
      out += labelled(to_string(change.change),
                      change.id + "  " + change.title + ": " + verdicts(change) +
                          (reason.empty() ? "" : ": " + reason),
                      style, colour_of(change.change));
    }
  }
  out += items_text(kFailures, c.failures, "", style) +
         items_text(kRemarks, c.remarks, "between cases", style) +
         items_text(kClaims, c.contradictions, "", style);
  if (!c.kpis.empty()) out += heading("Timings: least, average, greatest", style);
  for (const auto& kpi : c.kpis) {
    const bool bad = kpi.pace == Pace::slower || kpi.now_beyond_declared;
    const std::string pace = pace_text(kpi);
    out += "  " + kpi_title(kpi.name) + "\n" + labelled("before", figures_text(kpi.before), style) +
           labelled("after", figures_text(kpi.after) + (pace.empty() ? "" : "; ") + pace, style,
                    bad                        ? Colour::red
                    : kpi.pace == Pace::faster ? Colour::green
                                               : Colour::none);
  }
  if (!c.durations.empty()) out += heading("Cases that took another time", style);
  for (const auto& d : c.durations)
    out += labelled(d.id, duration_text(d), style, d.slower ? Colour::red : Colour::green);
  return out + heading("Result", style) + "  " + totals(c) + "\n";
}

std::string compare_markdown(const Comparison& c) {
  std::string out =
      markdown_heading(2, "plugproof: " + c.before.name + " against " + c.after.name) +
      markdown_paragraph(totals(c) + ".");
  MarkdownTable runs({"", "Run"});
  runs.row({"Before", side_text(c.before)});
  runs.row({"After", side_text(c.after)});
  out += runs.text();
  for (const auto& one : c.uneven) out += "> Uneven: " + markdown(uneven_text(one)) + "\n\n";
  MarkdownTable cases({"", "Case", "Before", "After", "Reason"});
  for (const auto& change : c.cases)
    cases.row({to_string(change.change), change.id + " " + change.title, to_string(change.before),
               to_string(change.after), change_reason(change)});
  if (!cases.empty()) out += markdown_heading(3, "Verdicts") + cases.text();
  out += items_markdown(kFailures, c.failures, "") +
         items_markdown(kRemarks, c.remarks, "between cases") +
         items_markdown(kClaims, c.contradictions, "");
  MarkdownTable kpis({"Timing: least / average / greatest", "Before", "After", "Remark"});
  for (const auto& kpi : c.kpis)
    kpis.row(
        {kpi_title(kpi.name), figures_text(kpi.before), figures_text(kpi.after), pace_text(kpi)});
  if (!kpis.empty()) out += markdown_heading(3, "Timings") + kpis.text();
  MarkdownTable durations({"Case", "Time"});
  for (const auto& d : c.durations) durations.row({d.id + " " + d.title, duration_text(d)});
  if (!durations.empty())
    out += markdown_heading(3, "Cases that took another time") + durations.text();
  return out;
}

}  // namespace plugproof::reports
