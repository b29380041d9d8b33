#include "engine/transfer/place.hpp"

#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace plugproof::transfer {

std::string unguessable(std::size_t length) {
  static constexpr char kLetters[] = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789";
  constexpr unsigned kCount = sizeof kLetters - 1;
  std::string text;
  text.reserve(length);
  while (text.size() < length) {
    std::array<unsigned char, 64> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
      throw std::runtime_error("the system has no random numbers for credentials");
    for (const unsigned char byte : bytes)
      // Whatever would favour the first letters is thrown away.
      if (byte < 256 / kCount * kCount && text.size() < length)
        text.push_back(kLetters[byte % kCount]);
  }
  return text;
}

namespace {

// Length of the well-formed UTF-8 sequence at `at`, 0 when there is none.
std::size_t utf8_length(const std::string& text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = byte(at);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  const unsigned second = byte(at + 1);
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
      (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F))
    return 0;
  return length;
}

}  // namespace

std::string presentable(const std::string& name) {
  constexpr std::size_t kMost = 255;
  std::string out;
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t length = utf8_length(name, at);
    if (out.size() + std::max<std::size_t>(1, length) > kMost) break;
    const auto first = static_cast<unsigned char>(name[at]);
    if (length == 0 || first < 0x20 || first == 0x7F) {
      out.push_back('_');
    } else {
      out.append(name, at, length);
    }
    at += std::max<std::size_t>(1, length);
  }
  return out;
}

}  // namespace plugproof::transfer
