// Judges fields of a message against the checks of a step.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/expression.hpp"
#include "engine/suite/model.hpp"

namespace plugproof::run {

struct CheckOutcome {
  bool passed = true;
  std::string field;     // the place that decided
  std::string expected;  // for people
  std::string actual;
};

// Throws base::EvaluationError when an expression of the check cannot be evaluated.
CheckOutcome judge(const suite::FieldCheck& check, const base::Value& payload,
                   const base::Scope& scope);

// What a field must be, with expressions replaced by their values where they have one.
std::string expectation(const suite::Condition& condition, const base::Scope& scope);

// Whether all checks hold.
bool all_hold(const std::vector<suite::FieldCheck>& checks, const base::Value& payload,
              const base::Scope& scope);

}  // namespace plugproof::run
