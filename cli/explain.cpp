// plugproof explain: a test case in words and as a sequence diagram.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/explain_text.hpp"
#include "engine/base/json.hpp"

namespace plugproof::cli {

namespace {

struct Options {
  std::vector<std::string> ids;
  std::string suite, format = "text";
  bool all = false, functions = false, actions = false;
};

const suite::TestCase& find(const suite::Suite& suite, const std::string& id) {
  if (const auto* test_case = suite.find_case(id)) return *test_case;
  std::vector<std::string> ids;
  for (const auto& [known, test_case] : suite.cases()) ids.push_back(known);
  for (const auto& entry : suite.programme())
    if (entry.id == id)
      throw ExitWith(kUsage,
                     id + " (" + entry.title +
                         ") is part of the programme, but this version has no case for it yet");
  const std::string near = base::did_you_mean(id, ids);
  throw ExitWith(kUsage, "there is no test case '" + id + "'" +
                             (near.empty() ? "; 'plugproof plan' lists them" : "; " + near));
}

int explain(const Options& options) {
  if (options.functions) {
    for (const auto& function : base::known_functions())
      std::printf("%-16s %zu argument(s)  %s\n", (function.name + "()").c_str(), function.arguments,
                  function.explanation.c_str());
    return kPass;
  }
  const suite::Suite suite = load_suite(options.suite);
  std::vector<const suite::TestCase*> cases;
  if (options.all) {
    for (const auto& entry : suite.programme())
      if (const auto* test_case = suite.find_case(entry.id)) cases.push_back(test_case);
  }
  for (const auto& id : options.ids) cases.push_back(&find(suite, id));
  if (cases.empty()) throw ExitWith(kUsage, "name a test case, or use --all");
  if (options.format == "json") {
    base::Value::List list;
    for (const auto* test_case : cases) list.push_back(explain_data(*test_case, suite));
    std::fputs(base::write_json_pretty(
                   base::Value::object({{"format", 1}, {"cases", base::Value(std::move(list))}}))
                   .c_str(),
               stdout);
    return kPass;
  }
  for (const auto* test_case : cases) {
    std::fputs(explain_words(*test_case, suite).c_str(), stdout);
    std::printf("\n%s\n", explain_diagram(*test_case, suite).c_str());
  }
  return kPass;
}

}  // namespace

void add_explain(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("explain", "Show a test case in words and as a sequence diagram");
  command->add_option("id", options->ids, "Test cases");
  command->add_flag("--all", options->all, "Every test case");
  command->add_flag("--functions", options->functions, "The functions that expressions may call");
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->add_option("--suite", options->suite, "Folder of the test cases")
      ->envname("PLUGPROOF_SUITE");
  command->callback([options, &status] { status = explain(*options); });
}

}  // namespace plugproof::cli
