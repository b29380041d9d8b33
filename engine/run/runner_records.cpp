// The records with which a run begins, goes on, and ends, and the verdict of a case.
#include <algorithm>

#include "engine/run/runner.hpp"

namespace plugproof::run {

using base::Nanos;
using base::Value;

namespace {

Value to_value(const std::vector<suite::Selected>& selection) {
  Value::List rows;
  for (const auto& s : selection) {
    const std::string& title = s.test_case ? s.test_case->title : s.entry->title;
    const std::string& group = s.test_case ? s.test_case->group : s.entry->group;
    Value row = Value::object({{"id", s.entry->id},
                               {"title", title},
                               {"group", group},
                               {"profile", s.profile},
                               {"selected", s.decision == suite::Decision::selected},
                               {"decision", suite::to_string(s.decision)},
                               {"reason", s.reason},
                               {"feature", s.feature},
                               {"applies", s.applies}});
    if (s.shard > 0) row.set("shard", s.shard);
    rows.push_back(std::move(row));
  }
  return Value(std::move(rows));
}

// The failure that decides: one of the charge point before one of the bench.
const Failure& deciding(const CaseResult& result) {
  for (const auto& failure : result.failures)
    if (result.verdict == Verdict::fail && failure.kind != "precondition" &&
        failure.kind != "bench" && failure.kind != "disconnected")
      return failure;
  return result.failures.front();
}

// What a CI log needs to show in one line.
std::string sentence(const Failure& failure) {
  std::string text = failure.message;
  if (!failure.expected.empty() && !failure.actual.empty())
    text += ": expected " + failure.expected + ", got " + failure.actual;
  return text;
}

}  // namespace

Value Runner::security_facilities() const {
  if (!settings_.vault) return Value();
  Value facilities = settings_.vault->facilities();
  facilities.set("profile", settings_.security_profile);
  return facilities;
}

void Runner::write_run_record() {
  Value suite = Value::object({{"folder", suite_.folder()},
                               {"sha256", suite_.sha256()},
                               {"cases", static_cast<std::int64_t>(suite_.cases().size())}});
  if (!settings_.suite_folder.empty()) suite.set("path", settings_.suite_folder);
  Value pixit = Value::object({{"document", pixit_.document()}});
  if (!pixit_.path.empty()) {
    pixit.set("path", pixit_.path);
    pixit.set("sha256", pixit_.sha256);
  }
  Value::Object fields{{"format", 1},
                       {"tool", settings_.tool},
                       {"name", settings_.name},
                       {"clock", settings_.clock},
                       {"dut_kind", settings_.dut_kind},
                       {"seed", static_cast<std::int64_t>(settings_.seed)},
                       {"edition", settings_.edition},
                       {"isolate", settings_.isolate},
                       {"generation", pics::to_string(pics_.generation())},
                       {"suite", std::move(suite)},
                       {"pics", Value::object({{"path", pics_.path()},
                                               {"sha256", pics_.sha256()},
                                               {"document", pics_.document()}})},
                       {"pixit", std::move(pixit)},
                       {"files", transfers_.facilities()},
                       {"security", security_facilities()},
                       {"selection", to_value(selection_)}};
  if (!settings_.command_line.empty()) fields.emplace_back("command_line", settings_.command_line);
  if (!settings_.instance_id.empty()) fields.emplace_back("instance", settings_.instance_id);
  if (!settings_.firmware_image.is_null())
    fields.emplace_back("firmware_image", settings_.firmware_image);
  if (settings_.shard.of > 0)
    fields.emplace_back(
        "shard", Value::object({{"index", settings_.shard.index}, {"of", settings_.shard.of}}));
  if (!settings_.simulator.is_null()) fields.emplace_back("simulator", settings_.simulator);
  const Nanos now = clock_.now();
  journal_.write(now, "run", fields);
  journal_.sync();
  // What the program did before, on a slow machine for half a minute, is not the charge point's
  // time.
  session_.happened(now);
}

void Runner::write_resume_record() {
  const Resumption& before = *settings_.resumption;
  Value::Object after{{"outcome", before.outcome}, {"reason", before.reason}};
  Value::Object fields{
      {"attempt", before.attempt},
      {"tool", settings_.tool},
      {"seed", static_cast<std::int64_t>(attempt_seed(settings_.seed, before.attempt))},
      {"after", Value(std::move(after))},
      {"judged", static_cast<std::int64_t>(before.judged.size())}};
  if (!before.under_way.empty()) fields.emplace_back("again", before.under_way);
  if (before.torn)
    fields.emplace_back("torn",
                        Value::object({{"bytes", static_cast<std::int64_t>(before.torn->bytes)},
                                       {"sha256", before.torn->sha256},
                                       {"file", before.torn->file}}));
  if (!settings_.command_line.empty()) fields.emplace_back("command_line", settings_.command_line);
  if (!settings_.instance_id.empty()) fields.emplace_back("instance", settings_.instance_id);
  const base::Nanos now = clock_.now();
  journal_.write(now, "resume", fields);
  journal_.sync();
  session_.happened(now);  // what is waited for from now on is not due since the last attempt
}

void Runner::settle(CaseResult& result, const suite::TestCase& test_case, Nanos started) {
  result.id = test_case.id;
  result.seconds = base::to_seconds(session_.now() - started);
  // A pass needs a positive reason: something must have been judged.
  if (result.verdict == Verdict::pass && result.checks == 0) {
    result.verdict = Verdict::error;
    result.failures.push_back(Failure{"scenario",
                                      "bench",
                                      "no check was judged in the scenario",
                                      {},
                                      {},
                                      {},
                                      {},
                                      test_case.pos.to_string(),
                                      {},
                                      {},
                                      {}});
  }
  result.reason = "all " + std::to_string(result.checks) + " checks hold";
  if (!result.failures.empty()) result.reason = sentence(deciding(result));
  Value::List failures;
  for (const auto& failure : result.failures) failures.push_back(failure.to_value());
  journal_.write(session_.now(), "verdict",
                 {{"id", result.id},
                  {"verdict", to_string(result.verdict)},
                  {"reason", result.reason},
                  {"failures", Value(std::move(failures))},
                  {"seconds", result.seconds},
                  {"checks", result.checks}});
  journal_.sync();
}

void Runner::write_end(const std::string& outcome, const std::string& reason) {
  std::map<Verdict, int> counts;
  for (const auto& result : results_) ++counts[result.verdict];
  interrupted_ = outcome == "interrupted";
  aborted_ = outcome == "aborted";
  Value::Object by_verdict;
  for (const auto verdict : {Verdict::pass, Verdict::fail, Verdict::inconc, Verdict::error})
    by_verdict.emplace_back(to_string(verdict), counts[verdict]);
  journal_.set_case({});
  audit_.run_over();
  journal_.write(session_.now(), "end",
                 {{"outcome", outcome},
                  {"reason", reason},
                  {"counts", Value(std::move(by_verdict))},
                  {"exit_status", exit_status()}});
  journal_.sync();
}

}  // namespace plugproof::run
