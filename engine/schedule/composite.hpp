// The composite schedule that follows from installed charging profiles: OCPP 1.6 edition 2
// sections 3.13, 5.7, 5.16 and 7.8 to 7.14, with errata sheet 4.0.
//
//  - ChargePointMaxProfile limits everything. A TxProfile of the running transaction overrules the
//    TxDefaultProfiles as long as it is valid, also where its own schedule is over (3.13.1).
//  - A TxDefaultProfile of connector 0 is for every connector; one of a connector takes the place
//  of
//    that of connector 0 with the same stackLevel (3.13.1).
//  - Of one purpose the highest stackLevel that is valid and has a period in force prevails; the
//    lower ones show through after its end (3.13.2, 5.16.4).
//  - A recurring schedule begins anew with every day or week and is cut there (5.16.4); before
//    startSchedule it is not in force.
//  - A schedule that is Relative, or has no startSchedule, begins with the transaction (7.9, 7.13),
//    and without one with the window: what would be if charging began then.
//  - Limits of another unit than the one asked for are converted, W = A * voltage * phases, for no
//    more phases than there are (errata 4.0, section 3.34).
#pragma once

#include <optional>
#include <vector>

#include "engine/schedule/profile.hpp"

namespace plugproof::schedule {

struct Supply {
  double voltage = 230;  // between a phase and neutral
  int phases = 3;        // at the connector
};

struct Question {
  std::int64_t connector = 1;  // from 1: the sum over all connectors is not computed here
  base::Micros from{0};
  base::Micros length{0};
  // How far beyond both ends the answer goes: clocks may differ.
  base::Micros margin{0};
  Unit unit = Unit::ampere;
  std::optional<std::int64_t> transaction;     // running on the connector
  std::optional<base::Micros> charging_since;  // when it started
};

struct Piece {
  double start = 0;             // seconds since Question::from; the first one at -margin
  std::optional<double> limit;  // in the unit asked for; none: no profile limits
};

// By time; neighbours differ. Later profiles of the list win among equals.
std::vector<Piece> composite(const std::vector<Profile>& profiles, const Question& question,
                             const Supply& supply);

}  // namespace plugproof::schedule
