// The answers that our central system gives when a test case does not say otherwise: sensible,
// valid by the schema, transaction ids kept.
#pragma once

#include <optional>
#include <string>

#include "engine/base/value.hpp"
#include "engine/run/pixit.hpp"
#include "engine/run/protocol_state.hpp"

namespace plugproof::run {

// The first of the transaction ids that follow from `seed`, far from those given `before`: a
// transaction of an earlier attempt may still be running.
std::int64_t first_transaction_id(std::uint64_t seed, const ProtocolState& before);

class Responder {
 public:
  Responder(const Pixit& pixit, std::int64_t first_transaction);

  // The response to a request of the charge point; nothing for an action that a charge point does
  // not send.
  std::optional<base::Value> respond(const std::string& action, const base::Value& request,
                                     base::Micros now);
  // As if `transactions` had been started since the beginning of the attempt.
  void restart(std::int64_t transactions);

 private:
  base::Value id_tag_info(const std::string& id_tag) const;

  const Pixit& pixit_;
  std::int64_t first_transaction_, next_transaction_;
};

// Members of `overlay` laid over those of `base`, objects merged member by member. A null removes a
// member.
base::Value overlay(base::Value base, const base::Value& overlay);

}  // namespace plugproof::run
