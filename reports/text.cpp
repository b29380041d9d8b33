#include "reports/text.hpp"

#include <cstdint>
#include <cstdio>

#include "engine/base/json.hpp"
#include "engine/base/time.hpp"

namespace plugproof::reports {

namespace {

struct CodePoint {
  std::int32_t value = -1;  // -1: not UTF-8, one byte
  std::size_t length = 1;
};

// Decodes one character; overlong forms, surrogates and values past U+10FFFF are not UTF-8.
CodePoint decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(at);
  if (first < 0x80) return {static_cast<std::int32_t>(first), 1};
  std::size_t length = 0;
  std::uint32_t value = 0;
  if (first >= 0xC2 && first <= 0xDF) {
    length = 2;
    value = first & 0x1FU;
  } else if (first >= 0xE0 && first <= 0xEF) {
    length = 3;
    value = first & 0x0FU;
  } else if (first >= 0xF0 && first <= 0xF4) {
    length = 4;
    value = first & 0x07U;
  } else {
    return {};
  }
  if (at + length > text.size()) return {};
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return {};
    value = value << 6 | (byte(at + i) & 0x3FU);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  if (overlong || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
  return {static_cast<std::int32_t>(value), length};
}

// Characters that a reader cannot see or that change how others are shown.
bool is_invisible(std::int32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C || c == 0x180E ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
         (c & 0xFFFE) == 0xFFFE || (c >= 0xE0000 && c <= 0xE007F);
}

std::string escape_of(std::int32_t c) {
  if (c == '\n') return "\\n";
  if (c == '\r') return "\\r";
  if (c == '\t') return "\\t";
  char text[16];
  std::snprintf(text, sizeof text, c < 0x100 ? "\\x%02x" : "\\u{%x}", static_cast<unsigned>(c));
  return text;
}

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

std::string xml_escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode(text, at);
    if (c.value < 0) {
      out += escape_of(static_cast<unsigned char>(text[at]));
    } else if (is_invisible(c.value)) {
      out += escape_of(c.value);
    } else {
      out += text.substr(at, c.length);
    }
    at += c.length;
  }
  return out;
}

std::string elide(std::string_view text, std::size_t width) {
  // Every character gives at least one column, so more than this cannot be shown anyway.
  const bool cut = text.size() > width * 4 + 4;
  std::string out = printable(cut ? text.substr(0, width * 4 + 4) : text);
  if (!cut && width_of(out) <= width) return out;
  const std::size_t keep = width > 3 ? width - 3 : 0;
  std::size_t at = 0;
  for (std::size_t count = 0; count < keep && at < out.size(); ++count)
    at += decode(out, at).length;
  return out.substr(0, at) + "...";
}

std::string_view head_of(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

std::string shorten_raw(const std::string& text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  return std::string(head_of(text, bytes)) + "... (" + std::to_string(text.size()) +
         " bytes in all)";
}

std::size_t width_of(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  return count;
}

std::string pad(std::string text, std::size_t width) {
  const std::size_t have = width_of(text);
  if (have < width) text.append(width - have, ' ');
  return text;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = text.find(' ', at);
    if (end == std::string_view::npos) end = text.size();
    const std::string_view word = text.substr(at, end - at);
    if (!line.empty() && width_of(line) + 1 + width_of(word) > width) {
      lines.push_back(std::move(line));
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
    at = end + 1;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string markdown(std::string_view text) {
  const std::string safe = printable(text);
  std::string out;
  out.reserve(safe.size());
  for (std::size_t i = 0; i < safe.size(); ++i) {
    const char c = safe[i];
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '\\':
      case '`':
      case '*':
      case '[':
      case ']':
      case '|':
      case '~':
        out += '\\';
        out += c;
        break;
      case '_':
        // An underscore inside a word means nothing to Markdown, and ids read better without a
        // backslash.
        if (i == 0 || i + 1 == safe.size() || !is_word(safe[i - 1]) || !is_word(safe[i + 1]))
          out += '\\';
        out += c;
        break;
      case '#':
      case '-':
      case '+':
      case '=':
        if (i == 0 && safe.size() > 1) out += '\\';
        out += c;
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string xml(std::string_view text) {
  return xml_escape(printable(text));
}

std::string xml_lines(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) {
      out += xml(text.substr(at));
      break;
    }
    out += xml(text.substr(at, end - at)) + "\n";
    at = end + 1;
  }
  return out;
}

std::string plain(const base::Value& value) {
  return value.is_string() ? value.as_string() : base::write_json(value);
}

std::string plain_member(const base::Value& record, std::string_view key) {
  const base::Value* member = record.find(key);
  return !member || member->is_null() ? std::string() : plain(*member);
}

std::string fixed(double number, int decimals) {
  char text[64];
  const int written = std::snprintf(text, sizeof text, "%.*f", decimals, number);
  return written > 0 && written < static_cast<int>(sizeof text) ? text : base::write_json(number);
}

std::string seconds_text(double seconds) {
  return seconds < 120 ? fixed(seconds, 1) + " s"
                       : base::format_duration(base::from_seconds(seconds));
}

std::string counted(std::size_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string join(const std::vector<std::string>& items, std::string_view separator) {
  std::string out;
  for (const auto& item : items) {
    if (!out.empty()) out += separator;
    out += item;
  }
  return out;
}

}  // namespace plugproof::reports
