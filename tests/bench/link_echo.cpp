// What our server costs over the library beneath it: CPU time per echoed message of a bare
// websocketpp echo server and of WebSocketServer, in one process, under the same load from a
// process of its own.
//
//   plugproof_bench_link [connections] [messages a connection] [rounds]

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>
#include <websocketpp/config/asio_no_tls.hpp>
#include <websocketpp/server.hpp>

#include "engine/base/event_loop.hpp"
#include "engine/link/frame_header.hpp"
#include "engine/link/websocket_server.hpp"
#include "tests/bench/measure.hpp"

namespace plugproof::link {
namespace {

using asio::ip::tcp;

constexpr std::size_t kPayload = 312;  // bytes: a MeterValues request of usual size

struct Load {
  int connections = 100;
  int messages = 2000;
};

// One connection of the load: sends the next message when the echo of the last is complete.
class Echoer : public std::enable_shared_from_this<Echoer> {
 public:
  Echoer(asio::io_context& io, std::uint16_t port, int messages) : socket_(io), left_(messages) {
    socket_.connect({asio::ip::address_v4::loopback(), port});
    socket_.set_option(tcp::no_delay(true));
    const MaskKey key{'\x01', '\x02', '\x03', '\x04'};
    std::string payload(kPayload, 'x');
    apply_mask(payload, key);
    frame_ = frame_header(1, kPayload, key) + payload;
    echo_.resize(frame_header(1, kPayload, std::nullopt).size() + kPayload);
  }

  void start() {
    asio::write(socket_, asio::buffer(std::string(
                             "GET /CP HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                             "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")));
    std::string response;
    while (response.find("\r\n\r\n") == std::string::npos) {
      char c = 0;
      asio::read(socket_, asio::buffer(&c, 1));
      response += c;
    }
    next();
  }

 private:
  void next() {
    if (left_-- == 0) return;
    asio::async_write(socket_, asio::buffer(frame_),
                      [self = shared_from_this()](const std::error_code& error, std::size_t) {
                        if (!error) self->read();
                      });
  }
  void read() {
    asio::async_read(socket_, asio::buffer(echo_),
                     [self = shared_from_this()](const std::error_code& error, std::size_t) {
                       if (!error) self->next();
                     });
  }

  tcp::socket socket_;
  int left_;
  std::string frame_;
  std::string echo_;
};

// The load, as a process of its own: its CPU time is not ours. Ends when every message came back.
pid_t start_load(std::uint16_t port, const Load& load) {
  const pid_t child = fork();
  if (child != 0) return child;
  asio::io_context io;
  for (int i = 0; i < load.connections; ++i) {
    std::make_shared<Echoer>(io, port, load.messages)->start();
  }
  io.run();
  std::_Exit(0);
}

// A load that failed makes the figures worthless.
bool has_ended(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, WNOHANG) != child) return false;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    std::fprintf(stderr, "the load ended early: no figures\n");
    std::exit(1);
  }
  return true;
}

// Microseconds of CPU for each message, handshakes included.
double measure(std::uint16_t port, const Load& load, const std::function<void()>& turn) {
  const double before = bench::cpu_seconds();
  const pid_t child = start_load(port, load);
  while (!has_ended(child)) turn();
  return (bench::cpu_seconds() - before) * 1e6 /
         (static_cast<double>(load.connections) * load.messages);
}

constexpr auto kTurn = std::chrono::milliseconds(20);

double bare(const Load& load) {
  using Server = websocketpp::server<websocketpp::config::asio>;
  asio::io_context io{1};
  Server server;
  server.clear_access_channels(websocketpp::log::alevel::all);
  server.clear_error_channels(websocketpp::log::elevel::all);
  server.init_asio(&io);
  server.set_tcp_pre_init_handler([&](const websocketpp::connection_hdl& hdl) {
    server.get_con_from_hdl(hdl)->get_raw_socket().set_option(tcp::no_delay(true));
  });
  server.set_message_handler(
      [&](const websocketpp::connection_hdl& hdl, const Server::message_ptr& message) {
        std::error_code ignored;
        server.send(hdl, message->get_payload(), websocketpp::frame::opcode::text, ignored);
      });
  server.listen(tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  server.start_accept();
  std::error_code ignored;
  const std::uint16_t port = server.get_local_endpoint(ignored).port();
  return measure(port, load, [&] { io.run_for(kTurn); });
}

double ours(const Load& load) {
  base::EventLoop loop;
  WebSocketServer server(loop);
  server.on_event([&](const Event& event) {
    if (event.kind == EventKind::text) server.send(event.connection, event.text);
  });
  return measure(server.port(), load, [&] { loop.run_for(kTurn); });
}

int argument(int count, char** values, int index, int fallback) {
  const int value = index < count ? std::atoi(values[index]) : fallback;
  return value > 0 ? value : fallback;
}

}  // namespace
}  // namespace plugproof::link

int main(int argc, char** argv) {
  using plugproof::link::argument;
  const plugproof::link::Load load{argument(argc, argv, 1, 100), argument(argc, argv, 2, 2000)};
  const int rounds = argument(argc, argv, 3, 5);
  std::printf("%d connections, %d messages of %zu bytes each, %d rounds, interleaved\n",
              load.connections, load.messages, plugproof::link::kPayload, rounds);
  std::vector<double> bare;
  std::vector<double> ours;
  for (int round = 0; round < rounds; ++round) {
    bare.push_back(plugproof::link::bare(load));
    ours.push_back(plugproof::link::ours(load));
  }
  std::printf("%-20s %8s %8s %8s\n", "us CPU per message", "least", "median", "most");
  for (auto& [name, values] :
       {std::pair{"websocketpp", &bare}, std::pair{"WebSocketServer", &ours}}) {
    std::sort(values->begin(), values->end());
    std::printf("%-20s %8.2f %8.2f %8.2f\n", name, values->front(), (*values)[values->size() / 2],
                values->back());
  }
  return 0;
}
