// The manifest of a bundle: every file with size and SHA-256, and the facts of the run, as they
// follow from the files (docs/evidence.md). It is what the signature is over.
#pragma once

#include <optional>
#include <string>

#include "evidence/contents.hpp"

namespace plugproof::evidence {

// Raised with every change that a reader of a manifest would notice.
inline constexpr int kManifestFormat = 1;

struct Signer {
  std::string name, fingerprint;  // of the certificate
};

// What a manifest says that does not follow from the contents.
struct Statement {
  std::string tool;  // that made the bundle and the reports in it
  std::optional<Signer> signer;
  bool timestamped = false;
};

// Of the members those that are contents count.
std::string write_manifest(const Statement& statement, const RunJournal& journal,
                           const Members& members);

// The statement and the files of a manifest. Throws Unreadable when the text is no manifest of this
// format.
struct ListedFile {
  std::string name, sha256;
  std::int64_t bytes = 0;
};
struct ReadManifest {
  Statement statement;
  std::vector<ListedFile> files;
};
ReadManifest read_manifest(const std::string& text);

// SHA256SUMS over all members but itself, as sha256sum reads and writes it.
std::string write_sums(const Members& members);

}  // namespace plugproof::evidence
