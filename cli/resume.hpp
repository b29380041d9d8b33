// run --resume: everything a run needs, from its record, and refused where the files that it was
// made from are not the same any more.
#pragma once

#include <filesystem>

#include "cli/common.hpp"
#include "cli/interrupted_run.hpp"

namespace plugproof::cli {

// What the user names on the command line again. It has to be what was recorded.
struct ResumeRequest {
  std::string run;  // folder
  std::string out;  // where run folders are: a `run` that is no folder here is looked for there
  std::string pics, pixit, suite, edition, firmware_image;
  std::optional<std::uint16_t> port;
  std::string address, identity;
};

struct ResumedRun {
  InterruptedRun interrupted;
  std::filesystem::path folder;
  pics::Pics pics;
  run::Pixit pixit;
  suite::Suite suite;

  const base::Value& record() const { return interrupted.resumption->run; }
};

// Ends the program with the first thing that differs, by name and place. Nothing is written.
ResumedRun open_resumed_run(const ResumeRequest& request);

// The command that goes on with the run of that folder.
std::string resume_command(const std::filesystem::path& folder);

}  // namespace plugproof::cli
