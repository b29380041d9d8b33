// plugproof compare: what got better, worse and slower between two runs.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/console.hpp"
#include "cli/job_summary.hpp"
#include "reports/compare.hpp"
#include "reports/render.hpp"

namespace plugproof::cli {

namespace {

struct Options {
  std::string before, after, format = "text";
  bool slower_is_worse = false;
};

int compare(const Options& options) {
  const auto comparison =
      reports::compare(reports::read_results(reports::journal_of(options.before)),
                       reports::read_results(reports::journal_of(options.after)));
  std::string text;
  if (options.format == "json")
    text = reports::compare_json(comparison);
  else if (options.format == "markdown")
    text = reports::compare_markdown(comparison);
  else
    text = reports::compare_text(comparison, {Console::colours(), Console::width()});
  std::fputs(text.c_str(), stdout);
  if (options.format == "github") add_to_job_summary(reports::compare_markdown(comparison));
  const bool worse = comparison.count(reports::Change::worse) > 0 ||
                     (options.slower_is_worse && comparison.slower());
  return worse ? kFail : kPass;
}

}  // namespace

void add_compare(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "compare", "Show what got better, worse and slower from one run to another");
  command->add_option("before", options->before, "Run folder, e.g. of the last release")
      ->required();
  command->add_option("after", options->after, "Run folder, e.g. of the build under test")
      ->required();
  command
      ->add_option("--format", options->format,
                   "text, json, markdown, or github: text, and Markdown for the job's summary")
      ->check(CLI::IsMember({"text", "json", "markdown", "github"}))
      ->capture_default_str();
  command->add_flag("--slower-is-worse", options->slower_is_worse,
                    "Exit with 1 also where only a time got worse");
  command->callback([options, &status] { status = compare(*options); });
}

}  // namespace plugproof::cli
