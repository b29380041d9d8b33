// plugproof plan: what would run for a PICS, what not, and why.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <memory>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "engine/base/json.hpp"

namespace plugproof::cli {

using base::Value;

namespace {

struct Options {
  PlanOptions plan;
  std::string format = "text";
};

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
  }
  return "";
}

void print_text(const std::vector<suite::Selected>& plan, const std::string& edition,
                const pics::Pics& pics) {
  std::printf("Plan for %s (%s), programme generation %s, edition %s of the test document\n\n",
              pics.product().designation.c_str(), pics.product().vendor.c_str(),
              pics::to_string(pics.generation()), edition.c_str());
  std::map<suite::Decision, int> counts;
  for (const auto& s : plan) {
    ++counts[s.decision];
    std::printf("%-14s %-14s %-52.52s %s\n", word(s.decision), s.entry->id.c_str(),
                s.entry->title.c_str(), s.reason.c_str());
    if (s.feature != "true" && s.decision != suite::Decision::not_in_edition)
      std::printf("%-30s decided by: %s\n", "", s.feature.c_str());
  }
  std::printf("\n%d to run", counts[suite::Decision::selected]);
  for (const auto decision :
       {suite::Decision::undecided, suite::Decision::not_applicable, suite::Decision::not_built,
        suite::Decision::skipped, suite::Decision::not_in_edition})
    if (counts[decision] > 0) std::printf(", %d %s", counts[decision], word(decision));
  std::printf(" (%zu ids)\n", plan.size());
}

void print_json(const std::vector<suite::Selected>& plan, const std::string& edition,
                const pics::Pics& pics) {
  Value::List cases;
  for (const auto& s : plan)
    cases.push_back(Value::object({{"id", s.entry->id},
                                   {"title", s.entry->title},
                                   {"group", s.entry->group},
                                   {"profile", s.profile},
                                   {"decision", suite::to_string(s.decision)},
                                   {"applies", s.applies},
                                   {"feature", s.feature},
                                   {"reason", s.reason}}));
  const Value document = Value::object({{"format", 1},
                                        {"product", pics.product().designation},
                                        {"generation", pics::to_string(pics.generation())},
                                        {"edition", edition},
                                        {"cases", Value(std::move(cases))}});
  std::fputs(base::write_json_pretty(document).c_str(), stdout);
}

}  // namespace

void add_plan(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("plan", "Show what would run for a PICS, what not, and why");
  add_plan_options(*command, options->plan);
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->callback([options, &status] {
    const pics::Pics pics = load_pics(options->plan.pics);
    const suite::Suite suite = load_suite(options->plan.suite);
    const auto plan = make_plan(options->plan, suite, pics);
    const std::string edition = edition_for(options->plan, pics);
    if (options->format == "json")
      print_json(plan, edition, pics);
    else
      print_text(plan, edition, pics);
    status = kPass;
  });
}

}  // namespace plugproof::cli
