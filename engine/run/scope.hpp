// What the expressions of a test case can see (docs/writing-a-test-case.md, "Values").
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/expression.hpp"
#include "engine/rig/rig.hpp"
#include "engine/run/session.hpp"
#include "engine/run/transfers.hpp"
#include "pics/pics.hpp"

namespace plugproof::run {

using Variables = std::map<std::string, base::Value, std::less<>>;

// The world of one case: what all its steps share.
struct World {
  Session& session;
  rig::Rig& rig;
  const pics::Pics& pics;
  const Pixit& pixit;
  Transfers& transfers;
  std::string edition;                // of the test document
  Variables variables;                // captured or set by steps
  std::int64_t reservation_id = 0;    // for this case alone
  std::int64_t request_id = 0;        // the same, of GetLog and SignedUpdateFirmware
  std::int64_t first_request_id = 0;  // the least of the run

  std::optional<base::Value> lookup(std::string_view name) const;
  // All that a state can be told by: connection, registration, statuses, transactions,
  // configuration, and what physical actions left behind. Two equal ones: nothing has changed.
  base::Value portrait() const;
};

// The world with the local names of a state or a loop before it.
class CaseScope final : public base::Scope {
 public:
  CaseScope(const World& world, const Variables& locals) : world_(world), locals_(locals) {}
  std::optional<base::Value> lookup(std::string_view name) const override;

 private:
  const World& world_;
  const Variables& locals_;
};

}  // namespace plugproof::run
