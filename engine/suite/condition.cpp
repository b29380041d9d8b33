#include "engine/suite/model.hpp"

namespace plugproof::suite {

namespace {

std::string member(const Template& map, const char* key) {
  for (const auto& [name, value] : map.members())
    if (name == key) return value.to_display();
  return "?";
}

// Two instants stand for the time between them.
std::string instant(const Template& operand) {
  if (!operand.is_list() || operand.items().size() != 2) return operand.to_display();
  return "the time from " + operand.items()[0].to_display() + " to " +
         operand.items()[1].to_display();
}

}  // namespace

std::string Condition::to_display() const {
  std::string value = operand.to_display();
  switch (op) {
    case Op::equals:
      return value;
    case Op::one_of:
      return "one of " + value;
    case Op::differs:
      return "not " + value;
    case Op::at_least:
      return "at least " + value;
    case Op::at_most:
      return "at most " + value;
    case Op::matches:
      return "a match of " + value;
    case Op::absent:
      return "absent";
    case Op::present:
      return "present";
    case Op::length:
      return "of length " + value;
    case Op::contains:
      return "containing " + value;
    case Op::covers:
      return "covering " + value;
    case Op::fallback:
      return inner->to_display() + " (absent counts as " + extra.to_display() + ")";
    case Op::close_to:
      return "within " + extra.to_display() + " s of " + instant(operand);
    case Op::composite:
      return "the composite of the installed profiles (connector " + member(operand, "connector") +
             ", " + member(operand, "duration") + " s, in " + member(operand, "unit") + ")";
    case Op::holds:
      return "such that " + expression->text();
  }
  return value;
}

}  // namespace plugproof::suite
