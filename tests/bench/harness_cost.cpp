// What a message costs when the harness does its whole work on it: read, validated, monitored,
// answered and journaled, beside a bare websocketpp echo of the same bytes in the same process,
// under the same load from a process of its own. Also: how far the time stamps are off, and the
// memory of an idle charge point.
//
//   plugproof_bench_harness [connections] [messages a connection] [rounds]
#include <sys/wait.h>

#include <asio/connect.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <websocketpp/config/asio_no_tls.hpp>
#include <websocketpp/server.hpp>

#include "engine/base/event_loop.hpp"
#include "engine/link/frame_header.hpp"
#include "engine/link/switchboard.hpp"
#include "engine/link/websocket_server.hpp"
#include "engine/run/session.hpp"
#include "tests/bench/measure.hpp"

namespace plugproof::bench {
namespace {

using asio::ip::tcp;

struct Load {
  int connections = 10;
  int messages = 5000;
};

// A MeterValues request of usual size; the message id has a fixed width, so that every frame has
// the same.
std::string request(int number) {
  char id[16];
  std::snprintf(id, sizeof id, "%010d", number);
  return std::string("[2,\"") + id +
         "\",\"MeterValues\",{\"connectorId\":1,\"meterValue\":[{\"timestamp\":\"2026-01-01T00:00:"
         "00.000Z\",\"sampledValue\":["
         "{\"value\":\"1234.5\",\"context\":\"Sample.Periodic\",\"measurand\":\"Energy.Active."
         "Import.Register\",\"unit\":\"Wh\"},"
         "{\"value\":\"16.0\",\"measurand\":\"Current.Import\",\"unit\":\"A\"}]}]}]";
}
const std::size_t kReplySize = std::string("[3,\"0000000000\",{}]").size();

class Client : public std::enable_shared_from_this<Client> {
 public:
  Client(asio::io_context& io, std::uint16_t port, int index, const Load& load, bool echo)
      : socket_(io), left_(load.messages), next_id_(0) {
    socket_.connect({asio::ip::address_v4::loopback(), port});
    socket_.set_option(tcp::no_delay(true));
    handshake(index);
    const std::size_t reply = echo ? request(0).size() : kReplySize;
    reply_.resize(link::frame_header(1, reply, std::nullopt).size() + reply);
  }
  void next() {
    if (left_-- == 0) return;
    const link::MaskKey key{'\x01', '\x02', '\x03', '\x04'};
    std::string payload = request(next_id_++);
    frame_ = link::frame_header(1, payload.size(), key);
    link::apply_mask(payload, key);
    frame_ += payload;
    asio::async_write(socket_, asio::buffer(frame_),
                      [self = shared_from_this()](const std::error_code& error, std::size_t) {
                        if (!error) self->read();
                      });
  }

 private:
  void handshake(int index) {
    asio::write(socket_,
                asio::buffer("GET /CP" + std::to_string(index) +
                             " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: "
                             "Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Protocol: ocpp1.6\r\nSec-WebSocket-Key: "
                             "dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
    std::string response;
    while (response.find("\r\n\r\n") == std::string::npos) {
      char c = 0;
      asio::read(socket_, asio::buffer(&c, 1));
      response += c;
    }
  }
  void read() {
    asio::async_read(socket_, asio::buffer(reply_),
                     [self = shared_from_this()](const std::error_code& error, std::size_t) {
                       if (!error) self->next();
                     });
  }

  tcp::socket socket_;
  int left_, next_id_;
  std::string frame_, reply_;
};

pid_t start_load(std::uint16_t port, const Load& load, bool echo) {
  const pid_t child = fork();
  if (child != 0) return child;
  asio::io_context io;
  for (int i = 0; i < load.connections; ++i)
    std::make_shared<Client>(io, port, i, load, echo)->next();
  io.run();
  std::_Exit(0);
}

double measure(std::uint16_t port, const Load& load, bool echo, const std::function<void()>& turn) {
  const double before = cpu_seconds();
  const pid_t child = start_load(port, load, echo);
  int status = 0;
  while (waitpid(child, &status, WNOHANG) != child) turn();
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    std::fprintf(stderr, "the load ended early: no figures\n");
    std::exit(1);
  }
  return (cpu_seconds() - before) * 1e6 / (static_cast<double>(load.connections) * load.messages);
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
  server.set_validate_handler([&](const websocketpp::connection_hdl& hdl) {
    std::error_code ignored;
    server.get_con_from_hdl(hdl)->select_subprotocol("ocpp1.6", ignored);
    return true;
  });
  server.set_message_handler(
      [&](const websocketpp::connection_hdl& hdl, const Server::message_ptr& message) {
        std::error_code ignored;
        server.send(hdl, message->get_payload(), websocketpp::frame::opcode::text, ignored);
      });
  server.listen(tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  server.start_accept();
  std::error_code ignored;
  return measure(server.get_local_endpoint(ignored).port(), load, true, [&] { io.run_for(kTurn); });
}

// The charge points' side of the harness: one session each, one journal.
struct Bench {
  base::EventLoop loop;
  link::WebSocketServer server{loop};
  link::Switchboard switchboard{server};
  std::filesystem::path file = std::filesystem::temp_directory_path() /
                               ("plugproof-bench-" + std::to_string(getpid()) + ".jsonl");
  std::unique_ptr<run::JournalSink> sink;
  run::Journal journal;
  std::vector<std::unique_ptr<run::Session>> sessions;

  Bench(const run::Pixit& pixit, int count) : sink(open(file)), journal(*sink, loop.utc()) {
    for (int i = 0; i < count; ++i) {
      const std::string identity = "CP" + std::to_string(i);
      sessions.push_back(std::make_unique<run::Session>(
          loop, switchboard.line(identity), journal, pixit,
          run::SessionSettings{identity, 1, "bench"}, [](const run::Finding&) {}));
    }
  }
  ~Bench() {
    sessions.clear();
    sink.reset();
    std::filesystem::remove(file);
  }
  static std::unique_ptr<run::JournalSink> open(const std::filesystem::path& path) {
    std::filesystem::remove(path);
    return run::open_journal_file(path.string());
  }
};

double harness(const Load& load, const run::Pixit& pixit) {
  Bench bench(pixit, load.connections);
  return measure(bench.server.port(), load, false, [&] {
    bench.loop.run_for(kTurn);
    for (auto& session : bench.sessions)
      session->begin_case();  // as a run does: the history is of one case
  });
}

// Idle charge points: connected, with a session each, nothing said.
void idle_memory(const run::Pixit& pixit) {
  std::printf("\n%-22s %10s\n", "idle charge points", "KiB each");
  for (const int count : {1, 100, 1000}) {
    Bench bench(pixit, count);
    const double before = resident_kib();
    Load load{count, 0};
    int ready[2];
    if (pipe(ready) != 0) return;
    const pid_t child = fork();
    if (child == 0) {
      asio::io_context io;
      std::vector<std::shared_ptr<Client>> clients;
      for (int i = 0; i < count; ++i)
        clients.push_back(std::make_shared<Client>(io, bench.server.port(), i, load, false));
      char c = 0;
      (void)!read(ready[0], &c, 1);
      std::_Exit(0);
    }
    while (static_cast<int>(bench.server.open_connections()) < count)
      bench.loop.run_for(std::chrono::milliseconds(5));
    std::printf("%-22d %10.1f\n", count, (resident_kib() - before) / count);
    (void)!write(ready[1], "x", 1);
    waitpid(child, nullptr, 0);
    close(ready[0]);
    close(ready[1]);
  }
}

// The stamp of a message against the moment the client wrote it, one charge point: the client puts
// its monotonic clock into the text.
void stamp_error(int messages) {
  base::EventLoop loop;
  link::WebSocketServer server(loop);
  const auto offset = std::chrono::steady_clock::now().time_since_epoch() - loop.now();
  std::vector<double> errors;
  server.on_event([&](const link::Event& event) {
    if (event.kind != link::EventKind::text) return;
    const auto sent = std::chrono::nanoseconds(std::atoll(event.text.c_str()));
    errors.push_back(std::chrono::duration<double, std::micro>(event.at + offset - sent).count());
    server.send(event.connection, "ok");
  });
  const std::uint16_t port = server.port();
  const pid_t child = fork();
  if (child == 0) {
    asio::io_context io;
    tcp::socket socket(io);
    socket.connect({asio::ip::address_v4::loopback(), port});
    socket.set_option(tcp::no_delay(true));
    asio::write(socket, asio::buffer(std::string(
                            "GET /CP0 HTTP/1.1\r\nHost: localhost\r\nUpgrade: "
                            "websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")));
    std::string response;
    char c = 0;
    while (response.find("\r\n\r\n") == std::string::npos) {
      asio::read(socket, asio::buffer(&c, 1));
      response += c;
    }
    for (int i = 0; i < messages; ++i) {
      const link::MaskKey key{'\x01', '\x02', '\x03', '\x04'};
      std::string text =
          std::to_string(std::chrono::steady_clock::now().time_since_epoch().count());
      std::string frame = link::frame_header(1, text.size(), key);
      link::apply_mask(text, key);
      asio::write(socket, asio::buffer(frame + text));
      char reply[4];
      asio::read(socket, asio::buffer(reply));
    }
    std::_Exit(0);
  }
  int status = 0;
  while (waitpid(child, &status, WNOHANG) != child) loop.run_for(kTurn);
  std::printf(
      "\ntime stamp behind the client's write, one charge point, %zu messages: median %.0f us, p99 "
      "%.0f us, most %.0f us\n",
      errors.size(), quantile(errors, 0.5), quantile(errors, 0.99), quantile(errors, 1));
}

}  // namespace
}  // namespace plugproof::bench

int main(int argc, char** argv) {
  using namespace plugproof;
  using namespace plugproof::bench;
  const auto argument = [&](int index, int fallback) {
    return index < argc && std::atoi(argv[index]) > 0 ? std::atoi(argv[index]) : fallback;
  };
  const Load load{argument(1, 10), argument(2, 5000)};
  const int rounds = argument(3, 5);
  base::Diagnostics diagnostics;
  const auto pics = pics::Pics::load("pics/certified/CSC-07A7-1.yaml", diagnostics);
  if (!pics) {
    std::fputs(diagnostics.render().c_str(), stderr);
    return 2;
  }
  const auto pixit = run::Pixit::load("", *pics, diagnostics);
  std::printf("%d connections, %d messages of %zu bytes each, %d rounds, interleaved\n",
              load.connections, load.messages, request(0).size(), rounds);
  std::vector<double> echo, whole;
  for (int round = 0; round < rounds; ++round) {
    echo.push_back(bare(load));
    whole.push_back(harness(load, *pixit));
  }
  std::printf("%-44s %8s %8s %8s\n", "us CPU per message", "least", "median", "most");
  for (const auto& [name, values] : {std::pair{"websocketpp, bare echo", &echo},
                                     std::pair{"harness: validated, monitored, journaled", &whole}})
    std::printf("%-44s %8.2f %8.2f %8.2f\n", name, quantile(*values, 0), quantile(*values, 0.5),
                quantile(*values, 1));
  std::printf("ratio of the medians: %.2f\n", quantile(whole, 0.5) / quantile(echo, 0.5));
  stamp_error(20000);
  idle_memory(*pixit);
  return 0;
}
