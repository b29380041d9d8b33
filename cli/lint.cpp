// plugproof lint: checks PICS, PIXIT and test-case files without running anything.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "engine/base/yaml.hpp"
#include "engine/suite/case_loader.hpp"

namespace plugproof::cli {

namespace {

struct Options {
  std::vector<std::string> files;
  std::string suite, pics;
};

// What a file is, by what stands in it.
void lint_file(const std::string& file, const Options& options, const suite::Suite* suite,
               base::Diagnostics& diagnostics) {
  const auto root = base::read_yaml_file(file, diagnostics);
  if (!root) return;
  if (root->find("generation")) {
    pics::Pics::load(file, diagnostics);
  } else if (root->find("scenario") || root->find("id")) {
    const auto test_case = suite::load_case(*root, diagnostics);
    if (suite) suite::lint_names(test_case, suite->states(), diagnostics);
  } else if (suite::is_state_file(*root)) {
    const auto state = suite::load_state(*root, diagnostics);
    if (suite) suite::lint_names(state, suite->states(), diagnostics);
  } else if (root->find("cases")) {
    suite::load_programme(*root, diagnostics);
  } else if (!options.pics.empty()) {
    const pics::Pics pics = load_pics(options.pics);
    run::Pixit::load(file, pics, diagnostics);
  } else {
    diagnostics.error({file, 0, 0},
                      "this is no PICS (no 'generation'), test case ('scenario') or state ('kind')",
                      "if it is a PIXIT, name the PICS it belongs to with --pics");
  }
}

int lint(const Options& options) {
  base::Diagnostics diagnostics;
  std::size_t checked = options.files.size();
  if (options.files.empty()) {
    const auto suite = suite::Suite::load(find_suite(options.suite), diagnostics);
    if (suite) checked = suite->cases().size() + suite->states().size() + 1;
  } else {
    // The states of the suite are needed to check a case; a suite that is itself broken is no
    // reason to stop.
    base::Diagnostics of_suite;
    const auto suite = suite::Suite::load(find_suite(options.suite), of_suite);
    for (const auto& file : options.files)
      lint_file(file, options, suite ? &*suite : nullptr, diagnostics);
  }
  std::fputs(diagnostics.render().c_str(), stdout);
  const std::size_t errors = diagnostics.error_count();
  const std::size_t warnings = diagnostics.all().size() - errors;
  std::printf("%zu file(s) checked, %zu error(s), %zu warning(s)\n", checked, errors, warnings);
  return errors == 0 ? kPass : kUsage;
}

}  // namespace

void add_lint(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("lint", "Check PICS, PIXIT and test-case files");
  command->add_option("files", options->files, "Files to check (default: the whole suite)");
  command->add_option("--suite", options->suite, "Folder of the test cases")
      ->envname("PLUGPROOF_SUITE");
  command->add_option("--pics", options->pics, "PICS that a PIXIT file belongs to")
      ->envname("PLUGPROOF_PICS");
  command->callback([options, &status] { status = lint(*options); });
}

}  // namespace plugproof::cli
