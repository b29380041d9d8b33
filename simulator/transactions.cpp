#include "simulator/transactions.hpp"

#include <cstdlib>
#include <utility>

#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Value;

namespace {
// For messages of a transaction whose StartTransaction.req was given up.
constexpr std::int64_t kNoTransactionId = -1;
// For the defect that names a transaction which nobody started.
constexpr std::int64_t kForeignTransactionId = 1999999999;
}  // namespace

Transaction* Transactions::of(int connector) {
  const auto number = station_.connector(connector).transaction;
  if (number == 0) return nullptr;
  const auto it = station_.context.memory.transactions.find(number);
  return it == station_.context.memory.transactions.end() ? nullptr : &it->second;
}

int Transactions::connector_of(std::int64_t id) const {
  for (const auto& [number, transaction] : station_.context.memory.transactions)
    if (!transaction.stopped && transaction.id == id) return transaction.connector;
  return 0;
}

bool Transactions::any() const {
  for (const auto& [number, transaction] : station_.context.memory.transactions)
    if (!transaction.stopped) return true;
  return false;
}

void Transactions::start(int number, const Authorization& authorization) {
  Context& context = station_.context;
  if (context.defects.hit("never-start")) return;
  if (!station_.messenger.online() && context.defects.hit("refuse-offline-start")) return;
  Connector& connector = station_.connector(number);
  Memory& memory = context.memory;
  Transaction transaction;
  transaction.number = ++memory.last_transaction;
  transaction.connector = number;
  transaction.id_tag = authorization.id_tag;
  transaction.parent = authorization.parent;
  transaction.meter_start = station_.metering.register_wh(number);
  transaction.started = context.now_utc();
  Value payload = Value::object({{"connectorId", number},
                                 {"idTag", transaction.id_tag},
                                 {"meterStart", transaction.meter_start},
                                 {"timestamp", context.timestamp(transaction.started)}});
  if (authorization.reservation && !context.defects.hit("no-reservation-id"))
    payload.set("reservationId", *authorization.reservation);
  const std::uint64_t id = transaction.number;
  memory.transactions[id] = std::move(transaction);
  const std::optional<Value> profile = authorization.profile;

  connector.transaction = id;
  connector.authorization.reset();
  connector.suspended_by_station = false;
  connector.energy_limit = -1;
  station_.charging.transaction_started(number, profile);
  memory.finishing[static_cast<std::size_t>(number)] = false;
  connector.vehicle_waits = context.variations.suspended_before_charging;
  if (connector.vehicle_waits)
    connector.settling.start(std::chrono::seconds(1), [this, number] {
      station_.connector(number).vehicle_waits = false;
      station_.statuses.update(number);
    });

  if (context.defects.hit("clock-jumps"))
    memory.clock_offset +=
        std::chrono::seconds(std::atoll(context.defects.argument("clock-jumps").c_str()));
  if (context.variations.charging_before_start) station_.statuses.update(number);
  station_.messenger.store("StartTransaction", std::move(payload), id);
  station_.statuses.update(number);
  station_.charging.apply();  // the others may have to share now
  station_.metering.transaction_started(number);
  if (context.variations.extra_heartbeats) station_.registration.send_heartbeat(false);
}

void Transactions::stop(int number, const std::string& reason,
                        const std::optional<std::string>& id_tag) {
  Context& context = station_.context;
  Connector& connector = station_.connector(number);
  Transaction* transaction = of(number);
  if (!transaction) return;
  context.plant.outlet(number).meter.flow(0.0, context.clock.now());
  station_.metering.transaction_stopped(number);
  const std::uint64_t ended = std::exchange(connector.transaction, 0);
  station_.charging.transaction_ended(ended);
  connector.suspended_by_station = false;
  connector.vehicle_waits = false;
  connector.settling.stop();
  connector.energy.stop();
  const auto index = static_cast<std::size_t>(number);
  const bool still_in = station_.statuses.plugged(number);
  const bool linger = context.variations.finishing_after_fixed_cable && !still_in;
  context.memory.finishing[index] = (still_in && !context.defects.hit("no-finishing")) || linger;
  if (linger) station_.linger(number);

  if (context.variations.finishing_before_stop) station_.statuses.update(number);
  store_stop(*transaction, reason, id_tag, station_.metering.register_wh(number),
             context.now_utc());
  station_.statuses.update(number);
  station_.after_transaction(number, reason);
}

void Transactions::store_stop(Transaction& transaction, const std::string& given_reason,
                              const std::optional<std::string>& given_tag, std::int64_t meter,
                              base::Micros time) {
  Context& context = station_.context;
  Defects& defects = context.defects;
  std::string reason = given_reason;
  std::optional<std::string> id_tag = given_tag;
  if (reason == "Remote" && context.variations.id_tag_on_remote_stop) id_tag = transaction.id_tag;
  if (id_tag && defects.hit("foreign-stop-tag")) id_tag = "FOREIGN-TAG";
  if (defects.on("stop-reason") && reason != defects.argument("stop-reason") &&
      defects.hit("stop-reason"))
    reason = defects.argument("stop-reason");
  Value payload(Value::Object{});
  if (id_tag) payload.set("idTag", *id_tag);
  payload.set("meterStop", meter);
  payload.set("timestamp", context.timestamp(time));
  payload.set("transactionId", transaction.id.value_or(kNoTransactionId));
  const bool omit_local = reason == "Local" && context.variations.omit_local_reason;
  if (!omit_local && !defects.hit("no-stop-reason")) payload.set("reason", reason);
  if (!transaction.data.empty())
    payload.set("transactionData", Value(Value::List(transaction.data)));
  if (transaction.meter_start > 0 && defects.hit("meter-runs-backwards"))
    payload.set("meterStop", transaction.meter_start - 1);
  transaction.stopped = true;
  transaction.data.clear();
  station_.messenger.store("StopTransaction", std::move(payload), transaction.number);
}

void Transactions::note_registers() {
  Context& context = station_.context;
  for (auto& [number, transaction] : context.memory.transactions) {
    if (transaction.stopped) continue;
    context.plant.outlet(transaction.connector).meter.flow(0.0, context.clock.now());
    transaction.last_register = station_.metering.register_wh(transaction.connector);
    transaction.last_seen = context.now_utc();
  }
}

void Transactions::end_interrupted() {
  Context& context = station_.context;
  if (any() && context.defects.hit("lose-transaction-on-power-loss")) {
    std::erase_if(context.memory.transactions,
                  [](const auto& entry) { return !entry.second.stopped; });
    return;
  }
  for (auto& [number, transaction] : context.memory.transactions) {
    if (transaction.stopped || station_.connector(transaction.connector).transaction == number)
      continue;
    if (resume(transaction)) continue;
    station_.charging.transaction_ended(number);
    store_stop(transaction, "PowerLoss", std::nullopt, transaction.last_register,
               transaction.last_seen);
  }
}

// Where the driver can end it, a transaction may go on as if nothing had happened.
bool Transactions::resume(const Transaction& transaction) {
  Context& context = station_.context;
  const int number = transaction.connector;
  if (!context.variations.resume_after_power_loss || !context.capabilities.local_stop ||
      transaction.refused || !context.plant.outlet(number).vehicle ||
      !station_.statuses.plugged(number))
    return false;
  context.log("a transaction goes on");
  station_.connector(number).transaction = transaction.number;
  station_.metering.transaction_resumed(
      number, context.clock.now() - (context.now_utc() - transaction.started));
  return true;
}

Value Transactions::complete(const StoredMessage& message) const {
  Value payload = message.payload;
  if (station_.context.defects.on("stamp-on-delivery")) stamp_now(payload);
  if (message.action == "StartTransaction") return payload;
  const auto it = station_.context.memory.transactions.find(message.transaction);
  const bool known = it != station_.context.memory.transactions.end() && it->second.id;
  std::int64_t id = known ? *it->second.id : kNoTransactionId;
  if (message.action == "StopTransaction" && station_.context.defects.hit("wrong-transaction-id"))
    id = kForeignTransactionId;
  payload.set("transactionId", id);
  return payload;
}

void Transactions::stamp_now(Value& payload) const {
  Context& context = station_.context;
  const Value now = context.timestamp();
  std::vector<Value*> holders{&payload};
  if (Value* values = payload.find("meterValue"); values && values->is_list())
    for (auto& value : values->as_list()) holders.push_back(&value);
  for (Value* holder : holders)
    if (Value* time = holder->find("timestamp"); time && *time != now) {
      *time = now;
      context.defects.hit("stamp-on-delivery");
    }
}

void Transactions::delivered(const StoredMessage& message, const Answer& answer) {
  Memory& memory = station_.context.memory;
  const auto it = memory.transactions.find(message.transaction);
  if (it == memory.transactions.end()) return;
  Transaction& transaction = it->second;
  if (message.action == "StopTransaction") {
    if (answer.ok())
      station_.authorizer.learn(message.payload.string_or("idTag", transaction.id_tag),
                                answer.payload);
    memory.transactions.erase(it);
    return;
  }
  if (message.action != "StartTransaction" || !answer.ok()) return;
  if (const Value* id = answer.payload.find("transactionId"); id && id->is_int())
    transaction.id = id->as_int();
  station_.authorizer.learn(transaction.id_tag, answer.payload);
  const auto info = id_tag_info(answer.payload);
  if (!info) return;
  if (info->parent) transaction.parent = info->parent;
  const bool running = station_.connector(transaction.connector).transaction == message.transaction;
  if (info->status != "Accepted" && running) refused(transaction.connector);
}

// The idTag turned out not to be authorised (sections 4.8 and 9.1).
void Transactions::refused(int number) {
  Context& context = station_.context;
  if (context.defects.hit("ignore-invalid-start")) return;
  station_.delays.after(context.variations.reaction,
                        [this, number, transaction = station_.connector(number).transaction] {
                          Connector& connector = station_.connector(number);
                          if (connector.transaction == 0 || connector.transaction != transaction)
                            return;
                          of(number)->refused = true;
                          const Configuration& configuration = station_.context.configuration;
                          if (stops_on_invalid()) return stop(number, "DeAuthorized", std::nullopt);
                          connector.energy_limit = configuration.number("MaxEnergyOnInvalidId");
                          energy_used(number);
                        });
}

bool Transactions::stops_on_invalid() const {
  Context& context = station_.context;
  if (context.configuration.flag("StopTransactionOnInvalidId"))
    return !context.defects.hit("never-stop-on-invalid");
  return context.defects.hit("stop-on-invalid-always");
}

void Transactions::energy_used(int number) {
  Connector& connector = station_.connector(number);
  const Transaction* transaction = of(number);
  if (!transaction || connector.energy_limit < 0 || connector.suspended_by_station) return;
  const std::int64_t used = station_.metering.register_wh(number) - transaction->meter_start;
  if (used >= connector.energy_limit) {
    connector.suspended_by_station = true;
    station_.statuses.update(number);
    return;
  }
  // Looks again when the rest will have been used at full power.
  const double seconds =
      static_cast<double>(connector.energy_limit - used) * 3600.0 / EnergyMeter::kPower;
  connector.energy.start(base::from_seconds(seconds + 1), [this, number] { energy_used(number); });
}

}  // namespace plugproof::simulator
