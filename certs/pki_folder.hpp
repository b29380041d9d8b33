// The bench's PKI as a folder that people look into: `rsa/` and `ec/`, in each one folder for every
// key with `certificate.pem` and `key.pem`, and `charge-point-roots/` for what else the Central
// System trusts in profile 3. docs/pki.md shows it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "certs/bench_pki.hpp"

namespace plugproof::certs {

const char* name_of(Family family);  // "rsa", "ec": the folder, and what people write

// Makes the folder, of mode 0700, the keys in it of mode 0600; it is there whole or not at all.
// Throws base::InputError when there is something already, or it cannot be written.
void save(const BenchPki& pki, const std::filesystem::path& folder);
// Throws what save() would throw where something is already: before keys are made for nothing.
void expect_room(const std::filesystem::path& folder);

// One certificate of the folder, with its chain up to, and without, the root.
struct PkiEntry {
  std::string name;     // "rsa/server", "charge-point-roots/acme.pem"
  const char* purpose;  // what it is there for, in a few words
  const char* remedy;   // what to do when it can no longer be used
  std::filesystem::path file;
  std::vector<Certificate> chain;
  Usage usage;
  Certificate root;

  const Certificate& certificate() const { return chain.front(); }
  // Why it cannot be used at `now` (UTC); empty: it can.
  std::string problem(base::Micros now) const;
};
struct PkiFolder {
  BenchPki pki;
  std::vector<PkiEntry> entries;  // roots before what is below them
};

// Whatever the date is: to show it. Throws base::InputError that names file and remedy when a file
// is missing or damaged, a key is not that of its certificate or others can read it, or a
// certificate was not issued by what stands above it.
PkiFolder read_pki(const std::filesystem::path& folder);
// To use it: refuses also what has a problem() at `now`; by default that is the machine's time.
BenchPki load_pki(const std::filesystem::path& folder);
BenchPki load_pki(const std::filesystem::path& folder, base::Micros now);
// The same, to issue from it: the server's certificate may have a problem, another can be made.
BenchPki load_authorities(const std::filesystem::path& folder, base::Micros now);
base::Micros time_of_the_machine();  // UTC

// Puts other server certificates in the place of those in the folder: of each family certificate
// and key together, at once. Throws base::InputError when they cannot be written.
void replace_servers(const std::filesystem::path& folder,
                     const std::map<Family, Credential>& servers);

}  // namespace plugproof::certs
