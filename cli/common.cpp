#include "cli/common.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>

#include "engine/suite/order.hpp"
#include "simulator/defects.hpp"

namespace plugproof::cli {

namespace fs = std::filesystem;
using base::Diagnostics;

namespace {

[[noreturn]] void refuse(const Diagnostics& diagnostics) {
  const std::size_t count = diagnostics.error_count();
  throw ExitWith(
      kUsage, diagnostics.render() + std::to_string(count) + (count == 1 ? " error" : " errors"));
}

void show_warnings(const Diagnostics& diagnostics) {
  const std::string text = diagnostics.render();
  std::fwrite(text.data(), 1, text.size(), stderr);
}

template <typename Loaded>
Loaded loaded_or_refused(std::optional<Loaded> loaded, const Diagnostics& diagnostics) {
  if (!loaded || diagnostics.has_errors()) refuse(diagnostics);
  show_warnings(diagnostics);
  return *std::move(loaded);
}

}  // namespace

std::string find_suite(const std::string& given) {
  if (!given.empty()) return given;
  std::error_code error;
  if (fs::exists("testcases/programme.yaml", error)) return "testcases";
  // In a build tree or an installation the suite stands some folders above the program, or under
  // share/.
  fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  while (!folder.empty() && folder != folder.root_path()) {
    for (const char* place : {"testcases", "share/plugproof/testcases"})
      if (fs::exists(folder / place / "programme.yaml", error)) return (folder / place).string();
    folder = folder.parent_path();
  }
  throw ExitWith(kUsage, "the suite's folder (testcases/) was not found; name it with --suite");
}

pics::Pics load_pics(const std::string& path) {
  Diagnostics diagnostics;
  auto pics = pics::Pics::load(path, diagnostics);
  return loaded_or_refused(std::move(pics), diagnostics);
}

run::Pixit load_pixit(const std::string& path, const pics::Pics& pics) {
  Diagnostics diagnostics;
  auto pixit = run::Pixit::load(path, pics, diagnostics);
  return loaded_or_refused(std::move(pixit), diagnostics);
}

suite::Suite load_suite(const std::string& folder) {
  Diagnostics diagnostics;
  auto suite = suite::Suite::load(find_suite(folder), diagnostics);
  return loaded_or_refused(std::move(suite), diagnostics);
}

void check_defects(const std::vector<std::string>& defects) {
  try {
    const simulator::Defects known(defects);
  } catch (const base::InputError& e) {
    throw ExitWith(
        kUsage,
        std::string(e.what()) +
            "; 'plugproof simulate --list-defects' lists them, docs/simulator.md explains them");
  }
}

void add_plan_options(CLI::App& app, PlanOptions& options) {
  app.add_option("--pics", options.pics, "PICS file: what the vendor claims")
      ->required()
      ->envname("PLUGPROOF_PICS");
  app.add_option("--suite", options.suite,
                 "Folder of the test cases (default: testcases/ here or beside the program)")
      ->envname("PLUGPROOF_SUITE");
  app.add_option(
      "--edition", options.edition,
      "Edition of the test document: 2024-04 or 2025-11 (default: by the PICS's generation)");
  app.add_option("--only", options.filter.only, "Run these test cases only (comma separated)")
      ->delimiter(',');
  app.add_option("--skip", options.filter.skip, "Leave these test cases out (comma separated)")
      ->delimiter(',');
  app.add_option("--group", options.filter.groups,
                 "Run these groups only, e.g. core or core/remote (comma separated)")
      ->delimiter(',');
  app.add_option("--also", options.filter.also,
                 "Run these supplementary test cases or groups too, e.g. wrong-worlds (comma "
                 "separated)")
      ->delimiter(',');
  app.add_flag("--isolate", options.isolate,
               "Let every case prepare everything itself, in the order of the programme");
  app.add_option("--shard", options.shard,
                 "Run one part of the plan, e.g. 2/5: the second of five machines");
}

std::string edition_for(const PlanOptions& options, const pics::Pics& pics,
                        const std::string& option) {
  if (options.edition.empty()) return suite::default_edition(pics.generation());
  if (options.edition != "2024-04" && options.edition != "2025-11")
    throw ExitWith(
        kUsage, option + ": '" + options.edition +
                    "' is no edition of the test document; the editions are 2024-04 and 2025-11");
  return options.edition;
}

std::vector<suite::Selected> make_plan(const PlanOptions& options, const suite::Suite& suite,
                                       const pics::Pics& pics, const run::Pixit& pixit) {
  Diagnostics diagnostics;
  auto plan = suite::select(suite, pics, edition_for(options, pics), options.filter, diagnostics);
  if (diagnostics.has_errors()) refuse(diagnostics);
  if (!options.isolate) suite::order_for_sharing(plan, suite);
  suite::order_for_security(plan, pixit.security.profile_or(suite::first_security_profile(pics)));
  return plan;
}

suite::Shard shard_for(const PlanOptions& options) {
  if (options.shard.empty()) return {};
  const auto shard = suite::parse_shard(options.shard);
  if (!shard)
    throw ExitWith(kUsage, "--shard: '" + options.shard +
                               "' is no shard; write its number and how many there are, such as "
                               "2/5 (1 to " +
                               std::to_string(suite::kMaxShards) + ")");
  return *shard;
}

std::vector<double> take_shard(std::vector<suite::Selected>& plan, const PlanOptions& options,
                               const suite::Suite& suite, const pics::Pics& pics,
                               const run::Pixit& pixit) {
  const suite::Shard shard = shard_for(options);
  if (shard.of == 0) return {};
  const suite::EstimateInput input{pixit.values, pics, edition_for(options, pics), {}, {}};
  auto seconds = suite::divide(plan, shard.of, suite, input, !options.isolate);
  suite::keep_shard(plan, shard);
  return seconds;
}

}  // namespace plugproof::cli
