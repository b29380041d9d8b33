#include "engine/base/expression.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <functional>

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

namespace {

using Node = Expression::Node;
using NodePtr = std::shared_ptr<const Node>;

// A chain of operators becomes a tree as deep as it is long, and trees are walked by recursion.
constexpr std::size_t kMaxExpressionLength = 4000;

struct ParseFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Token {
  enum class Kind { end, number, text, name, symbol };
  Kind kind = Kind::end;
  std::string text;
};

bool name_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) || c == '_';
}
bool name_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}
bool digit(char c) {
  return c >= '0' && c <= '9';
}

// The length of a PICS id at the start of `text`: capitals, '-', digits, optionally '.' digits.
std::size_t pics_id_length(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && text[i] >= 'A' && text[i] <= 'Z') ++i;
  if (i == 0 || i > 4 || i >= text.size() || text[i] != '-') return 0;
  std::size_t digits = ++i;
  while (i < text.size() && digit(text[i])) ++i;
  if (i == digits) return 0;
  if (i + 1 < text.size() && text[i] == '.' && digit(text[i + 1])) {
    ++i;
    while (i < text.size() && digit(text[i])) ++i;
  }
  return i < text.size() && name_char(text[i]) ? 0 : i;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) { advance(); }
  const Token& peek() const { return token_; }
  Token take() {
    Token t = token_;
    advance();
    return t;
  }

 private:
  void advance() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    if (at_ >= text_.size()) {
      token_ = {};
      return;
    }
    const std::string_view rest = text_.substr(at_);
    if (const std::size_t id = pics_id_length(rest)) {
      set(Token::Kind::name, id);
    } else if (name_start(rest[0])) {
      std::size_t n = 1;
      while (n < rest.size() && (name_char(rest[n]) || (rest[n] == '.' && n + 1 < rest.size() &&
                                                        name_start(rest[n + 1]))))
        ++n;
      set(Token::Kind::name, n);
    } else if (digit(rest[0])) {
      std::size_t n = 1;
      while (n < rest.size() &&
             (digit(rest[n]) || (rest[n] == '.' && n + 1 < rest.size() && digit(rest[n + 1]))))
        ++n;
      set(Token::Kind::number, n);
    } else if (rest[0] == '\'' || rest[0] == '"') {
      const std::size_t end = rest.find(rest[0], 1);
      if (end == std::string_view::npos) throw ParseFailure("a text is not closed");
      token_ = {Token::Kind::text, std::string(rest.substr(1, end - 1))};
      at_ += end + 1;
    } else {
      static const std::vector<std::string_view> kSymbols{
          "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "(", ")", "[", "]", ",", "."};
      for (const auto symbol : kSymbols)
        if (rest.substr(0, symbol.size()) == symbol) {
          set(Token::Kind::symbol, symbol.size());
          return;
        }
      throw ParseFailure("'" + std::string(1, rest[0]) + "' has no meaning here");
    }
  }
  void set(Token::Kind kind, std::size_t length) {
    token_ = {kind, std::string(text_.substr(at_, length))};
    at_ += length;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Token token_;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) {}

  NodePtr parse() {
    NodePtr root = either();
    if (lexer_.peek().kind != Token::Kind::end)
      throw ParseFailure("'" + lexer_.peek().text + "' is not expected here");
    return root;
  }

 private:
  bool at(std::string_view text, Token::Kind kind) const {
    return lexer_.peek().kind == kind && lexer_.peek().text == text;
  }
  bool accept_word(std::string_view word) {
    return at(word, Token::Kind::name) && (lexer_.take(), true);
  }
  bool accept(std::string_view symbol) {
    return at(symbol, Token::Kind::symbol) && (lexer_.take(), true);
  }
  void expect(std::string_view symbol) {
    if (!accept(symbol)) throw ParseFailure("'" + std::string(symbol) + "' is missing");
  }

  static NodePtr make(Node::Kind kind, std::string text, std::vector<NodePtr> children) {
    auto node = std::make_shared<Node>();
    node->kind = kind;
    node->text = std::move(text);
    node->children = std::move(children);
    return node;
  }
  static NodePtr literal(Value value) {
    auto node = std::make_shared<Node>();
    node->literal = std::move(value);
    return node;
  }

  NodePtr either() {
    NodePtr left = both();
    while (accept_word("or")) left = make(Node::Kind::binary, "or", {left, both()});
    return left;
  }
  NodePtr both() {
    NodePtr left = negation();
    while (accept_word("and")) left = make(Node::Kind::binary, "and", {left, negation()});
    return left;
  }
  NodePtr negation() {
    if (accept_word("not"))
      return make(Node::Kind::unary, "not", {guarded([this] { return negation(); })});
    return comparison();
  }
  NodePtr comparison() {
    NodePtr left = sum();
    for (const char* op : {"==", "!=", "<=", ">=", "<", ">"})
      if (accept(op)) return make(Node::Kind::binary, op, {left, sum()});
    if (accept_word("in")) return make(Node::Kind::binary, "in", {left, sum()});
    return left;
  }
  NodePtr sum() {
    NodePtr left = product();
    while (true) {
      if (accept("+")) {
        left = make(Node::Kind::binary, "+", {left, product()});
      } else if (accept("-")) {
        left = make(Node::Kind::binary, "-", {left, product()});
      } else {
        return left;
      }
    }
  }
  NodePtr product() {
    NodePtr left = unary();
    while (true) {
      bool found = false;
      for (const char* op : {"*", "/", "%"})
        if (accept(op)) {
          left = make(Node::Kind::binary, op, {left, unary()});
          found = true;
          break;
        }
      if (!found) return left;
    }
  }
  NodePtr unary() {
    if (accept("-")) return make(Node::Kind::unary, "-", {guarded([this] { return unary(); })});
    return postfix();
  }
  NodePtr postfix() {
    NodePtr node = primary();
    while (true) {
      if (accept("[")) {
        NodePtr index = guarded([this] { return either(); });
        expect("]");
        node = make(Node::Kind::index, "", {node, index});
      } else if (accept(".")) {
        const Token name = lexer_.take();
        if (name.kind != Token::Kind::name) throw ParseFailure("a name must follow '.'");
        // `list[0].a.b`: the lexer reads `a.b` as one name.
        for (std::size_t begin = 0; begin <= name.text.size();) {
          const std::size_t end = std::min(name.text.find('.', begin), name.text.size());
          node = make(Node::Kind::member, name.text.substr(begin, end - begin), {node});
          begin = end + 1;
        }
      } else {
        return node;
      }
    }
  }
  NodePtr primary() {
    if (accept("(")) {
      NodePtr inner = guarded([this] { return either(); });
      expect(")");
      return inner;
    }
    if (accept("[")) return make(Node::Kind::list, "", arguments("]"));
    const Token token = lexer_.take();
    switch (token.kind) {
      case Token::Kind::number:
        return literal(number(token.text));
      case Token::Kind::text:
        return literal(Value(token.text));
      case Token::Kind::name:
        return named(token.text);
      case Token::Kind::end:
        throw ParseFailure("the expression ends too early");
      case Token::Kind::symbol:
        throw ParseFailure("'" + token.text + "' is not expected here");
    }
    return nullptr;
  }
  NodePtr named(const std::string& name) {
    if (name == "true") return literal(Value(true));
    if (name == "false") return literal(Value(false));
    if (name == "null") return literal(Value());
    for (const char* word : {"and", "or", "not", "in"})
      if (name == word) throw ParseFailure("'" + name + "' is not expected here");
    if (!accept("(")) return make(Node::Kind::name, name, {});
    auto node = std::make_shared<Node>();
    node->kind = Node::Kind::call;
    node->text = name;
    node->function = find_function(name);
    if (!node->function) {
      std::vector<std::string> names;
      for (const auto& info : known_functions()) names.push_back(info.name);
      const std::string near = did_you_mean(name, names);
      throw ParseFailure("there is no function '" + name + "'" + (near.empty() ? "" : "; " + near));
    }
    node->children = arguments(")");
    if (node->children.size() != node->function->info.arguments)
      throw ParseFailure(name + "() takes " + std::to_string(node->function->info.arguments) +
                         " argument(s), not " + std::to_string(node->children.size()));
    return node;
  }
  std::vector<NodePtr> arguments(std::string_view close) {
    std::vector<NodePtr> out;
    if (accept(close)) return out;
    do {
      out.push_back(guarded([this] { return either(); }));
    } while (accept(","));
    expect(close);
    return out;
  }
  static Value number(const std::string& text) {
    std::int64_t integer = 0;
    const char* end = text.data() + text.size();
    auto [stop, error] = std::from_chars(text.data(), end, integer);
    if (error == std::errc() && stop == end) return Value(integer);
    double real = 0;
    auto [stop2, error2] = std::from_chars(text.data(), end, real);
    if (error2 != std::errc() || stop2 != end) throw ParseFailure("'" + text + "' is no number");
    return Value(real);
  }
  // Recursion with a bound: a hostile file must not exhaust the stack.
  template <typename F>
  NodePtr guarded(F parse) {
    if (++depth_ > 100) throw ParseFailure("the expression is nested too deeply");
    NodePtr node = parse();
    --depth_;
    return node;
  }

  Lexer lexer_;
  int depth_ = 0;
};

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

bool is_pics_id(std::string_view name) {
  return !name.empty() && pics_id_length(name) == name.size();
}

std::optional<Expression> Expression::parse(std::string_view text, const SourcePos& pos,
                                            Diagnostics& diagnostics) {
  Expression expression;
  expression.text_ = std::string(text);
  expression.pos_ = pos;
  if (text.size() > kMaxExpressionLength) {
    diagnostics.error(
        pos,
        "the expression is longer than " + std::to_string(kMaxExpressionLength) + " characters",
        "split it with 'set'");
    return std::nullopt;
  }
  try {
    expression.root_ = Parser(text).parse();
  } catch (const ParseFailure& e) {
    diagnostics.error(pos, "expression '" + std::string(text) + "': " + e.what());
    return std::nullopt;
  }
  return expression;
}

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
