// Texts that strangers sent, made fit for records that must be UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace plugproof::base {

// The beginning of a UTF-8 text, at most `bytes` long, no character torn.
std::string_view clip_utf8(std::string_view text, std::size_t bytes);

// Whether `bytes` are UTF-8 as RFC 3629 has it: no overlong forms, no surrogates.
bool is_utf8(std::string_view bytes);

// The text on one line, at most `bytes` long: control characters become spaces, and where it is no
// UTF-8 so does every byte beyond ASCII.
std::string one_line(std::string_view text, std::size_t bytes);

}  // namespace plugproof::base
