// Journal -> Results, one pass over the records.
#include <algorithm>
#include <fstream>
#include <map>
#include <utility>

#include "engine/base/diagnostics.hpp"
#include "engine/base/time.hpp"
#include "reports/failure_context.hpp"
#include "reports/journal_reader.hpp"
#include "reports/measurands.hpp"
#include "reports/results.hpp"
#include "reports/run_record.hpp"
#include "reports/text.hpp"

namespace plugproof::reports {

namespace {

using base::Value;

// A hostile device must not fill a report: past these limits things are counted, not kept.
constexpr std::size_t kMaxFailures = 100;
constexpr std::size_t kMaxFindings = 100;
constexpr std::size_t kMaxNotes = 200;
constexpr std::size_t kMaxSteps = 5000;
constexpr std::size_t kMaxAudit = 2000;
constexpr std::size_t kMaxDuts = 100;
constexpr std::size_t kMaxResumed = 1000;

struct Step {
  std::string summary;
  std::optional<double> seconds;  // from its begin to its deadline
};

struct Sample {
  std::string kpi;
  double seconds = 0;
  std::optional<double> declared;
};

// What is known of a case between its `case` and its `verdict` record.
struct OpenCase {
  std::size_t index = 0;  // in Results::cases
  FailureContext context;
  std::map<std::string, Step, std::less<>> steps;  // by label
  std::map<std::string, std::int64_t, std::less<>>
      failed;                   // seq of the first failed check of a name
  std::vector<Sample> samples;  // count once it is known that the case is not begun again
};

double number_of(const Value& record, std::string_view key) {
  const Value* member = record.find(key);
  return member && member->is_number() ? member->as_number() : 0;
}

class Builder {
 public:
  explicit Builder(const std::string& path)
      : path_(path), reader_(path), again_(path, std::ios::binary) {}

  Results build() {
    while (auto record = reader_.next()) {
      if (!started_) {
        begin(*record);
      } else {
        take(*record);
      }
      note_time(*record);
      account(*record);
    }
    if (!started_)
      throw base::InputError(path_ + ": the journal has no whole record; nothing can be reported");
    finish();
    return std::move(results_);
  }

 private:
  void begin(const Value& record);
  void take(const Value& record);
  void finish();

  void note_time(const Value& record);
  void account(const Value& record);
  void take_selection(const Value& record);
  void take_decision(const Value& record);
  void take_case(const Value& record);
  void take_verdict(const Value& record);
  void take_finding(const Value& record);
  void take_sample(const Value& record);
  void count(const Sample& sample);
  void take_resume(const Value& record);
  void take_audit(const Value& record);
  void take_note(const Value& record, std::string text);

  std::size_t index_of(const std::string& id);
  OpenCase* open_case(const Value& record);
  Failure read_failure(const Value& failure, const OpenCase* open);

  std::string path_;
  JournalReader reader_;
  std::ifstream again_;  // to read the frames around a failure
  Results results_;
  std::map<std::string, std::size_t, std::less<>> index_;
  std::map<std::string, OpenCase, std::less<>> open_;
  SeenMeasurands measurands_;
  TimeLedger ledger_;
  bool started_ = false;
  int source_ = 0;  // of a merged run, from 1
  std::int64_t first_t_ = 0, last_t_ = 0;
  double paused_ = 0;  // seconds between attempts
};

void Builder::begin(const Value& record) {
  if (record.string_or("kind", "") != "run")
    throw base::InputError(
        path_ + ":1: the first record is not of kind `run`; this is no journal of a run");
  if (record.int_or("format", 1) != 1) {
    throw base::InputError(path_ + ":1: the journal has format " + text_of(record, "format") +
                           ", this version reads format 1; use the version that wrote it");
  }
  started_ = true;
  results_.run = read_run(record);
  results_.kpis = declared_kpis(results_.run);
  first_t_ = last_t_ = record.int_or("t", 0);
  take_selection(record);
}

void Builder::take_selection(const Value& record) {
  const Value* selection = record.find("selection");
  if (!selection || !selection->is_list()) return;
  for (const auto& row : selection->as_list()) {
    CaseResult& result = results_.cases[index_of(text_of(row, "id"))];
    result.title = text_of(row, "title");
    result.group = text_of(row, "group");
    result.profile = text_of(row, "profile");
    const Value* selected = row.find("selected");
    const bool taken = selected && selected->is_bool() && selected->as_bool();
    result.decision = row.string_or("decision", taken ? "selected" : "skipped");
    result.decision_reason = text_of(row, "reason");
    result.feature = text_of(row, "feature");
    result.reason = text_of(row, "not_run");
    if (!result.applies()) result.verdict = Verdict::not_applicable;
  }
}

std::size_t Builder::index_of(const std::string& id) {
  const auto found = index_.find(id);
  if (found != index_.end()) return found->second;
  const std::size_t index = results_.cases.size();
  index_.emplace(id, index);
  results_.cases.emplace_back();
  results_.cases.back().id = id;
  results_.cases.back().decision = "selected";
  return index;
}

OpenCase* Builder::open_case(const Value& record) {
  const Value* id = record.find("case");
  if (!id || !id->is_string()) return nullptr;
  const auto found = open_.find(id->as_string());
  return found == open_.end() ? nullptr : &found->second;
}

void Builder::note_time(const Value& record) {
  last_t_ = std::max(last_t_, record.int_or("t", last_t_));
  if (const Value* utc = record.find("utc"); utc && utc->is_string())
    results_.run.ended = utc->as_string();
  const Value* dut = record.find("dut");
  if (dut && dut->is_string() && results_.duts.size() < kMaxDuts &&
      std::find(results_.duts.begin(), results_.duts.end(), dut->as_string()) ==
          results_.duts.end())
    results_.duts.push_back(dut->as_string());
}

void Builder::account(const Value& record) {
  ledger_.take(record);
  results_.time = ledger_.run();
  // A case that has no verdict keeps what it took until the run ended.
  const Value* id = record.find("case");
  const auto found = id && id->is_string() ? index_.find(id->as_string()) : index_.end();
  if (found != index_.end()) results_.cases[found->second].time = ledger_.of_case();
}

void Builder::take(const Value& record) {
  const std::string kind = record.string_or("kind", "");
  // A resumed run goes on after its first end: only an end that nothing follows is the end.
  results_.outcome.clear();
  results_.outcome_reason.clear();
  results_.exit_status.reset();
  OpenCase* open = open_case(record);
  if (open && FailureContext::wanted(kind))
    open->context.remember(record, reader_.offset(), reader_.length());
  if (kind == "in") {
    const std::string action = record.string_or("action", "");
    if (record.string_or("type", "") == "call" &&
        (action == "MeterValues" || action == "StopTransaction"))
      collect_measurands(record.string_or("text", ""), measurands_);
    if (record.string_or("type", "") == "call" && action == "BootNotification")
      collect_introduction(record.string_or("text", ""), results_.charge_points);
  } else if (kind == "step") {
    if (!open || open->steps.size() >= kMaxSteps) return;
    Step step{text_of(record, "summary"), std::nullopt};
    const std::int64_t deadline = record.int_or("deadline", 0);
    if (deadline > 0)
      step.seconds = base::to_seconds(base::Nanos(deadline - record.int_or("t", deadline)));
    open->steps[text_of(record, "label")] = std::move(step);
  } else if (kind == "check") {
    const Value* passed = record.find("passed");
    if (open && passed && passed->is_bool() && !passed->as_bool() &&
        open->failed.size() < kMaxSteps)
      open->failed.emplace(text_of(record, "check"), record.int_or("seq", 0));
  } else if (kind == "source") {
    ++source_;
  } else if (kind == "decision") {
    take_decision(record);
  } else if (kind == "case") {
    take_case(record);
  } else if (kind == "verdict") {
    take_verdict(record);
  } else if (kind == "finding") {
    take_finding(record);
  } else if (kind == "sample") {
    take_sample(record);
  } else if (kind == "audit") {
    take_audit(record);
  } else if (kind == "note") {
    take_note(record, text_of(record, "text"));
  } else if (kind == "shared") {
    take_note(record, "the state " + text_of(record, "state") + " was left by " +
                          text_of(record, "from") + " and was not prepared again");
  } else if (kind == "resume") {
    take_resume(record);
  } else if (kind == "end") {
    results_.outcome = text_of(record, "outcome");
    results_.outcome_reason = text_of(record, "reason");
    if (const Value* status = record.find("exit_status"); status && status->is_int())
      results_.exit_status = status->as_int();
  }
}

// A case that was undecided when the run began is decided by the configuration that the device
// reports.
void Builder::take_decision(const Value& record) {
  const auto found = index_.find(text_of(record, "id"));
  if (found == index_.end()) return;
  CaseResult& result = results_.cases[found->second];
  result.decision = text_of(record, "decision");
  result.decision_reason = text_of(record, "reason");
  if (!result.applies()) result.verdict = Verdict::not_applicable;
}

void Builder::take_case(const Value& record) {
  const std::string id = text_of(record, "id");
  const std::size_t index = index_of(id);
  CaseResult& result = results_.cases[index];
  // A resumed run begins the case under way again: what the first attempt left does not count.
  const int attempts = result.attempts + 1;
  CaseResult fresh;
  fresh.id = result.id;
  fresh.title = result.title;
  fresh.group = result.group;
  fresh.profile = result.profile;
  fresh.decision = result.decision == "undecided" ? "selected" : result.decision;
  fresh.decision_reason = result.decision_reason;
  fresh.feature = result.feature;
  result = std::move(fresh);
  const auto fill = [&](std::string& member, std::string_view key) {
    if (member.empty()) member = text_of(record, key);
  };
  fill(result.title, "title");
  fill(result.group, "group");
  fill(result.profile, "profile");
  result.requirement = text_of(record, "requirement");
  result.file = text_of(record, "file");
  result.started = text_of(record, "utc");
  result.attempts = attempts;
  OpenCase open;
  open.index = index;
  open_[id] = std::move(open);
}

Failure Builder::read_failure(const Value& failure, const OpenCase* open) {
  Failure out;
  out.check = text_of(failure, "check");
  out.kind = text_of(failure, "kind");
  out.message = text_of(failure, "message");
  out.field = text_of(failure, "field");
  out.expected = text_of(failure, "expected");
  out.actual = text_of(failure, "actual");
  out.place = text_of(failure, "place");
  out.requirement = text_of(failure, "requirement");
  out.reference = text_of(failure, "reference");
  out.advice = text_of(failure, "advice");
  out.frame = failure.int_or("frame", 0);
  if (!open) return out;
  for (std::size_t colon = out.check.rfind(':'); colon != std::string::npos && colon > 0;
       colon = out.check.rfind(':', colon - 1)) {
    const auto step = open->steps.find(std::string_view(out.check).substr(0, colon));
    if (step == open->steps.end()) continue;
    out.step = step->second.summary;
    out.waited = step->second.seconds;
    break;
  }
  const auto moment = open->failed.find(out.check);
  const std::int64_t seq = out.frame > 0                  ? out.frame
                           : moment != open->failed.end() ? moment->second
                                                          : INT64_MAX;
  out.context = open->context.around(seq, out.frame > 0, again_);
  return out;
}

void Builder::take_verdict(const Value& record) {
  const std::string id = text_of(record, "id");
  CaseResult& result = results_.cases[index_of(id)];
  const auto open = open_.find(id);
  const auto verdict = parse_verdict(record.string_or("verdict", ""));
  result.verdict = verdict.value_or(Verdict::error);
  result.reason = text_of(record, "reason");
  if (!verdict)
    result.reason = "the journal gives the unknown verdict '" + text_of(record, "verdict") + "'";
  result.seconds = number_of(record, "seconds");
  result.checks = record.int_or("checks", 0);
  result.failures.clear();
  result.failures_left_out = 0;
  if (const Value* failures = record.find("failures"); failures && failures->is_list()) {
    for (const auto& failure : failures->as_list()) {
      if (result.failures.size() >= kMaxFailures) {
        ++result.failures_left_out;
      } else {
        result.failures.push_back(
            read_failure(failure, open == open_.end() ? nullptr : &open->second));
      }
    }
  }
  if (open == open_.end()) return;
  for (const auto& sample : open->second.samples) count(sample);
  open_.erase(open);
}

void Builder::take_finding(const Value& record) {
  Finding finding;
  finding.monitor = text_of(record, "monitor");
  finding.severity = text_of(record, "severity");
  finding.message = text_of(record, "message");
  finding.field = text_of(record, "field");
  finding.expected = text_of(record, "expected");
  finding.actual = text_of(record, "actual");
  finding.reference = text_of(record, "reference");
  finding.frame = record.int_or("frame", 0);
  const OpenCase* open = open_case(record);
  CaseResult* result = open ? &results_.cases[open->index] : nullptr;
  auto& findings = result ? result->findings : results_.findings;
  const auto same = std::find_if(findings.begin(), findings.end(), [&](const Finding& other) {
    return other.monitor == finding.monitor && other.severity == finding.severity &&
           other.field == finding.field && other.message == finding.message;
  });
  if (same != findings.end()) {
    ++same->count;
  } else if (findings.size() < kMaxFindings) {
    findings.push_back(std::move(finding));
  } else if (result) {
    ++result->findings_left_out;
  }
}

void Builder::take_sample(const Value& record) {
  const Value* seconds = record.find("seconds");
  if (!seconds || !seconds->is_number()) return;
  Sample sample{record.string_or("kpi", ""), seconds->as_number(), std::nullopt};
  if (const Value* declared = record.find("declared"); declared && declared->is_number())
    sample.declared = declared->as_number();
  if (OpenCase* open = open_case(record))
    open->samples.push_back(std::move(sample));
  else
    count(sample);
}

void Builder::count(const Sample& sample) {
  const auto kpi = std::find_if(results_.kpis.begin(), results_.kpis.end(),
                                [&](const Kpi& k) { return k.name == sample.kpi; });
  if (kpi == results_.kpis.end()) return;
  const double s = sample.seconds;
  kpi->min = kpi->count == 0 ? s : std::min(kpi->min, s);
  kpi->max = kpi->count == 0 ? s : std::max(kpi->max, s);
  kpi->sum += s;
  ++kpi->count;
  if (sample.declared) kpi->declared = sample.declared;
}

void Builder::take_resume(const Value& record) {
  ResumedAttempt attempt;
  attempt.attempt = record.int_or("attempt", 0);
  attempt.began = text_of(record, "utc");
  attempt.tool = text_of(record, "tool");
  if (const Value* after = record.find("after")) {
    attempt.after = text_of(*after, "outcome");
    attempt.reason = text_of(*after, "reason");
  }
  attempt.pause = base::to_seconds(base::Nanos(record.int_or("t", last_t_) - last_t_));
  attempt.again = text_of(record, "again");
  if (const Value* torn = record.find("torn")) {
    attempt.torn_bytes = torn->int_or("bytes", 0);
    attempt.torn_sha256 = text_of(*torn, "sha256");
    attempt.torn_file = text_of(*torn, "file");
  }
  attempt.command_line = text_of(record, "command_line");
  paused_ += attempt.pause;
  if (results_.resumed.size() < kMaxResumed) results_.resumed.push_back(std::move(attempt));
}

void Builder::take_audit(const Value& record) {
  const std::string id = text_of(record, "id"), against = text_of(record, "against");
  const auto same = [&](const auto& other) {
    return other.id == id && other.compared_with == against;
  };
  // A claim is looked at again when a run is resumed: the last word counts.
  std::erase_if(results_.unseen_claims, same);
  const auto known = std::find_if(results_.audit.begin(), results_.audit.end(), same);
  const Value* agrees = record.find("agrees");
  if (!agrees || !agrees->is_bool()) {
    // What was seen before stays seen.
    if (known == results_.audit.end() && results_.unseen_claims.size() < kMaxAudit)
      results_.unseen_claims.push_back(
          {id, against, text_of(record, "claimed"), text_of(record, "reason")});
    return;
  }
  // In a merged run no source speaks for the others: what one contradicts stays contradicted.
  const bool contradicted = known != results_.audit.end() && !known->agrees;
  if (contradicted && known->source != source_ && agrees->as_bool()) return;
  AuditRow row;
  row.source = source_;
  row.id = id;
  row.claimed = text_of(record, "claimed");
  row.reported = text_of(record, "reported");
  row.agrees = agrees->as_bool();
  row.frame = record.int_or("frame", 0);
  row.compared_with = against;
  row.reason = text_of(record, "reason");
  row.evidence = text_of(record, "shown");
  if (known != results_.audit.end()) {
    *known = std::move(row);
  } else if (results_.audit.size() < kMaxAudit) {
    results_.audit.push_back(std::move(row));
  }
}

void Builder::take_note(const Value& record, std::string text) {
  const OpenCase* open = open_case(record);
  auto& notes = open ? results_.cases[open->index].notes : results_.notes;
  if (notes.size() < kMaxNotes) notes.push_back(std::move(text));
}

void Builder::finish() {
  results_.journal = path_;
  results_.run.seconds = base::to_seconds(base::Nanos(last_t_ - first_t_)) - paused_;
  for (const auto& [id, open] : open_)
    for (const auto& sample : open.samples) count(sample);
  results_.sampled_measurands = std::move(measurands_.sampled);
  results_.aligned_measurands = std::move(measurands_.aligned);
  if (results_.outcome.empty()) {
    results_.outcome = "interrupted";
    results_.outcome_reason = "the journal ends without an end record";
  }
  for (auto& result : results_.cases) {
    const bool ran =
        result.verdict != Verdict::not_run && result.verdict != Verdict::not_applicable;
    if (ran || !result.reason.empty()) continue;
    if (open_.contains(result.id)) {
      result.reason = "interrupted while the case was under way";
    } else if (result.decision == "selected") {
      result.reason = "the run ended before it";
    } else {
      result.reason = result.decision_reason;
    }
  }
  results_.records = reader_.records();
  results_.torn = reader_.torn();
  results_.chain_broken_at = reader_.broken_at();
  results_.head = reader_.head();
  results_.profiles = judge_profiles(results_);
}

}  // namespace

Results read_results(const std::string& journal_path) {
  return Builder(journal_path).build();
}

}  // namespace plugproof::reports
