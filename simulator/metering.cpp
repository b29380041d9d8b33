#include "simulator/metering.hpp"

#include <algorithm>
#include <cmath>

#include "simulator/measurands.hpp"
#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Value;

namespace {
constexpr auto kDefaultMeasurand = "Energy.Active.Import.Register";
// Entries kept for StopTransaction.req where the PICS states no StopTransactionMaxMeterValues.
constexpr std::size_t kOwnMaxEntries = 100;
}  // namespace

Metering::Metering(Station& station) : station_(station), aligned_(station.context.clock) {}

void Metering::stop() {
  aligned_.stop();
}

std::int64_t Metering::register_wh(int connector) const {
  const Context& context = station_.context;
  return static_cast<std::int64_t>(
      std::floor(context.plant.outlet(connector).meter.register_wh(context.clock.now())));
}

// An empty list means the default measurand (section 7.43); a list for StopTransaction stays empty.
std::vector<std::string> Metering::measurands(const std::string& key) const {
  auto list = station_.context.configuration.list(key);
  if (list.empty() && key.starts_with("MeterValues")) list.emplace_back(kDefaultMeasurand);
  return list;
}

Value Metering::entry(int number, const std::vector<std::string>& wanted,
                      const std::string& context_word, base::Micros time) {
  Context& context = station_.context;
  Defects& defects = context.defects;
  const Variations& variations = context.variations;
  const base::Nanos now = context.clock.now();
  MeterState state;
  const int first = number == 0 ? 1 : number;
  const int last = number == 0 ? context.capabilities.connectors : number;
  for (int c = first; c <= last; ++c) {
    const EnergyMeter& meter = context.plant.outlet(c).meter;
    Connector& connector = station_.connector(c);
    state.register_wh += std::floor(meter.register_wh(now));
    state.interval_wh += static_cast<double>(register_wh(c) - connector.interval_register);
    state.power_w += meter.power();
    if (const Transaction* transaction = station_.transactions.of(c))
      state.charged_wh += static_cast<double>(register_wh(c) - transaction->meter_start);
  }
  std::vector<std::string> measurands = wanted;
  for (const auto& name : defects.arguments("missing-measurand"))
    if (std::erase(measurands, name) > 0) defects.hit("missing-measurand", name);
  for (const auto& name : defects.arguments("extra-measurand"))
    if (defects.hit("extra-measurand", name)) measurands.push_back(name);
  if (defects.hit("meter-runs-backwards")) state.register_wh = 1000000.0 - state.register_wh;

  std::string word = context_word;
  if (defects.on("wrong-context")) {
    const std::string other =
        defects.argument("wrong-context").empty() ? "Trigger" : defects.argument("wrong-context");
    if (word != other && defects.hit("wrong-context")) word = other;
  }
  Value samples(Value::List{});
  for (const auto& measurand : measurands) {
    for (const Reading& reading : read_measurand(measurand, state, variations.per_phase)) {
      Value sample = Value::object({{"value", reading.value}});
      // Defaults of section 7.43: Sample.Periodic, Energy.Active.Import.Register, Raw, Outlet, Wh.
      const bool untold = (variations.omit_defaults && word == "Sample.Periodic") ||
                          (!variations.triggered_context && word == "Trigger");
      if (!untold) sample.set("context", word);
      if (!(variations.omit_defaults && measurand == kDefaultMeasurand))
        sample.set("measurand", measurand);
      if (variations.state_defaults) sample.set("format", "Raw");
      if (!reading.location.empty())
        sample.set("location", reading.location);
      else if (variations.state_defaults)
        sample.set("location", "Outlet");
      if (!reading.phase.empty()) sample.set("phase", reading.phase);
      std::string unit = reading.unit;
      if (unit == "Wh" && defects.hit("wrong-unit")) unit = "kWh";
      if (!unit.empty() && !(variations.omit_defaults && unit == "Wh")) sample.set("unit", unit);
      samples.push_back(std::move(sample));
    }
  }
  return Value::object(
      {{"timestamp", context.timestamp(time)}, {"sampledValue", std::move(samples)}});
}

void Metering::transaction_started(int number) {
  Connector& connector = station_.connector(number);
  connector.started = station_.context.clock.now();
  connector.interval_register = register_wh(number);
  const auto list = measurands("StopTxnSampledData");
  if (!list.empty())
    keep(number, entry(number, list, "Transaction.Begin", station_.context.now_utc()));
  arm_sampling(number);
}

void Metering::transaction_resumed(int number, base::Nanos started) {
  Connector& connector = station_.connector(number);
  connector.started = started;
  connector.interval_register = register_wh(number);
  arm_sampling(number);
}

void Metering::transaction_stopped(int number) {
  Connector& connector = station_.connector(number);
  if (!station_.context.defects.on("samples-after-stop")) connector.sampling.stop();
  const auto list = measurands("StopTxnSampledData");
  if (!list.empty())
    keep(number, entry(number, list, "Transaction.End", station_.context.now_utc()));
}

void Metering::restart_sampling() {
  for (int number = 1; number <= station_.context.capabilities.connectors; ++number)
    if (station_.connector(number).transaction != 0) arm_sampling(number);
}

// Samples are counted from the start of the transaction, so that they do not drift.
void Metering::arm_sampling(int number) {
  Context& context = station_.context;
  Connector& connector = station_.connector(number);
  connector.sampling.stop();
  std::int64_t seconds = context.configuration.number("MeterValueSampleInterval");
  if (seconds <= 0) return;
  if (context.defects.hit("no-samples")) return;
  if (context.defects.hit("wrong-sample-interval")) seconds += (seconds + 1) / 2;
  if (!station_.messenger.online() && context.defects.hit("slow-offline-samples"))
    seconds += (seconds + 1) / 2;
  const base::Nanos interval = std::chrono::seconds(seconds);
  const auto passed = (context.clock.now() - connector.started) / interval;
  const base::Nanos next = connector.started + interval * (passed + 1);
  connector.sampling.start(next - context.clock.now(), [this, number] {
    arm_sampling(number);
    take_sample(number);
  });
}

void Metering::take_sample(int number) {
  Context& context = station_.context;
  Connector& connector = station_.connector(number);
  if (connector.transaction == 0) context.defects.hit("samples-after-stop");
  if (!station_.messenger.online() && context.defects.hit("lose-offline-samples")) return;
  const base::Micros now = context.now_utc();
  const auto stop_list = measurands("StopTxnSampledData");
  if (!stop_list.empty()) keep(number, entry(number, stop_list, "Sample.Periodic", now));
  send(number, entry(number, measurands("MeterValuesSampledData"), "Sample.Periodic", now));
  connector.interval_register = register_wh(number);
  station_.transactions.energy_used(number);
}

void Metering::restart_alignment() {
  align_after(station_.context.now_utc());
}

// The instants are multiples of the interval since midnight UTC (section 9.1).
void Metering::align_after(base::Micros earlier) {
  Context& context = station_.context;
  aligned_.stop();
  const std::int64_t seconds = context.configuration.number("ClockAlignedDataInterval");
  if (seconds <= 0) return;
  if (context.defects.hit("no-aligned-samples")) return;
  const base::Micros interval = std::chrono::seconds(seconds);
  const base::Micros day = std::chrono::hours(24);
  const base::Micros in_day = earlier % day;
  const base::Micros next = std::min(interval * (in_day / interval + 1), day);
  const base::Micros instant = earlier - in_day + next;
  base::Nanos wait = instant - context.now_utc();
  if (context.defects.hit("samples-not-aligned")) wait += std::chrono::seconds(5);
  aligned_.start(wait, [this, instant] {
    take_aligned();
    // A clock that was set back meanwhile does not take the sample of one instant twice.
    align_after(std::max(instant, station_.context.now_utc()));
  });
}

void Metering::take_aligned() {
  Context& context = station_.context;
  if (!station_.registration.accepted()) return;
  const base::Micros now = context.now_utc();
  const auto list = measurands("MeterValuesAlignedData");
  const auto stop_list = measurands("StopTxnAlignedData");
  if (context.variations.aligned_for_connector_zero) send(0, entry(0, list, "Sample.Clock", now));
  for (int number = 1; number <= context.capabilities.connectors; ++number) {
    if (station_.connector(number).transaction == 0) continue;
    if (!station_.messenger.online() && context.defects.hit("lose-offline-samples")) continue;
    if (!stop_list.empty()) keep(number, entry(number, stop_list, "Sample.Clock", now));
    send(number, entry(number, list, "Sample.Clock", now));
  }
}

void Metering::send_triggered(int connector) {
  const Context& context = station_.context;
  Value payload = Value::object({{"connectorId", connector}});
  if (const Transaction* transaction =
          connector > 0 ? station_.transactions.of(connector) : nullptr)
    if (transaction->id) payload.set("transactionId", *transaction->id);
  payload.set("meterValue", Value(Value::List{entry(connector, measurands("MeterValuesSampledData"),
                                                    "Trigger", context.now_utc())}));
  station_.messenger.call("MeterValues", payload, {}, true);
}

// Within a transaction the message is kept until it is delivered (section 3.7).
void Metering::send(int number, Value value) {
  Value payload = Value::object(
      {{"connectorId", number}, {"meterValue", Value(Value::List{std::move(value)})}});
  const std::uint64_t transaction = number > 0 ? station_.connector(number).transaction : 0;
  if (transaction == 0 || station_.context.defects.hit("samples-without-transaction"))
    station_.messenger.call("MeterValues", std::move(payload));
  else
    station_.messenger.store("MeterValues", std::move(payload), transaction);
}

// Begin and end are always kept, of the values between the latest.
void Metering::keep(int number, Value value) {
  Transaction* transaction = station_.transactions.of(number);
  if (!transaction) return;
  const Configuration& configuration = station_.context.configuration;
  std::size_t most = kOwnMaxEntries;
  if (configuration.find("StopTransactionMaxMeterValues"))
    most = static_cast<std::size_t>(
        std::max<std::int64_t>(0, configuration.number("StopTransactionMaxMeterValues")));
  if (most == 0) return;
  auto& data = transaction->data;
  if (data.size() >= most) {
    if (data.size() > 1) {
      data.erase(data.begin() + 1);
    } else {
      data.clear();
    }
  }
  data.push_back(std::move(value));
}

}  // namespace plugproof::simulator
