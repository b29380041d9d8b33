#include "reports/html/page.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/base/json.hpp"
#include "reports/abstract_parts.hpp"
#include "reports/html/case_section.hpp"
#include "reports/html/pieces.hpp"
#include "reports/html/plot.hpp"
#include "reports/html/template.hpp"
#include "reports/pics_view.hpp"
#include "reports/text.hpp"
#include "reports/titles.hpp"

namespace plugproof::reports {

namespace html {
namespace {

using base::Value;

// A table of two columns; rows without a value are left out.
class Facts {
 public:
  void add(const std::string& name, std::string value) {
    if (!value.empty())
      rows_.push_back(
          Value::object({{"name", name}, {"value", std::move(value)}, {"hash", false}}));
  }
  void add_hash(const std::string& name, std::string value) {
    if (!value.empty())
      rows_.push_back(Value::object({{"name", name}, {"value", std::move(value)}, {"hash", true}}));
  }
  Value rows() && { return Value(std::move(rows_)); }

 private:
  Value::List rows_;
};

struct Page {
  const Results& results;
  const Histories& histories;
  std::vector<std::string> anchors;  // of results.cases
  std::string mark;
};

bool has_section(const CaseResult& result) {
  return result.attempts > 0;
}

// The worst of the claimed profiles: what a reader may say of the run in a word.
Value overall(const Results& results) {
  const Counts counts = results.counts();
  const auto ran = counts.pass + counts.fail + counts.inconc + counts.error;
  ProfileVerdict worst = ProfileVerdict::pass;
  for (const auto& profile : results.profiles) {
    if (!profile.claimed || profile.verdict == ProfileVerdict::not_tested) continue;
    const auto rank = [](ProfileVerdict verdict) {
      return verdict == ProfileVerdict::fail           ? 3
             : verdict == ProfileVerdict::inconclusive ? 2
             : verdict == ProfileVerdict::incomplete   ? 1
                                                       : 0;
    };
    if (rank(profile.verdict) > rank(worst)) worst = profile.verdict;
  }
  const std::string of_ran = " of " + counted(ran, "case") + " that ran";
  if (counts.fail > 0)
    return Value::object({{"style", "fail"},
                          {"sign", "✗"},
                          {"word", "Fail"},
                          {"says", std::to_string(counts.fail) + of_ran + " failed"}});
  if (counts.inconc + counts.error > 0 || worst == ProfileVerdict::inconclusive)
    return Value::object(
        {{"style", "inconc"},
         {"sign", "?"},
         {"word", "Inconclusive"},
         {"says", std::to_string(counts.inconc + counts.error) + of_ran + " could not be judged"}});
  if (worst == ProfileVerdict::incomplete || results.outcome != "complete" || ran == 0)
    return Value::object(
        {{"style", "inconc"},
         {"sign", "○"},
         {"word", "Incomplete"},
         {"says", ran == 0 ? std::string("No case ran")
                           : "Every case that ran passed, but not every applicable case ran"}});
  return Value::object(
      {{"style", "pass"},
       {"sign", "✓"},
       {"word", "Pass"},
       {"says", "Every applicable case of the claimed profiles passed in this run"}});
}

Value count_rows(const Results& results) {
  const Counts counts = results.counts();
  Value::List out;
  const auto add = [&](std::size_t count, Verdict verdict) {
    Value row = verdict_value(verdict);
    row.set("count", std::to_string(count));
    out.push_back(std::move(row));
  };
  add(counts.pass, Verdict::pass);
  add(counts.fail, Verdict::fail);
  add(counts.inconc, Verdict::inconc);
  add(counts.error, Verdict::error);
  add(counts.not_run, Verdict::not_run);
  add(counts.not_applicable, Verdict::not_applicable);
  return Value(std::move(out));
}

// Whether a case is counted for the profile. The extension has its cases under another name.
bool belongs(const CaseResult& result, const ProfileResult& profile) {
  return result.profile == profile.name ||
         (profile.name == "Security" && result.profile == "SecurityExtension");
}

const char* style_of(ProfileVerdict verdict) {
  switch (verdict) {
    case ProfileVerdict::pass:
      return "pass";
    case ProfileVerdict::fail:
      return "fail";
    case ProfileVerdict::inconclusive:
    case ProfileVerdict::incomplete:
      return "inconc";
    case ProfileVerdict::not_tested:
    case ProfileVerdict::not_claimed:
      return "none";
  }
  return "none";
}

Value profile_rows(const Page& page) {
  Value::List out;
  for (const auto& profile : page.results.profiles) {
    Value::List chips;
    for (std::size_t i = 0; i < page.results.cases.size(); ++i) {
      const CaseResult& result = page.results.cases[i];
      if (!belongs(result, profile) || !result.applies()) continue;
      Value chip = verdict_value(result.verdict);
      if (result.decision == "not_built") chip.set("word", "Not built");
      chip.set("id", result.id);
      chip.set("title", result.title);
      chip.set("anchor", has_section(result) ? page.anchors[i] : "select-" + std::to_string(i + 1));
      chips.push_back(std::move(chip));
    }
    const auto number = [&](std::size_t count) {
      return profile.claimed ? std::to_string(count) : std::string();
    };
    out.push_back(Value::object(
        {{"title", profile.title},
         {"description", profile_description(profile.name, page.results.run.generation)},
         {"printed", profile.printed},
         {"style", style_of(profile.verdict)},
         {"applicable", number(profile.applicable)},
         {"passed", number(profile.passed)},
         {"failed", number(profile.failed)},
         {"inconclusive", number(profile.inconclusive + profile.errors)},
         {"missing", number(profile.not_built + profile.not_run)},
         {"has_chips", profile.claimed && !chips.empty()},
         {"chips", Value(std::move(chips))}}));
  }
  return Value(std::move(out));
}

Value not_passed_rows(const Page& page) {
  Value::List out;
  for (std::size_t i = 0; i < page.results.cases.size(); ++i) {
    const CaseResult& result = page.results.cases[i];
    if (!did_not_pass(result)) continue;
    out.push_back(Value::object({{"anchor", page.anchors[i]},
                                 {"id", result.id},
                                 {"title", result.title},
                                 {"verdict", verdict_value(result.verdict)},
                                 {"reason", result.reason}}));
  }
  return Value(std::move(out));
}

Value product_facts(const Results& results, const PicsView& pics) {
  Facts facts;
  facts.add("Vendor", pics.text("product", "vendor"));
  facts.add("Product", pics.text("product", "designation"));
  facts.add("Type", pics.text("product", "type"));
  const std::string firmware = pics.text("product", "firmware_version");
  facts.add("Firmware version", firmware);
  if (firmware.empty())
    facts.add("OCPP software version", pics.text("product", "software_version"));
  facts.add("Configuration", config_id(results.run) + " (derived from PICS and PIXIT)");
  facts.add("Laboratory, according to the PICS", pics.text("laboratory", "name"));
  facts.add("Device in this run",
            results.run.simulated() ? "plugproof's own simulator" : join(results.duts, ", "));
  facts.add("Programme", "generation " + results.run.generation + ", test cases of edition " +
                             results.run.edition);
  facts.add("Run", results.run.name);
  facts.add("Begin", results.run.started);
  facts.add("End", results.run.ended + ", after " + seconds_text(results.run.seconds));
  return std::move(facts).rows();
}

Value kpi_rows(const Page& page) {
  Value::List out;
  for (const auto& kpi : page.results.kpis) {
    if (kpi.count == 0 && !kpi.declared) continue;
    const bool any = kpi.count > 0;
    const auto series = page.histories.samples.find(kpi.name);
    out.push_back(Value::object(
        {{"title", kpi_title(kpi.name)},
         {"description", kpi_description(kpi.name)},
         {"samples", std::to_string(kpi.count)},
         {"min", any ? fixed(kpi.min, 2) : "-"},
         {"max", any ? fixed(kpi.max, 2) : "-"},
         {"average", any ? fixed(kpi.average(), 2) : "-"},
         {"declared", kpi.declared ? fixed(*kpi.declared, 0) : "-"},
         {"over", kpi.beyond_declared()},
         {"within", any && kpi.declared && !kpi.beyond_declared()},
         {"plot", series == page.histories.samples.end() ? Value() : plot(kpi, series->second)}}));
  }
  return Value(std::move(out));
}

Value audit_rows(const Results& results) {
  Value::List out;
  for (const bool agrees : {false, true})
    for (const auto& row : results.audit)
      if (row.agrees == agrees)
        out.push_back(Value::object({{"id", row.id},
                                     {"claimed", row.claimed},
                                     {"reported", row.reported},
                                     {"agrees", row.agrees}}));
  return Value(std::move(out));
}

Value remark_groups(const Page& page) {
  Value::List out;
  const auto add = [&](const std::string& id, const std::string& anchor,
                       const std::vector<Finding>& findings, bool all) {
    Value rows = remark_rows(findings, all);
    for (auto& row : rows.as_list()) {
      row.set("case", id);
      row.set("anchor", anchor);
      out.push_back(std::move(row));
    }
  };
  // Outside of a case no verdict carries a finding, so those that would fail one stand here too.
  add("", "", page.results.findings, true);
  for (std::size_t i = 0; i < page.results.cases.size(); ++i)
    add(page.results.cases[i].id, page.anchors[i], page.results.cases[i].findings, false);
  return Value(std::move(out));
}

Value names_of(const std::vector<CaseResult>& cases) {
  std::vector<std::string> names;
  Value::List out;
  for (const auto& result : cases)
    if (has_section(result) &&
        std::find(names.begin(), names.end(), result.profile) == names.end()) {
      names.push_back(result.profile);
      out.push_back(Value::object({{"profile", result.profile}}));
    }
  return Value(std::move(out));
}

Value texts(const std::vector<std::string>& lines) {
  Value::List out;
  for (const auto& line : lines) out.emplace_back(line);
  return Value(std::move(out));
}

Value head_data(const Page& page) {
  const Results& results = page.results;
  const PicsView pics(results.run.pics);
  Value not_passed = not_passed_rows(page);
  Value kpis = kpi_rows(page);
  Value audit = audit_rows(results);
  Value remarks = remark_groups(page);
  const std::string product = pics.text("product", "designation");
  const std::string rule = page_rule(page.mark);
  return Value::object(
      {{"css", embedded_style()},
       {"style_digest", policy_digest(embedded_style())},
       {"page_rule", rule},
       {"page_rule_digest", policy_digest(rule)},
       {"script_digest", policy_digest(embedded_script())},
       {"product", product.empty() ? results.run.name : product},
       {"vendor", pics.text("product", "vendor")},
       {"tool", results.run.tool},
       {"mark", page.mark},
       {"warnings", texts(warnings(results))},
       {"overall", overall(results)},
       {"counts", count_rows(results)},
       {"profiles", profile_rows(page)},
       {"has_not_passed", !not_passed.as_list().empty()},
       {"not_passed", std::move(not_passed)},
       {"facts", product_facts(results, pics)},
       {"has_kpis", !kpis.as_list().empty()},
       {"kpis", std::move(kpis)},
       {"technology", pics.text("performance", "technology")},
       {"has_audit", !audit.as_list().empty()},
       {"audit", std::move(audit)},
       {"contradictions", counted(contradictions(results), "contradiction")},
       {"has_measurands",
        !results.sampled_measurands.empty() || !results.aligned_measurands.empty()},
       {"sampled", join(results.sampled_measurands, ", ")},
       {"aligned", join(results.aligned_measurands, ", ")},
       {"has_remarks", !remarks.as_list().empty()},
       {"remarks", std::move(remarks)},
       {"has_notes", !results.notes.empty()},
       {"notes", texts(results.notes)},
       {"has_cases", std::any_of(results.cases.begin(), results.cases.end(), has_section)},
       {"filter_profiles", names_of(results.cases)}});
}

// Why or why not, for every id of the programme.
Value selection_rows(const Page& page) {
  Value::List out;
  for (std::size_t i = 0; i < page.results.cases.size(); ++i) {
    const CaseResult& result = page.results.cases[i];
    out.push_back(
        Value::object({{"row", "select-" + std::to_string(i + 1)},
                       {"anchor", has_section(result) ? page.anchors[i] : std::string()},
                       {"id", result.id},
                       {"title", result.title},
                       {"profile", result.profile},
                       {"decision", spaced(result.decision)},
                       {"why", result.decision_reason},
                       {"feature", result.feature},
                       {"verdict", verdict_value(result.verdict)},
                       {"not_reached", result.missed() ? result.reason : std::string()}}));
  }
  return Value(std::move(out));
}

Value evidence_facts(const Page& page) {
  const Results& results = page.results;
  const RunInfo& run = results.run;
  Facts facts;
  facts.add_hash("SHA-256 of journal.jsonl", page.histories.journal_sha256);
  facts.add_hash("SHA-256 of its last record", results.head);
  facts.add("Records",
            std::to_string(results.records) + (results.torn ? ", and one torn at the end" : ""));
  facts.add("Chain of digests", results.chain_broken_at == 0
                                    ? "holds from the first record to the last"
                                    : "broken at line " + std::to_string(results.chain_broken_at));
  facts.add_hash("SHA-256 of the test suite", run.suite_sha256);
  facts.add("Test cases in it", std::to_string(run.suite_cases));
  facts.add_hash("SHA-256 of the PICS file", run.pics_sha256);
  facts.add("PICS file", run.pics_path);
  facts.add("Tool", run.tool);
  facts.add("Command line", run.command_line);
  facts.add("Clock", run.clock);
  facts.add("Device", run.dut_kind);
  facts.add("Seed", std::to_string(run.seed));
  facts.add("Defects switched on", join(run.defects, ", "));
  for (const auto& attempt : results.resumed) facts.add("Resumed", resumption_text(attempt));
  facts.add("Outcome", results.outcome + (results.outcome_reason.empty() ? "" : ": ") +
                           results.outcome_reason);
  facts.add("Part of a plan", run.shard.text());
  for (std::size_t i = 0; i < run.merged.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    facts.add("Joined from, " + number, run.merged[i].text());
    facts.add_hash("SHA-256 of journal " + number, run.merged[i].journal_sha256);
  }
  return std::move(facts).rows();
}

Value tail_data(const Page& page) {
  const Results& results = page.results;
  Value outside = outside_rows(page.histories.outside);
  return Value::object({{"mark", page.mark},
                        {"tool", results.run.tool},
                        {"warnings", texts(warnings(results))},
                        {"selection", selection_rows(page)},
                        {"selection_size", counted(results.cases.size(), "id")},
                        {"evidence", evidence_facts(page)},
                        {"has_outside", !outside.as_list().empty()},
                        {"outside", std::move(outside)},
                        {"pics", lines_of(base::write_json_pretty(results.run.pics))},
                        {"pixit", lines_of(base::write_json_pretty(results.run.pixit))},
                        {"js", embedded_script()}});
}

void write_page(const Results& results, std::ostream& out) {
  const Histories histories = read_histories(results);
  Page page{results, histories, {}, short_warning(results)};
  for (std::size_t i = 0; i < results.cases.size(); ++i)
    page.anchors.push_back(anchor_of(results.cases[i], i));

  part("head").render(head_data(page), out);
  Template section = part("case");
  static const CaseHistory none;
  // What did not pass comes first, the rest in the order of the programme.
  for (const bool first : {true, false})
    for (std::size_t i = 0; i < results.cases.size(); ++i) {
      const CaseResult& result = results.cases[i];
      if (!has_section(result) || did_not_pass(result) != first) continue;
      const auto history = histories.cases.find(result.id);
      section.render(case_section(result, history == histories.cases.end() ? none : history->second,
                                  page.anchors[i], page.mark),
                     out);
    }
  part("tail").render(tail_data(page), out);
}

}  // namespace
}  // namespace html

void write_html(const Results& results, std::ostream& out) {
  html::write_page(results, out);
}

}  // namespace plugproof::reports
