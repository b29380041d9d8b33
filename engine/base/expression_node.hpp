// The tree that an expression is parsed into: made by the parser, walked by the evaluation.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/expression.hpp"
#include "engine/base/expression_functions.hpp"

namespace plugproof::base {

struct Expression::Node {
  enum class Kind { literal, name, list, call, unary, binary, member, index };
  Kind kind = Kind::literal;
  Value literal;
  std::string text;  // name, function, member or operator
  std::vector<std::shared_ptr<const Node>> children;
  const Function* function = nullptr;
};

}  // namespace plugproof::base
