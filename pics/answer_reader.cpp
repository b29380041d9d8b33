#include "pics/answer_reader.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <limits>

namespace plugproof::pics {

namespace {

using base::YamlNode;

std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string shown(const YamlNode& node) {
  if (node.is_list()) return "a list";
  if (node.is_map()) return "a map";
  if (node.is_null()) return "nothing";
  // A text of any length may stand in a file, but a message must stay readable.
  constexpr std::size_t kLongest = 60;
  return node.text.size() <= kLongest ? "'" + node.text + "'"
                                      : "'" + node.text.substr(0, kLongest) + "...'";
}

// OCPP 1.6 section 7.34.
const std::vector<std::string> kPhases = {"L1",   "L2",   "L3",    "N",     "L1-N",
                                          "L2-N", "L3-N", "L1-L2", "L2-L3", "L3-L1"};

}  // namespace

bool is_not_given(const YamlNode& node) {
  if (node.is_null()) return true;
  if (!node.is_scalar()) return false;
  const std::string_view text = trim(node.text);
  return text.empty() || text == "-";
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

std::string join(const std::vector<std::string>& names, std::string_view separator) {
  std::string joined;
  for (const auto& name : names) {
    if (!joined.empty()) joined += separator;
    joined += name;
  }
  return joined;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<bool> read_boolean(std::string_view text) {
  text = trim(text);
  if (text.size() > 2 && text.front() == '<' && text.back() == '>')
    text = trim(text.substr(1, text.size() - 2));
  const std::string lower = to_lower(text);
  if (lower == "yes" || lower == "true") return true;
  if (lower == "no" || lower == "false") return false;
  return std::nullopt;
}

std::optional<std::int64_t> read_integer(std::string_view text) {
  text = trim(text);
  std::int64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  if (number < 0 || number > std::numeric_limits<std::int32_t>::max()) return std::nullopt;
  return number;
}

std::optional<std::int64_t> read_seconds(std::string_view text) {
  text = trim(text);
  if (!text.empty() && text.back() == 's') text = trim(text.substr(0, text.size() - 1));
  return read_integer(text);
}

std::optional<bool> AnswerReader::boolean(const std::string& what, const YamlNode& node) {
  if (node.is_scalar())
    if (const auto answer = read_boolean(node.text)) return answer;
  diagnostics_.error(node.pos, what + " must be yes or no, but is " + shown(node),
                     "write yes or no");
  return std::nullopt;
}

std::optional<std::int64_t> AnswerReader::integer(const std::string& what, const YamlNode& node) {
  if (node.is_scalar())
    if (const auto number = read_integer(node.text)) return number;
  diagnostics_.error(node.pos,
                     what + " must be a whole number from 0 to 2147483647, but is " + shown(node),
                     "write digits only");
  return std::nullopt;
}

std::optional<std::int64_t> AnswerReader::seconds(const std::string& what, const YamlNode& node) {
  if (node.is_scalar())
    if (const auto number = read_seconds(node.text)) return number;
  diagnostics_.error(node.pos, what + " must be a whole number of seconds, but is " + shown(node),
                     "write it as 60 or 60s");
  return std::nullopt;
}

std::optional<std::string> AnswerReader::text(const std::string& what, const YamlNode& node) {
  if (node.is_scalar() && !trim(node.text).empty()) return node.text;
  diagnostics_.error(node.pos, what + " must be a text, but is " + shown(node));
  return std::nullopt;
}

std::optional<std::string> AnswerReader::known_name(const std::string& what, const YamlNode& node,
                                                    const KnownNames& known) {
  std::string_view wanted = trim(node.text);
  std::string suffix;
  if (known.measurands) {
    const auto dot = wanted.rfind('.');
    if (dot != std::string_view::npos && contains(kPhases, wanted.substr(dot + 1))) {
      suffix = wanted.substr(dot);
      wanted = wanted.substr(0, dot);
    }
  }
  const std::string lower = to_lower(wanted);
  for (const auto& value : *known.values)
    if (to_lower(value) == lower) return value + suffix;
  const std::string hint = base::did_you_mean(wanted, *known.values);
  if (known.open) {
    diagnostics_.warning(node.pos,
                         what + ": " + shown(node) + " is not among the values known so far",
                         hint.empty() ? "known are " + join(*known.values, ", ") : hint);
    return std::string(wanted);
  }
  diagnostics_.error(node.pos, what + ": " + shown(node) + " is no known value",
                     hint.empty() ? "known are " + join(*known.values, ", ") : hint);
  return std::nullopt;
}

std::optional<std::string> AnswerReader::name(const std::string& what, const YamlNode& node,
                                              const KnownNames& known) {
  if (!text(what, node)) return std::nullopt;
  return known_name(what, node, known);
}

std::optional<std::vector<std::string>> AnswerReader::names(const std::string& what,
                                                            const YamlNode& node,
                                                            const KnownNames& known) {
  if (!node.is_list()) {
    diagnostics_.error(node.pos, what + " must be a list, but is " + shown(node),
                       "write it in square brackets with commas, as in [A, B]");
    return std::nullopt;
  }
  std::vector<std::string> names;
  bool good = true;
  for (const auto& item : node.items) {
    const auto entry = name("an entry of " + what, item, known);
    if (!entry) {
      good = false;
    } else if (contains(names, *entry)) {
      diagnostics_.error(item.pos, what + " holds '" + *entry + "' twice", "keep one of the two");
      good = false;
    } else {
      names.push_back(*entry);
    }
  }
  if (!good) return std::nullopt;
  return names;
}

bool AnswerReader::is_map(const std::string& what, const YamlNode& node) {
  if (node.is_map()) return true;
  diagnostics_.error(node.pos, what + " must be a map of keys and values, but is " + shown(node));
  return false;
}

bool AnswerReader::keys(const std::string& what, const YamlNode& node,
                        const std::vector<std::string>& keys) {
  if (!is_map(what, node)) return false;
  for (const auto& entry : node.entries) {
    if (contains(keys, entry.key)) continue;
    const std::string hint = base::did_you_mean(entry.key, keys);
    diagnostics_.error(entry.key_pos, what + " has no key '" + entry.key + "'",
                       hint.empty() ? "known are " + join(keys, ", ") : hint);
  }
  return true;
}

}  // namespace plugproof::pics
