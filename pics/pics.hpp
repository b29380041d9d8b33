// The PICS: what the vendor claims about a charge point, in the words of the certificate abstract.
// Absent is not false: an id that nobody answered has no value, and whoever needs it must say so.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/base/time.hpp"
#include "engine/base/value.hpp"

namespace plugproof::pics {

enum class Generation { g2019, g2024, g2025 };
const char* to_string(Generation generation);  // "2019", "2024", "2025"

// A row of the model: one id (HFS-1, C-09.1, ORS-16 ...) and what may be said about it.
enum class IdType { boolean, integer, seconds, enumeration, list, measurands, text, group };
struct IdInfo {
  std::string id;
  std::string name;  // what its row of the abstract says, in short
  IdType type = IdType::boolean;
  std::vector<Generation> generations;  // in which it occurs
  std::vector<std::string> values;      // known values of an enumeration or list
  bool open = false;                    // other values get a warning; otherwise they are an error
};
const std::vector<IdInfo>& all_ids();
const IdInfo* find_id(std::string_view id);  // nullptr when there is none

// The profiles that a product may claim in a generation, Core first, as a PICS file writes them.
const std::vector<std::string>& profile_names(Generation generation);
// The 46 configuration keys of the 2019 abstract, in printed order.
const std::vector<std::string>& configuration_keys_2019();

// A table of the abstract: its rows in printed order. Print it when `claims(profile)`, or always
// when empty.
struct PrintedTable {
  std::string heading;  // above the table; empty: it goes on under the one before
  std::string column;   // title of the column of names
  std::string profile;  // the profile or "Security" (the extension) that it belongs to
  std::vector<std::string> ids;
};
// The tables of hardware (first), features, questions and settings of 2024 and 2025; none for 2019.
const std::vector<PrintedTable>& printed_tables(Generation generation);

// The forms of the abstract within a generation, by the month of the certificate that shows them,
// the newest last. A file that names no `form` means the newest.
const std::vector<std::string>& abstract_forms(Generation generation);

struct Product {
  std::string vendor, designation, version;  // version: software (2019) or firmware version
  std::string serial;                        // optional
};

struct Laboratory {  // everything optional: what the report prints in its header
  std::string name, location, test_location, report_reference;
};

// 2019 has no connector table: there, current and type are empty and the rows come from
// NumberOfConnectors.
struct Connector {
  int id = 1;
  std::string current;  // AC or DC
  int phases = 1;
  std::string type;        // cType1, ...
  std::string cable_type;  // "Fixed Cable", ...
};

// Vendor maxima, also the harness's deadlines (certification-programme: a message later than this
// is late).
struct Performance {
  base::Nanos response{0};   // OCPP response timeout
  base::Nanos triggered{0};  // OCPP triggered function timeout
  std::optional<base::Nanos> remote_start, remote_stop;
  std::string technology;
};

class Pics {
 public:
  // Reads, checks and completes a PICS file. Errors go to `diagnostics`; nothing is returned then.
  static std::optional<Pics> load(const std::string& path, base::Diagnostics& diagnostics);

  // The same from document() of a PICS that was loaded from `path` with these bytes.
  static std::optional<Pics> from_document(const base::Value& document, const std::string& path,
                                           const std::string& sha256,
                                           base::Diagnostics& diagnostics);

  Generation generation() const { return generation_; }
  const std::string& path() const { return path_; }
  const std::string& sha256() const { return sha256_; }  // of the file's bytes

  const Product& product() const { return product_; }
  const Laboratory& laboratory() const { return laboratory_; }
  const std::vector<Connector>& connectors() const { return connectors_; }
  const Performance& performance() const { return performance_; }

  // The answer to an id of any kind: `C-04`, `ORS-1`, `AQ-7.1`, `profile.SmartCharging`,
  // `extension.Security`, `certificate.Security`. For 2019 the ids are read from its tables as
  // docs/pics.md says. Nothing when it was not given.
  //
  // `supports.X` answers alike in every generation, whatever row carries the claim:
  // FirmwareManagement, SecureFirmware, LocalAuthListManagement, Reservation, RemoteTrigger,
  // SmartCharging, SecurityProfile1, SecurityProfile2, SecurityProfile3.
  std::optional<base::Value> lookup(std::string_view id) const;
  // The answer as the abstract prints it: Yes, No, 24, "FTP HTTP"; a dash or nothing where the file
  // says so.
  std::string printed(std::string_view id) const;
  // Profiles claimed, Core included.
  const std::vector<std::string>& profiles() const { return profiles_; }
  // Whether a profile is claimed, or, as "Security", the extension (2024) or the certificate
  // (2019).
  bool claims(std::string_view profile) const;

  // Measurands of C-09.1 / C-09.2 (2019: of the configuration keys), in the order of the vendor's
  // claim.
  const std::vector<std::string>& sampled_measurands() const { return sampled_; }
  const std::vector<std::string>& aligned_measurands() const { return aligned_; }
  // What the abstract's column "tested" holds, where the file states it.
  const std::vector<std::string>& tested_sampled_measurands() const { return tested_sampled_; }
  const std::vector<std::string>& tested_aligned_measurands() const { return tested_aligned_; }

  // The value of an OCPP configuration key as the PICS states it: 2019 from its configuration
  // table, later from the ORS row of the same meaning (ORS-1 is GetConfigurationMaxKeys, ...).
  // Nothing when not stated.
  std::optional<std::string> configuration(std::string_view key) const;

  // The whole file as a value, as written: null, a dash and an empty text stay apart, members keep
  // their order. For reports that print every row.
  const base::Value& document() const { return document_; }

 private:
  friend class Loader;
  Generation generation_ = Generation::g2025;
  std::string path_, sha256_;
  Product product_;
  Laboratory laboratory_;
  std::vector<Connector> connectors_;
  Performance performance_;
  std::vector<std::string> profiles_;
  bool security_ = false;  // the extension of 2024 or the certificate of 2019
  std::vector<std::string> sampled_, aligned_, tested_sampled_, tested_aligned_;
  std::map<std::string, base::Value, std::less<>> answers_;
  std::map<std::string, std::string, std::less<>>
      printed_;  // rows that state a dash or an empty text
  std::map<std::string, std::string, std::less<>> configuration_;
  base::Value document_;
};

}  // namespace plugproof::pics
