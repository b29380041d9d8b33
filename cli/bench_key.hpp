// The key with which this installation signs its bundles: bench-key.pem in the state folder, the
// private key and its self-signed certificate in one file, so that one is never there without the
// other.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "evidence/bundle.hpp"

namespace plugproof::cli {

// Empty when there is no state folder.
std::filesystem::path bench_key_file();

// Makes and keeps a key, its certificate for `name`. Ends the program when there is one already, or
// it cannot be kept.
evidence::BenchKey make_bench_key(const std::string& name);

// Nothing when there is none. Ends the program when there is one that cannot be used, or that
// others can read.
std::optional<evidence::BenchKey> load_bench_key();

}  // namespace plugproof::cli
