// The one expression language: `applies` of a test case, conditions of steps and computed values.
//
//   C-04 and not AQ-2                      PICS ids stand for their answers
//   config.AuthorizeRemoteTxRequests == 'true'
//   min(number(max_keys), len(keys))
//
// or, and, not; == != < <= > >= in; + - * / %; numbers, 'texts', true, false, null, [lists]; names
// with dots; functions (see known_functions()). `and` and `or` stop at the first side that decides,
// so ids of a profile that is not claimed may be absent behind `profile.X and ...`. There is no
// conversion by guess: a condition that is no boolean, or a name without a value, is an error that
// names it.
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/base/value.hpp"

namespace plugproof::base {

// Where names get their values. `name` may have dots; the longest prefix that has a value is used
// and the rest is looked up as members of it (a member that is missing is null).
class Scope {
 public:
  virtual ~Scope() = default;
  virtual std::optional<Value> lookup(std::string_view name) const = 0;
};

class EvaluationError : public std::runtime_error {
 public:
  EvaluationError(const std::string& message, std::string missing = {})
      : std::runtime_error(message), missing_name(std::move(missing)) {}
  std::string missing_name;  // the name without a value, when that is the reason
};

class Expression {
 public:
  // Errors go to `diagnostics` at `pos`; nothing is returned then.
  static std::optional<Expression> parse(std::string_view text, const SourcePos& pos,
                                         Diagnostics& diagnostics);

  Value evaluate(const Scope& scope) const;
  // For conditions: anything but true or false is an EvaluationError.
  bool holds(const Scope& scope) const;

  const std::string& text() const { return text_; }
  const SourcePos& pos() const { return pos_; }
  // Every name that occurs, dotted, in order, without repetition; PICS ids among them.
  std::vector<std::string> names() const;

  struct Node;

 private:
  std::string text_;
  SourcePos pos_;
  std::shared_ptr<const Node> root_;
};

// Whether a name has the form of a PICS id (C-06.2, HFS-1, AQ-7.1, ORS-16).
bool is_pics_id(std::string_view name);

struct FunctionInfo {
  std::string name;
  std::size_t arguments;
  std::string explanation;
};
std::vector<FunctionInfo> known_functions();

}  // namespace plugproof::base
