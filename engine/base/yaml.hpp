// A YAML file as a tree in which every node knows its place. Only the plain subset is read: one
// document, no anchors or aliases, no repeated keys; scalars are YAML 1.2 (`yes` is a text, `true`
// is a boolean).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/base/value.hpp"

namespace plugproof::base {

struct YamlNode {
  enum class Kind { null, scalar, list, map };
  struct Entry;

  Kind kind = Kind::null;
  SourcePos pos;
  std::string text;     // of a scalar, as written
  bool quoted = false;  // a quoted scalar is always a text
  std::vector<YamlNode> items;
  std::vector<Entry> entries;

  bool is_null() const { return kind == Kind::null; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_map() const { return kind == Kind::map; }
  const YamlNode* find(std::string_view key) const;

  // The node as a value: plain scalars become booleans, numbers or null where they look like it.
  Value to_value() const;
};

// A value as the node of a file that says the same: for what was read from a file and recorded.
YamlNode yaml_of(const Value& value, const SourcePos& pos);

struct YamlNode::Entry {
  std::string key;
  SourcePos key_pos;
  YamlNode value;
};

// Reads a file (or a text under the name of a file). Errors go to `diagnostics`; nothing is
// returned then.
std::optional<YamlNode> read_yaml_file(const std::string& path, Diagnostics& diagnostics);
std::optional<YamlNode> read_yaml_text(std::string_view text, const std::string& name,
                                       Diagnostics& diagnostics);

}  // namespace plugproof::base
