#include "reports/measurands.hpp"

#include <algorithm>

#include "engine/base/json.hpp"
#include "engine/base/value.hpp"
#include "pics/pics.hpp"

namespace plugproof::reports {

namespace {

using base::Value;

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

const Value::List& list_member(const Value& object, std::string_view key) {
  static const Value::List none;
  const Value* member = object.find(key);
  return member && member->is_list() ? member->as_list() : none;
}

}  // namespace

void collect_measurands(std::string_view frame, SeenMeasurands& seen) {
  const auto read = base::read_json(frame);
  if (!read.value || !read.value->is_list() || read.value->as_list().size() != 4) return;
  const Value& action = read.value->as_list()[2];
  const Value& payload = read.value->as_list()[3];
  if (!action.is_string()) return;
  const bool stop = action.as_string() == "StopTransaction";
  if (!stop && action.as_string() != "MeterValues") return;

  const auto& known = pics::find_id("C-09.1")->values;
  for (const auto& meter_value : list_member(payload, stop ? "transactionData" : "meterValue")) {
    for (const auto& sample : list_member(meter_value, "sampledValue")) {
      const std::string context = sample.string_or("context", "Sample.Periodic");
      const std::string measurand = sample.string_or("measurand", "Energy.Active.Import.Register");
      if (!contains(known, measurand)) continue;
      if (context == "Sample.Periodic" && !contains(seen.sampled, measurand))
        seen.sampled.push_back(measurand);
      if (context == "Sample.Clock" && !contains(seen.aligned, measurand))
        seen.aligned.push_back(measurand);
    }
  }
}

}  // namespace plugproof::reports
