#include "engine/suite/map_reader.hpp"

#include <algorithm>

namespace plugproof::suite {

using base::YamlNode;

MapReader::MapReader(const YamlNode& node, std::string what, base::Diagnostics& diagnostics)
    : node_(node), what_(std::move(what)), diagnostics_(diagnostics) {
  if (!node_.is_map())
    diagnostics_.error(node_.pos, "a " + what_ + " must be a map of keys and values");
}

const YamlNode* MapReader::get(const std::string& key) {
  known_.push_back(key);
  return node_.find(key);
}

const YamlNode* MapReader::need(const std::string& key) {
  const YamlNode* found = get(key);
  if (!found && usable())
    diagnostics_.error(node_.pos, "the " + what_ + " lacks the key '" + key + "'");
  return found;
}

std::string MapReader::text(const std::string& key) {
  const YamlNode* found = get(key);
  if (!found || found->is_null()) return {};
  if (!found->is_scalar()) {
    diagnostics_.error(found->pos, "'" + key + "' must be a text");
    return {};
  }
  return found->text;
}

std::string MapReader::need_text(const std::string& key) {
  need(key);
  std::string value = text(key);
  if (const YamlNode* found = node_.find(key); found && value.empty())
    diagnostics_.error(found->pos, "'" + key + "' must not be empty");
  return value;
}

bool MapReader::flag(const std::string& key) {
  const YamlNode* found = get(key);
  if (!found) return false;
  const base::Value value = found->to_value();
  if (!value.is_bool()) {
    diagnostics_.error(found->pos, "'" + key + "' must be true or false");
    return false;
  }
  return value.as_bool();
}

std::optional<base::Expression> MapReader::expression(const std::string& key) {
  const YamlNode* found = get(key);
  if (!found) return std::nullopt;
  if (!found->is_scalar()) {
    diagnostics_.error(found->pos, "'" + key + "' must be an expression");
    return std::nullopt;
  }
  return base::Expression::parse(found->text, found->pos, diagnostics_);
}

std::vector<std::string> MapReader::texts(const std::string& key) {
  const YamlNode* found = get(key);
  std::vector<std::string> out;
  if (!found || found->is_null()) return out;
  if (found->is_scalar()) return {found->text};
  if (!found->is_list())
    diagnostics_.error(found->pos, "'" + key + "' must be a text or a list of texts");
  for (const auto& item : found->items) {
    if (item.is_scalar()) {
      out.push_back(item.text);
    } else {
      diagnostics_.error(item.pos, "'" + key + "' must hold texts only");
    }
  }
  return out;
}

void MapReader::finish() {
  for (const auto& entry : node_.entries)
    if (std::find(known_.begin(), known_.end(), entry.key) == known_.end())
      diagnostics_.error(entry.key_pos, "a " + what_ + " has no key '" + entry.key + "'",
                         base::did_you_mean(entry.key, known_));
}

}  // namespace plugproof::suite
