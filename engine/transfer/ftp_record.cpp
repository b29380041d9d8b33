#include "engine/transfer/ftp_record.hpp"

#include <array>
#include <charconv>

namespace plugproof::transfer {

namespace {

template <class Number>
bool read_number(std::string_view text, Number& number) {
  if (text == "-") return true;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

std::string or_empty(std::string_view text) {
  return text == "-" ? std::string() : std::string(text);
}

}  // namespace

std::optional<FtpRecord> parse_ftp_record(std::string_view line) {
  constexpr std::size_t kFields = 9;
  std::array<std::string_view, kFields> fields;
  for (std::size_t i = 0; i + 1 < kFields; ++i) {
    const auto bar = line.find('|');
    if (bar == std::string_view::npos) return std::nullopt;
    fields[i] = line.substr(0, bar);
    line.remove_prefix(bar + 1);
  }
  fields.back() = line;  // may have bars of its own
  FtpRecord record;
  if (!read_number(fields[0], record.session) || !read_number(fields[1], record.code) ||
      !read_number(fields[2], record.bytes) || record.session <= 0)
    return std::nullopt;
  record.status = or_empty(fields[3]);
  record.failure = or_empty(fields[4]);
  record.ending = or_empty(fields[5]);
  record.command = fields[6];
  record.user = or_empty(fields[7]);
  const auto border = fields[8].rfind('\x1F');
  if (border == std::string_view::npos) return std::nullopt;
  record.argument = or_empty(fields[8].substr(0, border));
  record.path = or_empty(fields[8].substr(border + 1));
  return record;
}

}  // namespace plugproof::transfer
