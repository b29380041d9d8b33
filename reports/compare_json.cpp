#include "engine/base/json.hpp"
#include "reports/compare.hpp"

namespace plugproof::reports {

namespace {

using base::Value;

// Raised with every change that a reader would notice (docs/reports.md).
constexpr int kComparisonFormat = 1;

template <typename Items, typename Function>
Value list_of(const Items& items, Function&& function) {
  Value::List list;
  for (const auto& item : items) list.push_back(function(item));
  return Value(std::move(list));
}

Value number(std::size_t n) {
  return Value(static_cast<std::int64_t>(n));
}

Value run_value(const ComparedRun& run) {
  return Value::object(
      {{"name", run.name},
       {"tool", run.tool},
       {"started", run.started},
       {"firmware", list_of(run.firmware, [](const std::string& v) { return Value(v); })},
       {"firmware_image", run.firmware_image_sha256},
       {"device", run.device},
       {"head", run.head}});
}

Value case_value(const CaseChange& c) {
  return Value::object({{"id", c.id},
                        {"title", c.title},
                        {"change", to_string(c.change)},
                        {"before", to_string(c.before)},
                        {"after", to_string(c.after)},
                        {"reason", c.reason}});
}

Value item_value(const ItemChange& item) {
  return Value::object({{"change", item.appeared ? "new" : "gone"},
                        {"case", item.where},
                        {"what", item.what},
                        {"message", item.message}});
}

Value figures_value(const Figures& f) {
  Value out = Value::object({{"count", f.count}});
  if (f.count == 0) return out;
  out.set("min", f.min);
  out.set("median", f.median);
  out.set("average", f.average);
  out.set("max", f.max);
  return out;
}

Value kpi_value(const KpiChange& kpi) {
  return Value::object({{"kpi", kpi.name},
                        {"pace", to_string(kpi.pace)},
                        {"now_beyond_declared", kpi.now_beyond_declared},
                        {"before", figures_value(kpi.before)},
                        {"after", figures_value(kpi.after)}});
}

Value duration_value(const DurationChange& d) {
  return Value::object({{"id", d.id},
                        {"title", d.title},
                        {"pace", d.slower ? "slower" : "faster"},
                        {"before", d.before},
                        {"after", d.after}});
}

Value uneven_value(const Unevenness& one) {
  return Value::object({{"what", one.what}, {"before", one.before}, {"after", one.after}});
}

}  // namespace

std::string compare_json(const Comparison& c) {
  return base::write_json_pretty(
      Value::object({{"format", kComparisonFormat},
                     {"before", run_value(c.before)},
                     {"after", run_value(c.after)},
                     {"uneven", list_of(c.uneven, uneven_value)},
                     {"counts", Value::object({{"judged_in_both", number(c.judged_in_both)},
                                               {"worse", number(c.count(Change::worse))},
                                               {"better", number(c.count(Change::better))},
                                               {"unclear", number(c.count(Change::unclear))},
                                               {"new", number(c.count(Change::appeared))},
                                               {"gone", number(c.count(Change::gone))}})},
                     {"worse", c.count(Change::worse) > 0},
                     {"slower", c.slower()},
                     {"cases", list_of(c.cases, case_value)},
                     {"failures", list_of(c.failures, item_value)},
                     {"remarks", list_of(c.remarks, item_value)},
                     {"contradictions", list_of(c.contradictions, item_value)},
                     {"kpis", list_of(c.kpis, kpi_value)},
                     {"durations", list_of(c.durations, duration_value)}}));
}

}  // namespace plugproof::reports
