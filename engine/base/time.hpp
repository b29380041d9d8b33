// Time as the engine sees it: nanoseconds on the one clock for durations and deadlines,
// microseconds since 1970 in UTC for what people read and what OCPP's dateTime fields say.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plugproof::base {

using Nanos = std::chrono::nanoseconds;    // since the start of the clock, or a duration
using Micros = std::chrono::microseconds;  // since 1970-01-01T00:00:00Z

// 2026-01-01T00:00:00.000Z, always three decimals: the form of OCPP payloads that we send.
std::string format_utc_millis(Micros utc);
// The same with six decimals: the form of the journal.
std::string format_utc_micros(Micros utc);

// A date-time of RFC 3339 (what OCPP 1.6 means by dateTime), offset or Z required, years 1970 to
// 9999, leap seconds read as the second before. Nothing for anything else.
std::optional<Micros> parse_utc(std::string_view text);

// "1.5 s", "250 ms", "2 min 5 s": for sentences.
std::string format_duration(Nanos duration);

inline double to_seconds(Nanos d) {
  return std::chrono::duration<double>(d).count();
}
// Spans beyond a hundred years count as that: added to any time of a clock they still fit.
inline Nanos from_seconds(double s) {
  constexpr double kCentury = 100 * 365.25 * 86400;
  return std::chrono::duration_cast<Nanos>(
      std::chrono::duration<double>(std::clamp(s, -kCentury, kCentury)));
}

}  // namespace plugproof::base
