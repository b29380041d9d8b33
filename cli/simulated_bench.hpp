// The whole bench in one process on virtual time: the engine, a link in memory, and the reference
// charge point. What `run --dut simulated` and the tests of the suite use.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/run/runner.hpp"
#include "engine/transfer/memory_files.hpp"

namespace plugproof::cli {

struct SimulatedRun {
  std::string name = "simulated";
  std::string edition;
  std::uint64_t seed = 1;
  std::vector<std::string> defects;
  std::uint64_t variation_seed = 0;
  bool isolate = false;        // as of run::RunSettings
  base::Value firmware_image;  // see run::RunSettings
  suite::Shard shard;          // see run::RunSettings
  std::string suite_folder;
  std::shared_ptr<const run::Resumption> resumption;
  transfer::MemoryFiles::Keep keep_upload{};  // absent: nothing of them stays
};

struct SimulatedOutcome {
  std::vector<run::CaseResult> results;
  int exit_status = 0;
  std::map<std::string, int> defect_hits;
  base::Nanos virtual_time{0};
};

// Throws base::InputError for a defect that the charge point does not know, run::JournalError when
// the record cannot be written.
SimulatedOutcome run_simulated(const pics::Pics& pics, const run::Pixit& pixit,
                               const suite::Suite& suite, std::vector<suite::Selected> selection,
                               const SimulatedRun& settings, run::JournalSink& sink,
                               run::RunObserver& observer);

}  // namespace plugproof::cli
