#include "simulator/message_rule.hpp"

namespace plugproof::simulator {

namespace {

using base::Value;

bool equals_text(const Value& value, const std::string& expected) {
  if (value.is_string()) return value.as_string() == expected;
  return value.to_display() == expected;
}

using Parts = std::vector<base::PathPart>;

// Walks to every place that the parts from `at` on name and calls `leaf(parent, part)` there.
template <typename Leaf>
bool walk(Value& node, const Parts& parts, std::size_t at, bool make, const Leaf& leaf) {
  const base::PathPart& part = parts[at];
  if (at + 1 == parts.size()) return leaf(node, part);
  if (part.index == base::PathPart::kMember) {
    if (!node.is_object()) return false;
    if (!node.find(part.member)) {
      if (!make) return false;
      node.set(part.member, Value(Value::Object{}));
    }
    return walk(*node.find(part.member), parts, at + 1, make, leaf);
  }
  if (!node.is_list()) return false;
  auto& list = node.as_list();
  bool changed = false;
  for (std::size_t i = 0; i < list.size(); ++i)
    if (part.index == base::PathPart::kEvery || static_cast<std::size_t>(part.index) == i)
      changed |= walk(list[i], parts, at + 1, make, leaf);
  return changed;
}

}  // namespace

bool MessageMatcher::fits(std::string_view name, const Value& payload) const {
  if (name != action) return false;
  for (const auto& condition : conditions) {
    bool found = false;
    for (const auto& hit : condition.path.resolve(payload))
      found |= hit.value && equals_text(*hit.value, condition.expected);
    if (!found) return false;
  }
  return true;
}

bool MessageMatcher::takes(std::string_view name, const Value& payload) {
  if (!fits(name, payload)) return false;
  ++seen;
  return occurrence == 0 || seen == occurrence;
}

bool set_field(Value& root, const base::FieldPath& path, const Value& value) {
  return walk(root, path.parts(), 0, true, [&](Value& parent, const base::PathPart& part) {
    if (part.index == base::PathPart::kMember) {
      if (!parent.is_object()) return false;
      const Value* old = parent.find(part.member);
      // 1 and 1.0 are equal, yet not the same on the wire.
      if (old && *old == value && std::string(old->type_name()) == value.type_name()) return false;
      parent.set(part.member, value);
      return true;
    }
    if (!parent.is_list()) return false;
    bool changed = false;
    auto& list = parent.as_list();
    for (std::size_t i = 0; i < list.size(); ++i)
      if ((part.index == base::PathPart::kEvery || static_cast<std::size_t>(part.index) == i) &&
          !(list[i] == value)) {
        list[i] = value;
        changed = true;
      }
    return changed;
  });
}

bool drop_field(Value& root, const base::FieldPath& path) {
  return walk(root, path.parts(), 0, false, [](Value& parent, const base::PathPart& part) {
    if (part.index == base::PathPart::kMember) return parent.erase(part.member);
    if (!parent.is_list()) return false;
    auto& list = parent.as_list();
    if (part.index == base::PathPart::kEvery) {
      const bool changed = !list.empty();
      list.clear();
      return changed;
    }
    const auto index = static_cast<std::size_t>(part.index);
    if (index >= list.size()) return false;
    list.erase(list.begin() + part.index);
    return true;
  });
}

bool numbers_to_text(Value& root) {
  if (root.is_number()) {
    root = Value(root.to_display());
    return true;
  }
  bool changed = false;
  if (root.is_list())
    for (auto& item : root.as_list()) changed |= numbers_to_text(item);
  if (root.is_object())
    for (auto& [key, member] : root.as_object()) changed |= numbers_to_text(member);
  return changed;
}

}  // namespace plugproof::simulator
