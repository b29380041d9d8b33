#include "reports/compare.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "engine/base/json.hpp"
#include "reports/pace.hpp"
#include "reports/text.hpp"

namespace plugproof::reports {

namespace {

using base::Value;

constexpr std::size_t kMaxSettings = 20;  // that differ, of one document
constexpr std::size_t kValueLength = 60;  // characters

bool judged(Verdict verdict) {
  return verdict != Verdict::not_applicable && verdict != Verdict::not_run;
}

using CasesById = std::map<std::string, const CaseResult*>;

CasesById by_id(const Results& results) {
  CasesById out;
  for (const auto& result : results.cases) out.emplace(result.id, &result);
  return out;
}

ComparedRun describe(const Results& results) {
  ComparedRun out;
  out.name = results.run.name;
  out.tool = results.run.tool;
  out.started = results.run.started;
  out.head = results.head;
  out.firmware_image_sha256 = results.run.firmware_sha256;
  std::vector<std::string> device = results.duts;
  for (const auto& one : results.charge_points) {
    const auto add = [](std::vector<std::string>& list, const std::string& text) {
      if (!text.empty() && std::find(list.begin(), list.end(), text) == list.end())
        list.push_back(text);
    };
    add(out.firmware, one.firmware);
    add(device, one.serial.empty() ? "" : "serial number " + one.serial);
  }
  out.device = join(device, ", ");
  return out;
}

// ---- what makes it uneven

// The values of a document by their path: "product.designation".
void flatten(const Value& value, const std::string& path, std::map<std::string, std::string>& out) {
  if (value.is_object()) {
    for (const auto& [key, member] : value.as_object())
      flatten(member, path.empty() ? key : path + "." + key, out);
  } else {
    out[path] = value.is_string() ? value.as_string() : base::write_json(value);
  }
}

void compare_documents(const char* name, const Value& before, const Value& after,
                       std::vector<Unevenness>& out) {
  std::map<std::string, std::string> a, b;
  flatten(before, "", a);
  flatten(after, "", b);
  std::set<std::string> all;
  for (const auto* side : {&a, &b})
    for (const auto& [path, value] : *side) all.insert(path);
  // Which product it is says more than any of its claims.
  std::vector<std::string> paths(all.begin(), all.end());
  std::stable_partition(paths.begin(), paths.end(),
                        [](const std::string& path) { return path.rfind("product.", 0) == 0; });
  std::size_t count = 0;
  for (const auto& path : paths) {
    // Where the bench listens says nothing of the charge point.
    if (path == "address" || path == "port") continue;
    const auto x = a.find(path), y = b.find(path);
    const std::string was = x == a.end() ? "absent" : x->second;
    const std::string is = y == b.end() ? "absent" : y->second;
    if (was == is || ++count > kMaxSettings) continue;
    out.push_back(
        {std::string(name) + ", " + path, elide(was, kValueLength), elide(is, kValueLength)});
  }
  if (count > kMaxSettings)
    out.push_back({name, counted(count - kMaxSettings, "further difference"), ""});
}

std::string state_of(const Results& results) {
  if (results.chain_broken_at != 0) return "altered after it was written";
  return results.outcome + (results.outcome == "complete" || results.outcome_reason.empty()
                                ? ""
                                : ": " + results.outcome_reason);
}

std::vector<Unevenness> uneven(const Results& before, const Results& after) {
  std::vector<Unevenness> out;
  const auto add = [&](const char* what, const std::string& a, const std::string& b) {
    if (a != b) out.push_back({what, a.empty() ? "none" : a, b.empty() ? "none" : b});
  };
  const RunInfo &a = before.run, &b = after.run;
  // A complete run is what one expects; anything else must be said even where both are alike.
  if (state_of(before) != "complete" || state_of(after) != "complete")
    out.push_back({"State of the run", state_of(before), state_of(after)});
  if (a.shard.partial() || b.shard.partial()) add("Part of a plan", a.shard.text(), b.shard.text());
  add("Tool", a.tool, b.tool);
  add("Clock", a.clock, b.clock);
  add("Device", a.dut_kind, b.dut_kind);
  add("Defects of the simulated charge point", join(a.defects, ", "), join(b.defects, ", "));
  add("Variations of the simulated charge point", std::to_string(a.variation_seed),
      std::to_string(b.variation_seed));
  add("Generation", a.generation, b.generation);
  add("Edition of the test cases", a.edition, b.edition);
  add("SHA-256 of the test suite", a.suite_sha256, b.suite_sha256);
  if (a.isolate != b.isolate)
    add("Shared preparations", a.isolate ? "no" : "yes", b.isolate ? "no" : "yes");
  compare_documents("PICS", a.pics, b.pics, out);
  compare_documents("PIXIT", a.pixit, b.pixit, out);
  return out;
}

// ---- verdicts and what stands beside them

int badness(Verdict verdict) {
  return verdict == Verdict::pass ? 0 : verdict == Verdict::fail ? 2 : 1;
}

Change change_of(const CaseResult& before, const CaseResult& after) {
  if (!judged(before.verdict)) return Change::appeared;
  if (!judged(after.verdict))
    // That the run broke off before a case that passed is a loss; that nobody asked for it is none.
    return before.verdict == Verdict::pass && after.missed() ? Change::worse : Change::gone;
  if (badness(after.verdict) > badness(before.verdict)) return Change::worse;
  if (after.verdict == Verdict::pass) return Change::better;
  // What was not judged is no proof that a failure is gone.
  return Change::unclear;
}

// What a message says without what differs from run to run: ids, times, long numbers.
std::string essence(const std::string& message) {
  constexpr std::size_t kLong = 3;
  const auto part_of_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == ':' || c == '.' ||
           c == '_';
  };
  std::string out;
  for (std::size_t i = 0; i < message.size();) {
    std::size_t end = i;
    while (end < message.size() && part_of_word(message[end])) ++end;
    const std::string word = message.substr(i, end - i);
    const bool digits =
        std::any_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
    out += digits && word.size() >= kLong ? "#" : word;
    if (end == i) out += message[end++];
    i = end;
  }
  return out;
}

// Items that only one side has, each as often as it has more of them.
class ItemDiff {
 public:
  void before(const std::string& where, const std::string& what, const std::string& message) {
    take(where, what, message, -1);
  }
  void after(const std::string& where, const std::string& what, const std::string& message) {
    take(where, what, message, 1);
  }
  std::vector<ItemChange> changes() const {
    std::vector<ItemChange> out;
    for (const auto& entry : entries_)
      if (entry.balance != 0) {
        ItemChange change = entry.item;
        change.appeared = entry.balance > 0;
        out.push_back(std::move(change));
      }
    return out;
  }

 private:
  struct Entry {
    ItemChange item;
    int balance = 0;
  };
  void take(const std::string& where, const std::string& what, const std::string& message,
            int weight) {
    const auto [it, fresh] =
        index_.try_emplace(where + '\n' + what + '\n' + essence(message), entries_.size());
    if (fresh) entries_.push_back({{false, where, what, message}, 0});
    entries_[it->second].balance += weight;
  }

  std::map<std::string, std::size_t> index_;
  std::vector<Entry> entries_;
};

void compare_cases(const Results& before, const Results& after, Comparison& out) {
  const CasesById a = by_id(before), b = by_id(after);
  std::vector<const CaseResult*> all;
  for (const auto& result : after.cases) all.push_back(&result);
  for (const auto& result : before.cases)
    if (!b.contains(result.id)) all.push_back(&result);
  ItemDiff failures, remarks;
  const CaseResult none;
  for (const CaseResult* one : all) {
    const auto was = a.find(one->id), is = b.find(one->id);
    const CaseResult& x = was == a.end() ? none : *was->second;
    const CaseResult& y = is == b.end() ? none : *is->second;
    const bool both = judged(x.verdict) && judged(y.verdict);
    out.judged_in_both += both;
    if (x.verdict != y.verdict && (judged(x.verdict) || judged(y.verdict)))
      out.cases.push_back({one->id, one->title, x.verdict, y.verdict, y.reason, change_of(x, y)});
    if (!both) continue;
    if (x.verdict != Verdict::pass && y.verdict != Verdict::pass) {
      for (const auto& f : x.failures) failures.before(one->id, f.check, f.message);
      for (const auto& f : y.failures) failures.after(one->id, f.check, f.message);
    }
    // A finding counts once however often it came.
    for (const auto& f : x.findings)
      if (f.severity != "fail") remarks.before(one->id, f.monitor, f.message);
    for (const auto& f : y.findings)
      if (f.severity != "fail") remarks.after(one->id, f.monitor, f.message);
  }
  for (const auto& f : before.findings) remarks.before("", f.monitor, f.message);
  for (const auto& f : after.findings) remarks.after("", f.monitor, f.message);
  std::stable_sort(out.cases.begin(), out.cases.end(),
                   [](const CaseChange& x, const CaseChange& y) { return x.change < y.change; });
  out.failures = failures.changes();
  out.remarks = remarks.changes();
}

void compare_claims(const Results& before, const Results& after, Comparison& out) {
  ItemDiff claims;
  const auto message = [](const AuditRow& row) {
    return "claimed " + row.claimed + ", reported " + row.reported +
           (row.reason.empty() ? "" : ": " + row.reason);
  };
  for (const auto& row : before.audit)
    if (!row.agrees) claims.before("", row.id + " against " + row.compared_with, message(row));
  for (const auto& row : after.audit)
    if (!row.agrees) claims.after("", row.id + " against " + row.compared_with, message(row));
  out.contradictions = claims.changes();
}

// ---- times

double median(const std::vector<double>& sorted) {
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

Figures figures(std::vector<double> samples) {
  Figures out;
  if (samples.empty()) return out;
  std::sort(samples.begin(), samples.end());
  out.count = static_cast<std::int64_t>(samples.size());
  out.min = samples.front();
  out.max = samples.back();
  out.median = median(samples);
  out.average =
      std::accumulate(samples.begin(), samples.end(), 0.0) / static_cast<double>(out.count);
  return out;
}

// By how many standard deviations the ranks of `after` lie above what chance gives.
double rank_deviation(const std::vector<double>& before, const std::vector<double>& after) {
  std::vector<std::pair<double, bool>> all;
  for (const double s : before) all.emplace_back(s, false);
  for (const double s : after) all.emplace_back(s, true);
  std::sort(all.begin(), all.end());
  const auto n = static_cast<double>(all.size());
  double rank_sum = 0, ties = 0;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i;
    std::size_t of_after = 0;
    for (; end < all.size() && all[end].first == all[i].first; ++end) of_after += all[end].second;
    const auto equal = static_cast<double>(end - i);
    rank_sum += static_cast<double>(of_after) * (static_cast<double>(i + 1 + end) / 2);
    ties += equal * equal * equal - equal;
    i = end;
  }
  const auto a = static_cast<double>(before.size()), b = static_cast<double>(after.size());
  const double variance = a * b / 12 * (n + 1 - ties / (n * (n - 1)));
  return variance > 0 ? (rank_sum - b * (n + 1) / 2) / std::sqrt(variance) : 0;
}

void compare_times(const Results& before, const Results& after, Comparison& out) {
  const RunTimes a = read_times(before), b = read_times(after);
  const CasesById x = by_id(before), y = by_id(after);
  // Only what both did can be compared.
  const auto in_both = [&](const std::string& id) {
    const auto was = x.find(id), is = y.find(id);
    return id.empty() || (was != x.end() && is != y.end() && was->second->attempts > 0 &&
                          is->second->attempts > 0);
  };
  const auto samples = [&](const RunTimes& times, const std::string& kpi) {
    std::vector<double> list;
    for (const auto& sample : times.samples)
      if (sample.kpi == kpi && in_both(sample.case_id)) list.push_back(sample.seconds);
    return list;
  };
  for (const auto& kpi : after.kpis) {
    const auto was = samples(a, kpi.name), is = samples(b, kpi.name);
    if (was.empty() && is.empty()) continue;
    out.kpis.push_back({kpi.name, figures(was), figures(is), pace_of(was, is),
                        kpi.beyond_declared() && !before.kpi(kpi.name).beyond_declared()});
  }
  for (const auto& result : after.cases) {
    const auto was = a.waited.find(result.id), is = b.waited.find(result.id);
    const auto other = x.find(result.id);
    if (was == a.waited.end() || is == b.waited.end() || other == x.end()) continue;
    // A case that did not pass waited for what did not come: that is told by its verdict.
    if (result.verdict != Verdict::pass || other->second->verdict != Verdict::pass) continue;
    const double difference = std::abs(is->second - was->second);
    const double shorter = std::min(is->second, was->second);
    if (difference < kDurationSeconds || difference < kDurationShare * shorter) continue;
    out.durations.push_back(
        {result.id, result.title, was->second, is->second, is->second > was->second});
  }
}

}  // namespace

const char* to_string(Change change) {
  static constexpr const char* kWords[] = {"worse", "better", "unclear", "new", "gone"};
  return kWords[static_cast<int>(change)];
}

const char* to_string(Pace pace) {
  static constexpr const char* kWords[] = {"same", "slower", "faster", "too_few"};
  return kWords[static_cast<int>(pace)];
}

Pace pace_of(std::vector<double> before, std::vector<double> after) {
  if (before.size() < kFewestSamples || after.size() < kFewestSamples) return Pace::too_few;
  std::sort(before.begin(), before.end());
  std::sort(after.begin(), after.end());
  const double was = median(before), is = median(after);
  const double difference = std::abs(is - was);
  // A hair less than the limits, so that 0.10 against 0.15 is on this side of 0.05.
  constexpr double kHair = 1e-9;
  if (difference + kHair < kPaceSeconds || difference + kHair < kPaceShare * std::min(was, is))
    return Pace::same;
  const double deviation = rank_deviation(before, after);
  if (std::abs(deviation) < kPaceDeviations || (deviation > 0) != (is > was)) return Pace::same;
  return is > was ? Pace::slower : Pace::faster;
}

std::size_t Comparison::count(Change change) const {
  return static_cast<std::size_t>(std::count_if(
      cases.begin(), cases.end(), [&](const CaseChange& c) { return c.change == change; }));
}

bool Comparison::slower() const {
  return std::any_of(
             kpis.begin(), kpis.end(),
             [](const KpiChange& k) { return k.pace == Pace::slower || k.now_beyond_declared; }) ||
         std::any_of(durations.begin(), durations.end(),
                     [](const DurationChange& d) { return d.slower; });
}

bool Comparison::nothing_differs() const {
  return cases.empty() && failures.empty() && remarks.empty() && contradictions.empty() &&
         durations.empty() && std::all_of(kpis.begin(), kpis.end(), [](const KpiChange& k) {
           return (k.pace == Pace::same || k.pace == Pace::too_few) && !k.now_beyond_declared;
         });
}

Comparison compare(const Results& before, const Results& after) {
  Comparison out;
  out.before = describe(before);
  out.after = describe(after);
  out.uneven = uneven(before, after);
  compare_cases(before, after, out);
  compare_claims(before, after, out);
  compare_times(before, after, out);
  return out;
}

}  // namespace plugproof::reports
