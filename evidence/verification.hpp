// Says whether a bundle, or a run's folder, is what it was when it was made. It reads, compares and
// computes again; it writes nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certs/certificate.hpp"
#include "evidence/manifest.hpp"
#include "evidence/timestamp.hpp"

namespace plugproof::evidence {

// good: checked and as it must be; note: could not be checked, or worth knowing; bad: changed.
enum class Level { good, note, bad };
const char* to_string(Level level);

struct Finding {
  Level level = Level::good;
  std::string subject;  // what was looked at: archive, journal, signature ...
  std::string text;     // one sentence, safe to print
};

struct Verification {
  std::vector<Finding> findings;
  std::string run;               // its name, safe to print; empty: not known
  std::optional<Signer> signer;  // whose signature holds
  std::optional<Stamp> stamp;    // that holds

  bool intact() const;
  void add(Level level, std::string subject, std::string text);
};

struct Demands {
  std::string tool;  // this program: reports of another version are not compared
  // The bundle must be signed by one of these; empty: by anyone or no one.
  std::vector<certs::Certificate> trusted;
  std::string fingerprint;  // the same by the SHA-256 of the certificate, lower-case hex
  // Certificates of time-stamp authorities in PEM, and the file they are from. With them a bundle
  // must have a time stamp of one.
  std::string stamp_authorities, stamp_authorities_source;
};

// Throws Unreadable when the bytes are no bundle.
Verification verify_bundle(std::string_view archive, const Demands& demands);

// The journal, the kept uploads and the reports in the folder. Throws base::InputError when the
// journal cannot be read.
Verification verify_run(const std::string& folder, const std::string& tool);

}  // namespace plugproof::evidence
