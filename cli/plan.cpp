// plugproof plan: what would run for a PICS, what not, and why; and how long it would take.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "engine/base/json.hpp"
#include "engine/rig/lab_interface.hpp"
#include "engine/suite/estimate.hpp"
#include "reports/text.hpp"

namespace plugproof::cli {

using base::Value;

namespace {

struct Options {
  PlanOptions plan;
  std::string pixit;
  std::string format = "text";
  std::string against;  // edition; empty: none
};

// What the plan of another edition has besides, has not, or does otherwise.
struct Against {
  std::string edition;
  std::vector<const suite::Selected*> here, there, differing;
};

// What will run, with how long it may take.
struct Plan {
  std::vector<suite::Selected> selection;
  std::map<std::string, suite::Estimate> estimates;  // by id
  suite::Estimate total;
  std::string edition;
  suite::Shard shard;
  std::vector<double> shards;  // what each is expected to take, seconds
};

// Whether the first adapter that knows the action is a person.
bool falls_to_person(const run::RigSettings& rig, const std::string& action,
                     const Value& arguments) {
  for (const auto& adapter : rig.adapters) {
    if (adapter == "console") return true;
    if (adapter != "http") return false;
    const auto calls = rig::lab_calls(*rig::find_action(action), arguments, rig.http.token_type,
                                      rig.http.vehicle.has_value());
    const bool can = !calls.empty() && std::all_of(calls.begin(), calls.end(), [&](const auto& c) {
      return c.side == rig::LabCall::Side::station || rig.http.vehicle;
    });
    if (can) return false;
  }
  return true;
}

Plan estimated(const Options& options, const pics::Pics& pics, const run::Pixit& pixit,
               const suite::Suite& suite) {
  Plan plan;
  plan.selection = make_plan(options.plan, suite, pics, pixit);
  plan.edition = edition_for(options.plan, pics);
  plan.shard = shard_for(options.plan);
  plan.shards = take_shard(plan.selection, options.plan, suite, pics, pixit);
  std::vector<const suite::TestCase*> cases;
  for (const auto& s : plan.selection)
    if (s.test_case && s.may_run()) cases.push_back(s.test_case);
  suite::EstimateInput input{pixit.values, pics, plan.edition, {}, {}};
  input.assumptions.rig_limit = base::to_seconds(pixit.rig.timeout);
  input.by_person = [&](const std::string& action, const Value& arguments) {
    return falls_to_person(pixit.rig, action, arguments);
  };
  const auto all = suite::estimate(cases, suite, input, !options.plan.isolate);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    plan.estimates[cases[i]->id] = all[i];
    plan.total += all[i];
  }
  return plan;
}

bool wanted(const suite::Selected& selected) {
  using suite::Decision;
  return selected.decision != Decision::not_applicable &&
         selected.decision != Decision::not_in_edition;
}

// `other`: the plan of the other edition, which has to outlive the result.
Against against(const std::string& edition, const std::vector<suite::Selected>& plan,
                const std::vector<suite::Selected>& other, const suite::Suite& suite) {
  Against difference{edition, {}, {}, {}};
  const auto in = [](const std::vector<suite::Selected>& list, const std::string& id) {
    return std::any_of(list.begin(), list.end(),
                       [&](const auto& s) { return s.entry->id == id && wanted(s); });
  };
  for (const auto& s : plan) {
    if (!wanted(s)) continue;
    if (!in(other, s.entry->id))
      difference.here.push_back(&s);
    else if (s.test_case && suite::reads_name(*s.test_case, suite, "edition"))
      difference.differing.push_back(&s);
  }
  for (const auto& s : other)
    if (wanted(s) && !in(plan, s.entry->id)) difference.there.push_back(&s);
  return difference;
}

void print_text(const Against& difference, const std::string& edition) {
  std::printf("\nAgainst edition %s\n", difference.edition.c_str());
  const auto list = [](const std::string& word, const std::vector<const suite::Selected*>& cases) {
    for (const auto* s : cases)
      std::printf("%-14s %-14s %s\n", word.c_str(), s->entry->id.c_str(), s->entry->title.c_str());
  };
  list(edition + " only", difference.here);
  list(difference.edition + " only", difference.there);
  list("differs", difference.differing);
  if (difference.here.empty() && difference.there.empty() && difference.differing.empty())
    std::printf("nothing differs for this PICS\n");
}

Value to_value(const Against& difference) {
  const auto ids = [](const std::vector<const suite::Selected*>& cases) {
    Value::List list;
    for (const auto* s : cases) list.emplace_back(s->entry->id);
    return Value(std::move(list));
  };
  return Value::object({{"edition", difference.edition},
                        {"here", ids(difference.here)},
                        {"there", ids(difference.there)},
                        {"differing", ids(difference.differing)}});
}

// "about 1 min 5 s, at most 22 min 3 s".
std::string span(const suite::Estimate& estimate) {
  return "about " + reports::seconds_text(estimate.expected) + ", at most " +
         reports::seconds_text(estimate.at_most);
}

std::string actions(const suite::Estimate& estimate) {
  if (estimate.actions == 0) return {};
  const std::string person =
      estimate.by_person == 0 ? "" : ", " + std::to_string(estimate.by_person) + " by a person";
  return "; " + reports::counted(static_cast<std::size_t>(estimate.actions), "physical action") +
         person;
}

const char* word(suite::Decision decision) {
  switch (decision) {
    case suite::Decision::selected:
      return "run";
    case suite::Decision::not_applicable:
      return "n/a";
    case suite::Decision::not_in_edition:
      return "not in edition";
    case suite::Decision::not_built:
      return "not built";
    case suite::Decision::skipped:
      return "skipped";
    case suite::Decision::undecided:
      return "at run time";
    case suite::Decision::other_shard:
      return "other shard";
  }
  return "";
}

std::string shard_times(const std::vector<double>& shards) {
  std::vector<std::string> times;
  for (const double seconds : shards) times.push_back(reports::seconds_text(seconds));
  return reports::join(times, ", ");
}

void print_text(const Plan& plan, const pics::Pics& pics) {
  std::printf("Plan for %s (%s), programme generation %s, edition %s of the test document\n\n",
              pics.product().designation.c_str(), pics.product().vendor.c_str(),
              pics::to_string(pics.generation()), plan.edition.c_str());
  std::map<suite::Decision, int> counts;
  for (const auto& s : plan.selection) {
    ++counts[s.decision];
    std::printf("%-14s %-14s %-52.52s %s\n", word(s.decision), s.entry->id.c_str(),
                s.entry->title.c_str(), s.reason.c_str());
    if (s.feature != "true" && s.decision != suite::Decision::not_in_edition)
      std::printf("%-30s decided by: %s\n", "", s.feature.c_str());
    if (const auto it = plan.estimates.find(s.entry->id); it != plan.estimates.end())
      std::printf("%-30s takes %s%s%s\n", "", span(it->second).c_str(), actions(it->second).c_str(),
                  it->second.guessed ? " (guessed in part)" : "");
  }
  std::printf("\n%d to run", counts[suite::Decision::selected]);
  for (const auto decision :
       {suite::Decision::undecided, suite::Decision::not_applicable, suite::Decision::not_built,
        suite::Decision::skipped, suite::Decision::not_in_edition, suite::Decision::other_shard})
    if (counts[decision] > 0) std::printf(", %d %s", counts[decision], word(decision));
  std::printf(" (%zu ids)\n", plan.selection.size());
  if (!plan.estimates.empty())
    std::printf("With a good charge point %s%s\n", span(plan.total).c_str(),
                actions(plan.total).c_str());
  if (plan.shard.of > 0)
    std::printf("This is shard %d of %d; each action reckoned for a machine, the shards take %s\n",
                plan.shard.index, plan.shard.of, shard_times(plan.shards).c_str());
}

Value estimate_value(const suite::Estimate& estimate) {
  return Value::object({{"expected", estimate.expected},
                        {"at_most", estimate.at_most},
                        {"actions", estimate.actions},
                        {"by_person", estimate.by_person},
                        {"guessed", estimate.guessed}});
}

void print_json(const Plan& plan, const pics::Pics& pics, const std::optional<Against>& other) {
  Value::List cases;
  for (const auto& s : plan.selection) {
    Value row = Value::object({{"id", s.entry->id},
                               {"title", s.entry->title},
                               {"group", s.entry->group},
                               {"profile", s.profile},
                               {"decision", suite::to_string(s.decision)},
                               {"applies", s.applies},
                               {"feature", s.feature},
                               {"reason", s.reason}});
    if (s.shard > 0) row.set("shard", s.shard);
    if (const auto it = plan.estimates.find(s.entry->id); it != plan.estimates.end())
      row.set("estimate", estimate_value(it->second));
    cases.push_back(std::move(row));
  }
  Value document = Value::object({{"format", 2},
                                  {"product", pics.product().designation},
                                  {"generation", pics::to_string(pics.generation())},
                                  {"edition", plan.edition},
                                  {"estimate", estimate_value(plan.total)},
                                  {"cases", Value(std::move(cases))}});
  if (other) document.set("against", to_value(*other));
  if (plan.shard.of > 0) {
    Value::List seconds;
    for (const double one : plan.shards) seconds.emplace_back(one);
    document.set("shard", Value::object({{"index", plan.shard.index},
                                         {"of", plan.shard.of},
                                         {"expected", Value(std::move(seconds))}}));
  }
  std::fputs(base::write_json_pretty(document).c_str(), stdout);
}

}  // namespace

void add_plan(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("plan", "Show what would run for a PICS, what not, and why");
  add_plan_options(*command, options->plan);
  command
      ->add_option("--pixit", options->pixit,
                   "PIXIT file: the bench (docs/pixit.md), for the estimate of the time")
      ->envname("PLUGPROOF_PIXIT");
  command->add_option("--against", options->against,
                      "Another edition: also show what it has besides, has not, or does otherwise");
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->callback([options, &status] {
    const pics::Pics pics = load_pics(options->plan.pics);
    const suite::Suite suite = load_suite(options->plan.suite);
    const run::Pixit pixit = load_pixit(options->pixit, pics);
    const Plan plan = estimated(*options, pics, pixit, suite);
    std::vector<suite::Selected> other;
    std::optional<Against> difference;
    if (!options->against.empty()) {
      PlanOptions theirs = options->plan;
      theirs.edition = options->against;
      const std::string edition = edition_for(theirs, pics, "--against");
      if (edition == plan.edition)
        throw ExitWith(kUsage, "--against: " + edition +
                                   " is the edition of the plan itself; name the other one");
      other = make_plan(theirs, suite, pics, pixit);
      difference = against(edition, plan.selection, other, suite);
    }
    if (options->format == "json") {
      print_json(plan, pics, difference);
    } else {
      print_text(plan, pics);
      if (difference) print_text(*difference, plan.edition);
    }
    status = kPass;
  });
}

}  // namespace plugproof::cli
