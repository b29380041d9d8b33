#include "engine/ocpp/frame.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "engine/base/json.hpp"
#include "engine/ocpp/formats.hpp"

namespace plugproof::ocpp {

namespace {

using base::Value;

constexpr std::size_t kMaxIdCharacters = 36;

// The elements of each message type, by the names that OCPP-J 1.6 section 4.2 gives them.
struct Shape {
  MessageType type;
  const char* name;
  std::vector<const char*> elements;
};

const Shape* find_shape(std::int64_t number) {
  static const std::array<Shape, 3> shapes = {{
      {MessageType::call, "CALL", {"message type", "message id", "action", "payload"}},
      {MessageType::result, "CALLRESULT", {"message type", "message id", "payload"}},
      {MessageType::error,
       "CALLERROR",
       {"message type", "message id", "error code", "error description", "error details"}},
  }};
  for (const auto& shape : shapes)
    if (number == static_cast<int>(shape.type)) return &shape;
  return nullptr;
}

std::string with_article(const Value& value) {
  if (value.is_null()) return "null";
  const std::string noun = value.type_name();
  return (value.is_object() || value.is_int() ? "an " : "a ") + noun;
}

// "element 3 (payload)", counted from one as people do.
std::string element_name(const Shape& shape, std::size_t index) {
  return "element " + std::to_string(index + 1) + " (" + shape.elements[index] + ")";
}

bool is_legal_id(const Value& value) {
  return value.is_string() && !value.as_string().empty() &&
         count_characters(value.as_string()) <= kMaxIdCharacters;
}

// Objects of more members than this are refused: the engine finds members by a walk over all of
// them, so that comparing two large objects would take the square of their size. No OCPP object has
// more than some twenty members.
constexpr int kMaxMembers = 1000;

bool has_crowded_object(std::string_view text) {
  // A member takes at least four bytes: `"":0`.
  if (text.size() < 4 * static_cast<std::size_t>(kMaxMembers)) return false;
  std::vector<int> open_objects;  // members seen so far
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{') {
      open_objects.push_back(0);
    } else if (c == '}' && !open_objects.empty()) {
      open_objects.pop_back();
    } else if (c == ':' && !open_objects.empty() && ++open_objects.back() > kMaxMembers) {
      return true;
    }
  }
  return false;
}

// The message type and id at the head of a text that is no JSON as a whole, read as far as they are
// sound.
Value read_head(std::string_view text) {
  constexpr std::size_t kMaxHeadBytes = 512;  // ids of 36 characters, escaped, take less
  text = text.substr(0, kMaxHeadBytes);
  const std::size_t open = text.find('"');
  if (open == std::string_view::npos) return {};
  std::size_t close = open + 1;
  while (close < text.size() && text[close] != '"') close += text[close] == '\\' ? 2 : 1;
  if (close >= text.size()) return {};
  auto read = base::read_json(std::string(text.substr(0, close + 1)) + "]");
  return read.value && read.value->is_list() ? std::move(*read.value) : Value();
}

FrameProblem problem_with(std::string message, const Value& head) {
  FrameProblem problem;
  problem.message = std::move(message);
  if (!head.is_list()) return problem;
  const auto& elements = head.as_list();
  if (!elements.empty() && elements[0].is_int() && elements[0].as_int() >= INT32_MIN &&
      elements[0].as_int() <= INT32_MAX)
    problem.type = static_cast<int>(elements[0].as_int());
  if (elements.size() > 1 && is_legal_id(elements[1])) problem.id = elements[1].as_string();
  return problem;
}

// Why the text cannot be parsed at all; empty when it can be tried.
std::string find_unreadable(std::string_view text) {
  if (text.empty()) return "the message is empty";
  if (text.size() > kMaxFrameBytes)
    return "the message has " + std::to_string(text.size()) + " bytes, at most " +
           std::to_string(kMaxFrameBytes) + " are read";
  if (text.substr(0, 3) == "\xEF\xBB\xBF")
    return "the message begins with a byte order mark, which RFC 8259 section 8.1 forbids";
  if (has_crowded_object(text))
    return "an object in the message has more than " + std::to_string(kMaxMembers) + " members";
  return {};
}

// What is wrong with the number of elements; empty when it is right.
std::string judge_count(const Shape& shape, std::size_t count) {
  const std::size_t wanted = shape.elements.size();
  if (count == wanted) return {};
  std::string message = std::string("a ") + shape.name + " has exactly " + std::to_string(wanted) +
                        " elements, this one has " + std::to_string(count);
  for (std::size_t i = count; i < wanted; ++i)
    message += (i == count ? ": " : ", ") + element_name(shape, i) + " is missing";
  // OCPP-J 1.6 section 4.2.3 asks for both even if there is nothing to say.
  if (shape.type == MessageType::error && count < wanted)
    message += "; without a description it is \"\", without details {}";
  return message;
}

// What is wrong with the types of the elements behind the message type; empty when all are right.
std::string judge_elements(const Shape& shape, const Value::List& elements) {
  for (std::size_t i = 1; i < elements.size(); ++i) {
    const bool is_last = i + 1 == elements.size();
    const Value& element = elements[i];
    if (is_last ? element.is_object() : element.is_string()) continue;
    return element_name(shape, i) + " must be " + (is_last ? "an object" : "a string") + ", is " +
           with_article(element);
  }
  if (!is_legal_id(elements[1])) {
    const std::size_t length = count_characters(elements[1].as_string());
    return element_name(shape, 1) + " must have 1 to " + std::to_string(kMaxIdCharacters) +
           " characters, has " + std::to_string(length);
  }
  if (shape.type == MessageType::call && elements[2].as_string().empty())
    return element_name(shape, 2) + " must not be empty";
  return {};
}

Frame build_frame(MessageType type, Value::List& elements) {
  Frame frame;
  frame.type = type;
  frame.id = elements[1].as_string();
  if (type == MessageType::call) {
    frame.action = elements[2].as_string();
    frame.payload = std::move(elements[3]);
  } else if (type == MessageType::result) {
    frame.payload = std::move(elements[2]);
  } else {
    frame.error_code = elements[2].as_string();
    frame.error_description = elements[3].as_string();
    frame.error_details = std::move(elements[4]);
  }
  return frame;
}

int number_of(MessageType type) {
  return static_cast<int>(type);
}

}  // namespace

FrameResult read_frame(std::string_view text) {
  if (std::string reason = find_unreadable(text); !reason.empty())
    return {std::nullopt, problem_with(std::move(reason), read_head(text))};
  base::JsonResult read = base::read_json(text);
  if (!read.value)
    return {std::nullopt,
            problem_with("no valid JSON at byte " + std::to_string(read.error.offset + 1) + ": " +
                             read.error.message,
                         read_head(text))};
  Value& root = *read.value;
  if (!root.is_list())
    return {
        std::nullopt,
        problem_with("the message must be a list (JSON array), is " + with_article(root), root)};
  Value::List& elements = root.as_list();
  if (elements.empty()) return {std::nullopt, problem_with("the message is an empty list", root)};
  const Shape* shape = elements[0].is_int() ? find_shape(elements[0].as_int()) : nullptr;
  if (!shape) {
    const std::string found =
        elements[0].is_number() ? elements[0].to_display() : with_article(elements[0]);
    return {std::nullopt,
            problem_with("element 1 (message type) must be 2, 3 or 4, is " + found, root)};
  }
  if (std::string reason = judge_count(*shape, elements.size()); !reason.empty()) {
    FrameProblem problem = problem_with(std::move(reason), root);
    // "Payload for Action is incomplete"
    if (elements.size() < shape->elements.size()) problem.error_code = "ProtocolError";
    return {std::nullopt, std::move(problem)};
  }
  if (std::string reason = judge_elements(*shape, elements); !reason.empty())
    return {std::nullopt, problem_with(std::move(reason), root)};
  return {build_frame(shape->type, elements), {}};
}

std::string write_call(std::string_view id, std::string_view action, const Value& payload) {
  return base::write_json(Value::list({number_of(MessageType::call), id, action, payload}));
}

std::string write_result(std::string_view id, const Value& payload) {
  return base::write_json(Value::list({number_of(MessageType::result), id, payload}));
}

std::string write_error(std::string_view id, std::string_view code, std::string_view description,
                        const Value& details) {
  return base::write_json(
      Value::list({number_of(MessageType::error), id, code, description, details}));
}

bool is_error_code(std::string_view code) {
  static constexpr std::array<std::string_view, 10> kCodes = {"NotImplemented",
                                                              "NotSupported",
                                                              "InternalError",
                                                              "ProtocolError",
                                                              "SecurityError",
                                                              "FormationViolation",
                                                              "PropertyConstraintViolation",
                                                              "OccurenceConstraintViolation",
                                                              "TypeConstraintViolation",
                                                              "GenericError"};
  return std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end();
}

}  // namespace plugproof::ocpp
