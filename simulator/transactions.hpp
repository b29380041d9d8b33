// Transactions from start to the delivered stop (OCPP 1.6 sections 4.8 and 4.10): what is written
// down, what is sent, and what the central system's answers change.
#pragma once

#include <optional>
#include <string>

#include "engine/base/value.hpp"
#include "simulator/connector.hpp"
#include "simulator/memory.hpp"
#include "simulator/messenger.hpp"

namespace plugproof::simulator {

struct Station;

class Transactions {
 public:
  explicit Transactions(Station& station) : station_(station) {}

  // The transaction that runs on a connector; nullptr when none does.
  Transaction* of(int connector);
  // The connector of the running transaction with the central system's id; 0 when there is none.
  int connector_of(std::int64_t id) const;
  bool any() const;

  void start(int connector, const Authorization& authorization);
  // `id_tag`: presented to stop it; none when the reason is no person's.
  void stop(int connector, const std::string& reason, const std::optional<std::string>& id_tag);
  // After a power cut: ends what was running then (reason PowerLoss), or goes on with it.
  void end_interrupted();
  // Facts to keep in case the power is lost now.
  void note_registers();

  // What the messenger needs: the transactionId at the moment of sending, and the answers.
  base::Value complete(const StoredMessage& message) const;
  void delivered(const StoredMessage& message, const Answer& answer);
  // The register has moved on: a refused idTag may have used what it is allowed.
  void energy_used(int connector);

 private:
  bool resume(const Transaction& transaction);
  void refused(int connector);
  bool stops_on_invalid() const;
  void stamp_now(base::Value& payload) const;
  void store_stop(Transaction& transaction, const std::string& reason,
                  const std::optional<std::string>& id_tag, std::int64_t meter, base::Micros time);

  Station& station_;
};

}  // namespace plugproof::simulator
