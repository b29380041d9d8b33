// Profiles in few words, for the tests of the schedule arithmetic. Instants are seconds since
// kNoon.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "engine/schedule/composite.hpp"

namespace plugproof::schedule {

inline constexpr std::int64_t kNoonSeconds = 1767268800;  // 2026-01-01T12:00:00Z

inline base::Micros noon(std::int64_t plus = 0) {
  return seconds(kNoonSeconds + plus);
}

using Steps = std::initializer_list<std::pair<std::int64_t, double>>;

inline Profile profile(Purpose purpose, std::int64_t level, Steps steps) {
  Profile out;
  out.connector = purpose == Purpose::charge_point_max ? 0 : 1;
  out.purpose = purpose;
  out.stack_level = level;
  out.start = noon();
  for (const auto& [start, limit] : steps) out.periods.push_back({start, limit, 3});
  return out;
}

inline Question question(std::int64_t from, std::int64_t length) {
  Question out;
  out.from = noon(from);
  out.length = seconds(length);
  return out;
}

// "0:8 50:10 200:-": a limit from each second on, - where there is none.
inline std::string told(const std::vector<Piece>& pieces) {
  std::string out;
  for (const auto& piece : pieces) {
    char text[64];
    std::snprintf(text, sizeof text, "%s%g:", out.empty() ? "" : " ", piece.start);
    out += text;
    if (piece.limit)
      std::snprintf(text, sizeof text, "%g", *piece.limit);
    else
      std::snprintf(text, sizeof text, "-");
    out += text;
  }
  return out;
}

inline std::string composite_of(const std::vector<Profile>& profiles, const Question& asked,
                                const Supply& supply = {}) {
  return told(composite(profiles, asked, supply));
}

}  // namespace plugproof::schedule
