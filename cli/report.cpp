// plugproof report: everything that follows from a journal alone.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/console.hpp"
#include "cli/job_summary.hpp"
#include "reports/reports.hpp"

namespace plugproof::cli {

namespace {

struct ReportOptions {
  std::string run;
  std::vector<std::string> formats;
};

// Made on request only, by a program that need not be there.
constexpr const char* kPdf = "pdf";

std::vector<std::string> all_format_names() {
  std::vector<std::string> names = reports::format_names();
  names.emplace_back(kPdf);
  return names;
}

int report(const ReportOptions& options) {
  std::vector<reports::Format> formats;
  bool pdf = false;
  for (const auto& name : options.formats) {
    if (name == kPdf)
      pdf = true;
    else
      formats.push_back(*reports::parse_format(name));
  }
  const bool only_pdf = pdf && formats.empty();
  const auto results = only_pdf ? reports::read_results(reports::journal_of(options.run))
                                : reports::write_reports(options.run, formats);
  std::vector<std::string> written;
  for (const auto& name : reports::format_names()) {
    const auto format = *reports::parse_format(name);
    const bool asked = std::find(formats.begin(), formats.end(), format) != formats.end();
    const bool wanted = formats.empty() ? reports::written_by_default(format) : asked;
    if (wanted && !only_pdf) written.push_back(reports::file_name(format));
  }
  if (pdf)
    written.push_back("abstract.pdf (drawn by " +
                      reports::write_abstract_pdf(results, options.run) + ")");
  std::fputs(reports::summarise(results, {Console::colours(), Console::width()}).c_str(), stdout);
  std::printf("\nWritten to %s:", options.run.c_str());
  for (const auto& name : written) std::printf(" %s", name.c_str());
  std::printf("\n");
  if (std::find(formats.begin(), formats.end(), reports::Format::github) != formats.end())
    add_to_job_summary(reports::render(results, reports::Format::github));
  return kPass;
}

}  // namespace

void add_report(CLI::App& app, int& status) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* command = app.add_subcommand("report", "Rebuild the reports of a run from its journal");
  command->add_option("run", options->run, "Run folder")->required();
  command
      ->add_option("--format", options->formats,
                   "Formats to write (default: all but github, trace and pdf, which weasyprint or "
                   "chromium draws)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember(all_format_names()));
  command->callback([options, &status] { status = report(*options); });
}

}  // namespace plugproof::cli
