#include "reports/results_json.hpp"

#include "engine/base/json.hpp"
#include "engine/base/value.hpp"

namespace plugproof::reports {

namespace {

using base::Value;

Value number(std::size_t n) {
  return Value(static_cast<std::int64_t>(n));
}

template <typename Items, typename Function>
Value list_of(const Items& items, Function&& function) {
  Value::List list;
  for (const auto& item : items) list.push_back(function(item));
  return Value(std::move(list));
}

Value texts(const std::vector<std::string>& items) {
  return list_of(items, [](const std::string& item) { return Value(item); });
}

// Members that may be absent are left out rather than written empty.
void set_text(Value& object, std::string_view key, const std::string& text) {
  if (!text.empty()) object.set(key, text);
}

void set_seq(Value& object, std::string_view key, std::int64_t seq) {
  if (seq > 0) object.set(key, seq);
}

Value context_value(const ContextLine& line) {
  Value out = Value::object({{"seq", line.seq},
                             {"t", line.t},
                             {"utc", line.utc},
                             {"kind", line.kind},
                             {"text", line.text}});
  if (line.subject) out.set("subject", true);
  return out;
}

Value failure_value(const Failure& failure) {
  Value out = Value::object(
      {{"check", failure.check}, {"kind", failure.kind}, {"message", failure.message}});
  set_text(out, "field", failure.field);
  set_text(out, "expected", failure.expected);
  set_text(out, "actual", failure.actual);
  set_seq(out, "frame", failure.frame);
  set_text(out, "step", failure.step);
  if (failure.waited) out.set("waited", *failure.waited);
  set_text(out, "place", failure.place);
  set_text(out, "requirement", failure.requirement);
  set_text(out, "reference", failure.reference);
  set_text(out, "advice", failure.advice);
  out.set("context", list_of(failure.context, context_value));
  return out;
}

Value finding_value(const Finding& finding) {
  Value out = Value::object({{"monitor", finding.monitor},
                             {"severity", finding.severity},
                             {"message", finding.message},
                             {"count", finding.count}});
  set_text(out, "field", finding.field);
  set_text(out, "expected", finding.expected);
  set_text(out, "actual", finding.actual);
  set_text(out, "reference", finding.reference);
  set_seq(out, "frame", finding.frame);
  return out;
}

Value time_value(const TimeBudget& time) {
  return Value::object({{"charge_point", time.charge_point},
                        {"prescribed", time.prescribed},
                        {"rig", time.rig},
                        {"harness", time.harness}});
}

Value case_value(const CaseResult& result) {
  Value out = Value::object({{"id", result.id},
                             {"title", result.title},
                             {"group", result.group},
                             {"profile", result.profile},
                             {"decision", result.decision},
                             {"decision_reason", result.decision_reason},
                             {"feature", result.feature},
                             {"verdict", to_string(result.verdict)},
                             {"reason", result.reason}});
  if (result.attempts == 0) return out;
  set_text(out, "requirement", result.requirement);
  set_text(out, "file", result.file);
  set_text(out, "started", result.started);
  out.set("seconds", result.seconds);
  out.set("time", time_value(result.time));
  out.set("checks", result.checks);
  out.set("attempts", result.attempts);
  out.set("failures", list_of(result.failures, failure_value));
  if (result.failures_left_out > 0) out.set("failures_left_out", result.failures_left_out);
  out.set("findings", list_of(result.findings, finding_value));
  if (result.findings_left_out > 0) out.set("findings_left_out", result.findings_left_out);
  out.set("notes", texts(result.notes));
  return out;
}

Value kpi_value(const Kpi& kpi) {
  Value out = Value::object({{"kpi", kpi.name}, {"count", kpi.count}});
  if (kpi.count > 0) {
    out.set("min", kpi.min);
    out.set("max", kpi.max);
    out.set("average", kpi.average());
  }
  if (kpi.declared) out.set("declared", *kpi.declared);
  out.set("beyond_declared", kpi.beyond_declared());
  return out;
}

const char* verdict_word(ProfileVerdict verdict) {
  switch (verdict) {
    case ProfileVerdict::pass:
      return "pass";
    case ProfileVerdict::fail:
      return "fail";
    case ProfileVerdict::inconclusive:
      return "inconclusive";
    case ProfileVerdict::incomplete:
      return "incomplete";
    case ProfileVerdict::not_tested:
      return "not_tested";
    case ProfileVerdict::not_claimed:
      return "not_claimed";
  }
  return "";
}

Value profile_value(const ProfileResult& profile) {
  return Value::object({{"profile", profile.name},
                        {"claimed", profile.claimed},
                        {"verdict", verdict_word(profile.verdict)},
                        {"printed", profile.printed},
                        {"applicable", number(profile.applicable)},
                        {"passed", number(profile.passed)},
                        {"failed", number(profile.failed)},
                        {"inconclusive", number(profile.inconclusive)},
                        {"errors", number(profile.errors)},
                        {"not_built", number(profile.not_built)},
                        {"not_run", number(profile.not_run)}});
}

Value audit_value(const AuditRow& row) {
  Value out = Value::object({{"id", row.id},
                             {"claimed", row.claimed},
                             {"reported", row.reported},
                             {"agrees", row.agrees}});
  set_seq(out, "frame", row.frame);
  const auto add = [&](const char* key, const std::string& text) {
    if (!text.empty()) out.set(key, text);
  };
  add("against", row.compared_with);
  add("reason", row.reason);
  add("shown", row.evidence);
  return out;
}

Value unseen_value(const UnseenClaim& claim) {
  return Value::object({{"id", claim.id},
                        {"against", claim.compared_with},
                        {"claimed", claim.claimed},
                        {"reason", claim.reason}});
}

Value resumed_value(const ResumedAttempt& attempt) {
  Value out = Value::object({{"attempt", attempt.attempt},
                             {"began", attempt.began},
                             {"tool", attempt.tool},
                             {"after", attempt.after},
                             {"reason", attempt.reason},
                             {"pause", attempt.pause}});
  set_text(out, "again", attempt.again);
  if (attempt.torn_bytes > 0)
    out.set("torn", Value::object({{"bytes", attempt.torn_bytes},
                                   {"sha256", attempt.torn_sha256},
                                   {"file", attempt.torn_file}}));
  set_text(out, "command_line", attempt.command_line);
  return out;
}

Value run_value(const Results& results) {
  const RunInfo& run = results.run;
  Value out = Value::object(
      {{"tool", run.tool},
       {"name", run.name},
       {"clock", run.clock},
       {"dut_kind", run.dut_kind},
       {"seed", run.seed},
       {"generation", run.generation},
       {"edition", run.edition},
       {"suite", Value::object({{"sha256", run.suite_sha256}, {"cases", run.suite_cases}})},
       {"pics", Value::object({{"path", run.pics_path}, {"sha256", run.pics_sha256}})},
       {"defects", texts(run.defects)},
       {"instance", run.instance_id},
       {"firmware_image",
        Value::object({{"name", run.firmware_name}, {"sha256", run.firmware_sha256}})},
       {"command_line", run.command_line},
       {"duts", texts(results.duts)},
       {"started", run.started},
       {"ended", run.ended},
       {"seconds", run.seconds},
       {"resumed", list_of(results.resumed, resumed_value)}});
  if (run.shard.of > 0)
    out.set("shard", Value::object({{"index", run.shard.index}, {"of", run.shard.of}}));
  if (!run.merged.empty()) out.set("merged", list_of(run.merged, source_value));
  return out;
}

Value journal_value(const Results& results) {
  Value out = Value::object({{"records", results.records},
                             {"torn", results.torn},
                             {"chain_holds", results.chain_broken_at == 0},
                             {"head", results.head}});
  if (results.chain_broken_at != 0) out.set("chain_broken_at", results.chain_broken_at);
  return out;
}

Value outcome_value(const Results& results) {
  Value out = Value::object({{"outcome", results.outcome}, {"reason", results.outcome_reason}});
  if (results.exit_status) out.set("exit_status", *results.exit_status);
  return out;
}

Value counts_value(const Counts& counts) {
  return Value::object({{"pass", number(counts.pass)},
                        {"fail", number(counts.fail)},
                        {"inconc", number(counts.inconc)},
                        {"error", number(counts.error)},
                        {"not_applicable", number(counts.not_applicable)},
                        {"not_run", number(counts.not_run)}});
}

}  // namespace

std::string render_json(const Results& results) {
  return base::write_json_pretty(Value::object(
      {{"format", kResultsFormat},
       {"run", run_value(results)},
       {"journal", journal_value(results)},
       {"outcome", outcome_value(results)},
       {"warnings", texts(warnings(results))},
       {"counts", counts_value(results.counts())},
       {"time", time_value(results.time)},
       {"profiles", list_of(results.profiles, profile_value)},
       {"kpis", list_of(results.kpis, kpi_value)},
       {"measurands", Value::object({{"sampled", texts(results.sampled_measurands)},
                                     {"aligned", texts(results.aligned_measurands)}})},
       {"audit", list_of(results.audit, audit_value)},
       {"unseen_claims", list_of(results.unseen_claims, unseen_value)},
       {"findings", list_of(results.findings, finding_value)},
       {"notes", texts(results.notes)},
       {"cases", list_of(results.cases, case_value)}}));
}

}  // namespace plugproof::reports
