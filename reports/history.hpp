// What happened in each case, for the reports that show it frame by frame. A second pass over the
// journal, with bounds: of a long case the beginning, the end and what lies around a failure are
// kept, of a long frame its beginning. The journal has them all.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/results.hpp"

namespace plugproof::reports {

// A check that was judged.
struct JudgedCheck {
  std::string name, field, expected, actual;
  bool passed = false;
};

// One thing that happened: a frame, something at the bench, a new phase of the case, or a check
// that belongs to no frame.
struct Event {
  std::int64_t seq = 0;
  std::int64_t t = 0;  // ns on the run's clock
  std::string utc;
  std::string kind;          // of the record
  std::string text;          // of a frame: as on the wire, its beginning; else in a few words
  std::size_t bytes = 0;     // of the whole frame
  bool binary = false;       // then `text` is hex
  std::string type, action;  // of a frame: call, result or error, and the message
  std::string label;         // of the step that sent it or took it
  std::int64_t request = 0;  // seq of the call that an answer belongs to; 0: none known
  std::optional<double> answered_in;  // seconds, of an answer
  std::vector<JudgedCheck> checks;    // judged on this frame
  std::vector<Finding> findings;      // of the monitors, on this frame
  std::size_t left_out_before = 0;    // events that are not kept
};

// A step as it began.
struct BegunStep {
  std::string summary;
  std::optional<std::int64_t> number;  // of the test document
  std::int64_t seq = 0, t = 0;
  std::optional<std::int64_t> deadline;  // ns on the run's clock
};

// A physical action that was asked for, with its end where it had one.
struct RigAction {
  std::string utc, action, arguments, adapter, outcome, reason;
};

struct CaseHistory {
  std::vector<Event> events;
  std::map<std::string, BegunStep, std::less<>> steps;  // by label
  std::vector<RigAction> rig;
  std::size_t frames = 0;    // all of the case
  std::size_t left_out = 0;  // events that are not kept
  std::int64_t rig_left_out = 0;
};

// The samples of a KPI in the order of the run, thinned out: each column holds the least and the
// greatest of as many samples as there are more samples than columns.
struct SampleSeries {
  struct Column {
    double min = 0, max = 0;
    bool any = false;
  };
  struct Slow {
    double seconds = 0;
    std::string case_id;  // empty: between cases
  };
  std::vector<Column> columns;
  std::vector<Slow> slowest;  // the greatest first
};

struct Histories {
  std::map<std::string, CaseHistory, std::less<>> cases;     // by id; the last attempt of each
  CaseHistory outside;                                       // of cases
  std::map<std::string, SampleSeries, std::less<>> samples;  // by KPI
  std::string journal_sha256;                                // of the whole file
};

// Reads the journal that `results` were read from once more. Throws base::InputError when it
// cannot be read.
Histories read_histories(const Results& results);

// The step that a check name belongs to, `3:reason` to `3` and `4:status` to `3` as well where 3
// is a request of ours that 4 answers; nullptr when none is known.
const std::pair<const std::string, BegunStep>* step_of_check(const CaseHistory& history,
                                                             std::string_view check);

}  // namespace plugproof::reports
