// The files that a suite is read from: what its identity is the digest of.
#pragma once

#include <string>
#include <vector>

#include "engine/base/diagnostics.hpp"

namespace plugproof::suite {

struct SourceFile {
  std::string path;  // to open it
  std::string name;  // within the suite's folder, with slashes
  std::string text;
};

// Every .yaml file of the folder, in the order of the names. What cannot be read goes to
// `diagnostics`.
std::vector<SourceFile> read_sources(const std::string& folder, base::Diagnostics& diagnostics);

// SHA-256 over names and texts: the identity of the suite in a journal.
std::string digest_of(const std::vector<SourceFile>& sources);

}  // namespace plugproof::suite
