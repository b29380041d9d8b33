#include "reports/html/ladder.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/base/time.hpp"
#include "reports/html/pieces.hpp"
#include "reports/text.hpp"

namespace plugproof::reports::html {

namespace {

using base::Value;

constexpr std::size_t kPayload = 180;      // characters of a payload beside its arrow
constexpr std::size_t kValue = 300;        // of an expected or actual value
constexpr std::size_t kFrameWhole = 400;   // bytes of a frame that is not folded
constexpr std::size_t kFrameShort = 120;   // bytes that are seen of one that is
constexpr std::size_t kPassedChecks = 12;  // shown on one frame; failed ones always are

struct Row {
  std::int64_t t = 0, seq = 0;
  int rank = 0;  // rows that stand for no record come after the record whose seq they have
  Value value;
  std::string check;  // name of the check that the row is for, where it is for one alone
};

Value empty_row(const char* style) {
  return Value::object({{"style", style},
                        {"heading", ""},
                        {"time", ""},
                        {"since", ""},
                        {"link", ""},
                        {"step", ""},
                        {"wanted", ""},
                        {"unasked", ""},
                        {"checks", Value(Value::List{})},
                        {"remarks", Value(Value::List{})},
                        {"from", ""},
                        {"name", ""},
                        {"payload", ""},
                        {"words", ""},
                        {"problems", Value(Value::List{})}});
}

// `step 3` for the test document's number, else the label.
std::string step_title(const std::string& label, const BegunStep* step) {
  const std::size_t slash = label.rfind('/');
  const std::string state = slash == std::string::npos ? "" : label.substr(0, slash);
  std::string out;
  if (step && step->number) {
    const std::size_t bracket = label.find('[', slash == std::string::npos ? 0 : slash);
    out = "step " + std::to_string(*step->number) +
          (bracket == std::string::npos ? "" : " " + label.substr(bracket));
  }
  if (state.empty()) return out;
  return "state " + state + (out.empty() ? "" : ", " + out);
}

// The step's summary without the word that says the direction, which the arrow shows.
std::string wanted_text(const BegunStep& step) {
  return elide(step.summary, kValue);
}

Value check_value(const JudgedCheck& check) {
  const std::size_t colon = check.name.rfind(':');
  const std::string what = !check.field.empty()         ? check.field
                           : colon == std::string::npos ? check.name
                                                        : check.name.substr(colon + 1);
  const bool values = !check.expected.empty() || !check.actual.empty();
  return Value::object({{"passed", check.passed},
                        {"what", what},
                        {"values", values},
                        {"expected", elide(check.expected, kValue)},
                        {"actual", elide(check.actual, kValue)},
                        {"same", check.expected == check.actual}});
}

Value checks_of(const Event& event) {
  Value::List out;
  std::size_t passed = 0;
  for (const bool wanted : {false, true})
    for (const auto& check : event.checks)
      if (check.passed == wanted && (!wanted || ++passed <= kPassedChecks))
        out.push_back(check_value(check));
  if (passed > kPassedChecks)
    out.push_back(check_value(
        {"further checks: " + std::to_string(passed - kPassedChecks), {}, {}, {}, true}));
  return Value(std::move(out));
}

// The payload of a frame whose message is named elsewhere: what follows the action or the id.
std::string payload_of(const Event& event) {
  const std::string& text = event.text;
  std::size_t at = text.find('[');
  int commas = event.type == "call" ? 3 : 2;
  bool quoted = false;
  for (; at < text.size() && commas > 0; ++at) {
    if (quoted && text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      quoted = !quoted;
    } else if (text[at] == ',' && !quoted) {
      --commas;
    }
  }
  const bool cut = event.text.size() < event.bytes;
  if (event.type.empty() || commas > 0 || at >= text.size()) return elide(text, kPayload);
  std::string payload = text.substr(at);
  if (!cut && !payload.empty() && payload.back() == ']') payload.pop_back();
  if (payload == "{}") return {};
  return elide(payload, kPayload);
}

class Ladder {
 public:
  Ladder(const CaseResult& result, const CaseHistory& history)
      : result_(result), history_(history) {}

  Value build() {
    for (const auto& event : history_.events) add(event);
    for (const auto& failure : result_.failures) mark(failure);
    std::stable_sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) {
      return std::tie(a.t, a.seq, a.rank) < std::tie(b.t, b.seq, b.rank);
    });
    Value::List out;
    std::int64_t before = rows_.empty() ? 0 : rows_.front().t;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      Row& row = rows_[i];
      if (is_phase(row) && (i + 1 == rows_.size() || is_phase(rows_[i + 1]))) continue;
      if (!row.value.string_or("time", "").empty()) {
        row.value.set("since", elapsed(static_cast<double>(row.t - before) / 1e9));
        before = row.t;
      }
      out.push_back(std::move(row.value));
    }
    return Value(std::move(out));
  }

 private:
  static bool is_phase(const Row& row) { return row.value.string_or("style", "") == "phase"; }
  void add(const Event& event);
  bool merge_answer(const Event& event);
  void add_frame(const Event& event, Value& row);
  void mark(const Failure& failure);
  void mark_missing(const Failure& failure, const std::string& label, const BegunStep& step);

  const BegunStep* step_of(const std::string& label) const {
    const auto found = history_.steps.find(label);
    return found == history_.steps.end() ? nullptr : &found->second;
  }

  // The time of day at an instant of the run's clock, told by any event.
  std::string utc_clock(std::int64_t t) const {
    if (history_.events.empty()) return {};
    const Event& event = history_.events.front();
    const auto utc = base::parse_utc(event.utc);
    if (!utc) return {};
    return clock_time(base::format_utc_micros(
        *utc + std::chrono::duration_cast<base::Micros>(base::Nanos(t - event.t))));
  }

  const CaseResult& result_;
  const CaseHistory& history_;
  std::vector<Row> rows_;
};

// Our answer that says nothing and comes at once needs no rung of its own.
bool Ladder::merge_answer(const Event& event) {
  const bool trivial = event.kind == "out" && event.type == "result" && event.request > 0 &&
                       event.answered_in.value_or(1) < 0.01 && event.checks.empty() &&
                       event.findings.empty() && event.left_out_before == 0 &&
                       payload_of(event).empty();
  if (!trivial) return false;
  for (std::size_t i = rows_.size(); i-- > 0 && rows_[i].seq >= event.request;)
    if (rows_[i].seq == event.request && rows_[i].rank == 0) {
      rows_[i].value.set("words", "answered at once with {}");
      return true;
    }
  return false;
}

void Ladder::add(const Event& event) {
  if (merge_answer(event)) return;
  if (event.left_out_before > 0) {
    Value gap = empty_row("gap");
    gap.set("heading",
            counted(event.left_out_before, "event") + " left out here; the journal has them all");
    rows_.push_back({event.t, event.seq, -1, std::move(gap), {}});
  }
  if (event.kind == "phase") {
    Value row = empty_row("phase");
    std::string name = event.text;
    if (!name.empty() && name[0] >= 'a' && name[0] <= 'z')
      name[0] = static_cast<char>(name[0] - 'a' + 'A');
    row.set("heading", name);
    rows_.push_back({event.t, event.seq, 0, std::move(row), {}});
    return;
  }
  Value row = empty_row("bench");
  row.set("time", clock_time(event.utc));
  row.set("checks", checks_of(event));
  Value::List remarks;
  for (const auto& finding : event.findings)
    if (finding.severity != "fail")
      remarks.push_back(Value::object({{"monitor", finding.monitor}, {"says", finding.message}}));
  row.set("remarks", Value(std::move(remarks)));
  if (event.kind == "in" || event.kind == "out") {
    add_frame(event, row);
  } else if (event.kind == "check") {
    row.set("style", "judged");
    const auto* step = step_of_check(history_, event.label);
    row.set("step", step ? step_title(step->first, &step->second) : "");
    row.set("wanted", step ? wanted_text(step->second) : event.label);
  } else {
    if (const BegunStep* step = step_of(event.label)) {
      row.set("step", step_title(event.label, step));
      row.set("wanted", wanted_text(*step));
    }
    row.set("words", event.text);
  }
  rows_.push_back(
      {event.t, event.seq, 0, std::move(row), event.kind == "check" ? event.label : std::string()});
}

void Ladder::add_frame(const Event& event, Value& row) {
  const bool in = event.kind == "in";
  const bool call = event.type == "call";
  row.set("style", std::string(in ? "in" : "out") + (call || event.type.empty() ? "" : " answer"));
  row.set("from", in ? "from the charge point" : "to the charge point");
  row.set("link", "f" + std::to_string(event.seq));
  std::string name = event.action.empty() ? "Frame" : event.action;
  if (event.type == "result") name += ".conf";
  if (event.type == "error")
    name = "CALLERROR" + (event.action.empty() ? "" : " to " + event.action);
  row.set("name", elide(name, 80));
  row.set("payload", payload_of(event));
  if (event.answered_in) row.set("words", "after " + fixed(*event.answered_in, 3) + " s");
  if (const BegunStep* step = step_of(event.label)) {
    row.set("step", step_title(event.label, step));
    row.set("wanted", wanted_text(*step));
  } else if (in && call) {
    row.set("unasked", "no step waited for it");
  }
}

void Ladder::mark_missing(const Failure& failure, const std::string& label, const BegunStep& step) {
  Value row = empty_row("missing");
  const std::int64_t deadline = step.deadline.value_or(step.t);
  row.set("step", step_title(label, &step));
  row.set("wanted", wanted_text(step));
  row.set("time", utc_clock(deadline));
  row.set("words", failure.actual.empty() ? "nothing came" : elide(failure.actual, kValue));
  row.set("problems", Value::list({failure.message}));
  rows_.push_back({deadline, step.seq, 1, std::move(row), {}});
}

// The failure on the row where it happened; a message that did not come has a row where the waiting
// for it ended.
void Ladder::mark(const Failure& failure) {
  const bool waited = failure.kind == "missing" || failure.kind == "no_answer";
  for (auto& row : rows_) {
    const bool own = !row.check.empty() && row.check == failure.check;
    const bool frame = !waited && row.rank == 0 && failure.frame > 0 && row.seq == failure.frame;
    if (!own && !frame) continue;
    row.value.find("problems")->push_back(failure.message);
    return;
  }
  const auto* step = step_of_check(history_, failure.check);
  if (step && (waited || (failure.kind == "precondition" && failure.frame == 0)))
    return mark_missing(failure, step->first, step->second);
  Value row = empty_row("missing");
  row.set("step", step ? step_title(step->first, &step->second) : std::string());
  row.set("wanted", !failure.expected.empty() ? elide(failure.expected, kValue)
                    : step                    ? wanted_text(step->second)
                                              : failure.check);
  row.set("name", elide(failure.actual, kValue));
  row.set("problems", Value::list({failure.message}));
  // Before the cleaning up, which the failure brought about.
  std::int64_t t = INT64_MAX, seq = INT64_MAX;
  for (const auto& event : history_.events)
    if (event.kind == "phase" && event.text == "cleanup") {
      t = event.t;
      seq = event.seq - 1;
    }
  rows_.push_back({t, seq, 2, std::move(row), {}});
}

}  // namespace

Value ladder(const CaseResult& result, const CaseHistory& history) {
  return Ladder(result, history).build();
}

Value frame_list(const CaseHistory& history) {
  Value::List out;
  std::optional<std::int64_t> before;
  for (const auto& event : history.events) {
    if (event.left_out_before > 0)
      out.push_back(
          Value::object({{"gap", counted(event.left_out_before, "event")}, {"frame", false}}));
    if (event.kind != "in" && event.kind != "out") continue;
    const bool in = event.kind == "in";
    const bool fold = event.text.size() > kFrameWhole;
    std::string note;
    if (event.text.size() < event.bytes)
      note = "the first " + std::to_string(event.text.size()) + " of " +
             std::to_string(event.bytes) + " bytes; the journal has all of them in record " +
             std::to_string(event.seq);
    out.push_back(Value::object(
        {{"gap", ""},
         {"frame", true},
         {"anchor", "f" + std::to_string(event.seq)},
         {"time", clock_time(event.utc)},
         {"since", elapsed(static_cast<double>(event.t - before.value_or(event.t)) / 1e9)},
         {"arrow", in ? "←" : "→"},
         {"from", in ? "from the charge point" : "to the charge point"},
         {"binary", event.binary},
         {"fold", fold},
         {"short", fold ? std::string(head_of(event.text, kFrameShort)) : event.text},
         {"size", std::to_string(event.bytes)},
         {"whole", fold ? event.text : std::string()},
         {"note", note}}));
    before = event.t;
  }
  return Value(std::move(out));
}

}  // namespace plugproof::reports::html
