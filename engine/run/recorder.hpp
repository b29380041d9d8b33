// Collects what one case produces while it runs, and writes it to the journal as it happens.
#pragma once

#include <string>
#include <vector>

#include "engine/run/checks.hpp"
#include "engine/run/journal.hpp"
#include "engine/run/verdict.hpp"
#include "engine/suite/model.hpp"

namespace plugproof::run {

// A step cannot go on: the scenario ends here. `inconclusive`: through no proven fault of the
// charge point.
struct Abort {
  Failure failure;
  bool inconclusive = false;
};

class Recorder {
 public:
  // Findings beyond these are in the journal only.
  static constexpr std::size_t kMaxFailures = 200;
  static constexpr std::size_t kMaxRemarks = 200;

  Recorder(Journal& journal, const suite::TestCase& test_case)
      : journal_(journal), case_(test_case) {}

  void step(base::Nanos at, const suite::Step& step, const std::string& label,
            std::optional<base::Nanos> deadline);
  void match(base::Nanos at, const std::string& label, std::int64_t frame);
  // One judged check; a failed one becomes a failure of the case.
  void check(base::Nanos at, const std::string& name, const CheckOutcome& outcome,
             const Failure& context);
  void passed(base::Nanos at, const std::string& name);
  void note(base::Nanos at, const std::string& text);
  void fail(Failure failure);
  void inconclusive(Failure failure);
  void error(Failure failure);  // of the harness itself
  // The bench broke down, which explains every failure of the case but those of monitors, who
  // judge single frames: a case that failed for no other reason is inconclusive.
  void excuse(Failure failure);
  void finding(base::Nanos at, const Finding& finding);

  // A failure with place, requirement and advice of the case filled in.
  Failure failure(const suite::Step& step, std::string check, std::string kind,
                  std::string message) const;

  CaseResult& result() { return result_; }

 private:
  // The failure as it may be shown: not endless, without secrets.
  void keep(Failure failure);

  Journal& journal_;
  const suite::TestCase& case_;
  CaseResult result_;
};

}  // namespace plugproof::run
