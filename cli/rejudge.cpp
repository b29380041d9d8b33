// plugproof rejudge: the verdicts of a run once more, from its journal alone.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/files.hpp"
#include "cli/rejudge_text.hpp"
#include "cli/version.hpp"
#include "reports/journal_reader.hpp"
#include "reports/reports.hpp"

namespace plugproof::cli {

namespace {

struct RejudgeOptions {
  std::string run, suite, edition, format = "text";
  bool diff = false;
};

std::string read_journal(const std::string& path) {
  const auto state = reports::inspect_journal(path);
  // Who changed a record may have changed anything.
  if (state.broken_at > 0)
    throw ExitWith(kFail, path + ":" + std::to_string(state.broken_at) +
                              ": the journal was changed since the run (" + state.broken_reason +
                              "); nothing is judged from it");
  return read_file(path, {});
}

int rejudge(const RejudgeOptions& options) {
  const std::string path = reports::journal_of(options.run);
  const auto recording = replay::Recording::read(read_journal(path), path);
  suite::Suite suite = load_suite(options.suite);
  const auto& run = recording.run();
  const std::string edition = options.edition.empty() ? run.edition : options.edition;
  Rejudged rejudged{recording, kTool, suite.folder(), suite.sha256(), edition, false, false,
                    {},        {}};
  rejudged.as_recorded = suite.sha256() == run.suite_sha256 && edition == run.edition;
  if (rejudged.as_recorded) {
    // Places are told as they are recorded.
    base::Diagnostics none;
    auto called = suite::Suite::load(suite.folder(), none, run.suite_folder);
    if (called) suite = *std::move(called);
    rejudged.record_by_record = !options.diff;
  }
  if (rejudged.record_by_record) rejudged.difference = replay::replay_exactly(recording, suite);
  if (!rejudged.record_by_record || rejudged.difference)
    rejudged.cases = replay::judge_by_case(recording, suite, edition);
  const std::string text =
      options.format == "json" ? rejudged_json(rejudged) : rejudged_text(rejudged);
  std::fputs(text.c_str(), stdout);
  return status_of(rejudged);
}

}  // namespace

void add_rejudge(CLI::App& app, int& status) {
  auto options = std::make_shared<RejudgeOptions>();
  CLI::App* command = app.add_subcommand(
      "rejudge", "Judge a run again from its journal, or show what another suite would change");
  command->add_option("run", options->run, "Run folder")->required();
  command->add_option("--suite", options->suite,
                      "Folder of the test cases (default: testcases/ here or beside the program)");
  command
      ->add_option("--edition", options->edition,
                   "Edition of the test document: 2024-04 or 2025-11 (default: as recorded)")
      ->check(CLI::IsMember({"2024-04", "2025-11"}));
  command->add_flag("--diff", options->diff,
                    "Judge case by case, also with the suite and the edition of the run");
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->callback([options, &status] { status = rejudge(*options); });
}

}  // namespace plugproof::cli
