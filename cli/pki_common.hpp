// What the subcommands of `plugproof pki` share: families, names, times, what is said of a
// certificate, and the files that are handed out.
#pragma once

#include <string>
#include <vector>

#include "certs/bench_pki.hpp"
#include "engine/base/value.hpp"

namespace CLI {
class App;
}

namespace plugproof::cli {

inline constexpr int kMaxDays = 36500;

// --family, of which `family` is then "rsa", "ec" or empty.
void add_family(CLI::App& command, std::string& family, const std::string& text);
// The one that is named; else EC where the PKI has it. Ends the program when the PKI has it not.
certs::Family family_of(const certs::BenchPki& pki, const std::string& folder,
                        const std::string& named);
std::string text_of(certs::Family family);  // "RSA", "ECDSA"

// End the program when a text cannot stand in a certificate; `option` is what gave it.
void check_name(const std::string& option, const std::string& name);
void check_host(const std::string& host);

// Valid from a day ago for so many days from now, 0: as long as the root. Ends the program when
// the root does not live that long.
void limit(certs::Profile& profile, int days, base::Micros now);

std::string day_and_time(base::Micros utc);  // "2026-01-01T00:00:00Z"
// Lines "  Subject      ..." with a line end each.
std::string describe(const certs::Certificate& certificate);
base::Value as_value(const certs::Certificate& certificate);

// Writes a new file. Ends the program when it exists or cannot be written.
void write_certificate(const std::string& option, const std::string& file, const std::string& pem);
// Writes both or none, the key with mode 0600.
void write_pair(const std::string& file, const std::string& pem, const std::string& key_file,
                const std::string& key_pem);

}  // namespace plugproof::cli
