// Is a reported composite schedule the expected one? Both are compared as functions of time: how
// they are cut into periods does not matter, and every boundary may be off by a deviation.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/schedule/composite.hpp"

namespace plugproof::schedule {

struct Expected {
  std::vector<Piece> pieces;          // of composite(), with a margin of at least `deviation`
  double length = 0;                  // seconds
  double deviation = 0;               // seconds
  std::optional<double> local_limit;  // of the charge point itself, where it is known
  Unit unit = Unit::ampere;
};

// As the answer says it; nothing is sorted or repaired.
struct Reported {
  struct Period {
    double start = 0;  // seconds
    double limit = 0;
  };
  std::vector<Period> periods;
  std::optional<double> duration;  // seconds
};

// Where no profile limits, the local limit is expected, or any positive one when that is not known.
// Where one does, a charge point may report its lower local limit all the same (section 5.7).
// Limits are equal when they differ by less than a unit of the one decimal that they may have.
// Periods begin at whole seconds: an expected piece of less than one may be lost.
//
// Nothing when they agree; else the first difference as a sentence: "at second 45 the limit is
// 9 A, not 10 A". Linear in the number of periods, but for those within the deviation of each
// other.
std::optional<std::string> difference(const Expected& expected, const Reported& reported);

// "8 A from 0 s, 10 A from 45 s", at most some ten periods of them.
std::string to_text(const Expected& expected);
std::string to_text(const Reported& reported, Unit unit);

}  // namespace plugproof::schedule
