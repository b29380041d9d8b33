// plugproof run: plays the selected cases against a charge point and writes the run's folder.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <random>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/console.hpp"
#include "cli/identity.hpp"
#include "cli/listening_bench.hpp"
#include "cli/resume.hpp"
#include "cli/simulated_bench.hpp"
#include "cli/version.hpp"
#include "engine/transfer/upload_store.hpp"
#include "reports/reports.hpp"

namespace plugproof::cli {

namespace fs = std::filesystem;
using base::Value;

namespace {

struct RunOptions {
  PlanOptions plan;
  std::string pixit, dut = "simulated", out, name, resume;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint16_t> port;
  std::string address, identity, firmware_image;
  std::vector<std::string> defects;
  std::uint64_t variations = 0;
  bool quiet = false;
};

// runs/<product>-<date>, with a number behind it when that exists.
fs::path new_run_folder(const RunOptions& options, const pics::Pics& pics) {
  const fs::path parent = options.out.empty() ? "runs" : options.out;
  std::string name = options.name;
  if (name.empty()) {
    const auto now = std::chrono::duration_cast<base::Micros>(
        std::chrono::system_clock::now().time_since_epoch());
    std::string stamp = base::format_utc_millis(now).substr(0, 19);
    for (char& c : stamp)
      if (c == ':') c = '-';
    name = pics.product().designation + "-" + stamp;
  }
  for (char& c : name)
    if (c == '/' || c == '\\' || static_cast<unsigned char>(c) < 32) c = '_';
  if (name.empty() || name == "." || name == "..")
    throw ExitWith(kUsage,
                   "--name: '" + options.name + "' cannot be the name of a folder; choose another");
  fs::path folder = parent / name;
  std::error_code error;
  for (int i = 2; options.name.empty() && fs::exists(folder, error); ++i)
    folder = parent / (name + "-" + std::to_string(i));
  if (fs::exists(folder / "journal.jsonl", error))
    throw ExitWith(kUsage,
                   folder.string() +
                       " holds a run already; choose another --name, or go on with that run: " +
                       resume_command(folder));
  fs::create_directories(folder, error);
  if (error)
    throw ExitWith(kUsage, "cannot create " + folder.string() + ": " + error.message() +
                               "; name another folder with --out");
  return folder;
}

std::string joined(int argc, const char* const* argv) {
  std::string line = "plugproof";
  for (int i = 1; i < argc; ++i) line += std::string(" ") + argv[i];
  return line;
}

bool anything_to_run(const std::vector<suite::Selected>& plan) {
  return std::any_of(plan.begin(), plan.end(), [](const auto& s) { return s.may_run(); });
}

void refuse_empty(const std::vector<suite::Selected>& plan) {
  if (anything_to_run(plan)) return;
  throw ExitWith(kUsage,
                 "no test case is selected: the filters leave nothing that applies to this PICS; "
                 "see 'plugproof plan'");
}

void check_dut_options(const RunOptions& options) {
  if (options.dut != "simulated" && options.dut != "listen")
    throw ExitWith(kUsage,
                   "--dut: '" + options.dut + "' is unknown; it is 'simulated' or 'listen'");
  if (options.dut == "listen" && (!options.defects.empty() || options.variations != 0))
    throw ExitWith(kUsage,
                   "--defect and --variations are for --dut simulated; a charge point that "
                   "connects has its own");
  check_defects(options.defects);
}

int report_run(const fs::path& folder, Console& console, int status, bool quiet) {
  const auto results = reports::write_reports(folder.string());
  if (!quiet) console.line(reports::summarise(results, {Console::colours(), Console::width()}));
  console.line("Run folder: " + folder.string() +
               " (journal.jsonl, report.html, report.md, results.json, junit.xml, abstract.md, "
               "abstract.html)");
  if (results.outcome != "complete" && results.anything_left())
    console.line("To go on with this run: " + resume_command(folder));
  return status;
}

// A run that begins or goes on: the files that it is made from, and where its record goes.
struct Bench {
  const pics::Pics& pics;
  const run::Pixit& pixit;
  const suite::Suite& suite;
  std::vector<suite::Selected> plan;
  fs::path folder;
  run::JournalFile& journal;
};

int play_simulated(Bench bench, SimulatedRun settings, bool quiet) {
  Console console(false);
  transfer::UploadStore uploads(bench.folder);
  settings.keep_upload = [&uploads](const std::string& name, const std::string& content) {
    const auto file = uploads.begin();
    std::string kept = file->write(content) ? file->finish(name) : "";
    return transfer::MemoryFiles::Kept{std::move(kept), file->reason()};
  };
  const auto outcome = run_simulated(bench.pics, bench.pixit, bench.suite, std::move(bench.plan),
                                     settings, bench.journal, console);
  for (const auto& [defect, hits] : outcome.defect_hits)
    if (hits == 0) console.line("note: the defect '" + defect + "' never had an effect");
  return report_run(bench.folder, console, outcome.exit_status, quiet);
}

int play_listening(
    Bench bench, run::RunSettings settings, bool quiet,
    const std::function<void()>& ready = [] {}) {
  settings.tool = kTool;
  settings.clock = "real";
  settings.dut_kind = "listen";
  settings.mask_key = run::random_mask_key();
  settings.instance_id = instance_id();
  Console console(true);
  const int status = run_listening(bench.pics, bench.pixit, bench.suite, std::move(bench.plan),
                                   settings, bench.folder.string(), bench.journal, console, ready);
  return report_run(bench.folder, console, status, quiet);
}

int begin_run(const RunOptions& options, const std::string& command_line) {
  check_dut_options(options);
  const pics::Pics pics = load_pics(options.plan.pics);
  run::Pixit pixit = load_pixit(options.pixit, pics);
  if (options.port) pixit.port = *options.port;
  if (!options.address.empty()) pixit.address = options.address;
  if (!options.identity.empty()) pixit.identity = options.identity;
  const suite::Suite suite = load_suite(options.plan.suite);
  auto plan = make_plan(options.plan, suite, pics, pixit);
  refuse_empty(plan);
  take_shard(plan, options.plan, suite, pics, pixit);
  if (!anything_to_run(plan)) {
    // Nothing is wrong: there are more machines than cases.
    std::fprintf(stderr,
                 "plugproof: shard %s has nothing to run: the other shards run all cases; nothing "
                 "was run and no run folder made\n",
                 options.plan.shard.c_str());
    return kPass;
  }
  const Value firmware_image = describe_image(options.firmware_image);

  const bool simulated = options.dut == "simulated";
  const fs::path folder = new_run_folder(options, pics);
  const auto journal = run::JournalFile::create((folder / "journal.jsonl").string());
  Bench bench{pics, pixit, suite, std::move(plan), folder, *journal};
  // A run on virtual time is the same every time; one on real time draws its seed.
  const std::uint64_t seed = options.seed.value_or(simulated ? 1 : std::random_device{}());
  if (simulated) {
    SimulatedRun settings;
    // Neither the folder nor the command line: the same seed gives the same journal, byte for byte.
    settings.name = pics.product().designation + " on virtual time";
    settings.edition = edition_for(options.plan, pics);
    settings.seed = seed;
    settings.defects = options.defects;
    settings.variation_seed = options.variations;
    settings.isolate = options.plan.isolate;
    settings.firmware_image = firmware_image;
    settings.shard = shard_for(options.plan);
    settings.suite_folder = options.plan.suite;
    return play_simulated(std::move(bench), settings, options.quiet);
  }
  run::RunSettings settings;
  settings.name = folder.filename().string();
  settings.edition = edition_for(options.plan, pics);
  settings.seed = seed;
  settings.command_line = command_line;
  settings.isolate = options.plan.isolate;
  settings.firmware_image = firmware_image;
  settings.shard = shard_for(options.plan);
  settings.suite_folder = options.plan.suite;
  try {
    return play_listening(std::move(bench), settings, options.quiet);
  } catch (const base::InputError&) {
    // Nothing was recorded: do not leave an empty run behind.
    std::error_code ignored;
    fs::remove(folder / "journal.jsonl", ignored);
    fs::remove(folder, ignored);
    throw;
  }
}

bool flag(const Value& record, const char* name) {
  const Value* value = record.find(name);
  return value && value->is_bool() && value->as_bool();
}

int resume_run(const RunOptions& options, const std::string& command_line) {
  ResumedRun resumed =
      open_resumed_run({options.resume, options.out, options.plan.pics, options.pixit,
                        options.plan.suite, options.plan.edition, options.firmware_image,
                        options.port, options.address, options.identity});
  const Value record = resumed.record();
  const auto resumption = resumed.interrupted.resumption;
  Bench bench{resumed.pics,   resumed.pixit,
              resumed.suite,  run::selection_of(*resumption, resumed.suite),
              resumed.folder, *resumed.interrupted.file};
  const auto seed = static_cast<std::uint64_t>(record.int_or("seed", 1));
  const Value* firmware_image = record.find("firmware_image");
  if (record.string_or("dut_kind", "") == "simulated") {
    SimulatedRun settings;
    settings.name = record.string_or("name", "");
    settings.edition = record.string_or("edition", "");
    settings.seed = seed;
    if (const Value* simulator = record.find("simulator")) {
      if (const Value* defects = simulator->find("defects"); defects && defects->is_list())
        for (const auto& defect : defects->as_list())
          settings.defects.push_back(defect.as_string());
      settings.variation_seed = static_cast<std::uint64_t>(simulator->int_or("variation_seed", 0));
    }
    check_defects(settings.defects);
    settings.isolate = flag(record, "isolate");
    if (firmware_image) settings.firmware_image = *firmware_image;
    resumed.interrupted.cut_torn_record();
    settings.resumption = resumption;
    return play_simulated(std::move(bench), settings, options.quiet);
  }
  run::RunSettings settings;
  settings.name = record.string_or("name", "");
  settings.edition = record.string_or("edition", "");
  settings.seed = seed;
  settings.command_line = command_line;
  settings.isolate = flag(record, "isolate");
  settings.resumption = resumption;
  return play_listening(std::move(bench), settings, options.quiet,
                        [&resumed] { resumed.interrupted.cut_torn_record(); });
}

// What only a run that begins can be told: a resumed one has it in its record.
void refuse_with_resume(const CLI::App& command) {
  for (const char* option : {"--dut", "--only", "--skip", "--group", "--isolate", "--name",
                             "--seed", "--defect", "--variations"})
    if (command.count(option) > 0)
      throw ExitWith(kUsage, std::string(option) +
                                 " cannot be given with --resume: a run goes on as it was begun; "
                                 "leave it out, or begin a new run");
}

}  // namespace

void add_run(CLI::App& app, int& status, int argc, const char* const* argv) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("run", "Run the test cases that a PICS calls for");
  add_plan_options(*command, options->plan);
  command
      ->add_option("--pixit", options->pixit,
                   "PIXIT file: the bench (docs/pixit.md); everything has a default")
      ->envname("PLUGPROOF_PIXIT");
  command
      ->add_option("--dut", options->dut,
                   "'simulated': the reference charge point on virtual time; 'listen': wait for a "
                   "charge point to connect")
      ->capture_default_str();
  command->add_option("--address", options->address,
                      "Address to listen at (default: of the PIXIT, else 127.0.0.1)");
  command
      ->add_option("--port", options->port,
                   "Port to listen at, 0 for any free one (default: of the PIXIT, else 9000)")
      ->check(CLI::Range(0, 65535));
  command->add_option(
      "--identity", options->identity,
      "Identity that the charge point must connect with (default: of the PIXIT, else any)");
  command->add_option("--firmware-image", options->firmware_image,
                      "Image of the firmware under test: its SHA-256 goes into the record and the "
                      "abstract; the file is only read");
  command->add_option("--out", options->out, "Folder for run folders (default: runs)")
      ->envname("PLUGPROOF_OUT");
  command->add_option("--name", options->name,
                      "Name of the run folder (default: product and time)");
  command
      ->add_option("--seed", options->seed,
                   "Seed of everything the engine chooses: message ids, transaction ids")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("--defect", options->defects,
                   "Defect of the simulated charge point (docs/simulator.md); may be repeated")
      ->allow_extra_args(false);
  command
      ->add_option("--variations", options->variations,
                   "Seed of legal variations of the simulated charge point, 0: none")
      ->check(CLI::NonNegativeNumber);
  command->add_flag("--quiet", options->quiet, "No summary at the end");
  CLI::Option* pics = command->get_option("--pics")->required(false);
  command
      ->add_option(
          "--resume", options->resume,
          "Go on with the interrupted run in this folder: its record says with what; files "
          "that were changed since are refused")
      ->type_name("RUN");
  const std::string line = joined(argc, argv);
  command->callback([options, &status, line, command, pics] {
    if (!options->resume.empty()) {
      refuse_with_resume(*command);
      status = resume_run(*options, line);
      return;
    }
    if (pics->count() == 0) throw CLI::RequiredError(pics->get_name());
    status = begin_run(*options, line);
  });
}

}  // namespace plugproof::cli
