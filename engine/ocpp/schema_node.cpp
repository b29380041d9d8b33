#include "engine/ocpp/schema_node.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "engine/base/json.hpp"
#include "engine/ocpp/embedded_schemas.hpp"

namespace plugproof::ocpp {

namespace {

using base::Value;

constexpr std::array<std::pair<const char*, SchemaNode::Type>, 6> kTypes = {{
    {"object", SchemaNode::Type::object},
    {"array", SchemaNode::Type::array},
    {"string", SchemaNode::Type::string},
    {"integer", SchemaNode::Type::integer},
    {"number", SchemaNode::Type::number},
    {"boolean", SchemaNode::Type::boolean},
}};

[[noreturn]] void refuse(const std::string& place, const std::string& reason) {
  throw std::logic_error("schema " + place + ": " + reason);
}

SchemaNode::Type read_type(const Value& schema, const std::string& place) {
  const std::string name = schema.string_or("type", "");
  for (const auto& [text, type] : kTypes)
    if (name == text) return type;
  refuse(place, "'type' must be one of the six types by name");
}

SchemaNode::Format read_format(const Value& value, const std::string& place) {
  if (value == Value("date-time")) return SchemaNode::Format::date_time;
  if (value == Value("uri")) return SchemaNode::Format::uri;
  refuse(place, "'format' must be date-time or uri");
}

int read_decimals(const Value& value, const std::string& place) {
  if (value.is_number() && value.as_number() > 0) {
    const double digits = std::round(-std::log10(value.as_number()));
    if (digits >= 0 && std::pow(10.0, -digits) == value.as_number())
      return static_cast<int>(digits);
  }
  refuse(place, "'multipleOf' must be 1, 0.1, 0.01 ...");
}

void read_properties(const Value& schema, const std::string& place, SchemaNode& node) {
  const Value* properties = schema.find("properties");
  if (!properties) refuse(place, "'properties' is missing");
  for (const auto& [name, member] : properties->as_object()) {
    const std::string here = std::string(place).append(".").append(name);
    node.properties.push_back({name, false, compile_schema(member, here)});
  }
  const Value* required = schema.find("required");
  if (!required) return;
  for (const Value& name : required->as_list()) {
    const auto it = std::find_if(node.properties.begin(), node.properties.end(),
                                 [&](const auto& p) { return p.name == name.as_string(); });
    if (it == node.properties.end())
      refuse(place, "'required' names the unknown field " + name.as_string());
    it->required = true;
  }
}

// Reads one keyword that says something about the value itself; false when it is outside the
// subset.
bool read_keyword(const std::string& keyword, const Value& value, const std::string& place,
                  SchemaNode& node) {
  using Type = SchemaNode::Type;
  if (keyword == "items" && node.type == Type::array) {
    node.items = std::make_unique<SchemaNode>(compile_schema(value, place + "[*]"));
  } else if (keyword == "minItems" && node.type == Type::array) {
    node.min_items = static_cast<std::size_t>(value.as_int());
  } else if (keyword == "enum" && node.type == Type::string) {
    for (const Value& item : value.as_list()) node.allowed.push_back(item.as_string());
  } else if (keyword == "maxLength" && node.type == Type::string) {
    node.max_length = static_cast<std::size_t>(value.as_int());
  } else if (keyword == "format" && node.type == Type::string) {
    node.format = read_format(value, place);
  } else if (keyword == "multipleOf" && node.type == Type::number) {
    node.decimals = read_decimals(value, place);
  } else if (keyword == "minimum" && node.type == Type::integer) {
    node.minimum = value.as_int();
  } else {
    return false;
  }
  return true;
}

struct Compiled {
  std::string_view action;
  Direction direction;
  SchemaNode node;
};

bool is_before(const Compiled& a, std::string_view action, Direction direction) {
  const int order = a.action.compare(action);
  return order < 0 || (order == 0 && a.direction < direction);
}

std::vector<Compiled> compile_all() {
  std::vector<Compiled> out;
  for (const auto& embedded : embedded_schemas()) {
    const std::string place(embedded.action);
    const auto read = base::read_json(embedded.text);
    if (!read.value) refuse(place, read.error.message);
    out.push_back({embedded.action, embedded.direction, compile_schema(*read.value, place)});
  }
  std::sort(out.begin(), out.end(), [](const Compiled& a, const Compiled& b) {
    return is_before(a, b.action, b.direction);
  });
  return out;
}

}  // namespace

const SchemaNode::Property* SchemaNode::find(std::string_view name) const {
  const auto it = std::find_if(properties.begin(), properties.end(),
                               [&](const Property& p) { return p.name == name; });
  return it == properties.end() ? nullptr : &*it;
}

SchemaNode compile_schema(const Value& schema, const std::string& place) {
  if (!schema.is_object()) refuse(place, "a schema must be an object");
  static constexpr std::array<std::string_view, 8> kReadElsewhere = {
      "$schema", "$id",        "title",    "description",
      "type",    "properties", "required", "additionalProperties"};
  SchemaNode node;
  node.type = read_type(schema, place);
  if (node.type == SchemaNode::Type::object) {
    const Value* others = schema.find("additionalProperties");
    if (!others || *others != Value(false)) refuse(place, "'additionalProperties' must be false");
    read_properties(schema, place, node);
  }
  for (const auto& [keyword, value] : schema.as_object()) {
    if (std::find(kReadElsewhere.begin(), kReadElsewhere.end(), keyword) != kReadElsewhere.end())
      continue;
    if (!read_keyword(keyword, value, place, node))
      refuse(place, "the keyword '" + keyword + "' is not supported for this type");
  }
  if (node.type == SchemaNode::Type::array && !node.items) refuse(place, "'items' is missing");
  return node;
}

const SchemaNode* find_schema(std::string_view action, Direction direction) {
  static const std::vector<Compiled> schemas = compile_all();
  const auto it =
      std::lower_bound(schemas.begin(), schemas.end(), direction,
                       [&](const Compiled& a, Direction d) { return is_before(a, action, d); });
  if (it == schemas.end() || it->action != action || it->direction != direction) return nullptr;
  return &it->node;
}

const char* name_of(SchemaNode::Type type) {
  for (const auto& [name, candidate] : kTypes)
    if (candidate == type) return name;
  return "";
}

}  // namespace plugproof::ocpp
