// plugproof act: a physical action on a running `plugproof simulate`. Fits the rig adapter
// `command`.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/control.hpp"
#include "engine/rig/command.hpp"

namespace plugproof::cli {

void add_act(CLI::App& app, int& status) {
  struct Options {
    std::string control;
    std::vector<std::string> words;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("act", "Perform a physical action on a running 'plugproof simulate'");
  command->add_option("--control", options->control, "Control socket of the simulator")
      ->required()
      ->envname("PLUGPROOF_CONTROL");
  command->add_option("action", options->words, "Action and arguments, e.g. plug_in connector=1")
      ->required();
  command->footer("Exit status: 0 done; 64 the charge point cannot do this; 2 nobody listens.");
  command->callback([options, &status] {
    std::string line;
    for (const auto& word : options->words) line += (line.empty() ? "" : " ") + word;
    const std::string answer = send_action_line(options->control, line);
    std::printf("%s\n", answer.c_str());
    status = answer == "done" ? kPass : rig::CommandAdapter::kUnsupportedStatus;
  });
}

}  // namespace plugproof::cli
