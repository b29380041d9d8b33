// The audit of the PICS: what the charge point reports and shows, beside what was claimed. A
// contradiction is a remark with the frame that shows it, and never changes a verdict; agreement is
// recorded too, and so is what could not be seen (docs/journal.md, kind `audit`).
#pragma once

#include <string>

#include "engine/run/journal.hpp"
#include "engine/run/protocol_state.hpp"
#include "engine/run/wire_facts.hpp"
#include "pics/audit_rules.hpp"
#include "pics/pics.hpp"

namespace plugproof::run {

class Session;

class Audit {
 public:
  // Watches the conversation of `session` from now on. `before`: what was shown to an earlier
  // process.
  Audit(const pics::Pics& pics, Session& session, ShownFacts before = {});

  // The configuration was read whole; `frame` is the record of the answer.
  void configuration_known(std::int64_t frame);
  // The run is over: what was seen on the wire.
  void run_over();

 private:
  enum class Outcome { agrees, contradicts, not_visible };
  struct Row {
    std::string id, against, claimed, reported;
    Outcome outcome = Outcome::agrees;
    std::string reason;
    Sighting shown;
  };
  void write(const Row& row);

  void compare(const pics::AuditRule& rule, std::int64_t frame);
  void compare_2019(const std::string& key, std::int64_t frame);
  void judge(const pics::AuditRule& rule, const base::Value& claim, const ConfigurationKey* key,
             Row& row) const;
  void connectors();
  void readers();
  void measurands(const char* id, const MeasurandFacts& facts,
                  const std::vector<std::string>& claimed);
  void firmware_version();
  void cipher_suites();
  void milliseconds();
  // A yes or no of the PICS beside something that was seen: seen, it contradicts a no.
  void seen_or_not(const char* id, const char* against, const char* what,
                   const std::optional<Sighting>& seen);

  const pics::Pics& pics_;
  Session& session_;
  const WireFacts* facts_;  // owned by the session
};

}  // namespace plugproof::run
