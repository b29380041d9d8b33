// plugproof report and verify: everything that follows from a journal alone.
#include <CLI/CLI.hpp>
#include <cstdio>
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

int report(const ReportOptions& options) {
  std::vector<reports::Format> formats;
  for (const auto& name : options.formats) formats.push_back(*reports::parse_format(name));
  const auto results = reports::write_reports(options.run, formats);
  std::fputs(reports::summarise(results, {Console::colours(), Console::width()}).c_str(), stdout);
  std::printf("\nWritten to %s:", options.run.c_str());
  for (const auto& name : reports::format_names()) {
    const auto format = *reports::parse_format(name);
    if (formats.empty() || std::find(formats.begin(), formats.end(), format) != formats.end())
      std::printf(" %s", reports::file_name(format).c_str());
  }
  std::printf("\n");
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
  command->add_option("--format", options->formats, "Formats to write (default: all)")
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
