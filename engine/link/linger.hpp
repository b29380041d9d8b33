// The last moment of a connection that we end. Closing a socket with unread bytes makes TCP send a
// reset, and a reset may overtake the close frame that tells the charge point why.
#pragma once

#include <asio/ip/tcp.hpp>

namespace plugproof::link {

// Ends our side of the stream, then reads and throws away what still comes, for a second at most,
// and closes.
void close_patiently(asio::ip::tcp::socket socket);

}  // namespace plugproof::link
