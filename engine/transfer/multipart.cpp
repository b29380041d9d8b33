#include "engine/transfer/multipart.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace plugproof::transfer {

namespace {

constexpr std::size_t kLongestHeader = 8192;

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// Takes the next `; name=value` off the text; false at its end. Values may be quoted.
bool next_parameter(std::string_view& text, std::string& name, std::string& value) {
  const auto semicolon = text.find(';');
  if (semicolon == std::string_view::npos) return false;
  text.remove_prefix(semicolon + 1);
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return false;
  name = trimmed(text.substr(0, equals));
  text = text.substr(equals + 1);
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  value.clear();
  if (text.empty() || text.front() != '"') {
    value = trimmed(text.substr(0, text.find(';')));
    return true;
  }
  std::size_t at = 1;
  for (; at < text.size() && text[at] != '"'; ++at) {
    // Browsers escape a quote as %22 and leave backslashes alone; others write \".
    if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] == '"') ++at;
    value.push_back(text[at]);
  }
  text.remove_prefix(std::min(at + 1, text.size()));
  return true;
}

}  // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
  const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
  if (!equal_ignoring_case(type, "multipart/form-data")) return std::nullopt;
  std::string name, value;
  while (next_parameter(content_type, name, value))
    if (equal_ignoring_case(name, "boundary") && !value.empty() && value.size() <= 70) return value;
  return std::string();  // no part will ever begin
}

MultipartReader::MultipartReader(const std::string& boundary, Handlers handlers)
    : delimiter_("\r\n--" + boundary),
      handlers_(std::move(handlers)),
      held_("\r\n") {}  // the first boundary needs no line end before it

bool MultipartReader::add(std::string_view bytes) {
  if (state_ == State::after) return true;  // what follows the last boundary means nothing
  held_.append(bytes);
  bool more = true;
  while (more)
    if (!step(more)) return false;
  return true;
}

// Takes one thing out of what is held; `more` is false when that needs further bytes.
bool MultipartReader::step(bool& more) {
  switch (state_) {
    case State::before:
    case State::content: {
      const auto found = held_.find(delimiter_);
      // Without a delimiter the end may still be the beginning of one.
      const std::size_t free = found != std::string::npos ? found
                               : held_.size() < delimiter_.size()
                                   ? 0
                                   : held_.size() - (delimiter_.size() - 1);
      const bool wanted = state_ == State::content && is_file_ && free > 0;
      if (wanted && !handlers_.content(std::string_view(held_).substr(0, free))) return false;
      held_.erase(0, free);
      if (found == std::string::npos) {
        more = false;
        return true;
      }
      held_.erase(0, delimiter_.size());
      state_ = State::border;
      return true;
    }
    case State::border:
      if (held_.rfind("--", 0) == 0) {
        state_ = State::after;
        held_.clear();
        more = false;
      } else if (const auto line_end = held_.find("\r\n"); line_end != std::string::npos) {
        held_.erase(0, line_end);  // the line end stays: headers are looked for behind it
        state_ = State::header;
      } else {
        more = false;
        return held_.size() < kLongestHeader;
      }
      return true;
    case State::header: {
      const auto end = held_.find("\r\n\r\n");
      if (end == std::string::npos) {
        more = false;
        return held_.size() < kLongestHeader;
      }
      const std::string header = held_.substr(0, end);
      held_.erase(0, end + 4);
      state_ = State::content;
      is_file_ = false;
      return read_header(header);
    }
    case State::after:
      more = false;
      return true;
  }
  return false;
}

bool MultipartReader::read_header(std::string_view header) {
  while (!header.empty()) {
    const auto end = header.find("\r\n");
    std::string_view line = header.substr(0, end);
    header = end == std::string_view::npos ? std::string_view() : header.substr(end + 2);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos ||
        !equal_ignoring_case(trimmed(line.substr(0, colon)), "Content-Disposition"))
      continue;
    line.remove_prefix(colon + 1);
    std::string name, value;
    while (next_parameter(line, name, value))
      if (equal_ignoring_case(name, "filename") && !value.empty()) {
        is_file_ = true;
        return handlers_.begin(value);
      }
  }
  return true;
}

}  // namespace plugproof::transfer
