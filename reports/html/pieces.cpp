#include "reports/html/pieces.hpp"

#include <algorithm>

#include "reports/text.hpp"

namespace plugproof::reports::html {

using base::Value;

std::string clock_time(std::string_view utc) {
  return std::string(utc.size() >= 23 ? utc.substr(11, 12) : utc);
}

std::string elapsed(double seconds) {
  return (seconds < 0 ? "" : "+") + fixed(seconds, 3) + " s";
}

Value verdict_value(Verdict verdict) {
  const auto row = [](const char* word, const char* sign, const char* style) {
    return Value::object({{"word", word}, {"sign", sign}, {"style", style}});
  };
  switch (verdict) {
    case Verdict::pass:
      return row("Pass", "✓", "pass");
    case Verdict::fail:
      return row("Fail", "✗", "fail");
    case Verdict::inconc:
      return row("Inconclusive", "?", "inconc");
    case Verdict::error:
      return row("Error", "!", "error");
    case Verdict::not_applicable:
      return row("Not applicable", "–", "none");
    case Verdict::not_run:
      return row("Not run", "○", "none");
  }
  return {};
}

bool did_not_pass(const CaseResult& result) {
  return result.verdict == Verdict::fail || result.verdict == Verdict::inconc ||
         result.verdict == Verdict::error;
}

std::string anchor_of(const CaseResult& result, std::size_t index) {
  const auto plain_character = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           c == '-';
  };
  const std::string& id = result.id;
  // The page has ids of its own in lower case.
  const bool fit = !id.empty() && id.size() <= 60 && id[0] >= 'A' && id[0] <= 'Z' &&
                   std::all_of(id.begin(), id.end(), plain_character);
  return fit ? id : "case-" + std::to_string(index + 1);
}

namespace {

bool continues_character(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

Value split(std::string_view text, std::size_t head, std::size_t tail) {
  return Value::object({{"head", text.substr(0, head)},
                        {"differs", text.substr(head, text.size() - head - tail)},
                        {"tail", text.substr(text.size() - tail)},
                        {"nothing", text.empty()}});
}

}  // namespace

Value difference(std::string_view expected, std::string_view actual) {
  const std::size_t shorter = std::min(expected.size(), actual.size());
  std::size_t head = 0;
  while (head < shorter && expected[head] == actual[head]) ++head;
  while (head > 0 && (continues_character(expected, head) || continues_character(actual, head)))
    --head;
  std::size_t tail = 0;
  while (tail < shorter - head &&
         expected[expected.size() - 1 - tail] == actual[actual.size() - 1 - tail])
    ++tail;
  while (tail > 0 && (continues_character(expected, expected.size() - tail) ||
                      continues_character(actual, actual.size() - tail)))
    --tail;
  // A few letters in common are chance.
  const bool alike = head + tail >= 8 && (head + tail) * 3 >= shorter;
  if (!alike) head = tail = 0;
  return Value::object({{"alike", alike},
                        {"expected", split(expected, head, tail)},
                        {"actual", split(actual, head, tail)}});
}

std::string page_rule(std::string_view mark) {
  std::string safe;
  for (const char c : mark)
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ',' ||
        c == ' ')
      safe += c;
  if (safe.empty()) return {};
  return "@page { @top-right { content: \"" + safe +
         "\"; font: bold 9pt sans-serif; color: #664500; } }";
}

std::string spaced(std::string word) {
  std::replace(word.begin(), word.end(), '_', ' ');
  return word;
}

Value lines_of(std::string_view text) {
  Value::List lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return Value(std::move(lines));
}

}  // namespace plugproof::reports::html
