// The functions that expressions may call.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "engine/base/expression.hpp"

namespace plugproof::base {

struct Function {
  FunctionInfo info;
  std::function<Value(const std::vector<Value>&)> call;  // throws EvaluationError
};

// nullptr when there is none of that name.
const Function* find_function(std::string_view name);
// Further ones, of a part above this one: at its start, before an expression is read that names
// them. One of a name that is known is left out.
void add_functions(const std::vector<Function>& functions);

}  // namespace plugproof::base
