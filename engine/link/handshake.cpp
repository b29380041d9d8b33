#include "engine/link/handshake.hpp"

#include <algorithm>
#include <cstddef>

namespace plugproof::link {
namespace {

// The value of a hexadecimal digit, -1 for anything else.
int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

}  // namespace

Identity identity_of(std::string_view path) {
  path = path.substr(0, path.find_first_of("?#"));
  const std::size_t slash = path.rfind('/');
  const std::string_view segment = slash == std::string_view::npos ? path : path.substr(slash + 1);
  if (segment.empty()) return {{}, "the path ends without the identity of the charge point"};

  std::string decoded;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    if (segment[i] != '%') {
      decoded += segment[i];
      continue;
    }
    const int high = i + 2 < segment.size() ? hex_digit(segment[i + 1]) : -1;
    const int low = i + 2 < segment.size() ? hex_digit(segment[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return {{}, "the identity in the path has a '%' without two hexadecimal digits"};
    }
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (std::any_of(decoded.begin(), decoded.end(), is_control)) {
    return {{}, "the identity in the path has a control character"};
  }
  if (!is_utf8(decoded)) return {{}, "the identity in the path is not UTF-8"};
  return {decoded, {}};
}

std::string_view path_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return url;
  const std::size_t slash = url.find('/', scheme + 3);
  return slash == std::string_view::npos ? "/" : url.substr(slash);
}

std::string_view host_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  std::string_view rest = url.substr(scheme + 3);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (rest.substr(0, 1) == "[") return rest.substr(1, rest.find(']') - 1);
  return rest.substr(0, rest.find(':'));
}

std::string choose_subprotocol(const std::vector<std::string>& offered) {
  const bool fits = std::find(offered.begin(), offered.end(), kSubprotocol) != offered.end();
  return std::string(fits ? kSubprotocol : std::string_view{});
}

std::string_view http_phrase(int status) {
  switch (status) {
    case 101:
      return "Switching Protocols";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "HTTP Status";
  }
}

std::string printable(std::string_view bytes, std::size_t limit) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (const char c : bytes.substr(0, limit)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7F) {
      text += c;
    } else {
      text += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  if (bytes.size() > limit) text += "...";
  return text;
}

}  // namespace plugproof::link
