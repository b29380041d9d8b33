// The subcommands. Each adds itself to the program; CLI11 calls it when it was chosen.
#pragma once

namespace CLI {
class App;
}

namespace plugproof::cli {

void add_run(CLI::App& app, int& status, int argc, const char* const* argv);
void add_plan(CLI::App& app, int& status);
void add_explain(CLI::App& app, int& status);
void add_lint(CLI::App& app, int& status);
void add_report(CLI::App& app, int& status);
void add_compare(CLI::App& app, int& status);
void add_merge(CLI::App& app, int& status);
void add_bundle(CLI::App& app, int& status);
void add_verify(CLI::App& app, int& status);
void add_pki(CLI::App& app, int& status);
void add_rejudge(CLI::App& app, int& status);
void add_simulate(CLI::App& app, int& status);
void add_act(CLI::App& app, int& status);

}  // namespace plugproof::cli
