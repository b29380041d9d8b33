// WebSocket clients over sockets, for the reference charge point and for tests.
#pragma once

#include "engine/base/event_loop.hpp"
#include "engine/link/client.hpp"

namespace plugproof::link {

// Makes clients for ws:// and wss:// addresses, served while `loop` runs, which must live longer
// than the factory and its clients.
ClientFactory make_websocket_clients(base::EventLoop& loop);

}  // namespace plugproof::link
