// plugproof: conformance tests for OCPP 1.6-J charge points.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/version.hpp"
#include "engine/run/journal.hpp"

namespace {

// CLI11 only says that a subcommand is required. `words`: those that follow the name of `app`.
void refuse_unknown_subcommand(const CLI::App& app, const std::vector<std::string>& words,
                               const std::string& so_far) {
  const auto subcommands = app.get_subcommands({});
  if (subcommands.empty() || words.empty() || words.front().empty() || words.front()[0] == '-')
    return;
  std::vector<std::string> names;
  for (const auto* command : subcommands) {
    names.push_back(command->get_name());
    if (names.back() == words.front())
      return refuse_unknown_subcommand(*command, {words.begin() + 1, words.end()},
                                       so_far + " " + names.back());
  }
  const std::string near = plugproof::base::did_you_mean(words.front(), names);
  throw plugproof::cli::ExitWith(plugproof::cli::kUsage,
                                 "there is no subcommand '" + words.front() + "'" + "; " +
                                     (near.empty() ? "'" + so_far + " --help' lists them" : near));
}

}  // namespace

int main(int argc, char** argv) {
  using namespace plugproof;
  // `plugproof run | head` must not kill a run: writing to a closed pipe just fails.
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app{
      "Conformance tests for OCPP 1.6-J charge points: plays the Central System, judges, measures "
      "and reports."};
  app.name("plugproof");
  app.set_version_flag("--version", cli::kTool);
  app.require_subcommand(1);
  app.footer(
      "Exit status: 0 all applicable cases pass; 1 a case failed; 2 wrong usage or files; 3 "
      "inconclusive, or an\n"
      "error of the harness; 130 interrupted (the journal is intact). See docs/exit-statuses.md.");
  int status = 0;
  cli::add_run(app, status, argc, argv);
  cli::add_plan(app, status);
  cli::add_explain(app, status);
  cli::add_lint(app, status);
  cli::add_report(app, status);
  cli::add_compare(app, status);
  cli::add_merge(app, status);
  cli::add_bundle(app, status);
  cli::add_verify(app, status);
  cli::add_pki(app, status);
  cli::add_rejudge(app, status);
  cli::add_simulate(app, status);
  cli::add_act(app, status);
  try {
    refuse_unknown_subcommand(app, {argv + std::min(argc, 1), argv + argc}, app.get_name());
    app.parse(argc, argv);
    return status;
  } catch (const CLI::ParseError& e) {
    // --help and --version come this way too, with status 0.
    return app.exit(e) == 0 ? 0 : cli::kUsage;
  } catch (const cli::ExitWith& e) {
    std::fprintf(stderr, "plugproof: %s\n", e.what());
    return e.status;
  } catch (const base::InputError& e) {
    std::fprintf(stderr, "plugproof: %s\n", e.what());
    return cli::kUsage;
  } catch (const run::JournalError& e) {
    std::fprintf(stderr, "plugproof: %s\n", e.what());
    return cli::kInconclusive;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "plugproof: internal error: %s\n", e.what());
    return cli::kInconclusive;
  }
}
