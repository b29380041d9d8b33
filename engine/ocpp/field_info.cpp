// What the schemas know about a field path: for the linter of test cases.
#include "engine/ocpp/schema.hpp"
#include "engine/ocpp/schema_node.hpp"

namespace plugproof::ocpp {

namespace {

struct Found {
  const SchemaNode* node = nullptr;
  bool required = false;
};

// Follows the first `count` parts of the path; an empty result when they lead nowhere.
Found follow(const SchemaNode& root, const base::FieldPath& path, std::size_t count) {
  Found at{&root, true};
  for (std::size_t i = 0; i < count; ++i) {
    const base::PathPart& part = path.parts()[i];
    if (part.index == base::PathPart::kMember) {
      const auto* property = at.node->find(part.member);
      if (!property) return {};
      at = {&property->node, property->required};
    } else {
      if (!at.node->items) return {};
      at = {at.node->items.get(), false};
    }
  }
  return at;
}

}  // namespace

std::optional<FieldInfo> field_info(std::string_view action, Direction direction,
                                    const base::FieldPath& path) {
  const SchemaNode* root = find_schema(action, direction);
  if (!root) return std::nullopt;
  const Found found = follow(*root, path, path.parts().size());
  if (!found.node) return std::nullopt;
  FieldInfo info;
  info.type = name_of(found.node->type);
  info.allowed = found.node->allowed;
  if (found.node->max_length) info.max_length = static_cast<int>(*found.node->max_length);
  info.required = found.required;
  return info;
}

std::vector<std::string> fields_near(std::string_view action, Direction direction,
                                     const base::FieldPath& path) {
  const SchemaNode* root = find_schema(action, direction);
  if (!root) return {};
  // The deepest object that the path reaches: where the first wrong name stands.
  const SchemaNode* nearest = root;
  for (std::size_t count = 1; count < path.parts().size(); ++count) {
    const Found found = follow(*root, path, count);
    if (!found.node) break;
    if (found.node->type == SchemaNode::Type::object) nearest = found.node;
  }
  std::vector<std::string> names;
  for (const auto& property : nearest->properties) names.push_back(property.name);
  return names;
}

}  // namespace plugproof::ocpp
