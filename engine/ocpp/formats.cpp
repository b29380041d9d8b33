#include "engine/ocpp/formats.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>

#include "engine/base/time.hpp"

namespace plugproof::ocpp {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Unreserved characters, sub-delims, percent-escapes and what `more` allows in this part of a URI.
bool is_made_of(std::string_view text, std::string_view more) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_digit(c) || is_alpha(c)) continue;
    if (c == '%') {
      if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
      i += 2;
      continue;
    }
    if (std::string_view("-._~!$&'()*+,;=").find(c) == std::string_view::npos &&
        more.find(c) == std::string_view::npos)
      return false;
  }
  return true;
}

bool is_ipv4(std::string_view text) {
  int parts = 0;
  while (true) {
    const std::size_t dot = std::min(text.find('.'), text.size());
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + dot, number);
    if (dot == 0 || dot > 3 || error != std::errc{} || end != text.data() + dot || number > 255)
      return false;
    ++parts;
    if (dot == text.size()) return parts == 4;
    text.remove_prefix(dot + 1);
  }
}

// Groups of one to four hex digits; `::` once for what is left out; an IPv4 address may be the last
// two.
bool is_ipv6(std::string_view text) {
  int groups = 0;
  bool shortened = false;
  if (text.substr(0, 2) == "::") {
    shortened = true;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string_view group = text.substr(0, colon);
    if (colon == text.size() && is_ipv4(group)) {
      groups += 2;
      break;
    }
    if (group.empty() || group.size() > 4 || !std::all_of(group.begin(), group.end(), is_hex))
      return false;
    ++groups;
    text.remove_prefix(colon);
    if (text.empty()) break;
    if (text.substr(0, 2) == "::") {
      if (shortened) return false;
      shortened = true;
      text.remove_prefix(2);
    } else {
      text.remove_prefix(1);
      if (text.empty()) return false;
    }
  }
  return shortened ? groups < 8 : groups == 8;
}

// [userinfo@]host[:port]
bool is_authority(std::string_view text) {
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    if (!is_made_of(text.substr(0, at), ":")) return false;
    text.remove_prefix(at + 1);
  }
  std::string_view port;
  if (!text.empty() && text.front() == '[') {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || !is_ipv6(text.substr(1, end - 1))) return false;
    port = text.substr(end + 1);
    if (!port.empty() && port.front() != ':') return false;
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    if (!is_made_of(text.substr(0, colon), "")) return false;
    port = text.substr(colon);
  }
  if (!port.empty()) port.remove_prefix(1);
  return std::all_of(port.begin(), port.end(), is_digit);
}

// Takes everything from the first `mark` on off the text.
std::string_view cut_from(std::string_view& text, char mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return {};
  const std::string_view tail = text.substr(at + 1);
  text = text.substr(0, at);
  return tail;
}

}  // namespace

std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u;
  }));
}

bool is_date_time(std::string_view text) {
  auto utc = base::parse_utc(text);
  if (!utc) {
    // The engine's calendar begins in 1970. The Gregorian calendar repeats every 400 years, so an
    // earlier year is judged by its equal from 2000 on: a charger without a clock may well say
    // 0001-01-01.
    int year = 0;
    if (text.size() < 5 || text[4] != '-' || !std::all_of(text.begin(), text.begin() + 4, is_digit))
      return false;
    std::from_chars(text.data(), text.data() + 4, year);
    if (year >= 1970) return false;
    utc = base::parse_utc(std::to_string(2000 + year % 400) + std::string(text.substr(4)));
    if (!utc) return false;
  }
  // A leap second is the last second of a day in UTC (RFC 3339 section 5.7). It was read as the one
  // before.
  if (text.substr(17, 2) != "60") return true;
  const auto of_day = *utc - std::chrono::floor<std::chrono::days>(*utc);
  return of_day >= std::chrono::days(1) - std::chrono::seconds(1);
}

bool is_uri(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_alpha(text.front())) return false;
  const std::string_view scheme = text.substr(0, colon);
  if (!std::all_of(scheme.begin(), scheme.end(), [](char c) {
        return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
      }))
    return false;
  text.remove_prefix(colon + 1);
  const std::string_view fragment = cut_from(text, '#');
  const std::string_view query = cut_from(text, '?');
  if (!is_made_of(fragment, ":@/?") || !is_made_of(query, ":@/?")) return false;
  if (text.substr(0, 2) == "//") {
    text.remove_prefix(2);
    const std::size_t slash = std::min(text.find('/'), text.size());
    if (!is_authority(text.substr(0, slash))) return false;
    text.remove_prefix(slash);
  }
  return is_made_of(text, ":@/");
}

bool has_at_most_decimals(double number, int decimals) {
  // From 2^49 on a double is too coarse for the question; whatever was written reads as some such
  // number.
  if (std::abs(number) >= static_cast<double>(std::int64_t{1} << 49)) return std::isfinite(number);
  const double scale = std::pow(10.0, decimals);
  return std::round(number * scale) / scale == number;
}

}  // namespace plugproof::ocpp
