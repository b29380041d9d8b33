#include "engine/base/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <fstream>
#include <sstream>

#include "engine/base/json.hpp"

namespace plugproof::base {

namespace {

constexpr int kMaxDepth = 100;
constexpr std::size_t kMaxFileBytes = 8 << 20;

// Builds our tree from yaml-cpp's parser events: unlike its node tree they show anchors and
// aliases.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::string file, Diagnostics& diagnostics)
      : file_(std::move(file)), diagnostics_(diagnostics) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    YamlNode node = make(YamlNode::Kind::null, mark, anchor);
    add(std::move(node));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    diagnostics_.error(at(mark), "aliases (*name) are not allowed here", "write the value out");
    add(make(YamlNode::Kind::null, mark, 0));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    YamlNode node = make(YamlNode::Kind::scalar, mark, anchor);
    node.text = text;
    node.quoted = tag == "!";
    if (!node.quoted && (text.empty() || text == "null" || text == "~"))
      node.kind = YamlNode::Kind::null;
    add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(make(YamlNode::Kind::list, mark, anchor));
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(make(YamlNode::Kind::map, mark, anchor));
  }
  void OnMapEnd() override { close(); }

  YamlNode take() { return std::move(root_); }

 private:
  struct Level {
    YamlNode node;
    std::optional<YamlNode> key;  // read, its value still to come
  };

  SourcePos at(const YAML::Mark& mark) const { return {file_, mark.line + 1, mark.column + 1}; }

  YamlNode make(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0)
      diagnostics_.error(at(mark), "anchors (&name) are not allowed here", "write the value out");
    YamlNode node;
    node.kind = kind;
    node.pos = at(mark);
    return node;
  }
  void open(YamlNode node) {
    if (stack_.size() >= static_cast<std::size_t>(kMaxDepth))
      throw YAML::ParserException(YAML::Mark::null_mark(),
                                  "nested deeper than " + std::to_string(kMaxDepth) + " levels");
    stack_.push_back({std::move(node), std::nullopt});
  }
  void close() {
    YamlNode node = std::move(stack_.back().node);
    stack_.pop_back();
    add(std::move(node));
  }
  void add(YamlNode node) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& top = stack_.back();
    if (top.node.is_list()) {
      top.node.items.push_back(std::move(node));
    } else if (!top.key) {
      if (!node.is_scalar() && !node.is_null())
        diagnostics_.error(node.pos, "a key must be a plain text");
      if (top.node.find(node.text))
        diagnostics_.error(node.pos, "key '" + node.text + "' occurs twice", "keep one of the two");
      top.key = std::move(node);
    } else {
      YamlNode::Entry entry{top.key->text, top.key->pos, std::move(node)};
      // An empty value has no place of its own worth pointing at.
      if (entry.value.is_null()) entry.value.pos = entry.key_pos;
      top.node.entries.push_back(std::move(entry));
      top.key.reset();
    }
  }

  std::string file_;
  Diagnostics& diagnostics_;
  std::vector<Level> stack_;
  YamlNode root_;
};

template <typename Number>
std::optional<Number> read_number(const std::string& text) {
  const char* begin = text.data();
  const char* end = begin + text.size();
  if (begin != end && *begin == '+') ++begin;
  Number number{};
  const auto [stop, error] = std::from_chars(begin, end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

Value scalar_value(const YamlNode& node) {
  if (node.quoted) return Value(node.text);
  if (node.text == "true") return Value(true);
  if (node.text == "false") return Value(false);
  if (auto integer = read_number<std::int64_t>(node.text)) return Value(*integer);
  const bool looks_numeric = node.text.find_first_not_of("+-.0123456789eE") == std::string::npos &&
                             node.text.find_first_of("0123456789") != std::string::npos;
  if (looks_numeric)
    if (auto real = read_number<double>(node.text)) return Value(*real);
  return Value(node.text);
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const auto& entry : entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}

Value YamlNode::to_value() const {
  switch (kind) {
    case Kind::null:
      return {};
    case Kind::scalar:
      return scalar_value(*this);
    case Kind::list: {
      Value::List list;
      list.reserve(items.size());
      for (const auto& item : items) list.push_back(item.to_value());
      return Value(std::move(list));
    }
    case Kind::map: {
      Value::Object object;
      object.reserve(entries.size());
      for (const auto& entry : entries) object.emplace_back(entry.key, entry.value.to_value());
      return Value(std::move(object));
    }
  }
  return {};
}

YamlNode yaml_of(const Value& value, const SourcePos& pos) {
  YamlNode node;
  node.pos = pos;
  if (value.is_null()) return node;
  if (value.is_list()) {
    node.kind = YamlNode::Kind::list;
    for (const auto& item : value.as_list()) node.items.push_back(yaml_of(item, pos));
  } else if (value.is_object()) {
    node.kind = YamlNode::Kind::map;
    for (const auto& [key, member] : value.as_object())
      node.entries.push_back({key, pos, yaml_of(member, pos)});
  } else {
    node.kind = YamlNode::Kind::scalar;
    node.quoted = value.is_string();
    node.text = value.is_string() ? value.as_string() : write_json(value);
  }
  return node;
}

std::optional<YamlNode> read_yaml_text(std::string_view text, const std::string& name,
                                       Diagnostics& diagnostics) {
  if (text.size() > kMaxFileBytes) {
    diagnostics.error({name, 0, 0}, "the file is larger than 8 MiB");
    return std::nullopt;
  }
  if (text.find('\0') != std::string_view::npos) {
    diagnostics.error({name, 0, 0}, "this is not a text file: it holds NUL bytes");
    return std::nullopt;
  }
  const std::size_t errors_before = diagnostics.error_count();
  std::istringstream in{std::string(text)};
  TreeBuilder builder(name, diagnostics);
  try {
    YAML::Parser parser(in);
    if (!parser.HandleNextDocument(builder)) {
      diagnostics.error({name, 0, 0}, "the file is empty");
      return std::nullopt;
    }
    TreeBuilder rest(name, diagnostics);
    if (parser.HandleNextDocument(rest))
      diagnostics.error({name, 0, 0}, "the file holds more than one YAML document",
                        "split it into one file each");
  } catch (const YAML::Exception& e) {
    const bool placed = e.mark.line >= 0;
    diagnostics.error({name, placed ? e.mark.line + 1 : 0, placed ? e.mark.column + 1 : 0},
                      "not valid YAML: " + e.msg);
  }
  if (diagnostics.error_count() > errors_before) return std::nullopt;
  return builder.take();
}

std::optional<YamlNode> read_yaml_file(const std::string& path, Diagnostics& diagnostics) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf())) {
    // A directory opens but cannot be read; an empty file reads nothing.
    if (in.is_open() && in.peek() == std::ifstream::traits_type::eof() && !in.bad() &&
        text.str().empty()) {
      diagnostics.error({path, 0, 0}, "the file is empty or not a regular file");
    } else {
      diagnostics.error({path, 0, 0}, "the file cannot be read",
                        "check the path and its permissions");
    }
    return std::nullopt;
  }
  return read_yaml_text(text.str(), path, diagnostics);
}

}  // namespace plugproof::base
