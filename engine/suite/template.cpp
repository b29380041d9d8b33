#include "engine/suite/template.hpp"

namespace plugproof::suite {

using base::Value;

Template Template::literal(Value value) {
  Template t;
  t.literal_ = std::move(value);
  return t;
}

Template Template::parse(const base::YamlNode& node, base::Diagnostics& diagnostics) {
  Template t;
  t.pos_ = node.pos;
  if (node.is_map()) {
    t.kind_ = Kind::object;
    for (const auto& entry : node.entries)
      t.members_.emplace_back(entry.key, parse(entry.value, diagnostics));
  } else if (node.is_list()) {
    t.kind_ = Kind::list;
    for (const auto& item : node.items) t.items_.push_back(parse(item, diagnostics));
  } else if (node.is_scalar() && node.text.size() > 1 && node.text[0] == '$' &&
             node.text[1] != '$') {
    t.kind_ = Kind::expression;
    t.expression_ =
        base::Expression::parse(std::string_view(node.text).substr(1), node.pos, diagnostics);
    if (!t.expression_) t.kind_ = Kind::literal;
  } else {
    t.literal_ = node.to_value();
    if (t.literal_.is_string() && t.literal_.as_string().rfind("$$", 0) == 0)
      t.literal_ = Value(t.literal_.as_string().substr(1));
  }
  return t;
}

Value Template::evaluate(const base::Scope& scope) const {
  switch (kind_) {
    case Kind::literal:
      return literal_;
    case Kind::expression:
      return expression_->evaluate(scope);
    case Kind::list: {
      Value::List list;
      for (const auto& item : items_) list.push_back(item.evaluate(scope));
      return Value(std::move(list));
    }
    case Kind::object: {
      Value::Object object;
      for (const auto& [key, member] : members_) object.emplace_back(key, member.evaluate(scope));
      return Value(std::move(object));
    }
  }
  return {};
}

std::optional<Value> Template::constant() const {
  std::vector<std::pair<std::string, base::SourcePos>> names;
  switch (kind_) {
    case Kind::literal:
      return literal_;
    case Kind::expression:
      return std::nullopt;
    case Kind::list: {
      Value::List list;
      for (const auto& item : items_) {
        auto value = item.constant();
        if (!value) return std::nullopt;
        list.push_back(*std::move(value));
      }
      return Value(std::move(list));
    }
    case Kind::object: {
      Value::Object object;
      for (const auto& [key, member] : members_) {
        auto value = member.constant();
        if (!value) return std::nullopt;
        object.emplace_back(key, *std::move(value));
      }
      return Value(std::move(object));
    }
  }
  return std::nullopt;
}

void Template::collect_names(std::vector<std::pair<std::string, base::SourcePos>>& out) const {
  if (expression_)
    for (const auto& name : expression_->names()) out.emplace_back(name, expression_->pos());
  for (const auto& item : items_) item.collect_names(out);
  for (const auto& [key, member] : members_) member.collect_names(out);
}

Value Template::to_value() const {
  switch (kind_) {
    case Kind::literal:
      return literal_;
    case Kind::expression:
      return Value("$" + expression_->text());
    case Kind::list: {
      Value::List list;
      for (const auto& item : items_) list.push_back(item.to_value());
      return Value(std::move(list));
    }
    case Kind::object: {
      Value::Object object;
      for (const auto& [key, member] : members_) object.emplace_back(key, member.to_value());
      return Value(std::move(object));
    }
  }
  return {};
}

std::string Template::to_display() const {
  const Value value = to_value();
  return value.is_string() ? value.as_string() : value.to_display();
}

}  // namespace plugproof::suite
