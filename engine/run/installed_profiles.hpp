// Which charging profiles the charge point holds, as far as the frames tell: what it accepted, what
// was cleared, and what ended with its transaction (OCPP 1.6 sections 3.13, 5.5, 5.11, 5.16).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/value.hpp"

namespace plugproof::run {

class InstalledProfiles {
 public:
  // A SetChargingProfile.req was accepted. `running`: the transaction on its connector, null when
  // there is none; a TxProfile without an id of its own is for that.
  void set(const base::Value& request, const base::Value& running);
  // A ClearChargingProfile.req was answered: with Accepted what matches is gone; with Unknown
  // nothing did match.
  void cleared(const base::Value& request, bool accepted);
  // A RemoteStartTransaction.req was accepted: its profile waits for the transaction.
  void awaits_start(const base::Value& request);
  void started(std::int64_t transaction, std::int64_t connector, const std::string& id_tag);
  void stopped(std::int64_t transaction);
  // A connector is free: what waited for a transaction there waits no more. -1: anywhere.
  void not_started(std::int64_t connector);

  // A list of ChargingProfile objects, each with `connectorId` beside its own members, in the order
  // in which they were installed. Null as long as neither a profile was accepted nor all were
  // cleared: an earlier day may have left some.
  base::Value to_value() const;

 private:
  struct Waiting {
    std::int64_t connector;  // -1: any
    std::string id_tag;
    base::Value profile;
  };
  void install(base::Value profile);

  bool known_ = false;
  std::vector<base::Value> installed_;
  std::vector<Waiting> waiting_;
};

}  // namespace plugproof::run
