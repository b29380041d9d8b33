// The PIXIT (ISO/IEC 9646): what the bench adds to the PICS. Everything has a default that fits the
// PICS, so that a run against the simulator needs no file.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/base/time.hpp"
#include "engine/base/value.hpp"
#include "engine/run/pixit_files.hpp"
#include "engine/run/pixit_rig.hpp"
#include "engine/run/pixit_security.hpp"
#include "pics/pics.hpp"

namespace plugproof::run {

struct Pixit {
  // Reads a file, or gives the defaults when `path` is empty. Errors go to `diagnostics`; nothing
  // then.
  static std::optional<Pixit> load(const std::string& path, const pics::Pics& pics,
                                   base::Diagnostics& diagnostics);

  std::string path;      // as it was given; empty: no file, the defaults
  std::string sha256;    // of the file
  std::string identity;  // of the charge point; empty: whoever connects first
  std::string address = "127.0.0.1";
  std::uint16_t port = 9000;  // 0: any free one
  // Of a time-stamp service for evidence bundles (RFC 3161), without user and password: the journal
  // carries it. Empty: none.
  std::string timestamp_url;
  RigSettings rig;
  FileSettings files;
  SecuritySettings security;
  base::Nanos connect_timeout{std::chrono::minutes(10)};

  // The values that test cases know by name (docs/pixit.md), with units in seconds where they are
  // times.
  std::map<std::string, base::Value> values;

  double number(const std::string& name) const { return values.at(name).as_number(); }
  base::Nanos seconds(const std::string& name) const { return base::from_seconds(number(name)); }
  const std::string& text(const std::string& name) const { return values.at(name).as_string(); }

  // Every value in force, for the journal. What adapters and file servers need is not among them.
  base::Value document() const;
  // From such a document, to judge a recorded run again; how the bench was reached is not in it.
  // Throws base::InputError, which names the value, when it cannot be used.
  static Pixit from_document(const base::Value& document, const pics::Pics& pics);
};

}  // namespace plugproof::run
