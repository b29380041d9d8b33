// plugproof rejudge: the verdicts of a run once more, from its journal alone.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
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

namespace fs = std::filesystem;

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

replay::Recording read_recording(const std::string& run) {
  const std::string path = reports::journal_of(run);
  return replay::Recording::read(read_journal(path), path);
}

int rejudge(const replay::Recording& recording, const RejudgeOptions& options) {
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

// What was joined is derived: judged again are the runs that it was joined from.
int rejudge_sources(const replay::Recording& recording, const RejudgeOptions& options) {
  const fs::path folder = fs::path(recording.name()).parent_path() / "shards";
  std::vector<replay::Recording> sources;
  for (std::size_t i = 1; i <= recording.run().merged; ++i)
    sources.push_back(read_recording((folder / std::to_string(i)).string()));
  const bool json = options.format == "json";
  std::vector<int> statuses;
  if (json) std::fputs("[\n", stdout);
  for (const auto& source : sources) {
    if (!statuses.empty()) std::fputs(json ? ",\n" : "\n", stdout);
    if (!json) std::fputs((source.name() + ":\n").c_str(), stdout);
    statuses.push_back(rejudge(source, options));
  }
  if (json) std::fputs("]\n", stdout);
  for (const int status : {kFail, kInconclusive})
    if (std::find(statuses.begin(), statuses.end(), status) != statuses.end()) return status;
  return kPass;
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
  command->callback([options, &status] {
    const auto recording = read_recording(options->run);
    status = recording.run().merged > 0 ? rejudge_sources(recording, *options)
                                        : rejudge(recording, *options);
  });
}

}  // namespace plugproof::cli
