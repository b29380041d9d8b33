#include "reports/history.hpp"

#include <algorithm>
#include <fstream>

#include "engine/base/sha256.hpp"
#include "reports/event_tape.hpp"
#include "reports/failure_context.hpp"
#include "reports/journal_reader.hpp"
#include "reports/run_record.hpp"
#include "reports/text.hpp"

namespace plugproof::reports {

namespace {

using base::Value;

constexpr std::size_t kMaxSteps = 2000;        // of one case
constexpr std::size_t kMaxRig = 200;           // of one case
constexpr std::size_t kMaxChecks = 60;         // on one frame
constexpr std::size_t kMaxFindings = 10;       // on one frame
constexpr std::size_t kMaxOpenCalls = 10'000;  // of one case, to time their answers
constexpr std::size_t kColumns = 240;          // of a plot
constexpr std::size_t kSlowest = 5;
constexpr std::size_t kFrameBytes = 16'384;
constexpr std::size_t kWords = 400;

// Events shown of one case. A journal of usual length is shown whole but for very long cases; of a
// longer one each case gets its share of what makes a report of some megabytes.
constexpr std::int64_t kUsualRecords = 12'000;
constexpr std::size_t kAllEvents = 4000;
constexpr std::size_t kFewest = 40, kMost = 240;

std::size_t events_of_a_case(const Results& results) {
  if (results.records <= kUsualRecords) return kMost;
  const auto ran = static_cast<std::size_t>(
      std::count_if(results.cases.begin(), results.cases.end(),
                    [](const CaseResult& result) { return result.attempts > 0; }));
  return std::clamp(kAllEvents / std::max<std::size_t>(ran, 1), kFewest, kMost);
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// A case whose records are being read.
struct OpenTape {
  explicit OpenTape(std::size_t events) : tape(events) {}
  EventTape tape;
  CaseHistory history;
  struct Call {
    std::int64_t seq = 0, t = 0;
  };
  std::map<std::pair<bool, std::string>, Call> calls;  // ours or theirs, and the message id
};

class Reader {
 public:
  explicit Reader(const Results& results)
      : results_(results), events_(events_of_a_case(results)), outside_(kFewest) {
    for (const auto& result : results.cases) attempts_[result.id] = result.attempts;
    for (const auto& kpi : results.kpis) {
      SampleSeries& series = out_.samples[kpi.name];
      series.columns.resize(std::min(kColumns, static_cast<std::size_t>(kpi.count)));
    }
  }

  Histories read() {
    JournalReader reader(results_.journal);
    while (const auto record = reader.next()) take(*record);
    for (auto& [id, open] : open_) close(out_.cases[id], open);
    close(out_.outside, outside_);
    std::ifstream file(results_.journal, std::ios::binary);
    out_.journal_sha256 = base::sha256_hex(file);
    return std::move(out_);
  }

 private:
  void take(const Value& record);
  void take_frame(const Value& record, const std::string& kind, OpenTape& open);
  void take_bench(const Value& record, const std::string& kind, OpenTape& open);
  void take_check(const Value& record, OpenTape& open);
  void take_finding(const Value& record, OpenTape& open);
  void take_sample(const Value& record);
  OpenTape* tape_of(const Value& record);
  static void close(CaseHistory& out, OpenTape& open) {
    open.history.left_out = open.tape.finish(open.history.events);
    out = std::move(open.history);
  }

  const Results& results_;
  std::size_t events_;
  Histories out_;
  OpenTape outside_;
  std::map<std::string, OpenTape, std::less<>> open_;
  std::map<std::string, int, std::less<>> attempts_, begun_;
  std::map<std::string, std::size_t, std::less<>> sample_count_;
};

// Records of a case belong to it while it is under way; of an attempt that was begun again to none.
OpenTape* Reader::tape_of(const Value& record) {
  const Value* id = record.find("case");
  if (!id || !id->is_string()) return &outside_;
  const auto found = open_.find(id->as_string());
  return found == open_.end() ? nullptr : &found->second;
}

Event event_of(const Value& record, const std::string& kind) {
  Event event;
  event.seq = record.int_or("seq", 0);
  event.t = record.int_or("t", 0);
  event.utc = text_of(record, "utc");
  event.kind = kind;
  return event;
}

void Reader::take(const Value& record) {
  const std::string kind = record.string_or("kind", "");
  if (kind == "case") {
    const std::string id = text_of(record, "id");
    open_.erase(id);
    if (++begun_[id] == attempts_[id]) open_.emplace(id, events_);
    return;
  }
  if (kind == "sample") return take_sample(record);
  OpenTape* open = tape_of(record);
  if (!open) return;
  if (kind == "in" || kind == "out") {
    take_frame(record, kind, *open);
  } else if (FailureContext::wanted(kind)) {
    take_bench(record, kind, *open);
  } else if (kind == "phase") {
    Event event = event_of(record, kind);
    event.text = text_of(record, "phase");
    open->tape.add(std::move(event));
  } else if (kind == "step") {
    if (open->history.steps.size() >= kMaxSteps) return;
    BegunStep step{text_of(record, "summary"), std::nullopt, record.int_or("seq", 0),
                   record.int_or("t", 0), std::nullopt};
    if (const std::int64_t number = record.int_or("step", 0); number > 0) step.number = number;
    if (const std::int64_t deadline = record.int_or("deadline", 0); deadline > 0)
      step.deadline = deadline;
    open->history.steps[text_of(record, "label")] = std::move(step);
  } else if (kind == "match") {
    if (Event* event = open->tape.find(record.int_or("frame", 0)))
      event->label = text_of(record, "label");
  } else if (kind == "check") {
    take_check(record, *open);
  } else if (kind == "finding") {
    take_finding(record, *open);
  } else if (kind == "verdict") {
    const auto found = open_.find(text_of(record, "case"));
    if (found == open_.end()) return;
    close(out_.cases[found->first], found->second);
    open_.erase(found);
  }
}

void Reader::take_frame(const Value& record, const std::string& kind, OpenTape& open) {
  Event event = event_of(record, kind);
  const std::string whole = record.string_or("text", "");
  event.text = head_of(whole, kFrameBytes);
  event.bytes = whole.size();
  event.binary = record.find("binary") != nullptr;
  event.type = text_of(record, "type");
  event.action = text_of(record, "action");
  event.label = text_of(record, "step");
  const std::string id = text_of(record, "id");
  const bool ours = kind == "out";
  if (event.type == "call") {
    if (open.calls.size() < kMaxOpenCalls) open.calls[{ours, id}] = {event.seq, event.t};
  } else if (const auto call = open.calls.find({!ours, id}); call != open.calls.end()) {
    event.request = call->second.seq;
    event.answered_in = static_cast<double>(event.t - call->second.t) / 1e9;
    open.calls.erase(call);
  }
  ++open.history.frames;
  open.tape.add(std::move(event));
}

void Reader::take_bench(const Value& record, const std::string& kind, OpenTape& open) {
  auto& actions = open.history.rig;
  const std::int64_t t = record.int_or("t", 0);
  if (kind == "rig") {
    const Value* arguments = record.find("arguments");
    const bool any = arguments && arguments->is_object() && !arguments->as_object().empty();
    if (actions.size() < kMaxRig)
      actions.push_back({text_of(record, "utc"),
                         text_of(record, "action"),
                         any ? text_of(record, "arguments") : std::string(),
                         {},
                         {},
                         {}});
    else
      ++open.history.rig_left_out;
  } else if (kind == "rig_done" && !actions.empty() && open.history.rig_left_out == 0) {
    actions.back().adapter = text_of(record, "adapter");
    actions.back().outcome = text_of(record, "outcome");
    actions.back().reason = text_of(record, "reason");
    // What was done at once is one event.
    Event* asked = open.tape.last();
    if (asked && asked->kind == "rig" && t - asked->t < 10'000'000) {
      asked->text += ", " + actions.back().outcome;
      if (!actions.back().reason.empty()) asked->text += ": " + actions.back().reason;
      return;
    }
  }
  Event event = event_of(record, kind);
  event.text = head_of(FailureContext::words(record), kWords);
  event.label = text_of(record, "step");
  open.tape.add(std::move(event));
}

void Reader::take_check(const Value& record, OpenTape& open) {
  const Value* passed = record.find("passed");
  JudgedCheck check{text_of(record, "check"), text_of(record, "field"), text_of(record, "expected"),
                    text_of(record, "actual"), passed && passed->is_bool() && passed->as_bool()};
  if (!check.passed) open.tape.keep_around();
  if (Event* event = open.tape.find(record.int_or("frame", 0))) {
    if (event->checks.size() < kMaxChecks || !check.passed)
      event->checks.push_back(std::move(check));
    return;
  }
  // That a message came or was answered shows by itself.
  if (check.passed && (ends_with(check.name, ":arrives") || ends_with(check.name, ":answered")))
    return;
  Event loose = event_of(record, "check");
  loose.label = check.name;
  loose.checks.push_back(std::move(check));
  open.tape.add(std::move(loose));
}

void Reader::take_finding(const Value& record, OpenTape& open) {
  Finding finding;
  finding.monitor = text_of(record, "monitor");
  finding.severity = text_of(record, "severity");
  finding.message = text_of(record, "message");
  if (finding.severity == "fail") open.tape.keep_around();
  Event* event = open.tape.find(record.int_or("frame", 0));
  if (event && event->findings.size() < kMaxFindings) event->findings.push_back(std::move(finding));
}

void Reader::take_sample(const Value& record) {
  // As with the figures: of an attempt that was begun again none counts.
  const std::string id = text_of(record, "case");
  if (const auto begun = begun_.find(id); begun != begun_.end() && begun->second != attempts_[id])
    return;
  const std::string name = record.string_or("kpi", "");
  const auto series = out_.samples.find(name);
  const Value* seconds = record.find("seconds");
  if (series == out_.samples.end() || !seconds || !seconds->is_number()) return;
  const double s = seconds->as_number();
  const std::size_t index = sample_count_[name]++;
  const auto all = static_cast<std::size_t>(results_.kpi(name).count);
  auto& columns = series->second.columns;
  if (columns.empty() || index >= all) return;
  SampleSeries::Column& column = columns[index * columns.size() / all];
  column.min = column.any ? std::min(column.min, s) : s;
  column.max = column.any ? std::max(column.max, s) : s;
  column.any = true;
  auto& slowest = series->second.slowest;
  const auto at = std::upper_bound(
      slowest.begin(), slowest.end(), s,
      [](double value, const SampleSeries::Slow& other) { return value > other.seconds; });
  if (at == slowest.end() && slowest.size() >= kSlowest) return;
  slowest.insert(at, {s, text_of(record, "case")});
  if (slowest.size() > kSlowest) slowest.pop_back();
}

// Whether `label` is that of the request which has `number`, as a part of it: `Charging/5` or
// `5[connector=1]`; then `answer` becomes the label of the answer, which has the number after it.
bool answer_label(const std::string& label, std::int64_t number, std::string& answer) {
  const std::size_t slash = label.rfind('/');
  const std::size_t begin = slash == std::string::npos ? 0 : slash + 1;
  const std::string digits = std::to_string(number);
  if (label.compare(begin, digits.size(), digits) != 0) return false;
  answer =
      label.substr(0, begin) + std::to_string(number + 1) + label.substr(begin + digits.size());
  return true;
}

}  // namespace

Histories read_histories(const Results& results) {
  return Reader(results).read();
}

const std::pair<const std::string, BegunStep>* step_of_check(const CaseHistory& history,
                                                             std::string_view check) {
  for (std::size_t colon = check.rfind(':'); colon != std::string_view::npos && colon > 0;
       colon = check.rfind(':', colon - 1)) {
    const std::string_view label = check.substr(0, colon);
    if (const auto step = history.steps.find(label); step != history.steps.end()) return &*step;
    for (const auto& step : history.steps) {
      std::string answer;
      if (step.second.number && answer_label(step.first, *step.second.number, answer) &&
          answer == label)
        return &step;
    }
  }
  return nullptr;
}

}  // namespace plugproof::reports
