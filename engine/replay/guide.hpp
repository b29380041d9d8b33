// The thread through a record that a case is judged along: what the engine does is compared with
// what was done, in order.
#pragma once

#include <functional>

#include "engine/replay/bench.hpp"
#include "engine/replay/by_case.hpp"

namespace plugproof::replay {

// Thrown into whatever left the record: what the engine was about to do cannot be done.
struct LeftRecord {};

class Guide final : public Script {
 public:
  explicit Guide(const Attempt& attempt) : entries_(attempt.entries) {}

  // The entry that comes next; nullptr at the end.
  const Entry* next() const { return at_ < entries_.size() ? &entries_[at_] : nullptr; }
  template <typename What>
  const What* next_is() const {
    return next() ? std::get_if<What>(&next()->what) : nullptr;
  }
  // Whether the time has come for a place that is next.
  template <typename What>
  const What* reached() const {
    return arrived_ ? next_is<What>() : nullptr;
  }
  void arrive() { arrived_ = true; }
  void pass();

  // A case begins to be judged, or only what was done is followed.
  void judge() {
    judging_ = true;
    divergence_.reset();
  }
  void follow() { judging_ = false; }
  bool judging() const { return judging_; }
  const std::optional<Divergence>& divergence() const { return divergence_; }
  // The engine did nothing like the next entry by its time; `instead`: what it waits for.
  void overdue(const std::string& instead);

  // The engine does something that is no call of the bench: a fault on the link.
  void fault(const std::string& name);
  std::optional<base::Nanos> sent(link::ConnectionId connection, std::string_view text) override;
  base::Nanos asked(const std::string& action, const base::Value& arguments) override;
  transfer::Opened offered(const Offered& wanted) override;
  run::Vault::Made made(const std::string& thing, const base::Value& arguments) override;
  std::string refusal(const run::Serving& wanted) override;

  // The time of the engine. What it would do more than a second before it was done then, it does
  // earlier: so long takes no way through the harness.
  void on_now(std::function<base::Nanos()> now) { now_ = std::move(now); }
  // Told the line of an entry that the engine is about to do again.
  void on_matched(std::function<void(std::int64_t line)> handler) { matched_ = std::move(handler); }
  // What was drawn from the seed up to here.
  std::int64_t requests() const { return requests_; }
  std::int64_t transactions() const { return transactions_; }
  // The arguments of the physical action asked for last.
  const base::Value& last_arguments() const { return arguments_; }

 private:
  // The next entry, which is that; throws LeftRecord when `same` does not hold for it.
  template <typename What, typename Same>
  const Entry& match(const Same& same, const What& wanted);

  const std::vector<Entry>& entries_;
  std::size_t at_ = 0;
  bool judging_ = false, arrived_ = false;
  std::optional<Divergence> divergence_;
  std::function<void(std::int64_t)> matched_;
  std::function<base::Nanos()> now_;
  std::int64_t requests_ = 0, transactions_ = 0;
  base::Value arguments_;
};

}  // namespace plugproof::replay
