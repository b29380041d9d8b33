#include "reports/merge_plan.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <utility>

#include "engine/base/diagnostics.hpp"
#include "engine/base/json.hpp"
#include "engine/base/sha256.hpp"
#include "reports/journal_reader.hpp"
#include "reports/render.hpp"
#include "reports/text.hpp"

namespace plugproof::reports {

namespace {

using base::InputError;
using base::Value;

constexpr std::size_t kMaxNamed = 10;  // ids in a message

// Members of the PIXIT that say where the bench is, not how it judges: each has its own.
bool of_the_bench(const std::string& member) {
  return member == "identity" || member == "address" || member == "port" ||
         member == "failing_firmware_location" || member == "failing_diagnostics_location";
}

const Value::List& selection_of(const MergeSource& source) {
  static const Value::List none;
  const Value* selection = source.run.find("selection");
  return selection && selection->is_list() ? selection->as_list() : none;
}

std::string json_of(const Value& object, std::string_view key) {
  const Value* member = object.find(key);
  return member ? base::write_json(*member) : std::string("nothing");
}

std::string member_of(const Value& record, std::string_view key, std::string_view member) {
  const Value* object = record.find(key);
  return object ? json_of(*object, member) : std::string("nothing");
}

// What has to be the same in all runs, by the name that a message gives it.
std::vector<std::pair<std::string, std::string>> common_facts(const MergeSource& source) {
  const Value& run = source.run;
  std::vector<std::pair<std::string, std::string>> facts{
      {"version of the tool", json_of(run, "tool")},
      {"kind of clock", json_of(run, "clock")},
      {"kind of device", json_of(run, "dut_kind")},
      {"edition of the test cases", json_of(run, "edition")},
      {"generation", json_of(run, "generation")},
      {"way of sharing preparations (--isolate)", json_of(run, "isolate")},
      {"test suite", member_of(run, "suite", "sha256")},
      {"PICS", member_of(run, "pics", "sha256")},
      {"simulated charge point", json_of(run, "simulator")},
      {"firmware image", member_of(run, "firmware_image", "sha256")}};
  std::map<std::string, std::string> settings;
  if (source.results.run.pixit.is_object())
    for (const auto& [name, value] : source.results.run.pixit.as_object())
      if (!of_the_bench(name))
        settings["setting '" + name + "' of the PIXIT"] = base::write_json(value);
  facts.insert(facts.end(), settings.begin(), settings.end());
  return facts;
}

void refuse(const MergeSource& source, const std::string& problem) {
  throw InputError(source.folder + ": " + problem);
}

void check_alike(const MergeSource& first, const MergeSource& other) {
  const auto a = common_facts(first), b = common_facts(other);
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    if (i < a.size() && i < b.size() && a[i] == b[i]) continue;
    const auto& [what, value] = i < b.size() ? b[i] : a[i];
    const auto before = std::find_if(a.begin(), a.end(),
                                     [&, &name = what](const auto& f) { return f.first == name; });
    refuse(other, "its " + what + " is " + elide(i < b.size() ? value : "nothing", 80) +
                      ", that of " + first.folder + " is " +
                      elide(before == a.end() ? "nothing" : before->second, 80) +
                      "; join runs that differ in nothing but the bench (docs/reports.md)");
  }
}

std::map<std::string, std::int64_t> shards_of_cases(const MergeSource& source) {
  std::map<std::string, std::int64_t> out;
  for (const auto& row : selection_of(source))
    if (const std::int64_t shard = row.int_or("shard", 0); shard > 0)
      out.emplace(row.string_or("id", ""), shard);
  return out;
}

void check_shards(const std::vector<MergeSource>& sources) {
  const MergeSource* first = nullptr;
  std::set<std::int64_t> seen;
  for (const auto& source : sources) {
    const ShardOf& shard = source.results.run.shard;
    if (shard.of == 0) continue;
    if (!seen.insert(shard.index).second)
      refuse(source, "it is " + shard.text() + ", which is there already; give each shard once");
    if (!first) {
      first = &source;
    } else if (shard.of != first->results.run.shard.of) {
      refuse(source, "it is " + shard.text() + ", but " + first->folder + " is " +
                         first->results.run.shard.text() + "; join shards of one plan");
    } else if (shards_of_cases(source) != shards_of_cases(*first)) {
      refuse(source, "its plan is divided in another way than that of " + first->folder +
                         "; run all shards with the same filters");
    }
  }
}

std::map<std::string, const CaseResult*> cases_by_id(const MergeSource& source) {
  std::map<std::string, const CaseResult*> out;
  for (const auto& result : source.results.cases) out.emplace(result.id, &result);
  return out;
}

void check_cases(const std::vector<MergeSource>& sources) {
  std::map<std::string, const MergeSource*> begun;
  for (const auto& source : sources) {
    std::vector<std::string> twice;
    const MergeSource* other = nullptr;
    for (const auto& [id, result] : cases_by_id(source)) {
      if (result->attempts == 0) continue;
      const auto [known, fresh] = begun.emplace(id, &source);
      if (fresh) continue;
      twice.push_back(printable(id));
      other = known->second;
    }
    if (twice.empty()) continue;
    const std::size_t hidden = twice.size() - std::min(twice.size(), kMaxNamed);
    twice.resize(twice.size() - hidden);
    refuse(source, "it began cases that " + other->folder + " began too: " + join(twice, ", ") +
                       (hidden > 0 ? " and " + std::to_string(hidden) + " more" : "") +
                       "; each case must come from one run: leave one of the two out");
  }
}

// A case without a run: `missing` is filled where it belongs to a shard that was not given.
Value row_without_a_run(const std::vector<const Value*>& rows, const ShardOf& plan,
                        std::set<std::int64_t>& missing) {
  for (const Value* row : rows) {
    const std::string decision = row->string_or("decision", "");
    if (decision == "selected" || decision == "undecided") return *row;
  }
  for (const Value* row : rows) {
    if (row->string_or("decision", "") != "other_shard") continue;
    const std::int64_t shard = row->int_or("shard", 0);
    missing.insert(shard);
    const std::string reason = ShardOf{shard, plan.of}.text() + " is missing";
    const Value* applies = row->find("applies");
    const bool known = applies && applies->is_bool() && applies->as_bool();
    Value out = *row;
    out.set("selected", known);
    out.set("decision", known ? "selected" : "undecided");
    out.set("reason", reason);
    out.set("not_run", reason);
    return out;
  }
  return *rows.front();
}

Value joint_selection(const std::vector<MergeSource>& sources, std::set<std::int64_t>& missing) {
  ShardOf plan;
  std::vector<std::string> order;
  std::map<std::string, std::vector<const Value*>> rows;
  std::map<std::string, const Value*> begun;
  for (const auto& source : sources) {
    if (source.results.run.shard.of > 0) plan = source.results.run.shard;
    const auto cases = cases_by_id(source);
    for (const auto& row : selection_of(source)) {
      const std::string id = row.string_or("id", "");
      auto& known = rows[id];
      if (known.empty()) order.push_back(id);
      known.push_back(&row);
      const auto played = cases.find(id);
      if (played != cases.end() && played->second->attempts > 0) begun.emplace(id, &row);
    }
  }
  Value::List selection;
  for (const auto& id : order) {
    const auto owner = begun.find(id);
    selection.push_back(owner != begun.end() ? *owner->second
                                             : row_without_a_run(rows[id], plan, missing));
  }
  return Value(std::move(selection));
}

std::int64_t count_begun(const Results& results) {
  return std::count_if(results.cases.begin(), results.cases.end(),
                       [](const CaseResult& result) { return result.attempts > 0; });
}

SourceRun describe(const MergeSource& source) {
  const Results& r = source.results;
  SourceRun out;
  out.name = r.run.name;
  out.journal_sha256 = source.journal_sha256;
  out.head = r.head;
  out.outcome = r.outcome;
  out.outcome_reason = r.outcome_reason;
  out.instance = r.run.instance_id;
  out.command_line = r.run.command_line;
  out.started = r.run.started;
  out.ended = r.run.ended;
  out.records = r.records;
  out.seed = r.run.seed;
  out.cases = count_begun(r);
  out.torn = r.torn;
  out.shard = r.run.shard;
  out.duts = r.duts;
  out.charge_points = r.charge_points;
  return out;
}

Counts counts_of(const std::vector<MergeSource>& sources) {
  Counts all;
  for (const auto& source : sources) {
    const Counts one = source.results.counts();
    all.pass += one.pass;
    all.fail += one.fail;
    all.inconc += one.inconc;
    all.error += one.error;
  }
  return all;
}

Value number(std::size_t count) {
  return Value(static_cast<std::int64_t>(count));
}

}  // namespace

std::vector<MergeSource> read_merge_sources(const std::vector<std::string>& folders) {
  std::vector<MergeSource> sources;
  for (const auto& folder : folders) {
    MergeSource source;
    source.folder = folder;
    const std::string path = journal_of(folder);
    source.results = read_results(path);
    source.run = *JournalReader(path).next();
    std::ifstream file(path, std::ios::binary);
    source.journal_sha256 = base::sha256_hex(file);
    if (source.results.chain_broken_at > 0)
      refuse(source, "changed since the run: the chain of digests breaks at line " +
                         std::to_string(source.results.chain_broken_at) +
                         "; what is proven no more cannot be part of a joint report");
    if (!source.results.run.merged.empty())
      refuse(source,
             "it was merged itself; give the runs that it was made from (its folder shards)");
    sources.push_back(std::move(source));
  }
  std::stable_sort(sources.begin(), sources.end(), [](const MergeSource& a, const MergeSource& b) {
    const ShardOf &x = a.results.run.shard, &y = b.results.run.shard;
    return (x.of > 0 ? x.index : INT64_MAX) < (y.of > 0 ? y.index : INT64_MAX);
  });
  for (const auto& source : sources) check_alike(sources.front(), source);
  check_shards(sources);
  check_cases(sources);
  return sources;
}

MergePlan plan_merge(const std::vector<MergeSource>& sources, const std::string& name) {
  MergePlan plan;
  std::set<std::int64_t> missing;
  const Value selection = joint_selection(sources, missing);
  Value::List merged;
  std::vector<std::string> cut_short;
  std::int64_t of = 0;
  for (const auto& source : sources) {
    merged.push_back(source_value(describe(source)));
    of = std::max(of, source.results.run.shard.of);
    if (source.results.outcome != "complete")
      cut_short.push_back("the run " + source.results.run.name + " is " + source.results.outcome +
                          (source.results.outcome_reason.empty() ? "" : ": ") +
                          source.results.outcome_reason);
  }
  for (const std::int64_t shard : missing)
    plan.missing.push_back(ShardOf{shard, of}.text() + " is missing");

  // What each run has of its own stands with the sources.
  for (const auto& [key, value] : sources.front().run.as_object()) {
    if (key == "seq" || key == "t" || key == "utc" || key == "kind" || key == "prev" ||
        key == "shard" || key == "instance" || key == "command_line")
      continue;
    if (key == "name")
      plan.run.emplace_back(key, name);
    else if (key == "selection")
      plan.run.emplace_back(key, selection);
    else
      plan.run.emplace_back(key, value);
  }
  plan.run.emplace_back("merged", Value(std::move(merged)));

  std::vector<std::string> reasons = plan.missing;
  reasons.insert(reasons.end(), cut_short.begin(), cut_short.end());
  const Counts counts = counts_of(sources);
  const bool whole = reasons.empty();
  plan.exit_status = counts.fail > 0                                                  ? 1
                     : counts.inconc + counts.error > 0 || !whole || counts.pass == 0 ? 3
                                                                                      : 0;
  plan.end = {
      {"outcome", whole ? "complete" : "interrupted"},
      {"reason", whole ? "every run that it was joined from is complete" : join(reasons, "; ")},
      {"counts", Value::object({{"pass", number(counts.pass)},
                                {"fail", number(counts.fail)},
                                {"inconc", number(counts.inconc)},
                                {"error", number(counts.error)}})},
      {"exit_status", plan.exit_status}};
  return plan;
}

}  // namespace plugproof::reports
