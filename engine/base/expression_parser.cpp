// From the text of an expression to its tree.
#include <cctype>
#include <charconv>

#include "engine/base/expression_node.hpp"

namespace plugproof::base {

namespace {

using Node = Expression::Node;
using NodePtr = std::shared_ptr<const Node>;

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

}  // namespace plugproof::base
