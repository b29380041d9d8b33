// plugproof report and verify: everything that follows from a journal alone.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/console.hpp"
#include "reports/reports.hpp"

namespace plugproof::cli {

namespace {

struct ReportOptions {
  std::string run;
  std::vector<std::string> formats;
};

// On GitHub the summary of a job is a file that every step may add to.
void add_to_job_summary(const reports::Results& results) {
  const char* path = std::getenv("GITHUB_STEP_SUMMARY");
  if (!path || *path == '\0') return;
  std::ofstream file(path, std::ios::binary | std::ios::app);
  reports::render(results, reports::Format::github, file);
  file.close();
  if (!file)
    throw ExitWith(kUsage, std::string("GITHUB_STEP_SUMMARY: ") + path +
                               " cannot be written; unset the variable, or leave --format github "
                               "out");
}

int report(const ReportOptions& options) {
  std::vector<reports::Format> formats;
  for (const auto& name : options.formats) formats.push_back(*reports::parse_format(name));
  const auto results = reports::write_reports(options.run, formats);
  std::fputs(reports::summarise(results, {Console::colours(), Console::width()}).c_str(), stdout);
  std::printf("\nWritten to %s:", options.run.c_str());
  for (const auto& name : reports::format_names()) {
    const auto format = *reports::parse_format(name);
    const bool asked = std::find(formats.begin(), formats.end(), format) != formats.end();
    if (formats.empty() ? reports::written_by_default(format) : asked)
      std::printf(" %s", reports::file_name(format).c_str());
  }
  std::printf("\n");
  if (std::find(formats.begin(), formats.end(), reports::Format::github) != formats.end())
    add_to_job_summary(results);
  return kPass;
}

int verify(const std::string& run) {
  const auto results = reports::read_results(reports::journal_of(run));
  if (results.chain_broken_at > 0) {
    std::printf("%s: changed since the run: the chain of digests breaks at line %lld\n",
                run.c_str(), static_cast<long long>(results.chain_broken_at));
    return kFail;
  }
  std::printf("%s: %lld records, the chain of digests holds%s; last record %s\n", run.c_str(),
              static_cast<long long>(results.records),
              results.torn ? ", the last record is torn (the run was cut off)" : "",
              results.head.c_str());
  return kPass;
}

}  // namespace

void add_report(CLI::App& app, int& status) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* command = app.add_subcommand("report", "Rebuild the reports of a run from its journal");
  command->add_option("run", options->run, "Run folder")->required();
  command
      ->add_option("--format", options->formats,
                   "Formats to write (default: all but github and trace)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember(reports::format_names()));
  command->callback([options, &status] { status = report(*options); });
}

void add_verify(CLI::App& app, int& status) {
  auto run = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("verify", "Check that a journal was not changed since the run");
  command->add_option("run", *run, "Run folder")->required();
  command->callback([run, &status] { status = verify(*run); });
}

}  // namespace plugproof::cli
