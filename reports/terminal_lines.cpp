#include "reports/terminal_lines.hpp"

#include <algorithm>

#include "reports/text.hpp"

namespace plugproof::reports {

std::string paint(const std::string& text, Colour colour, const Style& style) {
  static constexpr const char* kCodes[] = {"", "32", "31", "33", "35", "2", "1"};
  if (!style.colour || colour == Colour::none || text.empty()) return text;
  return std::string("\x1b[") + kCodes[static_cast<int>(colour)] + "m" + text + "\x1b[0m";
}

std::size_t columns(const Style& style) {
  return std::max<std::size_t>(style.width, 60);
}

std::string labelled(std::string_view label, std::string_view text, const Style& style,
                     Colour colour) {
  if (text.empty()) return {};
  std::string out;
  // A label that is longer than its column still keeps its distance.
  std::string head = "  " + pad(std::string(label), std::max(kLabelWidth - 2, label.size() + 1));
  for (const auto& line : wrap(printable(text), columns(style) - kLabelWidth)) {
    out += paint(head, Colour::dim, style) + paint(line, colour, style) + "\n";
    head.assign(kLabelWidth, ' ');
  }
  return out;
}

std::string heading(const std::string& text, const Style& style) {
  return "\n" + paint(text, Colour::bold, style) + "\n";
}

}  // namespace plugproof::reports
