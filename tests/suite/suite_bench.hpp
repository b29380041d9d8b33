// Runs of the suite against the reference charge point on virtual time, for the tests of the suite:
// one call plays the selected cases for one PICS file and brings back results, journal and defect
// hits.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/simulated_bench.hpp"
#include "engine/suite/suite.hpp"
#include "pics/pics.hpp"

namespace plugproof::suite_tests {

// The suite of the project. Throws std::runtime_error with the diagnostics when it does not load.
const suite::Suite& the_suite();
// Any suite, by its folder from the root of the project: the tests have one of their own for what
// no case of the programme provokes.
const suite::Suite& suite_of(const std::string& folder);

// Every PICS file the tests play: the certified ones and those of this folder, whose detachable
// cables no certified charge point has. Paths from the root of the project.
const std::vector<std::string>& pics_files();
// The letters and digits of a file's name, as the name of a parameter of a test.
std::string short_name(const std::string& file);

struct Play {
  std::vector<run::CaseResult> results;
  std::map<std::string, int> defect_hits;
  std::string journal;

  const run::CaseResult* find(const std::string& case_id) const;
};

struct PlaySettings {
  std::vector<std::string> only;    // ids of cases; empty: all that apply
  std::vector<std::string> also{};  // supplementary ones
  std::vector<std::string> defects{};
  std::uint64_t seed = 1;
  std::uint64_t variation_seed = 0;
  std::string suite = "testcases";
  std::string edition = {};      // empty: that of the PICS's generation
  bool isolate = false;          // as of run::RunSettings
  std::uint64_t order_seed = 0;  // of a random order of the cases; 0: the usual one
  suite::Shard shard = {};       // of the plan; 0 of 0: the whole
};

// Throws base::InputError for an unknown defect, std::runtime_error for files that do not load.
Play play(const std::string& pics_file, const PlaySettings& settings);

// Names of the checks that were judged, by case, each in the order of its first judgement. Only
// records of the phase "scenario" count.
std::map<std::string, std::vector<std::string>> judged_checks(const std::string& journal);

// A check's name without the items of the loops around it: "9[reported=1]:status" gives "9:status".
std::string plain_check(const std::string& name);

// What went wrong in a case, for a test's message: verdict, failures and remarks, one a line.
std::string describe(const run::CaseResult& result);

}  // namespace plugproof::suite_tests
