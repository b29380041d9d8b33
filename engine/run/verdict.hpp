// Verdicts and what explains them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/value.hpp"

namespace plugproof::run {

// As in TTCN-3, worst last: an error of the harness outweighs a fail, which outweighs inconc.
enum class Verdict { pass, inconc, fail, error };
const char* to_string(Verdict verdict);

// One reason for a verdict other than pass, complete for a reader who was not there
// (docs/journal.md).
struct Failure {
  std::string check;  // "5:idTag", "monitor:schema"
  std::string kind;   // check, missing, order, forbidden, timing, no_answer, call_error,
                      // disconnected, monitor, precondition, bench
  std::string message;
  std::string field, expected, actual;
  std::optional<std::int64_t> frame;  // sequence number of the record it is about
  std::string place;                  // file:line:column of the step
  std::string requirement, reference, advice;

  base::Value to_value() const;
};

enum class FindingSeverity { fail, remark };

// What a monitor found.
struct Finding {
  std::string monitor;
  FindingSeverity severity = FindingSeverity::remark;
  std::string message;
  std::string expected, actual, field;
  std::optional<std::int64_t> frame;
  std::string reference;
};

struct CaseResult {
  std::string id;
  Verdict verdict = Verdict::pass;
  std::string reason;
  std::vector<Failure> failures;
  std::vector<Finding> remarks;
  int checks = 0;  // judged
  double seconds = 0;
};

}  // namespace plugproof::run
