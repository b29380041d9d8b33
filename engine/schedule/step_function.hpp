// Functions of time that are constant piece by piece and have no value between the pieces.
#pragma once

#include <vector>

#include "engine/base/time.hpp"

namespace plugproof::schedule {

struct Segment {
  base::Micros from{0}, to{0};  // from ... to, without `to`
  double value = 0;
};

struct Span {
  base::Micros from{0}, to{0};
};

// By time, not overlapping, none empty.
using StepFunction = std::vector<Segment>;

// `upper` where it has a value, else `lower`.
StepFunction overlay(const StepFunction& upper, const StepFunction& lower);
// The smaller value where both have one, else the only one.
StepFunction least(const StepFunction& a, const StepFunction& b);
// Without what lies inside any of the spans, which may overlap.
StepFunction without(const StepFunction& f, std::vector<Span> spans);

}  // namespace plugproof::schedule
