#include "reports/report_markdown.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "reports/markdown_table.hpp"
#include "reports/terminal.hpp"
#include "reports/text.hpp"
#include "reports/titles.hpp"

namespace plugproof::reports {

namespace {

bool needs_explanation(const CaseResult& result) {
  return result.verdict == Verdict::fail || result.verdict == Verdict::inconc ||
         result.verdict == Verdict::error;
}

std::string run_part(const Results& results) {
  const RunInfo& run = results.run;
  MarkdownTable table({"Run", run.name});
  table.row({"Tool", run.tool});
  table.row({"Command line", run.command_line});
  table.row({"Begin and end", run.started + " to " + run.ended + ", " + seconds_text(run.seconds)});
  table.row({"Clock", run.clock});
  table.row(
      {"Device", run.dut_kind + (results.duts.empty() ? "" : ": " + join(results.duts, ", "))});
  if (!run.defects.empty()) table.row({"Defects switched on", join(run.defects, ", ")});
  table.row({"PICS", run.pics_path + ", generation " + run.generation});
  table.row({"SHA-256 of the PICS", run.pics_sha256});
  table.row({"Edition of the test cases", run.edition});
  table.row({"SHA-256 of the suite", run.suite_sha256});
  table.row({"Seed", std::to_string(run.seed)});
  for (const auto& attempt : results.resumed) table.row({"Resumed", resumption_text(attempt)});
  table.row({"Outcome", results.outcome + (results.outcome_reason.empty() ? "" : ": ") +
                            results.outcome_reason});
  table.row({"Journal", counted(static_cast<std::size_t>(results.records), "record") +
                            (results.torn ? " and one torn at the end" : "") + ", last SHA-256 " +
                            results.head});
  if (run.shard.of > 0) table.row({"Part of a plan", run.shard.text()});
  for (std::size_t i = 0; i < run.merged.size(); ++i)
    table.row({"Joined from, " + std::to_string(i + 1),
               run.merged[i].text() + "; SHA-256 of its journal " + run.merged[i].journal_sha256});
  std::string out;
  for (const auto& warning : warnings(results)) out += "**" + markdown(warning) + "**\n\n";
  return out + table.text();
}

std::string result_part(const Results& results) {
  const Counts counts = results.counts();
  MarkdownTable table({"Pass", "Fail", "Inconclusive", "Error", "Not run", "Not applicable"});
  std::vector<std::string> row;
  for (const std::size_t count : {counts.pass, counts.fail, counts.inconc, counts.error,
                                  counts.not_run, counts.not_applicable})
    row.push_back(std::to_string(count));
  table.row(row);
  MarkdownTable profiles({"Profile", "Result", "Applicable", "Passed", "Failed", "Inconclusive",
                          "Errors", "Not built", "Not run"});
  for (const auto& p : results.profiles) {
    std::vector<std::string> cells = {p.title, p.printed};
    for (const std::size_t count :
         {p.applicable, p.passed, p.failed, p.inconclusive, p.errors, p.not_built, p.not_run})
      cells.push_back(p.claimed ? std::to_string(count) : "");
    profiles.row(cells);
  }
  return markdown_heading(2, "Result") + table.text() + profiles.text();
}

std::string failures_part(const Results& results) {
  std::string out;
  for (const auto& result : results.cases) {
    if (!needs_explanation(result)) continue;
    // A code block: its lines never begin with the fence, and their texts are printable.
    out += markdown_heading(3, result.id + ": " + result.title) + "~~~~text\n" +
           explain_case(result, {false, 120}) + "~~~~\n\n";
  }
  return out.empty() ? out : markdown_heading(2, "What did not pass") + out;
}

std::string cases_part(const Results& results) {
  std::string out;
  std::vector<std::string> groups;
  for (const auto& result : results.cases)
    if (result.attempts > 0 &&
        std::find(groups.begin(), groups.end(), result.group) == groups.end())
      groups.push_back(result.group);
  for (const auto& group : groups) {
    MarkdownTable table({"Case", "Title", "Verdict", "Checks", "Time", "Reason"});
    for (const auto& result : results.cases)
      if (result.attempts > 0 && result.group == group)
        table.row({result.id, result.title, to_string(result.verdict),
                   std::to_string(result.checks), seconds_text(result.seconds),
                   result.verdict == Verdict::pass ? "" : result.reason});
    out += markdown_heading(3, group) + table.text();
  }
  return out.empty() ? out : markdown_heading(2, "Cases that ran") + out;
}

std::string timings_part(const Results& results) {
  MarkdownTable table({"Figure", "Samples", "Min s", "Max s", "Average s", "Declared s", "Remark"});
  for (const auto& kpi : results.kpis) {
    if (kpi.count == 0 && !kpi.declared) continue;
    const bool any = kpi.count > 0;
    table.row({kpi_title(kpi.name), std::to_string(kpi.count), any ? fixed(kpi.min, 2) : "-",
               any ? fixed(kpi.max, 2) : "-", any ? fixed(kpi.average(), 2) : "-",
               kpi.declared ? fixed(*kpi.declared, 0) : "-",
               kpi.beyond_declared() ? "maximum above the declared one" : ""});
  }
  return table.empty() ? std::string()
                       : markdown_heading(2, "Timings", short_warning(results)) + table.text();
}

std::string time_part(const Results& results) {
  if (results.time.total() <= 0) return {};
  MarkdownTable table({"Case", "Whole s", "Charge point s", "Prescribed waits s",
                       "Physical actions s", "Harness s", "Harness %"});
  const auto add = [&](const std::string& name, const TimeBudget& time) {
    table.row({name, fixed(time.total(), 1), fixed(time.charge_point, 1), fixed(time.prescribed, 1),
               fixed(time.rig, 1), fixed(time.harness, 3), fixed(time.harness_percent(), 2)});
  };
  add("the run", results.time);
  for (const auto& result : results.cases)
    if (result.attempts > 0) add(result.id, result.time);
  return markdown_heading(2, "Where the time went", short_warning(results)) + table.text();
}

std::string measurands_part(const Results& results) {
  if (results.sampled_measurands.empty() && results.aligned_measurands.empty()) return {};
  MarkdownTable table({"Meter values seen", "Measurands"});
  table.row({"Sampled", join(results.sampled_measurands, " ")});
  table.row({"Clock-aligned", join(results.aligned_measurands, " ")});
  return markdown_heading(2, "Measurands") + table.text();
}

std::string audit_part(const Results& results) {
  const auto shown = [](const AuditRow& row) {
    return row.frame > 0 ? "record " + std::to_string(row.frame) +
                               (row.evidence.empty() ? "" : ": " + row.evidence)
                         : row.evidence;
  };
  MarkdownTable broken({"Claim", "Compared with", "Claimed", "Reported", "Remark", "Shown by"});
  MarkdownTable kept({"Claim", "Compared with", "Claimed", "Reported", "Note"});
  MarkdownTable unseen({"Claim", "Compared with", "Claimed", "Reason"});
  for (const auto& row : results.audit) {
    if (row.agrees)
      kept.row({row.id, row.compared_with, row.claimed, row.reported, row.reason});
    else
      broken.row({row.id, row.compared_with, row.claimed, row.reported, row.reason, shown(row)});
  }
  for (const auto& claim : results.unseen_claims)
    unseen.row({claim.id, claim.compared_with, claim.claimed, claim.reason});
  if (broken.empty() && kept.empty() && unseen.empty()) return {};
  std::string out = markdown_heading(2, "Claims of the PICS against the charge point");
  out += markdown_paragraph("Contradictions are remarks; they change no verdict.");
  if (!broken.empty()) out += markdown_heading(3, "Contradicted") + broken.text();
  if (!kept.empty()) out += markdown_heading(3, "Confirmed") + kept.text();
  if (!unseen.empty()) out += markdown_heading(3, "Not visible in this run") + unseen.text();
  return out;
}

std::string remarks_part(const Results& results) {
  MarkdownTable table({"Case", "Monitor", "Remark", "Times", "Reference"});
  const auto add = [&](const std::string& id, const std::vector<Finding>& findings, bool all) {
    for (const auto& finding : findings)
      if (all || finding.severity != "fail")
        table.row({id, finding.monitor, finding.message, std::to_string(finding.count),
                   finding.reference});
  };
  // Outside of a case no verdict carries a finding, so those that would fail one stand here too.
  add("between cases", results.findings, true);
  for (const auto& result : results.cases) add(result.id, result.findings, false);
  MarkdownTable notes({"Case", "Note"});
  for (const auto& note : results.notes) notes.row({"between cases", note});
  for (const auto& result : results.cases)
    for (const auto& note : result.notes) notes.row({result.id, note});
  std::string out;
  if (!table.empty()) out += markdown_heading(2, "Remarks of the monitors") + table.text();
  if (!notes.empty()) out += markdown_heading(2, "Notes") + notes.text();
  return out;
}

std::string not_run_part(const Results& results) {
  MarkdownTable table({"Case", "Title", "Profile", "Decision", "Reason", "Selected when"});
  for (const auto& result : results.cases)
    if (result.verdict == Verdict::not_applicable || result.verdict == Verdict::not_run)
      table.row({result.id, result.title, result.profile,
                 result.missed() ? "not run" : result.decision,
                 result.reason.empty() ? result.decision_reason : result.reason, result.feature});
  return table.empty() ? std::string()
                       : markdown_heading(2, "Cases that did not run") + table.text();
}

}  // namespace

std::string render_report(const Results& results) {
  return markdown_heading(1, "Test report of the run " + results.run.name) + run_part(results) +
         result_part(results) + failures_part(results) + timings_part(results) +
         audit_part(results) + measurands_part(results) + remarks_part(results) +
         cases_part(results) + time_part(results) + not_run_part(results);
}

}  // namespace plugproof::reports
