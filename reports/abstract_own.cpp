// The sections of the abstract that no form of the programme has: how the run was judged, the audit
// of the claims, and the evidence behind it.
#include "reports/abstract_parts.hpp"
#include "reports/text.hpp"

namespace plugproof::reports {

namespace {

AbstractSection own_section(std::string title) {
  AbstractSection out = section(std::move(title));
  out.own = true;
  return out;
}

// Every setting of the PIXIT in force. Values are printed as they are: units are those of
// docs/pixit.md, seconds where a setting is a time.
void add_settings(AbstractTable& table, const std::string& prefix, const base::Value& object) {
  for (const auto& [name, value] : object.as_object()) {
    if (value.is_object()) {
      add_settings(table, prefix + name + ".", value);
    } else {
      table.rows.push_back({prefix + name, value.is_null() ? "" : plain(value)});
    }
  }
}

AbstractSection judgement(const Results& results) {
  AbstractSection out = own_section("Decision Rules and Tolerances");
  out.blocks.emplace_back(AbstractTable{
      "",
      {"Subject", "Rule"},
      {{"Test case",
        "Pass when every check that was judged holds and there was at least one. A check that does "
        "not hold, a message that does not come in time, and a breach of the protocol that a "
        "monitor sees are failures. What the bench could not do is inconclusive, never a failure."},
       {"Profile",
        "Pass when every test case that the PICS calls for passed. One that failed, was "
        "inconclusive, was left out or is not built prevents it."},
       {"Time limits",
        "The maxima of the PICS: a message that comes later is late. What arrives exactly at a "
        "limit is in time."},
       {"Measurement uncertainty",
        "None is added to or taken from a limit; the tolerances below are all there are."},
       {"Performance figures",
        "Recorded, never judged: a maximum above the declared one is a remark."},
       {"Claims of the PICS",
        "Compared with what the charge point showed; a contradiction is a remark."}}});
  AbstractTable settings{"Settings in force; times are in seconds", {"Setting", "Value"}, {}};
  if (results.run.pixit.is_object()) add_settings(settings, "", results.run.pixit);
  if (!settings.rows.empty()) out.blocks.emplace_back(std::move(settings));
  return out;
}

AbstractSection audit(const Results& results) {
  AbstractSection out = own_section("Claims against what the Charge Point showed");
  const std::size_t contradicted = contradictions(results);
  const std::size_t agreed = results.audit.size() - contradicted;
  if (results.audit.empty() && results.unseen_claims.empty()) {
    add_remark(out, "The claims of the PICS were not compared: the charge point showed nothing.");
    return out;
  }
  add_text(out, counted(agreed, "claim") + " confirmed, " + std::to_string(contradicted) +
                    " contradicted, " + std::to_string(results.unseen_claims.size()) +
                    " not visible in this run; report.md lists them all.");
  if (contradicted == 0) return out;
  AbstractTable table{"", {"ID", "Compared with", "Claimed", "Reported", "Remark", "Record"}, {}};
  for (const auto& row : results.audit)
    if (!row.agrees)
      table.rows.push_back({row.id, row.compared_with, row.claimed, row.reported, row.reason,
                            row.frame > 0 ? std::to_string(row.frame) : std::string()});
  out.blocks.emplace_back(std::move(table));
  return out;
}

AbstractSection evidence(const Results& results) {
  const RunInfo& run = results.run;
  AbstractSection out = own_section("Record of this Run");
  AbstractTable table{"",
                      {},
                      {{"Tool", run.tool},
                       {"Instance of the tool", run.instance_id},
                       {"Config ID", config_id(run)},
                       {"Firmware image", run.firmware_name},
                       {"SHA-256 of the firmware image", run.firmware_sha256},
                       {"Run", run.name},
                       {"Begin and end", run.started + " to " + run.ended},
                       {"Clock", run.clock},
                       {"Device", run.simulated() ? "simulated" : join(results.duts, ", ")},
                       {"Edition of the test cases", run.edition},
                       {"SHA-256 of the test suite", run.suite_sha256},
                       {"SHA-256 of the PICS file", run.pics_sha256},
                       {"Journal", counted(static_cast<std::size_t>(results.records), "record") +
                                       ", last one with SHA-256 " + results.head}}};
  if (run.shard.of > 0) table.rows.push_back({"Part of a plan", run.shard.text()});
  for (std::size_t i = 0; i < run.merged.size(); ++i)
    table.rows.push_back(
        {"Joined from, " + std::to_string(i + 1),
         run.merged[i].text() + "; SHA-256 of its journal " + run.merged[i].journal_sha256});
  for (const auto& attempt : results.resumed)
    table.rows.push_back({"Resumed", resumption_text(attempt)});
  out.blocks.emplace_back(std::move(table));
  add_text(out,
           "The Config ID is derived by plugproof: the first sixteen hex digits of the SHA-256 "
           "over the PICS and the PIXIT of this run. The instance was drawn by lot when plugproof "
           "first ran on that machine; a run on virtual time has none.");
  return out;
}

}  // namespace

std::vector<AbstractSection> own_sections(const Results& results) {
  return {judgement(results), audit(results), evidence(results)};
}

}  // namespace plugproof::reports
