// Texts of a charge point and of users made safe for where they are printed. A device may send any
// characters: markup, terminal controls and direction marks must appear as text and do nothing.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/value.hpp"

namespace plugproof::reports {

// One line: control characters, direction marks, invisible characters and broken UTF-8 as \n, \x1b,
// \u{202e}.
std::string printable(std::string_view text);
// The same in at most `width` characters; what is too long ends in "...".
std::string elide(std::string_view text, std::size_t width);
// At most `bytes` bytes of a raw text, cut between characters.
std::string_view head_of(std::string_view text, std::size_t bytes);
// The same with a remark on the whole length where something was cut off.
std::string shorten_raw(const std::string& text, std::size_t bytes);
// Characters, not bytes, of a valid UTF-8 text.
std::size_t width_of(std::string_view text);
// `text` followed by spaces up to `width` characters.
std::string pad(std::string text, std::size_t width);
// Words wrapped into lines of at most `width` characters where that is possible.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

// printable() and safe inside a Markdown paragraph or table cell, HTML included.
std::string markdown(std::string_view text);
// printable() and safe inside an XML attribute or element; newlines survive in `xml_lines`.
std::string xml(std::string_view text);
std::string xml_lines(std::string_view text);

// A value for people: a string without quotes, the rest as JSON.
std::string plain(const base::Value& value);
// The same for a member of an object; empty when absent or null.
std::string plain_member(const base::Value& record, std::string_view key);

std::string fixed(double number, int decimals);
// "0.4 s", "3.4 s", "2 min 5 s".
std::string seconds_text(double seconds);
// "1 case", "2 cases".
std::string counted(std::size_t count, std::string_view noun);
std::string join(const std::vector<std::string>& items, std::string_view separator);

}  // namespace plugproof::reports
