// plugproof: conformance tests for OCPP 1.6-J charge points.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/version.hpp"
#include "engine/run/journal.hpp"

int main(int argc, char** argv) {
  using namespace plugproof;
  CLI::App app{"Conformance tests for OCPP 1.6-J charge points: plays the Central System, judges, measures and reports."};
  app.name("plugproof");
  app.set_version_flag("--version", cli::kTool);
  app.require_subcommand(1);
  app.footer(
      "Exit status: 0 all applicable cases pass; 1 a case failed; 2 wrong usage or files; 3 inconclusive, or an\n"
      "error of the harness; 130 interrupted (the journal is intact). See docs/exit-statuses.md.");
  int status = 0;
  cli::add_run(app, status, argc, argv);
  cli::add_plan(app, status);
  cli::add_explain(app, status);
  cli::add_lint(app, status);
  cli::add_report(app, status);
  cli::add_verify(app, status);
  cli::add_simulate(app, status);
  cli::add_act(app, status);
  try {
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
