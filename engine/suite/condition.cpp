#include "engine/suite/model.hpp"

namespace plugproof::suite {

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
      return "within " + extra.to_display() + " s of " + value;
    case Op::holds:
      return "such that " + expression->text();
  }
  return value;
}

}  // namespace plugproof::suite
