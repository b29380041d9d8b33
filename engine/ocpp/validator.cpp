// Validation of payloads by a walk over the compiled schema of the message.
//
// Not by RapidJSON's SchemaValidator: of what is asked here, it reports only the first violation,
// does not name the field that is missing, ignores `format` ("yesterday" would be a timestamp) and
// takes a third of all numbers with one decimal for no multiple of 0.1. What would be left to it is
// a walk as short as this one. The unit tests hold the two against each other where RapidJSON is
// right.
#include <algorithm>

#include "engine/base/diagnostics.hpp"
#include "engine/ocpp/formats.hpp"
#include "engine/ocpp/schema.hpp"
#include "engine/ocpp/schema_node.hpp"

namespace plugproof::ocpp {

namespace {

using base::Value;

// OCPP-J 1.6 section 4.2.3. A payload with a field that the specification does not have is "not
// conform the PDU structure for Action".
constexpr const char* kFormation = "FormationViolation";
constexpr const char* kOccurrence = "OccurenceConstraintViolation";
constexpr const char* kType = "TypeConstraintViolation";
constexpr const char* kProperty = "PropertyConstraintViolation";

constexpr std::size_t kMaxShown = 60;  // bytes of a value or name that a message repeats

// Cut at a whole character: the text goes into journals, which are UTF-8.
std::string elide(std::string_view text) {
  if (text.size() <= kMaxShown) return std::string(text);
  std::size_t end = kMaxShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
  return std::string(text.substr(0, end)) + "...";
}

std::string quote(std::string_view text) {
  return Value(elide(text)).to_display();
}

std::string with_article(const std::string& noun) {
  if (noun == "null") return noun;
  return (noun == "object" || noun == "integer" || noun == "array" ? "an " : "a ") + noun;
}

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

// Where the walk stands. A chain on the stack, written out only when there is something to report.
struct Place {
  const Place* parent = nullptr;
  std::string_view member;
  std::size_t index = 0;  // of an element, when `member` is empty

  std::string text() const {
    if (!parent) return {};
    const std::string before = parent->text();
    if (member.empty()) return before + "[" + std::to_string(index) + "]";
    return before.empty() ? std::string(member) : before + "." + std::string(member);
  }
};

class Walk {
 public:
  Walk(std::string_view action, Direction direction) : action_(action), direction_(direction) {}

  void check(const SchemaNode& schema, const Value& value, const Place& place) {
    if (full()) return;
    switch (schema.type) {
      case SchemaNode::Type::object:
        if (value.is_object()) return check_object(schema, value, place);
        break;
      case SchemaNode::Type::array:
        if (value.is_list()) return check_array(schema, value, place);
        break;
      case SchemaNode::Type::string:
        if (value.is_string()) return check_string(schema, value.as_string(), place);
        break;
      case SchemaNode::Type::integer:
        if (value.is_int()) return check_integer(schema, value.as_int(), place);
        break;
      case SchemaNode::Type::number:
        if (value.is_number()) return check_number(schema, value, place);
        break;
      case SchemaNode::Type::boolean:
        if (value.is_bool()) return;
        break;
    }
    const std::string found =
        value.is_double() ? "the number " + value.to_display() : with_article(value.type_name());
    const std::string wanted =
        schema.type == SchemaNode::Type::array ? "list" : name_of(schema.type);
    report(place, "type", "must be " + with_article(wanted) + ", is " + found,
           place.parent ? kType : kFormation);
  }

  std::vector<Violation> take() { return std::move(violations_); }

 private:
  bool full() const { return violations_.size() >= kMaxViolations; }

  void check_object(const SchemaNode& schema, const Value& value, const Place& place) {
    std::size_t known = 0;
    for (const auto& property : schema.properties) {
      const Place here{&place, property.name};
      if (const Value* member = value.find(property.name)) {
        ++known;
        check(property.node, *member, here);
      } else if (property.required) {
        report(here, "required", "is missing", kOccurrence);
      }
    }
    if (known == value.as_object().size()) return;
    for (const auto& [name, member] : value.as_object()) {
      if (full()) return;
      if (!schema.find(name)) report_unknown(schema, name, place);
    }
  }

  void check_array(const SchemaNode& schema, const Value& value, const Place& place) {
    const auto& items = value.as_list();
    if (items.size() < schema.min_items)
      report(place, "minItems",
             "has " + std::to_string(items.size()) + " elements, at least " +
                 std::to_string(schema.min_items) + " must be there",
             kOccurrence);
    for (std::size_t i = 0; i < items.size() && !full(); ++i)
      check(*schema.items, items[i], {&place, {}, i});
  }

  void check_string(const SchemaNode& schema, const std::string& text, const Place& place) {
    if (!schema.allowed.empty() &&
        std::find(schema.allowed.begin(), schema.allowed.end(), text) == schema.allowed.end())
      report(place, "enum", "is " + quote(text) + "; allowed are " + join(schema.allowed),
             kProperty);
    if (schema.max_length && text.size() > *schema.max_length) {
      const std::size_t length = count_characters(text);
      if (length > *schema.max_length)
        report(place, "maxLength",
               "has " + std::to_string(length) + " characters, at most " +
                   std::to_string(*schema.max_length) + " are allowed",
               kProperty);
    }
    if (schema.format == SchemaNode::Format::date_time && !is_date_time(text))
      report(
          place, "format",
          "is " + quote(text) + ", which is no date-time of RFC 3339 such as 2026-01-01T00:00:00Z",
          kProperty);
    if (schema.format == SchemaNode::Format::uri && !is_uri(text))
      report(place, "format", "is " + quote(text) + ", which is no URI of RFC 3986 with a scheme",
             kProperty);
  }

  void check_integer(const SchemaNode& schema, std::int64_t number, const Place& place) {
    if (schema.minimum && number < *schema.minimum)
      report(place, "minimum",
             "is " + std::to_string(number) + ", at least " + std::to_string(*schema.minimum) +
                 " is allowed",
             kProperty);
  }

  void check_number(const SchemaNode& schema, const Value& value, const Place& place) {
    if (value.is_double() && schema.decimals &&
        !has_at_most_decimals(value.as_number(), *schema.decimals))
      report(place, "multipleOf",
             "is " + value.to_display() + ", at most " + std::to_string(*schema.decimals) +
                 " digit after the point is allowed",
             kProperty);
  }

  void report(const Place& place, const char* rule, const std::string& what, const char* code) {
    if (full()) return;
    std::string where = place.text();
    std::string message = (where.empty() ? "the payload" : where) + " " + what;
    violations_.push_back({std::move(where), rule, std::move(message), code});
  }

  void report_unknown(const SchemaNode& schema, const std::string& name, const Place& place) {
    const std::string shown = elide(name);
    std::vector<std::string> known;
    for (const auto& property : schema.properties) known.push_back(property.name);
    const std::string remedy = base::did_you_mean(shown, known);
    // An empty name would look like an element of a list.
    const Place here{&place, shown.empty() ? "(empty name)" : std::string_view(shown)};
    report(here, "unknown field",
           "is no field of " + std::string(action_) +
               (direction_ == Direction::request ? ".req" : ".conf") +
               (remedy.empty() ? "" : "; " + remedy),
           kFormation);
  }

  std::string_view action_;
  Direction direction_;
  std::vector<Violation> violations_;
};

}  // namespace

std::vector<Violation> validate(std::string_view action, Direction direction,
                                const Value& payload) {
  const SchemaNode* schema = find_schema(action, direction);
  if (!schema)
    return {{"", "action", quote(action) + " is no action of OCPP 1.6", "NotImplemented"}};
  Walk walk(action, direction);
  walk.check(*schema, payload, Place{});
  return walk.take();
}

}  // namespace plugproof::ocpp
