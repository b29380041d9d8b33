#include "engine/run/wire_facts.hpp"

#include <algorithm>

#include "engine/base/json.hpp"
#include "pics/pics.hpp"

namespace plugproof::run {

using base::Value;

namespace {

// A hostile charge point must not fill the memory: what is kept of one kind ends here.
constexpr std::size_t kMost = 1000;

const Value::List& list_member(const Value& object, std::string_view key) {
  static const Value::List none;
  const Value* member = object.find(key);
  return member && member->is_list() ? member->as_list() : none;
}

bool known_measurand(const std::string& name) {
  const auto& known = pics::find_id("C-09.1")->values;
  return std::find(known.begin(), known.end(), name) != known.end();
}

Sighting sighting(const SeenFrame& seen, std::string_view member) {
  const Value* value = seen.frame.payload.find(member);
  return {seen.record, value ? std::string(member) + ": " + value->to_display() : std::string()};
}

}  // namespace

std::vector<std::string> list_of_key(const std::string& value) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= value.size();) {
    const std::size_t end = std::min(value.find(',', at), value.size());
    std::string item = value.substr(at, end - at);
    item.erase(0, item.find_first_not_of(' '));
    item.erase(item.find_last_not_of(' ') + 1);
    if (!item.empty()) out.push_back(std::move(item));
    at = end + 1;
  }
  return out;
}

std::string plain_measurand(const std::string& name) {
  if (known_measurand(name)) return name;
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos) return name;
  const std::string shorter = name.substr(0, dot);
  const bool phase = dot + 1 < name.size() && (name[dot + 1] == 'L' || name[dot + 1] == 'N');
  return phase && known_measurand(shorter) ? shorter : name;
}

void WireFacts::on_connected(const link::Event& event, std::int64_t record) {
  const Value& tls = event.handshake.tls;
  const std::string suite = tls.string_or("cipher_suite", "");
  if (!suite.empty() && cipher_suites.size() < kMost)
    cipher_suites.try_emplace(suite, Sighting{record, "cipher_suite: " + suite});
}

void WireFacts::on_call(const SeenFrame& seen) {
  const std::string& action = seen.frame.action;
  const Value& payload = seen.frame.payload;
  timestamp(seen, payload);
  if (action == "BootNotification") {
    const std::string version = payload.string_or("firmwareVersion", "");
    if (!version.empty() && !updated && firmware_versions.size() < kMost)
      firmware_versions.try_emplace(version, sighting(seen, "firmwareVersion"));
  } else if (action == "StatusNotification") {
    const std::int64_t connector = payload.int_or("connectorId", 0);
    if (connector > 0 && connectors.size() < kMost)
      connectors.try_emplace(connector, sighting(seen, "connectorId"));
  } else if (action == "MeterValues") {
    meter_values(seen, Value(list_member(payload, "meterValue")));
  } else if (action == "Authorize") {
    if (!local_authorize && !remote.contains(payload.string_or("idTag", "")))
      local_authorize = sighting(seen, "idTag");
  } else if (action == "StartTransaction") {
    start(seen);
  } else if (action == "StopTransaction") {
    meter_values(seen, Value(list_member(payload, "transactionData")));
    // The reason may only be left out when it is Local (OCPP 1.6 section 6.49).
    if (!local_stop && payload.string_or("reason", "Local") == "Local")
      local_stop = Sighting{seen.record, payload.find("reason") ? "reason: Local" : "no reason"};
  }
}

// A transaction that no remote start asked for. One that is told again is the same one.
void WireFacts::start(const SeenFrame& seen) {
  const Value& payload = seen.frame.payload;
  if (transactions.size() >= kMost) return;
  const std::string name =
      std::to_string(payload.int_or("connectorId", 0)) + " " + payload.string_or("timestamp", "");
  if (!transactions.insert(name).second) return;
  const bool by_remote = remote.erase(payload.string_or("idTag", "")) > 0;
  if (!by_remote && !local_start) local_start = sighting(seen, "idTag");
}

void WireFacts::on_response(const SeenFrame& seen, const Value& request, bool) {
  const std::string status = seen.frame.payload.string_or("status", "");
  if (seen.frame.action == "RemoteStartTransaction" && status == "Accepted" &&
      remote.size() < kMost)
    remote.insert(request.string_or("idTag", ""));
  if (seen.frame.action == "UnlockConnector" && status == "Unlocked" && !unlocked)
    unlocked = sighting(seen, "status");
  if (seen.frame.action == "UpdateFirmware" || seen.frame.action == "SignedUpdateFirmware")
    updated = true;
}

void WireFacts::timestamp(const SeenFrame& seen, const Value& holder) {
  const std::string text = holder.string_or("timestamp", "");
  if (text.empty()) return;
  const Sighting here{seen.record, "timestamp: " + text};
  if (!times) times = here;
  if (!times_with_milliseconds && text.find('.') != std::string::npos)
    times_with_milliseconds = here;
}

void WireFacts::meter_values(const SeenFrame& seen, const Value& list) {
  for (const auto& meter_value : list.as_list()) {
    timestamp(seen, meter_value);
    for (const bool clock : {false, true}) {
      MeasurandFacts& facts = clock ? aligned : sampled;
      bool any = false;
      for (const auto& sample : list_member(meter_value, "sampledValue")) {
        const std::string context = sample.string_or("context", "Sample.Periodic");
        if (context != (clock ? "Sample.Clock" : "Sample.Periodic")) continue;
        any = true;
        const std::string name = sample.string_or("measurand", "Energy.Active.Import.Register");
        if (!known_measurand(name)) continue;
        if (facts.seen.try_emplace(name, Sighting{seen.record, base::write_json(sample)}).second)
          facts.order.push_back(name);
        // L1, L1-N, L2-L3 ...: every phase that is named is there.
        const std::string phase = sample.string_or("phase", "");
        for (std::size_t at = 0; at + 1 < phase.size(); ++at)
          if (const int number = phase[at + 1] - '0';
              phase[at] == 'L' && number >= 1 && number <= 3)
            phases.try_emplace(number, Sighting{seen.record, base::write_json(sample)});
      }
      if (!any || seen.frame.action != "MeterValues") continue;
      const ConfigurationKey* key =
          state_.key(clock ? "MeterValuesAlignedData" : "MeterValuesSampledData");
      if (!key || !key->value) continue;
      for (const auto& name : list_of_key(*key->value))
        if (facts.configured.size() < kMost)
          facts.configured.try_emplace(
              plain_measurand(name),
              Sighting{seen.record,
                       std::string(clock ? "MeterValuesAlignedData" : "MeterValuesSampledData") +
                           " was " + *key->value});
    }
  }
}

}  // namespace plugproof::run
