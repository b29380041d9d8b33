// Bytes as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace plugproof::base {

std::string to_hex(std::string_view bytes);  // lower case
// Upper and lower case; nothing when it is no pairs of hexadecimal digits.
std::optional<std::string> from_hex(std::string_view hex);

std::string base64(std::string_view bytes);  // RFC 4648 section 4, in one line
// Blanks and line ends between the characters do not count; nothing when it is no base64.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace plugproof::base
