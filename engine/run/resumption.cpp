#include "engine/run/resumption.hpp"

#include <algorithm>

#include "engine/base/diagnostics.hpp"
#include "engine/base/random.hpp"
#include "engine/run/secrets.hpp"
#include "engine/suite/shards.hpp"

namespace plugproof::run {

using base::Nanos;
using base::Value;

namespace {

Verdict verdict_named(const std::string& name) {
  for (const auto verdict : {Verdict::pass, Verdict::inconc, Verdict::fail})
    if (name == to_string(verdict)) return verdict;
  return Verdict::error;
}

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

Nanos time_of(const Value& record) {
  return Nanos(record.int_or("t", 0));
}

}  // namespace

void begin_in_a_new_world(Resumption& resumption) {
  resumption.traces = {};
}

std::vector<suite::Selected> selection_of(const Resumption& resumption, const suite::Suite& suite) {
  std::vector<suite::Selected> selection;
  const Value* rows = resumption.run.find("selection");
  if (!rows || !rows->is_list()) throw base::InputError("the journal records no selection");
  for (const auto& row : rows->as_list()) {
    const std::string id = row.string_or("id", "");
    const auto& programme = suite.programme();
    const auto entry = std::find_if(programme.begin(), programme.end(),
                                    [&](const auto& known) { return known.id == id; });
    if (entry == programme.end())
      throw base::InputError("the suite does not have the test case " + id);
    suite::Selected selected;
    selected.entry = &*entry;
    selected.test_case = suite.find_case(id);
    selected.profile = row.string_or("profile", "");
    selected.feature = row.string_or("feature", "");
    const Value* applies = row.find("applies");
    selected.applies = applies && applies->is_bool() && applies->as_bool();
    selected.shard =
        static_cast<int>(std::clamp<std::int64_t>(row.int_or("shard", 0), 0, suite::kMaxShards));
    std::string decision = row.string_or("decision", "");
    selected.reason = row.string_or("reason", "");
    if (const auto decided = resumption.decisions.find(id); decided != resumption.decisions.end()) {
      decision = decided->second.decision;
      selected.reason = decided->second.reason;
      selected.applies = decision == to_string(suite::Decision::selected);
    }
    selected.decision = suite::decision_named(decision);
    selection.push_back(std::move(selected));
  }
  return selection;
}

std::uint64_t attempt_seed(std::uint64_t seed, int attempt) {
  if (attempt == 1) return seed;
  // Neighbouring seeds must not give neighbouring attempts the same one.
  base::Random random(seed);
  for (int i = 1; i < attempt; ++i) seed = random.bits();
  // The journal holds seeds as signed numbers.
  return seed >> 1;
}

ResumptionReader::ResumptionReader() : facts_(std::make_unique<WireFacts>(out_.state)) {}
ResumptionReader::~ResumptionReader() = default;

void ResumptionReader::take(const Value& record) {
  const std::string kind = record.string_or("kind", "");
  out_.end.sequence = record.int_or("seq", 0);
  out_.last = std::max(out_.last, time_of(record));
  // An end that something follows was not the end.
  out_.outcome = "cut off";
  out_.reason = "the journal ends without an end record";
  if (kind == "run") {
    out_.run = record;
    const auto utc = base::parse_utc(record.string_or("utc", ""));
    if (!utc) throw base::InputError("the first record of the journal has no utc");
    out_.start = *utc - std::chrono::duration_cast<base::Micros>(time_of(record));
  } else if (kind == "resume") {
    out_.attempt = static_cast<int>(record.int_or("attempt", 1)) + 1;
    ours_.clear();
    theirs_.clear();
  } else if (kind == "in" || kind == "out") {
    take_frame(record, kind == "out");
  } else if (kind == "connected") {
    take_connected(record);
  } else if (kind == "decision") {
    out_.decisions[record.string_or("id", "")] = {record.string_or("decision", ""),
                                                  record.string_or("reason", "")};
  } else if (kind == "case") {
    take_case(record);
  } else if (kind == "verdict") {
    take_verdict(record);
  } else if (kind == "finding") {
    take_finding(record);
  } else if (kind == "serve" && !record.find("reason")) {
    out_.security_profile = static_cast<int>(record.int_or("profile", 0));
  } else if (kind == "rig" || kind == "rig_done") {
    take_rig(record);
  } else if (kind == "end") {
    out_.outcome = record.string_or("outcome", "");
    out_.reason = record.string_or("reason", "");
  }
}

void ResumptionReader::take_frame(const Value& record, bool ours) {
  out_.last_frame = out_.end.sequence;
  // Without a type it was no frame, or came on a connection that did not count.
  const std::string type = record.string_or("type", "");
  if (type.empty()) return;
  auto read = ocpp::read_frame(record.string_or("text", ""));
  if (!read.frame) return;
  const base::Micros utc = out_.start + std::chrono::duration_cast<base::Micros>(time_of(record));
  SeenFrame seen{time_of(record), utc, out_.end.sequence, std::move(*read.frame)};
  if (type != "call") return take_answer(record, ours, seen);
  (ours ? ours_ : theirs_)[seen.frame.id] = {seen.frame.action, seen.frame.payload};
  if (!ours) return facts_->on_call(seen);
  out_.state.asked_by_us(seen.frame.action, seen.frame.payload);
  add_once(out_.requests, seen.frame.action);
  if (record.string_or("step", "") == "baseline") baseline_request_ = seen.frame.id;
}

void ResumptionReader::take_answer(const Value& record, bool ours, const SeenFrame& seen) {
  auto& asked = ours ? theirs_ : ours_;
  const auto it = asked.find(seen.frame.id);
  if (it == asked.end()) return;
  const Call call = std::move(it->second);
  asked.erase(it);
  const bool is_result = seen.frame.type == ocpp::MessageType::result;
  if (ours) {
    if (is_result)
      out_.state.answered_by_us(call.action, call.payload, seen.frame.payload, time_of(record));
    return;
  }
  SeenFrame answer = seen;
  answer.frame.action = call.action;
  facts_->on_response(answer, call.payload, false);
  if (!is_result) return out_.state.refused_by_charge_point(call.action, call.payload);
  out_.state.answered_by_charge_point(call.action, call.payload, seen.frame.payload);
  if (baseline_known_ || seen.frame.id != baseline_request_) return;
  baseline_known_ = true;
  // What stands in the journal in place of a secret cannot be set again.
  for (const auto& [key, known] : out_.state.configuration())
    if (known.value && !known.readonly && !is_digest(*known.value))
      out_.baseline[key] = *known.value;
}

void ResumptionReader::take_connected(const Value& record) {
  out_.identity = record.string_or("dut", "");
  const Value* security = out_.run.find("security");
  if (security && security->is_object())
    out_.connected_profile =
        out_.security_profile.value_or(static_cast<int>(security->int_or("profile", 0)));
  link::Event event;
  if (const Value* tls = record.find("tls")) event.handshake.tls = *tls;
  facts_->on_connected(event, out_.end.sequence);
}

void ResumptionReader::take_case(const Value& record) {
  out_.any_case_begun = true;
  out_.under_way = record.string_or("id", "");
  out_.requests.clear();
  out_.actions.clear();
  out_.state.forget_ended_transactions();
}

void ResumptionReader::take_verdict(const Value& record) {
  CaseResult result;
  result.id = record.string_or("id", "");
  result.verdict = verdict_named(record.string_or("verdict", ""));
  result.reason = record.string_or("reason", "");
  result.checks = static_cast<int>(record.int_or("checks", 0));
  if (const Value* seconds = record.find("seconds"); seconds && seconds->is_number())
    result.seconds = seconds->as_number();
  out_.judged[result.id] = std::move(result);
  out_.under_way.clear();
  out_.early_findings.clear();  // they had their case
}

void ResumptionReader::take_finding(const Value& record) {
  if (out_.any_case_begun) return;
  Finding finding;
  finding.monitor = record.string_or("monitor", "");
  if (record.string_or("severity", "") == "fail") finding.severity = FindingSeverity::fail;
  finding.message = record.string_or("message", "");
  finding.expected = record.string_or("expected", "");
  finding.actual = record.string_or("actual", "");
  finding.field = record.string_or("field", "");
  finding.reference = record.string_or("reference", "");
  if (const std::int64_t frame = record.int_or("frame", 0); frame > 0) finding.frame = frame;
  out_.early_findings.push_back(std::move(finding));
}

void ResumptionReader::take_rig(const Value& record) {
  if (record.string_or("kind", "") == "rig") {
    const Value* arguments = record.find("arguments");
    action_ = {record.string_or("action", ""), arguments ? *arguments : Value(Value::Object{})};
    add_once(out_.actions, action_->first);
    return;
  }
  if (action_ && record.string_or("outcome", "") == "done")
    out_.traces.record(action_->first, action_->second);
  action_.reset();
}

Resumption ResumptionReader::finish(std::string digest) {
  if (action_) out_.traces.record_unsure(action_->first, action_->second);
  out_.end.digest = std::move(digest);
  out_.shown = *facts_;
  return std::move(out_);
}

}  // namespace plugproof::run
