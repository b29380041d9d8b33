// Reads single answers of a PICS file: what counts as yes, as a number, as a known name, and what
// to say when an answer is none of these.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/base/yaml.hpp"
#include "pics/pics.hpp"

namespace plugproof::pics {

// A row that holds nothing, an empty text or a dash is printed as such and counts as not given.
bool is_not_given(const base::YamlNode& node);

// yes, no, true or false in any case, in angle brackets or not, as certificates print them.
std::optional<bool> read_boolean(std::string_view text);
// 0 to 2147483647 in digits: what OCPP's integer configuration keys can hold.
std::optional<std::int64_t> read_integer(std::string_view text);
// The same with `s` behind it or not: 60, 60s.
std::optional<std::int64_t> read_seconds(std::string_view text);

std::string to_lower(std::string_view text);
std::string join(const std::vector<std::string>& names, std::string_view separator);
bool contains(const std::vector<std::string>& names, std::string_view name);

// What a list may hold. Names are matched without regard to case and returned as they stand in
// `values`.
struct KnownNames {
  const std::vector<std::string>* values = nullptr;
  // A name that is not known is a warning, not an error.
  bool open = false;
  // A name may have a phase behind it, as in Voltage.L1 (OCPP 1.6 section 7.34).
  bool measurands = false;
};

class AnswerReader {
 public:
  explicit AnswerReader(base::Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  // The value of one answer, or nothing after an error. `what` names the row in sentences.
  std::optional<bool> boolean(const std::string& what, const base::YamlNode& node);
  std::optional<std::int64_t> integer(const std::string& what, const base::YamlNode& node);
  std::optional<std::int64_t> seconds(const std::string& what, const base::YamlNode& node);
  std::optional<std::string> text(const std::string& what, const base::YamlNode& node);
  std::optional<std::string> name(const std::string& what, const base::YamlNode& node,
                                  const KnownNames& known);
  std::optional<std::vector<std::string>> names(const std::string& what, const base::YamlNode& node,
                                                const KnownNames& known);

  // False after an error when the node is no map.
  bool is_map(const std::string& what, const base::YamlNode& node);
  // An error for each key of a map that is not among `keys`; false when the node is no map.
  bool keys(const std::string& what, const base::YamlNode& node,
            const std::vector<std::string>& keys);

 private:
  // `name` as it is known, or as it stands when the list is open; nothing after an error.
  std::optional<std::string> known_name(const std::string& what, const base::YamlNode& node,
                                        const KnownNames& known);

  base::Diagnostics& diagnostics_;
};

}  // namespace plugproof::pics
