// What the charge point keeps over a loss of power: configuration, availability, cache, the
// transactions it has not reported in full, and the messages about them (OCPP 1.6
// sections 3.5, 3.7, 5.2).
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "certs/certificate.hpp"
#include "engine/base/time.hpp"
#include "engine/base/value.hpp"
#include "engine/link/security.hpp"

namespace plugproof::simulator {

// idTagInfo as the central system gave it (OCPP 1.6 section 7.27).
struct IdTagInfo {
  std::string status = "Invalid";
  std::optional<std::string> parent;
  std::optional<base::Micros> expires;
};

struct Transaction {
  std::uint64_t number = 0;  // our own, never 0; the central system's id comes later
  int connector = 1;
  std::string id_tag;
  std::optional<std::string> parent;
  std::optional<std::int64_t> id;
  std::int64_t meter_start = 0;   // Wh
  base::Micros started{0};        // on the charge point's own clock
  bool stopped = false;           // StopTransaction.req is in the queue
  bool refused = false;           // the idTag turned out invalid
  std::vector<base::Value> data;  // meterValue entries for StopTransaction.req
  // Last facts known before a power cut, for the StopTransaction.req after it.
  std::int64_t last_register = 0;
  base::Micros last_seen{0};
};

struct Reservation {
  std::int64_t id = 0;
  int connector = 0;  // 0: any one of the charge point
  std::string id_tag;
  std::optional<std::string> parent;
  base::Micros expires{0};
};

// A charging profile as it was installed (OCPP 1.6 sections 7.8 to 7.14), on the charge point's
// clock.
struct ChargingProfile {
  struct Period {
    std::int64_t start = 0;  // seconds since the schedule began
    double limit = 0;
    int phases = 3;  // the default of section 7.14
  };
  std::int64_t id = 0;
  int connector = 0;
  std::string purpose, kind, recurrency;
  std::int64_t stack_level = 0;
  std::uint64_t transaction = 0;  // Transaction::number, of a TxProfile
  std::optional<base::Micros> valid_from, valid_to, start;
  std::optional<std::int64_t> duration;  // seconds
  bool in_watts = false;
  std::vector<Period> periods;
};

// A transaction-related request that waits for delivery (OCPP 1.6 section 3.7).
struct StoredMessage {
  std::uint64_t sequence = 0;
  std::string action;
  base::Value payload;
  std::uint64_t transaction = 0;  // Transaction::number
  int attempts = 0;
};

// What SignedUpdateFirmware.req brings besides (security whitepaper, use case L01).
struct FirmwareSignature {
  std::int64_t request = 0;             // requestId
  std::string certificate;              // of who signed it, in PEM
  std::string text;                     // base64
  std::optional<base::Micros> install;  // not before, on the own clock
};

// A firmware update, from its request to its last status (OCPP 1.6 section 5.19).
struct FirmwareUpdate {
  enum class Stage { none, scheduled, downloading, downloaded, verified, installing, rebooting };
  Stage stage = Stage::none;
  std::string location;
  base::Micros retrieve{0};         // not before, on the own clock
  std::int64_t retries = 0;         // left, after the attempt under way
  std::int64_t retry_interval = 0;  // seconds
  std::string image;                // once downloaded
  std::string outcome;              // to be told after the restart
  std::string status;               // told last
  std::optional<FirmwareSignature> signature;
  std::string untold;  // one that was lost with the connection
  bool holds = false;  // connectors that nobody uses are Unavailable
};

// A log that was asked for by GetDiagnostics.req (section 5.9) or GetLog.req (security whitepaper,
// use case N01).
struct LogUpload {
  bool under_way = false;
  std::optional<std::int64_t> request;  // the requestId of GetLog.req
  std::string location;                 // with '/' at the end
  std::string name, content;
  std::int64_t retries = 0;         // left, after the attempt under way
  std::int64_t retry_interval = 0;  // seconds
};

struct LogLine {
  base::Micros at{0};  // on the own clock
  std::string text;
};

// Something that concerns security (security whitepaper, section 8).
struct SecurityEvent {
  base::Micros at{0};  // on the own clock
  std::string type, info;
  bool to_be_told = false;  // in SecurityEventNotification.req
  int attempts = 0;
};

// A root of the trust store (security whitepaper, sections 2.6.2 and 6.4).
struct StoredRoot {
  std::string type;  // CentralSystemRootCertificate, ManufacturerRootCertificate
  certs::Certificate certificate;
  bool from_factory = false;
};

// Credentials that were replaced, until the new ones were taken once.
struct FormerCredentials {
  std::string key;  // AuthorizationKey
  std::optional<link::Credential> certificate;
  std::string profile;
};

struct Memory {
  // Most messages kept: beyond it the oldest MeterValues are given up, never a start or a stop.
  static constexpr std::size_t kMaxStored = 1000;
  static constexpr std::size_t kMaxCached = 100;
  static constexpr std::size_t kMaxLogged = 500;
  static constexpr std::size_t kMaxSecurityEvents = 500;

  std::map<std::string, std::string> configuration;
  std::vector<bool> operative;  // index 0: the charge point as a whole
  std::vector<bool> finishing;  // the cable is still in after a transaction
  std::map<std::string, IdTagInfo> cache;
  std::map<std::string, IdTagInfo> local_list;
  std::int64_t local_list_version = 0;
  std::vector<Reservation> reservations;
  std::vector<ChargingProfile> charging_profiles;
  std::map<std::uint64_t, Transaction> transactions;
  std::deque<StoredMessage> queue;
  std::uint64_t last_transaction = 0;
  int connections = 0;  // attempts to make one, so far
  std::uint64_t last_sequence = 0;
  std::uint64_t last_message_id = 0;
  base::Micros clock_offset{0};  // own clock minus the machine's
  FirmwareUpdate update;
  std::string firmware;  // version, once another than the delivered one was installed
  LogUpload log_upload;
  std::deque<LogLine> log;
  std::deque<SecurityEvent> security_events;
  std::string next_profile;  // accepted, in force from the next connection or boot on
  FormerCredentials former;
  std::vector<StoredRoot> roots;
  std::optional<link::Credential> certificate;  // of the charge point, with its key
  std::string pending_key;                      // in PEM, of the certificate that was asked for
};

}  // namespace plugproof::simulator
