// What the implementations of the link share about the opening handshake (OCPP-J 1.6 section 3.1)
// and about the text that may follow it (RFC 6455 section 8.1).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/utf8.hpp"

namespace plugproof::link {

// The only subprotocol that is negotiated: its name in the IANA registry.
inline constexpr std::string_view kSubprotocol = "ocpp1.6";

// The identity of a charge point, or why the path has none.
struct Identity {
  std::string value;
  std::string problem;  // empty: `value` holds

  bool valid() const { return problem.empty(); }
};

// The last segment of the path of a request, percent-decoded; a query is not part of it. Refused
// are an empty segment, an escape that is none, and bytes that are no UTF-8 or control characters.
Identity identity_of(std::string_view path);

// The path (with its query) of a ws:// or wss:// address; a text without a scheme is a path
// already.
std::string_view path_of(std::string_view url);
// The host of such an address, without the brackets of an IPv6 address; empty without a scheme.
std::string_view host_of(std::string_view url);

// `ocpp1.6` when it was offered, else an empty text.
std::string choose_subprotocol(const std::vector<std::string>& offered);

// The phrase that goes with an HTTP status, "Unauthorized" for 401.
std::string_view http_phrase(int status);

// `bytes` with everything but printable ASCII percent-encoded, cut after `limit`: for paths and
// reasons made of what a stranger sent.
std::string printable(std::string_view bytes, std::size_t limit);

// What a control frame leaves for the reason of a close (RFC 6455 section 5.5): 125 bytes without
// the code.
inline constexpr std::size_t kMaxCloseReason = 123;

using base::clip_utf8;
using base::is_utf8;

}  // namespace plugproof::link
