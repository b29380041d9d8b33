// How lines for a console are set: colours, labels, headings.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "reports/terminal.hpp"

namespace plugproof::reports {

inline constexpr std::size_t kLabelWidth = 17;

enum class Colour { none, green, red, yellow, magenta, dim, bold };

std::string paint(const std::string& text, Colour colour, const Style& style);
// Characters a line that are really used.
std::size_t columns(const Style& style);
// `  label          text`, further lines indented like the first; nothing without a text.
std::string labelled(std::string_view label, std::string_view text, const Style& style,
                     Colour colour = Colour::none);
std::string heading(const std::string& text, const Style& style);

}  // namespace plugproof::reports
