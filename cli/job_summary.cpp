#include "cli/job_summary.hpp"

#include <cstdlib>
#include <fstream>

#include "cli/common.hpp"

namespace plugproof::cli {

void add_to_job_summary(const std::string& markdown) {
  const char* path = std::getenv("GITHUB_STEP_SUMMARY");
  if (!path || *path == '\0') return;
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file << markdown;
  file.close();
  if (!file)
    throw ExitWith(kUsage, std::string("GITHUB_STEP_SUMMARY: ") + path +
                               " cannot be written; unset the variable, or leave --format github "
                               "out");
}

}  // namespace plugproof::cli
