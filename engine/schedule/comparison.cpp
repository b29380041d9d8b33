#include "engine/schedule/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace plugproof::schedule {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
// Of limits with one decimal (section 7.14: multiples of 0.1), whichever way they were rounded.
constexpr double kRounding = 0.1 - 1e-6;
constexpr std::size_t kShownPeriods = 12;

// 6, 6.5, 8.67: no more decimals than it has, two at most.
std::string number(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.2f", value);
  std::string out = text;
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out;
}

std::string amount(double limit, Unit unit) {
  return number(limit) + " " + to_string(unit);
}

bool equal(double a, double b) {
  return std::fabs(a - b) < kRounding;
}

// A stretch of one function: a piece or a period with its end.
struct Given {
  double from = 0, to = 0;
  double limit = 0;
};
struct Wanted {
  double from = 0, to = 0;
  std::optional<double> limit;
  // Periods begin at whole seconds, so a piece of less than one may be lost between its neighbours:
  // the nearest longer ones, by index.
  std::optional<std::size_t> before, after;
};
constexpr double kShortest = 1;  // seconds

std::vector<Wanted> wanted_of(const Expected& expected) {
  std::vector<Wanted> out;
  const double end = expected.length + expected.deviation;
  for (std::size_t i = 0; i < expected.pieces.size(); ++i) {
    const double to = i + 1 < expected.pieces.size() ? expected.pieces[i + 1].start : end;
    out.push_back({expected.pieces[i].start, to, expected.pieces[i].limit, {}, {}});
  }
  const auto brief = [](const Wanted& piece) { return piece.to - piece.from < kShortest; };
  std::optional<std::size_t> longer;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (brief(out[i]))
      out[i].before = longer;
    else
      longer = i;
  }
  longer.reset();
  for (std::size_t i = out.size(); i-- > 0;) {
    if (brief(out[i]))
      out[i].after = longer;
    else
      longer = i;
  }
  return out;
}

// Equal neighbours are one, and what has no length or begins after the end is nothing.
std::vector<Given> given_of(const Reported& reported, double length) {
  std::vector<Given> out;
  for (std::size_t i = 0; i < reported.periods.size(); ++i) {
    const auto& period = reported.periods[i];
    const bool last = i + 1 == reported.periods.size();
    const double to = last ? length : std::min(length, reported.periods[i + 1].start);
    if (period.start >= to) continue;
    if (!out.empty() && out.back().limit == period.limit)
      out.back().to = to;
    else
      out.push_back({period.start, to, period.limit});
  }
  return out;
}

bool accepts(const Expected& expected, const std::optional<double>& wanted, double given) {
  if (!wanted) return expected.local_limit ? equal(given, *expected.local_limit) : given > 0;
  return equal(given, *wanted) || (expected.local_limit && *expected.local_limit < *wanted &&
                                   equal(given, *expected.local_limit));
}

bool accepts(const Expected& expected, const std::vector<Wanted>& wanted, const Wanted& piece,
             double given) {
  return accepts(expected, piece.limit, given) ||
         (piece.before && accepts(expected, wanted[*piece.before].limit, given)) ||
         (piece.after && accepts(expected, wanted[*piece.after].limit, given));
}

std::string wanted_text(const Expected& expected, const std::optional<double>& wanted) {
  if (wanted) return amount(*wanted, expected.unit);
  return expected.local_limit ? "the local limit of " + amount(*expected.local_limit, expected.unit)
                              : "any positive limit";
}

// The two functions agree when there is a way through both, forward in time, on which the clocks
// never differ by more than the deviation and the limits always agree. Each pair of stretches is a
// rectangle, wanted time from left to right and given time upwards; the way may pass from one into
// the next over a side, or over the corner where both functions change at once.
class Way {
 public:
  Way(const Expected& expected, const std::vector<Wanted>& wanted, const std::vector<Given>& given)
      : expected_(expected),
        wanted_(wanted),
        given_(given),
        row_(wanted.size()),
        above_(wanted.size()) {}

  bool exists() {
    const double d = expected_.deviation;
    for (std::size_t i = 0; i < wanted_.size() && wanted_[i].from <= d; ++i)
      row_[i].bottom = std::max(wanted_[i].from, -d);
    std::size_t first = 0;
    for (std::size_t j = 0; j < given_.size(); ++j) {
      while (first + 1 < wanted_.size() && wanted_[first].to < given_[j].from - d) ++first;
      std::size_t i = first;
      for (; i < wanted_.size() && wanted_[i].from <= given_[j].to + d; ++i) pass(i, j);
      for (std::size_t k = first; k < std::min(i + 1, wanted_.size()); ++k) row_[k] = {};
      row_.swap(above_);
    }
    return arrived_;
  }

  // How far the two times came at the most.
  double wanted_time() const { return wanted_time_; }
  double given_time() const { return given_time_; }

 private:
  // From where a rectangle can be entered: the least time on its left and on its bottom side.
  struct Entry {
    double left = kNever, bottom = kNever;
  };

  void pass(std::size_t i, std::size_t j) {
    const Entry in = row_[i];
    const Wanted& x = wanted_[i];
    const Given& y = given_[j];
    if ((in.left == kNever && in.bottom == kNever) || !accepts(expected_, wanted_, x, y.limit))
      return;
    const double d = expected_.deviation;
    wanted_time_ = std::max(wanted_time_, std::min(x.to, y.to + d));
    given_time_ = std::max(given_time_, std::min(y.to, x.to + d));
    const bool beside = i + 1 < wanted_.size(), over = j + 1 < given_.size();
    // To the right, at the time x.to: not before the way came in.
    const double low = std::max(y.from, x.to - d);
    const double right = in.bottom <= x.to ? low : std::max(low, in.left);
    if (right <= std::min(y.to, x.to + d) && beside)
      row_[i + 1].left = std::min(row_[i + 1].left, right);
    // Upwards, at the time y.to.
    const double near = std::max(x.from, y.to - d);
    const double top = in.left <= y.to ? near : std::max(near, in.bottom);
    if (top <= std::min(x.to, y.to + d)) {
      if (over)
        above_[i].bottom = std::min(above_[i].bottom, top);
      else
        arrived_ = true;
    }
    if (beside && over && std::fabs(x.to - y.to) <= d) above_[i + 1] = {y.to, x.to};
  }

  const Expected& expected_;
  const std::vector<Wanted>& wanted_;
  const std::vector<Given>& given_;
  std::vector<Entry> row_, above_;
  double wanted_time_ = 0, given_time_ = 0;
  bool arrived_ = false;
};

template <typename Stretch>
const Stretch& at(const std::vector<Stretch>& function, double time) {
  const auto after = std::upper_bound(function.begin(), function.end(), time,
                                      [](double t, const auto& s) { return t < s.from; });
  return after == function.begin() ? function.front() : *(after - 1);
}

std::optional<std::string> disorder(const Expected& expected, const Reported& reported) {
  const auto& periods = reported.periods;
  if (periods.empty()) return "there is no period";
  if (periods.front().start != 0)
    return "the first period begins at second " + number(periods.front().start) + ", not at 0";
  for (std::size_t i = 1; i < periods.size(); ++i)
    if (periods[i].start < periods[i - 1].start)
      return "the period that begins at second " + number(periods[i].start) +
             " stands behind the one of second " + number(periods[i - 1].start);
  if (reported.duration && *reported.duration != expected.length)
    return "the schedule lasts " + number(*reported.duration) + " s, not " +
           number(expected.length) + " s";
  return std::nullopt;
}

void append(std::string& out, std::size_t index, std::size_t count, const std::string& limit,
            double start) {
  if (index == kShownPeriods) out += " and " + std::to_string(count - index) + " more";
  if (index >= kShownPeriods) return;
  out += (index == 0 ? "" : ", ") + limit + " from " + number(start) + " s";
}

}  // namespace

std::optional<std::string> difference(const Expected& expected, const Reported& reported) {
  if (auto problem = disorder(expected, reported)) return problem;
  const auto wanted = wanted_of(expected);
  const auto given = given_of(reported, expected.length);
  if (given.empty() || wanted.empty()) return std::nullopt;  // a window without length
  Way way(expected, wanted, given);
  if (way.exists()) return std::nullopt;
  // Where the way ends the limits differ, at the one time or at the other.
  for (const double time : {way.given_time(), way.wanted_time()}) {
    const double shown = std::clamp(std::round(time), 0.0, expected.length);
    const auto& want = at(wanted, time);
    const auto& got = at(given, std::clamp(time, 0.0, expected.length));
    if (accepts(expected, wanted, want, got.limit)) continue;
    return "at second " + number(shown) + " the limit is " + amount(got.limit, expected.unit) +
           ", not " + wanted_text(expected, want.limit);
  }
  return "around second " + number(std::round(way.given_time())) +
         " the limits change in another order";
}

std::string to_text(const Expected& expected) {
  std::string out;
  std::vector<Wanted> shown;
  for (const auto& piece : wanted_of(expected))
    if (piece.to > 0 && piece.from < expected.length) shown.push_back(piece);
  for (std::size_t i = 0; i < shown.size(); ++i)
    append(out, i, shown.size(), wanted_text(expected, shown[i].limit),
           std::max(0.0, shown[i].from));
  return out + ", each give or take " + number(expected.deviation) + " s";
}

std::string to_text(const Reported& reported, Unit unit) {
  std::string out;
  for (std::size_t i = 0; i < reported.periods.size(); ++i)
    append(out, i, reported.periods.size(), amount(reported.periods[i].limit, unit),
           reported.periods[i].start);
  return out.empty() ? "no period" : out;
}

}  // namespace plugproof::schedule
