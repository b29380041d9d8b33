// What the conversation has established so far: registration, statuses, transactions, charging
// profiles, configuration. Updated from the frames alone; judged by nobody here.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/base/value.hpp"
#include "engine/run/installed_profiles.hpp"

namespace plugproof::run {

struct Transaction {
  std::int64_t id = 0;
  std::int64_t connector = 0;
  std::string id_tag;
  std::int64_t meter_start = 0;
  base::Nanos started{0};  // when we answered
  std::string timestamp;   // as StartTransaction.req has it

  base::Value to_value() const;
};

// A reservation that we asked for and of which we have not heard that it has ended.
struct Reservation {
  std::int64_t id = 0;
  std::int64_t connector = 0;  // 0: any one of the charge point
  std::string id_tag;

  base::Value to_value() const;
};

struct ConfigurationKey {
  std::optional<std::string> value;
  bool readonly = false;
};

class ProtocolState {
 public:
  // A request of the charge point was answered by us, or a request of ours by it.
  void answered_by_us(std::string_view action, const base::Value& request,
                      const base::Value& response, base::Nanos at);
  void answered_by_charge_point(std::string_view action, const base::Value& request,
                                const base::Value& response);
  // A request of ours is sent. What it may leave behind counts until the charge point says no.
  void asked_by_us(std::string_view action, const base::Value& request);
  // A request of ours was answered with a CALLERROR.
  void refused_by_charge_point(std::string_view action, const base::Value& request);

  // The status of the last BootNotification.conf that we sent; empty before the first.
  const std::string& registration() const { return registration_; }
  // Payload of the last BootNotification.req; null before the first.
  const base::Value& boot() const { return boot_; }

  std::optional<std::string> status(std::int64_t connector) const;
  // Whether a StatusNotification only repeats what the charge point had reported for that
  // connector.
  bool repeats_status(std::string_view action, const base::Value& payload) const;

  const std::vector<Transaction>& transactions() const { return running_; }
  const Transaction* running(std::int64_t id) const;
  const std::optional<Transaction>& last_transaction() const { return last_; }
  // Drops transactions that were never stopped although their connector is Available again.
  void forget_ended_transactions();
  bool was_given(std::int64_t transaction_id) const { return given_.count(transaction_id) > 0; }
  // Whether a transaction id was given that lies at most `distance` from this one.
  bool was_given_near(std::int64_t transaction_id, std::int64_t distance) const {
    const auto it = given_.lower_bound(transaction_id - distance);
    return it != given_.end() && it->first <= transaction_id + distance;
  }

  const std::vector<Reservation>& reservations() const { return reservations_; }
  // Whether a local authorization list with entries of ours may be installed.
  bool local_list() const { return local_list_; }
  const InstalledProfiles& profiles() const { return profiles_; }

  const std::map<std::string, ConfigurationKey>& configuration() const { return configuration_; }
  const ConfigurationKey* key(const std::string& name) const;

 private:
  void forget_reservation(std::int64_t id);
  // Drops running transactions, and the charging profiles that were for them alone.
  template <typename Which>
  void drop(const Which& which);

  std::string registration_;
  base::Value boot_;
  std::map<std::int64_t, std::string> statuses_;
  std::vector<Transaction> running_;
  std::optional<Transaction> last_;
  std::map<std::int64_t, bool> given_;
  std::vector<Reservation> reservations_;
  bool local_list_ = false;
  InstalledProfiles profiles_;
  std::map<std::string, ConfigurationKey> configuration_;
};

}  // namespace plugproof::run
