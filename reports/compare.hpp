// Two runs side by side: what got better, worse and slower from one firmware build to the next.
// Follows from the two journals alone (docs/reports.md, "Comparing two runs").
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reports/results.hpp"
#include "reports/terminal.hpp"

namespace plugproof::reports {

// One of the two runs.
struct ComparedRun {
  std::string name, tool, started, head;
  std::vector<std::string> firmware;  // versions of BootNotification, the first one first
  std::string firmware_image_sha256;  // empty: none was given
  std::string device;                 // identities, serial numbers
};

// Something that makes the comparison uneven.
struct Unevenness {
  std::string what, before, after;
};

enum class Change { worse, better, unclear, appeared, gone };
const char* to_string(Change change);

struct CaseChange {
  std::string id, title;
  Verdict before = Verdict::not_run, after = Verdict::not_run;
  std::string reason;  // of the verdict after
  Change change = Change::unclear;
};

// A failure, a remark or a contradicted claim that only one of the runs has.
struct ItemChange {
  bool appeared = false;  // else it is gone
  std::string where;      // id of the case; empty: between cases
  std::string what;       // the check, the monitor, the claim
  std::string message;
};

enum class Pace { same, slower, faster, too_few };
const char* to_string(Pace pace);

struct Figures {
  std::int64_t count = 0;
  double min = 0, median = 0, average = 0, max = 0;  // seconds
};

struct KpiChange {
  std::string name;
  Figures before, after;
  Pace pace = Pace::same;
  bool now_beyond_declared = false;  // the maximum, and it was not before
};

// How long a case waited for the charge point in its scenario.
struct DurationChange {
  std::string id, title;
  double before = 0, after = 0;  // seconds
  bool slower = false;           // else faster
};

struct Comparison {
  ComparedRun before, after;
  std::vector<Unevenness> uneven;
  std::size_t judged_in_both = 0;  // cases
  std::vector<CaseChange> cases;
  std::vector<ItemChange> failures;  // of cases that passed in neither run
  std::vector<ItemChange> remarks, contradictions;
  std::vector<KpiChange> kpis;  // all that have samples
  std::vector<DurationChange> durations;

  std::size_t count(Change change) const;
  bool slower() const;
  bool nothing_differs() const;
};

// What counts as slower; a rule that does not cry wolf.
inline constexpr std::size_t kFewestSamples = 8;  // of a KPI, in each run
inline constexpr double kPaceShare = 0.10, kPaceSeconds = 0.05;
inline constexpr double kPaceDeviations = 3;  // of the rank sum
inline constexpr double kDurationShare = 0.25, kDurationSeconds = 5;

// Whether samples got slower: the median by the share and the seconds above, and the ranks of all
// samples by more than chance (Mann and Whitney's test with its correction for equal values).
Pace pace_of(std::vector<double> before, std::vector<double> after);

// Both read from journals. Throws base::InputError when one cannot be read again.
Comparison compare(const Results& before, const Results& after);

std::string compare_text(const Comparison& comparison, const Style& style);
std::string compare_json(const Comparison& comparison);
std::string compare_markdown(const Comparison& comparison);

}  // namespace plugproof::reports
