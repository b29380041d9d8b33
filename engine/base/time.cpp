#include "engine/base/time.hpp"

#include <cstdio>

namespace plugproof::base {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::sys_days;
using std::chrono::year_month_day;

std::string format(Micros utc, int decimals) {
  const auto day = floor<days>(utc);
  const year_month_day date{sys_days{day}};
  const auto rest = utc - day;
  const auto of_day = std::chrono::duration_cast<std::chrono::seconds>(rest).count();
  const auto micros = (rest - std::chrono::seconds(of_day)).count();
  char text[64];
  const int written = std::snprintf(
      text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(of_day / 3600), static_cast<int>(of_day / 60 % 60),
      static_cast<int>(of_day % 60), static_cast<int>(micros));
  std::string out(text, static_cast<std::size_t>(written));
  if (decimals == 3) out.replace(out.size() - 4, 4, "Z");
  return out;
}

// Reads fixed-width digits and literals off the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}
  bool digits(int count, int& out) {
    if (rest_.size() < static_cast<std::size_t>(count)) return false;
    out = 0;
    for (int i = 0; i < count; ++i) {
      const char c = rest_[static_cast<std::size_t>(i)];
      if (c < '0' || c > '9') return false;
      out = out * 10 + (c - '0');
    }
    rest_.remove_prefix(static_cast<std::size_t>(count));
    return true;
  }
  bool one_of(std::string_view chars, char* got = nullptr) {
    if (rest_.empty() || chars.find(rest_.front()) == std::string_view::npos) return false;
    if (got) *got = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }
  bool at_end() const { return rest_.empty(); }
  bool at_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }

 private:
  std::string_view rest_;
};

}  // namespace

std::string format_utc_millis(Micros utc) {
  return format(utc, 3);
}
std::string format_utc_micros(Micros utc) {
  return format(utc, 6);
}

std::optional<Micros> parse_utc(std::string_view text) {
  Scanner in(text);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!in.digits(4, year) || !in.one_of("-") || !in.digits(2, month) || !in.one_of("-") ||
      !in.digits(2, day) || !in.one_of("Tt") || !in.digits(2, hour) || !in.one_of(":") ||
      !in.digits(2, minute) || !in.one_of(":") || !in.digits(2, second))
    return std::nullopt;
  std::int64_t micros = 0;
  if (in.one_of(".")) {
    if (!in.at_digit()) return std::nullopt;
    std::int64_t unit = 100000;
    for (int digit = 0; in.at_digit(); unit /= 10) {
      in.digits(1, digit);
      micros += digit * unit;
    }
  }
  int offset_minutes = 0;
  char sign = 0;
  if (in.one_of("+-", &sign)) {
    int h = 0, m = 0;
    if (!in.digits(2, h) || !in.one_of(":") || !in.digits(2, m) || h > 23 || m > 59)
      return std::nullopt;
    offset_minutes = (h * 60 + m) * (sign == '-' ? -1 : 1);
  } else if (!in.one_of("Zz")) {
    return std::nullopt;
  }
  const year_month_day date{std::chrono::year{year},
                            std::chrono::month{static_cast<unsigned>(month)},
                            std::chrono::day{static_cast<unsigned>(day)}};
  if (!in.at_end() || year < 1970 || !date.ok() || hour > 23 || minute > 59 || second > 60)
    return std::nullopt;
  if (second == 60) second = 59;
  return sys_days{date}.time_since_epoch() + std::chrono::hours(hour) +
         std::chrono::minutes(minute - offset_minutes) + std::chrono::seconds(second) +
         Micros(micros);
}

std::string format_duration(Nanos duration) {
  if (duration < Nanos::zero()) return std::string("-").append(format_duration(-duration));
  char text[64];
  const double s = to_seconds(duration);
  if (s < 0.0005) {
    std::snprintf(text, sizeof text, "%.0f us", s * 1e6);
  } else if (s < 1) {
    std::snprintf(text, sizeof text, "%.0f ms", s * 1e3);
  } else if (s < 120) {
    std::snprintf(text, sizeof text, "%.2f", s);
    std::string out = text;
    out.erase(out.find_last_not_of('0') + 1);
    if (out.back() == '.') out.pop_back();
    return out.append(" s");
  } else {
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(duration).count();
    if (whole < 7200) {
      std::snprintf(text, sizeof text, "%d min %d s", static_cast<int>(whole / 60),
                    static_cast<int>(whole % 60));
    } else {
      std::snprintf(text, sizeof text, "%d h %d min", static_cast<int>(whole / 3600),
                    static_cast<int>(whole / 60 % 60));
    }
  }
  return text;
}

}  // namespace plugproof::base
