// Reads a YAML map strictly: every key must be asked for, what was not asked for is an error with
// the nearest known key.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/base/expression.hpp"
#include "engine/base/yaml.hpp"

namespace plugproof::suite {

class MapReader {
 public:
  // `what` names the map in messages: "test case", "receive step".
  MapReader(const base::YamlNode& node, std::string what, base::Diagnostics& diagnostics);

  bool usable() const { return node_.is_map(); }
  const base::YamlNode& node() const { return node_; }

  // The node of a key, or nullptr; the key counts as known from then on.
  const base::YamlNode* get(const std::string& key);
  // The same; a missing key is an error.
  const base::YamlNode* need(const std::string& key);

  std::string text(const std::string& key);  // empty when absent
  std::string need_text(const std::string& key);
  bool flag(const std::string& key);  // false when absent
  std::optional<base::Expression> expression(const std::string& key);
  // A text or a list of texts.
  std::vector<std::string> texts(const std::string& key);

  // Reports the keys that nobody asked for.
  void finish();

 private:
  const base::YamlNode& node_;
  std::string what_;
  base::Diagnostics& diagnostics_;
  std::vector<std::string> known_;
};

}  // namespace plugproof::suite
