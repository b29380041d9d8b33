// The summary of a job on GitHub.
#pragma once

#include <string>

namespace plugproof::cli {

// Appends to the file that GITHUB_STEP_SUMMARY names, which every step of a job may add to; does
// nothing where it is not set. Ends the program when the file cannot be written.
void add_to_job_summary(const std::string& markdown);

}  // namespace plugproof::cli
