// What the subcommands share: exit statuses, finding and loading the user's files, the suite's
// folder.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/run/pixit.hpp"
#include "engine/suite/selection.hpp"
#include "engine/suite/shards.hpp"
#include "engine/suite/suite.hpp"
#include "pics/pics.hpp"

namespace CLI {
class App;
}

namespace plugproof::cli {

// docs/exit-statuses.md
enum ExitStatus { kPass = 0, kFail = 1, kUsage = 2, kInconclusive = 3, kInterrupted = 130 };

// Ends a subcommand; main prints the message and exits with the status.
class ExitWith : public std::runtime_error {
 public:
  ExitWith(int exit_status, const std::string& message)
      : std::runtime_error(message), status(exit_status) {}
  int status;
};

// The folder of the suite: the one given, or testcases/ here, or beside the program.
std::string find_suite(const std::string& given);

// Each loads or ends the program with every diagnostic printed. Warnings go to stderr.
pics::Pics load_pics(const std::string& path);
run::Pixit load_pixit(const std::string& path, const pics::Pics& pics);
suite::Suite load_suite(const std::string& folder);

// Ends the program when one of the texts is no defect of the reference charge point.
void check_defects(const std::vector<std::string>& defects);

struct PlanOptions {
  std::string pics, suite, edition, shard;
  suite::Filter filter;
  bool isolate = false;  // in the order of the programme, nothing shared between cases
};
// The options that choose what runs: --pics, --suite, --edition, --only, --skip, --group,
// --also, --isolate, --shard.
void add_plan_options(CLI::App& app, PlanOptions& options);
// The edition in force; ends the program when it is unknown. `option`: what named it.
std::string edition_for(const PlanOptions& options, const pics::Pics& pics,
                        const std::string& option = "--edition");
std::vector<suite::Selected> make_plan(const PlanOptions& options, const suite::Suite& suite,
                                       const pics::Pics& pics, const run::Pixit& pixit);

// The shard that --shard asks for, 0 of 0 without one; ends the program when it is none.
suite::Shard shard_for(const PlanOptions& options);
// Divides the plan and takes the cases of the other shards out of it; returns what each shard is
// expected to take, in seconds, nothing without --shard. Only what all benches of a farm have in
// common counts: who plugs the cable does not.
std::vector<double> take_shard(std::vector<suite::Selected>& plan, const PlanOptions& options,
                               const suite::Suite& suite, const pics::Pics& pics,
                               const run::Pixit& pixit);

}  // namespace plugproof::cli
