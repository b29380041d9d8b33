// A value in a test case: literal, or with expressions in it ("$connector") that get their values
// at run time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/expression.hpp"
#include "engine/base/yaml.hpp"

namespace plugproof::suite {

class Template {
 public:
  Template() = default;  // null
  static Template parse(const base::YamlNode& node, base::Diagnostics& diagnostics);
  static Template literal(base::Value value);

  base::Value evaluate(const base::Scope& scope) const;

  bool is_null() const { return kind_ == Kind::literal && literal_.is_null(); }
  // The value when there is no expression in it anywhere; nothing otherwise.
  std::optional<base::Value> constant() const;
  const base::Expression* expression() const { return expression_ ? &*expression_ : nullptr; }
  const std::vector<std::pair<std::string, Template>>& members() const { return members_; }
  const std::vector<Template>& items() const { return items_; }
  bool is_list() const { return kind_ == Kind::list; }
  bool is_object() const { return kind_ == Kind::object; }
  const base::SourcePos& pos() const { return pos_; }

  // Every name used in expressions of the template.
  void collect_names(std::vector<std::pair<std::string, base::SourcePos>>& out) const;
  // As a person would write it: `Accepted`, `$connector`, {status: Accepted}.
  std::string to_display() const;
  // As JSON data, expressions as the texts they were written as.
  base::Value to_value() const;

 private:
  enum class Kind { literal, expression, list, object };
  Kind kind_ = Kind::literal;
  base::Value literal_;
  std::optional<base::Expression> expression_;
  std::vector<Template> items_;
  std::vector<std::pair<std::string, Template>> members_;
  base::SourcePos pos_;
};

}  // namespace plugproof::suite
