// What a bundle holds, and what of it follows from the journal.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/archive.hpp"
#include "reports/results.hpp"

namespace plugproof::evidence {

inline constexpr const char* kJournal = "journal.jsonl";
inline constexpr const char* kPics = "pics.yaml";
inline constexpr const char* kPixit = "pixit.json";
inline constexpr const char* kSuite = "testcases/";  // a folder
inline constexpr const char* kUploads = "uploads/";  // a folder
inline constexpr const char* kShards = "shards/";    // of a merged run: folders of its sources
// About the contents, not among them.
inline constexpr const char* kManifest = "manifest.json";
inline constexpr const char* kSignature = "manifest.sig";
inline constexpr const char* kSigner = "signer.pem";
inline constexpr const char* kTimestamp = "manifest.tsr";
inline constexpr const char* kSums = "SHA256SUMS";

// The run was changed after it was made. what() is complete.
class Changed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A file that the run kept: an upload of the charge point, or the journal of a run that a merged
// run was made from.
struct Upload {
  std::string name, sha256;
};

struct RunJournal {
  reports::Results results;
  std::vector<Upload> uploads;
};
// Throws base::InputError when it cannot be read.
RunJournal read_journal(const std::string& path);

// Whether a kept file may have that name: it lies in a folder for such files.
bool may_be_kept(std::string_view name);

// pixit.json: every value of the bench in force, as the journal has it.
std::string pixit_text(const RunJournal& journal);
// The reports that `report` writes, rendered now, and their names.
Members reports_of(const RunJournal& journal);
std::vector<std::string> report_names();

// The members that are about the contents and stand beside them.
bool is_seal(std::string_view name);

}  // namespace plugproof::evidence
