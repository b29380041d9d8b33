// A message schema made ready for walking: the keyword subset that engine/ocpp/schemas uses,
// nothing more. A keyword outside it makes the program refuse the schema, so that no rule is ever
// silently ignored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/value.hpp"
#include "engine/ocpp/schema.hpp"

namespace plugproof::ocpp {

struct SchemaNode {
  enum class Type { object, array, string, integer, number, boolean };
  enum class Format { none, date_time, uri };
  struct Property;

  Type type = Type::object;
  std::vector<Property>
      properties;  // of an object, in the order of the file; no others are allowed
  std::unique_ptr<SchemaNode> items;      // of an array
  std::size_t min_items = 0;              // of an array
  std::vector<std::string> allowed;       // of a string: the enumeration, empty for none
  std::optional<std::size_t> max_length;  // of a string, in characters
  Format format = Format::none;           // of a string
  std::optional<int> decimals;          // of a number: digits after the point (multipleOf 0.1 is 1)
  std::optional<std::int64_t> minimum;  // of an integer

  const Property* find(std::string_view name) const;
};

struct SchemaNode::Property {
  std::string name;
  bool required = false;
  SchemaNode node;
};

// Throws std::logic_error, with the place, for a schema outside the subset.
SchemaNode compile_schema(const base::Value& schema, const std::string& place);

// The schema of a message, compiled at the first call; nullptr when there is no such action.
const SchemaNode* find_schema(std::string_view action, Direction direction);

const char* name_of(SchemaNode::Type type);  // as in JSON Schema: "object", "array" ...

}  // namespace plugproof::ocpp
