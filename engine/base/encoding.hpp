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
// Nothing when it is not that: a foreign character, a missing or wrong padding, bits left over.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace plugproof::base
