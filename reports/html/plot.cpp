#include "reports/html/plot.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "reports/text.hpp"
#include "reports/titles.hpp"

namespace plugproof::reports::html {

namespace {

using base::Value;

// Of the drawing, in its own units; the page scales it.
constexpr double kWidth = 640, kHeight = 170;
constexpr double kLeft = 52, kRight = 12, kTop = 16, kBottom = 28;

// The smallest of 1, 2 and 5 times a power of ten that is at least `value`.
double round_up(double value) {
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= value * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

std::string at(double place) {
  return fixed(place, 1);
}

std::string tick_text(double seconds, double step) {
  return fixed(seconds, step < 0.1 ? 2 : step < 1 ? 1 : 0);
}

}  // namespace

Value plot(const Kpi& kpi, const SampleSeries& series) {
  if (kpi.count == 0 || series.columns.empty()) return {};
  // A clock that jumps can give any figure; the scale needs one it can divide.
  const double most = std::clamp(std::max(kpi.max, kpi.declared.value_or(0)), 0.01, 1e9);
  const double step = round_up(most / 5);
  const double top = step * std::ceil(most * 1.04 / step - 1e-9);
  const auto x = [&](std::size_t i) {
    return kLeft + (kWidth - kLeft - kRight) * (static_cast<double>(i) + 0.5) /
                       static_cast<double>(series.columns.size());
  };
  const auto y = [&](double seconds) {
    return kTop + (kHeight - kTop - kBottom) * (1 - std::clamp(seconds, 0.0, top) / top);
  };

  Value::List ticks, dots, crosses, bars;
  for (int i = 0; i * step <= top * (1 + 1e-9) && i <= 10; ++i)
    ticks.push_back(Value::object({{"y", at(y(i * step))},
                                   {"text_y", at(y(i * step) + 4)},
                                   {"text", tick_text(i * step, step)}}));
  for (std::size_t i = 0; i < series.columns.size(); ++i) {
    const auto& column = series.columns[i];
    if (!column.any) continue;
    if (y(column.min) - y(column.max) > 3)
      bars.push_back(
          Value::object({{"x", at(x(i))}, {"y1", at(y(column.min))}, {"y2", at(y(column.max))}}));
    const bool over = kpi.declared && column.max > *kpi.declared;
    const double cx = x(i), cy = y(column.max);
    Value mark = Value::object({{"x", at(cx)}, {"y", at(cy)}});
    if (over) {
      mark.set("x1", at(cx - 4));
      mark.set("x2", at(cx + 4));
      mark.set("y1", at(cy - 4));
      mark.set("y2", at(cy + 4));
    }
    (over ? crosses : dots).push_back(std::move(mark));
  }
  Value declared = false;
  if (kpi.declared && *kpi.declared <= top) {
    const double line = y(*kpi.declared);
    declared = Value::object({{"y", at(line)},
                              {"text_y", at(line < kTop + 14 ? line + 14 : line - 5)},
                              {"text", "declared maximum " + fixed(*kpi.declared, 0) + " s"}});
  }
  const auto samples = static_cast<std::size_t>(kpi.count);
  const bool thinned = samples > series.columns.size();
  std::string words = kpi_title(kpi.name) + ": " + counted(samples, "sample") + " from " +
                      fixed(kpi.min, 2) + " to " + fixed(kpi.max, 2) + " s";
  if (kpi.declared)
    words += kpi.beyond_declared() ? ", some above the declared maximum of "
                                   : ", none above the declared maximum of ";
  if (kpi.declared) words += fixed(*kpi.declared, 0) + " s";
  Value::List slowest;
  // Where all take the same time none is slow.
  for (const auto& slow : series.slowest)
    if (kpi.max > kpi.min)
      slowest.push_back(
          Value::object({{"seconds", fixed(slow.seconds, 3)}, {"case", slow.case_id}}));
  return Value::object({{"title", kpi_title(kpi.name)},
                        {"description", kpi_description(kpi.name)},
                        {"words", words},
                        {"left", at(kLeft)},
                        {"right", at(kWidth - kRight)},
                        {"tick_x", at(kLeft - 6)},
                        {"axis_y", at(kHeight - kBottom)},
                        {"label_y", at(kHeight - 8)},
                        {"first", "sample 1"},
                        {"last", samples > 1 ? std::to_string(samples) : std::string()},
                        {"ticks", Value(std::move(ticks))},
                        {"bars", Value(std::move(bars))},
                        {"dots", Value(std::move(dots))},
                        {"crosses", Value(std::move(crosses))},
                        {"line", std::move(declared)},
                        {"thinned", thinned},
                        {"has_slowest", !slowest.empty()},
                        {"slowest", Value(std::move(slowest))}});
}

}  // namespace plugproof::reports::html
