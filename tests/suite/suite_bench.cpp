#include "tests/suite/suite_bench.hpp"

#include <algorithm>
#include <cctype>
#include <random>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "engine/base/json.hpp"
#include "engine/suite/order.hpp"

namespace plugproof::suite_tests {

namespace {

[[noreturn]] void refuse(const std::string& what, const base::Diagnostics& diagnostics) {
  throw std::runtime_error(what + " does not load:\n" + diagnostics.render());
}

const pics::Pics& pics_of(const std::string& file) {
  static std::map<std::string, pics::Pics> loaded;
  const auto known = loaded.find(file);
  if (known != loaded.end()) return known->second;
  base::Diagnostics diagnostics;
  auto pics = pics::Pics::load(file, diagnostics);
  if (!pics) refuse(file, diagnostics);
  return loaded.emplace(file, std::move(*pics)).first->second;
}

}  // namespace

const suite::Suite& the_suite() {
  return suite_of("testcases");
}

const suite::Suite& suite_of(const std::string& folder) {
  static std::map<std::string, suite::Suite> loaded;
  const auto known = loaded.find(folder);
  if (known != loaded.end()) return known->second;
  base::Diagnostics diagnostics;
  auto suite = suite::Suite::load(folder, diagnostics);
  if (!suite) refuse("the suite " + folder, diagnostics);
  return loaded.emplace(folder, std::move(*suite)).first->second;
}

const std::vector<std::string>& pics_files() {
  static const std::vector<std::string> files{
      "pics/certified/CHQ-S-07SR.yaml",        "pics/certified/CSC-07A7-1.yaml",
      "pics/certified/CSC-14000B7.yaml",       "pics/certified/EVSP007-1CHB.yaml",
      "pics/certified/TSCT-2007CP.yaml",       "tests/suite/pics/detachable.yaml",
      "tests/suite/pics/detachable-2025.yaml", "tests/suite/pics/reservation-by-connector.yaml",
      "tests/suite/pics/smart-sockets.yaml",   "tests/suite/pics/two-connectors.yaml",
      "tests/suite/pics/closed-sockets.yaml",  "tests/suite/pics/profile-3.yaml"};
  return files;
}

std::string short_name(const std::string& file) {
  std::string name;
  for (const char c : file.substr(file.rfind('/') + 1))
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) name += c;
  return name;
}

const run::CaseResult* Play::find(const std::string& case_id) const {
  const auto it = std::find_if(results.begin(), results.end(),
                               [&](const auto& result) { return result.id == case_id; });
  return it == results.end() ? nullptr : &*it;
}

Play play(const std::string& pics_file, const PlaySettings& settings) {
  const pics::Pics& pics = pics_of(pics_file);
  const suite::Suite& suite = suite_of(settings.suite);
  base::Diagnostics diagnostics;
  const auto pixit = run::Pixit::load("", pics, diagnostics);
  if (!pixit) refuse("the default PIXIT", diagnostics);

  cli::SimulatedRun run;
  run.edition =
      settings.edition.empty() ? suite::default_edition(pics.generation()) : settings.edition;
  run.seed = settings.seed;
  run.defects = settings.defects;
  run.variation_seed = settings.variation_seed;
  auto selection =
      suite::select(suite, pics, run.edition, {settings.only, {}, {}, settings.also}, diagnostics);
  if (diagnostics.has_errors()) refuse("the selection for " + pics_file, diagnostics);
  run.isolate = settings.isolate;
  if (!settings.isolate) suite::order_for_sharing(selection, suite);
  if (settings.order_seed != 0) {
    std::mt19937_64 random(settings.order_seed);
    std::shuffle(selection.begin(), selection.end(), random);
  }
  suite::order_for_security(selection, suite::first_security_profile(pics));
  if (settings.shard.of > 0) {
    const suite::EstimateInput input{pixit->values, pics, run.edition, {}, {}};
    suite::divide(selection, settings.shard.of, suite, input, !settings.isolate);
    suite::keep_shard(selection, settings.shard);
    run.shard = settings.shard;
  }

  run::MemorySink sink;
  run::RunObserver silent;
  auto outcome = cli::run_simulated(pics, *pixit, suite, std::move(selection), run, sink, silent);
  return {std::move(outcome.results), std::move(outcome.defect_hits), sink.text()};
}

std::map<std::string, std::vector<std::string>> judged_checks(const std::string& journal) {
  std::map<std::string, std::vector<std::string>> checks;
  bool in_scenario = false;
  std::istringstream lines(journal);
  for (std::string line; std::getline(lines, line);) {
    const bool phase = line.find("\"kind\":\"phase\"") != std::string::npos;
    if (!phase && line.find("\"kind\":\"check\"") == std::string::npos) continue;
    const auto record = base::read_json(line).value;
    if (!record) throw std::runtime_error("the journal holds a line that is no JSON: " + line);
    if (phase) in_scenario = record->string_or("phase", "") == "scenario";
    if (phase || !in_scenario) continue;
    auto& names = checks[record->string_or("case", "")];
    const std::string name = plain_check(record->string_or("check", ""));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return checks;
}

std::string plain_check(const std::string& name) {
  static const std::regex item(R"(\[\w+=[^\]]*\])");
  return std::regex_replace(name, item, "");
}

std::string describe(const run::CaseResult& result) {
  std::string text =
      std::string(run::to_string(result.verdict)) + " " + result.id + ": " + result.reason;
  for (const auto& failure : result.failures)
    text += "\n    failure " + failure.to_value().to_display();
  for (const auto& remark : result.remarks)
    text += "\n    remark " + remark.monitor + ": " + remark.message + " (expected " +
            remark.expected + ", got " + remark.actual + ")";
  return text;
}

}  // namespace plugproof::suite_tests
