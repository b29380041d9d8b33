// plugproof merge: joins the runs of several machines into one run with its reports.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/console.hpp"
#include "reports/reports.hpp"
#include "reports/text.hpp"

namespace plugproof::cli {

namespace {

struct MergeOptions {
  std::vector<std::string> runs;
  std::string out, name;
  bool quiet = false;
};

std::string name_of(const MergeOptions& options) {
  if (!options.name.empty()) return options.name;
  const auto folder = std::filesystem::path(options.out).lexically_normal();
  return (folder.has_filename() ? folder : folder.parent_path()).filename().string();
}

int merge(const MergeOptions& options) {
  const auto plan = reports::merge_runs(options.runs, options.out, name_of(options));
  const auto results = reports::write_reports(options.out);
  if (!options.quiet)
    std::fputs(reports::summarise(results, {Console::colours(), Console::width()}).c_str(), stdout);
  for (const auto& missing : plan.missing)
    std::fprintf(stderr, "plugproof: %s: its cases were not run\n", missing.c_str());
  std::printf("Run folder: %s (%s joined; journal.jsonl, shards/ and the reports)\n",
              options.out.c_str(), reports::counted(options.runs.size(), "run").c_str());
  return plan.exit_status;
}

}  // namespace

void add_merge(CLI::App& app, int& status) {
  auto options = std::make_shared<MergeOptions>();
  CLI::App* command =
      app.add_subcommand("merge", "Join the runs of shards, or of different cases, into one run");
  command->add_option("runs", options->runs, "Run folders")->required();
  command->add_option("--out", options->out, "Folder of the joint run; new or empty")->required();
  command->add_option("--name", options->name, "Name of the joint run (default: of its folder)");
  command->add_flag("--quiet", options->quiet, "No summary at the end");
  command->callback([options, &status] { status = merge(*options); });
}

}  // namespace plugproof::cli
