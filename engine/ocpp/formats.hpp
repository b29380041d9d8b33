// The constraints on single values that JSON Schema names but leaves to the validator: formats,
// lengths in characters and decimal steps.
#pragma once

#include <cstddef>
#include <string_view>

namespace plugproof::ocpp {

// Unicode code points of valid UTF-8: what maxLength and the CiString types of OCPP count.
std::size_t count_characters(std::string_view utf8);

// A date-time of RFC 3339 section 5.6 with its offset, any year from 0000 to 9999. A date that does
// not exist, a missing offset or a space in place of the T are no date-time.
bool is_date_time(std::string_view text);

// A URI with a scheme (RFC 3986 section 3): no relative reference, no character that would need
// escaping.
bool is_uri(std::string_view text);

// Whether the number is what a decimal with `decimals` digits after the point reads as. A remainder
// of binary fractions cannot answer this: 0.3 is no multiple of 0.1 among doubles.
bool has_at_most_decimals(double number, int decimals);

}  // namespace plugproof::ocpp
