#include "engine/schedule/step_function.hpp"

#include <algorithm>

namespace plugproof::schedule {

using base::Micros;

namespace {

// Walks over two functions at once; `choose` gets the values that there are, at least one.
template <typename Choose>
StepFunction merged(const StepFunction& a, const StepFunction& b, const Choose& choose) {
  StepFunction out;
  std::size_t i = 0, j = 0;
  Micros at = Micros::min();
  while (i < a.size() || j < b.size()) {
    const Segment* first = i < a.size() ? &a[i] : nullptr;
    const Segment* second = j < b.size() ? &b[j] : nullptr;
    const bool in_first = first && first->from <= at;
    const bool in_second = second && second->from <= at;
    // The next instant at which either begins or ends.
    Micros next = Micros::max();
    if (first) next = std::min(next, in_first ? first->to : first->from);
    if (second) next = std::min(next, in_second ? second->to : second->from);
    if ((in_first || in_second) && next > at)
      out.push_back(
          {at, next,
           choose(in_first ? &first->value : nullptr, in_second ? &second->value : nullptr)});
    at = next;
    if (first && first->to <= at) ++i;
    if (second && second->to <= at) ++j;
  }
  return out;
}

}  // namespace

StepFunction overlay(const StepFunction& upper, const StepFunction& lower) {
  return merged(upper, lower, [](const double* u, const double* l) { return u ? *u : *l; });
}

StepFunction least(const StepFunction& a, const StepFunction& b) {
  return merged(a, b, [](const double* x, const double* y) {
    if (!x || !y) return x ? *x : *y;
    return std::min(*x, *y);
  });
}

StepFunction without(const StepFunction& f, std::vector<Span> spans) {
  std::sort(spans.begin(), spans.end(),
            [](const Span& a, const Span& b) { return a.from < b.from; });
  StepFunction out;
  std::size_t next = 0;
  Micros covered = Micros::min();  // everything before is inside a span already passed
  for (Segment rest : f) {
    while (rest.from < rest.to) {
      while (next < spans.size() && spans[next].from <= rest.from)
        covered = std::max(covered, spans[next++].to);
      rest.from = std::max(rest.from, covered);
      const Micros end = next < spans.size() ? std::min(rest.to, spans[next].from) : rest.to;
      if (rest.from < end) out.push_back({rest.from, end, rest.value});
      rest.from = std::max(rest.from, end);
    }
  }
  return out;
}

}  // namespace plugproof::schedule
