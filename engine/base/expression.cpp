// The evaluation of expressions.
#include "engine/base/expression.hpp"

#include <algorithm>
#include <cmath>

#include "engine/base/expression_node.hpp"

namespace plugproof::base {

namespace {

using Node = Expression::Node;

bool truth(const Value& value, const Node& node) {
  if (!value.is_bool())
    throw EvaluationError("'" + node.text + "' needs true or false, but got the " +
                          value.type_name() + " " + value.to_display());
  return value.as_bool();
}

const Value& need_number(const Value& value, const std::string& op) {
  if (!value.is_number())
    throw EvaluationError("'" + op + "' needs numbers, but got the " + value.type_name() + " " +
                          value.to_display());
  return value;
}

Value evaluate_node(const Node& node, const Scope& scope);

Value evaluate_name(const std::string& name, const Scope& scope) {
  std::string_view prefix = name;
  while (true) {
    if (auto value = scope.lookup(prefix)) {
      std::string_view rest = std::string_view(name).substr(prefix.size());
      Value current = *std::move(value);
      while (!rest.empty()) {
        rest.remove_prefix(1);
        const std::size_t dot = std::min(rest.find('.'), rest.size());
        const Value* member = current.find(rest.substr(0, dot));
        current = member ? Value(*member) : Value();
        rest.remove_prefix(dot);
      }
      return current;
    }
    const std::size_t dot = prefix.rfind('.');
    if (dot == std::string_view::npos || is_pics_id(name)) break;
    prefix = prefix.substr(0, dot);
  }
  if (is_pics_id(name))
    throw EvaluationError("the PICS does not answer " + name + ", which is needed here", name);
  throw EvaluationError("'" + name + "' has no value here", name);
}

bool compare(const std::string& op, const Value& a, const Value& b) {
  if (op == "==") return a == b;
  if (op == "!=") return !(a == b);
  if (op == "in") {
    if (!b.is_list())
      throw EvaluationError("'in' needs a list on its right, but got the " +
                            std::string(b.type_name()));
    return std::find(b.as_list().begin(), b.as_list().end(), a) != b.as_list().end();
  }
  const double x = need_number(a, op).as_number();
  const double y = need_number(b, op).as_number();
  if (op == "<") return x < y;
  if (op == "<=") return x <= y;
  if (op == ">") return x > y;
  return x >= y;
}

Value arithmetic(const std::string& op, const Value& a, const Value& b) {
  if (op == "+" && a.is_string() && b.is_string()) return Value(a.as_string() + b.as_string());
  if (op == "+" && a.is_list() && b.is_list()) {
    Value::List joined = a.as_list();
    joined.insert(joined.end(), b.as_list().begin(), b.as_list().end());
    return Value(std::move(joined));
  }
  need_number(a, op);
  need_number(b, op);
  if (a.is_int() && b.is_int() && op != "/") {
    const std::int64_t x = a.as_int(), y = b.as_int();
    std::int64_t result = 0;
    bool overflow = false;
    if (op == "+") overflow = __builtin_add_overflow(x, y, &result);
    if (op == "-") overflow = __builtin_sub_overflow(x, y, &result);
    if (op == "*") overflow = __builtin_mul_overflow(x, y, &result);
    if (op == "%") {
      if (y == 0 || y == -1) {
        if (y == 0) throw EvaluationError("division by zero");
      } else {
        result = x % y;
      }
    }
    if (overflow) throw EvaluationError("the result of '" + op + "' is too large");
    return Value(result);
  }
  const double x = a.as_number(), y = b.as_number();
  if (y == 0 && (op == "/" || op == "%")) throw EvaluationError("division by zero");
  const double result = op == "+"   ? x + y
                        : op == "-" ? x - y
                        : op == "*" ? x * y
                        : op == "/" ? x / y
                                    : std::fmod(x, y);
  if (!std::isfinite(result)) throw EvaluationError("the result of '" + op + "' is too large");
  return Value(result);
}

Value evaluate_binary(const Node& node, const Scope& scope) {
  const Node& left = *node.children[0];
  const Node& right = *node.children[1];
  if (node.text == "and")
    return Value(truth(evaluate_node(left, scope), node) &&
                 truth(evaluate_node(right, scope), node));
  if (node.text == "or")
    return Value(truth(evaluate_node(left, scope), node) ||
                 truth(evaluate_node(right, scope), node));
  const Value a = evaluate_node(left, scope);
  const Value b = evaluate_node(right, scope);
  static const std::string kArithmetic = "+-*/%";
  if (node.text.size() == 1 && kArithmetic.find(node.text) != std::string::npos)
    return arithmetic(node.text, a, b);
  return Value(compare(node.text, a, b));
}

Value evaluate_node(const Node& node, const Scope& scope) {
  switch (node.kind) {
    case Node::Kind::literal:
      return node.literal;
    case Node::Kind::name:
      return evaluate_name(node.text, scope);
    case Node::Kind::list: {
      Value::List list;
      for (const auto& child : node.children) list.push_back(evaluate_node(*child, scope));
      return Value(std::move(list));
    }
    case Node::Kind::call: {
      std::vector<Value> arguments;
      for (const auto& child : node.children) arguments.push_back(evaluate_node(*child, scope));
      return node.function->call(arguments);
    }
    case Node::Kind::unary: {
      const Value operand = evaluate_node(*node.children[0], scope);
      if (node.text == "not") return Value(!truth(operand, node));
      return arithmetic("-", Value(0), operand);
    }
    case Node::Kind::binary:
      return evaluate_binary(node, scope);
    case Node::Kind::member: {
      const Value object = evaluate_node(*node.children[0], scope);
      const Value* member = object.find(node.text);
      return member ? *member : Value();
    }
    case Node::Kind::index: {
      const Value list = evaluate_node(*node.children[0], scope);
      const Value index = evaluate_node(*node.children[1], scope);
      if (index.is_string()) {
        const Value* member = list.find(index.as_string());
        return member ? *member : Value();
      }
      if (!list.is_list() || !index.is_int())
        throw EvaluationError("[ ] needs a list and a whole number");
      const std::int64_t i = index.as_int();
      const auto size = static_cast<std::int64_t>(list.as_list().size());
      return i >= 0 && i < size ? list.as_list()[static_cast<std::size_t>(i)] : Value();
    }
  }
  return {};
}

void collect_names(const Node& node, std::vector<std::string>& out) {
  if (node.kind == Node::Kind::name && std::find(out.begin(), out.end(), node.text) == out.end())
    out.push_back(node.text);
  for (const auto& child : node.children) collect_names(*child, out);
}

}  // namespace

Value Expression::evaluate(const Scope& scope) const {
  return evaluate_node(*root_, scope);
}

bool Expression::holds(const Scope& scope) const {
  const Value value = evaluate(scope);
  if (!value.is_bool())
    throw EvaluationError("'" + text_ + "' must be true or false, but is the " + value.type_name() +
                          " " + value.to_display());
  return value.as_bool();
}

std::vector<std::string> Expression::names() const {
  std::vector<std::string> out;
  collect_names(*root_, out);
  return out;
}

}  // namespace plugproof::base
