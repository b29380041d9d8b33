// The life of a transaction: ids, meter readings, energy that only grows.
#include <cmath>
#include <cstdlib>

#include "engine/run/monitors.hpp"

namespace plugproof::run {

namespace {

using base::Value;

class TransactionMonitor final : public Monitor {
 public:
  TransactionMonitor(const ProtocolState& state, Report report)
      : Monitor(std::move(report)), state_(state) {}

  // What an earlier process answered last may not have got through: nobody has seen that
  // connection end.
  void on_connected(const link::Event& event, std::int64_t) override {
    if (!lost_at_) lost_at_ = event.at;
  }
  void on_closed(const link::Event& event, std::int64_t) override {
    lost_at_ = event.at;
    heard_before_loss_ = heard_at_;
  }
  void on_answered(const SeenFrame& call, const Value& response, base::Nanos at) override {
    if (call.frame.action != "StopTransaction" || response.is_null()) return;
    last_stopped_ = call.frame.payload.int_or("transactionId", 0);
    last_stopped_at_ = at;
  }
  void on_call(const SeenFrame& seen) override {
    heard_at_ = seen.at;
    const Value& payload = seen.frame.payload;
    if (seen.frame.action == "StartTransaction") return on_start(seen);
    if (seen.frame.action == "StopTransaction") {
      on_stop(seen);
      read_energy(seen, payload.find("transactionData"), payload.int_or("transactionId", 0));
    } else if (seen.frame.action == "MeterValues") {
      if (const Value* id = payload.find("transactionId"); id && id->is_int())
        on_meter_values(seen, id->as_int());
    }
  }

 private:
  static constexpr std::int64_t kUnknownTransaction = -1;

  void on_start(const SeenFrame& seen) {
    const std::int64_t connector = seen.frame.payload.int_or("connectorId", 0);
    if (connector == 0)
      fail({"transaction",
            {},
            "StartTransaction.req names connectorId 0",
            "a connectorId above 0",
            "0",
            "connectorId",
            seen.record,
            "OCPP 1.6 section 6.45"});
    for (const auto& running : state_.transactions())
      if (running.connector == connector && !repeats(seen, running))
        fail({"transaction",
              {},
              "a transaction starts on connector " + std::to_string(connector) +
                  " although transaction " + std::to_string(running.id) + " still runs there",
              "StopTransaction.req before",
              "StartTransaction.req",
              "connectorId",
              seen.record,
              "OCPP 1.6 section 4.8"});
  }

  // Our answer may not have arrived before the connection was lost, and the request comes again.
  // Who sent another request after it had the answer.
  bool answer_may_be_lost(base::Nanos answered) const {
    return lost_at_ && *lost_at_ >= answered && heard_before_loss_ <= answered;
  }
  bool repeats(const SeenFrame& seen, const Transaction& running) const {
    const Value& payload = seen.frame.payload;
    return answer_may_be_lost(running.started) &&
           payload.string_or("timestamp", "") == running.timestamp &&
           payload.string_or("idTag", "") == running.id_tag &&
           payload.int_or("meterStart", 0) == running.meter_start;
  }

  void on_stop(const SeenFrame& seen) {
    const std::int64_t id = seen.frame.payload.int_or("transactionId", 0);
    // A transaction whose StartTransaction.conf never came may be stopped as -1 (errata
    // 2025-04, 3.18).
    if (id == kUnknownTransaction) return;
    if (!state_.was_given(id)) {
      fail({"transaction",
            {},
            "StopTransaction.req names the transaction " + std::to_string(id) +
                ", which we never gave",
            "a transactionId of a StartTransaction.conf",
            std::to_string(id),
            "transactionId",
            seen.record,
            "OCPP 1.6 section 6.49"});
      return;
    }
    const Transaction* running = state_.running(id);
    if (!running) {
      if (id == last_stopped_ && answer_may_be_lost(last_stopped_at_)) return;
      remark({"transaction",
              {},
              "transaction " + std::to_string(id) + " is stopped although it had ended",
              {},
              {},
              "transactionId",
              seen.record,
              "OCPP 1.6 section 4.10"});
      return;
    }
    const std::int64_t meter_stop = seen.frame.payload.int_or("meterStop", 0);
    if (meter_stop < running->meter_start)
      fail({"energy",
            {},
            "meterStop is below meterStart",
            "at least " + std::to_string(running->meter_start),
            std::to_string(meter_stop),
            "meterStop",
            seen.record,
            "OCPP 1.6 section 6.49"});
    if (const auto it = energy_.find(id);
        it != energy_.end() && static_cast<double>(meter_stop) + 1 < it->second)
      fail({"energy",
            {},
            "meterStop is below an energy reading reported earlier in the transaction",
            "at least " + Value(it->second).to_display(),
            std::to_string(meter_stop),
            "meterStop",
            seen.record,
            "OCPP 1.6 section 6.49"});
  }

  void on_meter_values(const SeenFrame& seen, std::int64_t id) {
    if (id == kUnknownTransaction) return;
    if (!state_.was_given(id)) {
      fail({"transaction",
            {},
            "MeterValues.req names the transaction " + std::to_string(id) + ", which we never gave",
            "a transactionId of a StartTransaction.conf",
            std::to_string(id),
            "transactionId",
            seen.record,
            "OCPP 1.6 section 6.31"});
      return;
    }
    read_energy(seen, seen.frame.payload.find("meterValue"), id);
  }

  // Energy.Active.Import.Register only grows (OCPP 1.6 section 7.31). Only readings without phase
  // count, and transactionData may repeat what MeterValues had said: order counts within one
  // message.
  void read_energy(const SeenFrame& seen, const Value* meter_values, std::int64_t id) {
    if (!meter_values || !meter_values->is_list()) return;
    const bool repeats = seen.frame.action == "StopTransaction";
    double last = -1;
    for (const auto& meter_value : meter_values->as_list()) {
      const Value* samples = meter_value.find("sampledValue");
      if (!samples || !samples->is_list()) continue;
      for (const auto& sample : samples->as_list()) {
        const auto reading = energy_of(sample);
        if (!reading) continue;
        const double floor =
            repeats ? last : std::max(last, energy_.count(id) ? energy_[id] : -1.0);
        // One watt-hour of rounding is nobody's fault.
        if (*reading + 1 < floor)
          fail({"energy",
                {},
                "Energy.Active.Import.Register fell within a transaction",
                "at least " + Value(floor).to_display() + " Wh",
                Value(*reading).to_display() + " Wh",
                "sampledValue.value",
                seen.record,
                "OCPP 1.6 section 7.31"});
        last = *reading;
      }
    }
    if (last >= 0 && !repeats) energy_[id] = last;
  }

  static std::optional<double> energy_of(const Value& sample) {
    if (sample.string_or("measurand", "Energy.Active.Import.Register") !=
            "Energy.Active.Import.Register" ||
        sample.find("phase") || sample.string_or("location", "Outlet") != "Outlet" ||
        sample.string_or("format", "Raw") != "Raw")
      return std::nullopt;
    const std::string text = sample.string_or("value", "");
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !std::isfinite(value)) return std::nullopt;
    return sample.string_or("unit", "Wh") == "kWh" ? value * 1000 : value;
  }

  const ProtocolState& state_;
  std::optional<base::Nanos> lost_at_;  // the last connection
  base::Nanos heard_at_{0}, heard_before_loss_{0};
  std::int64_t last_stopped_ = kUnknownTransaction;
  base::Nanos last_stopped_at_{0};
  std::map<std::int64_t, double> energy_;  // last reading of each transaction, in Wh
};

}  // namespace

void add_transaction_monitors(MonitorList& monitors, const ProtocolState& state,
                              const Monitor::Report& report) {
  monitors.push_back(std::make_unique<TransactionMonitor>(state, report));
}

}  // namespace plugproof::run
