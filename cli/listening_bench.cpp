#include "cli/listening_bench.hpp"

#include <csignal>

#include "engine/base/event_loop.hpp"
#include "engine/link/websocket_server.hpp"
#include "engine/rig/command.hpp"
#include "engine/rig/console.hpp"
#include "engine/rig/http.hpp"

namespace plugproof::cli {

namespace {

std::vector<std::unique_ptr<rig::Adapter>> make_adapters(base::EventLoop& loop,
                                                         const run::RigSettings& settings,
                                                         Console& console) {
  std::vector<std::unique_ptr<rig::Adapter>> adapters;
  std::vector<std::string> names = settings.adapters;
  if (names.empty()) names = {"console"};
  for (const auto& name : names) {
    if (name == "command")
      adapters.push_back(std::make_unique<rig::CommandAdapter>(loop, settings.command));
    if (name == "http")
      adapters.push_back(std::make_unique<rig::HttpAdapter>(loop, settings.http, settings.timeout));
    if (name == "console")
      adapters.push_back(std::make_unique<rig::ConsoleAdapter>(
          loop, [&console](const std::string& text) { console.line(text); }));
    if (name == "simulator")
      throw base::InputError(
          "the rig adapter 'simulator' is for --dut simulated; a charge point that connects needs "
          "'command', 'http' or 'console'");
  }
  return adapters;
}

}  // namespace

int run_listening(const pics::Pics& pics, const run::Pixit& pixit, const suite::Suite& suite,
                  std::vector<suite::Selected> selection, const run::RunSettings& settings,
                  run::JournalSink& sink, Console& console) {
  base::EventLoop loop;
  link::WebSocketServer::Options options;
  options.address = pixit.address;
  options.port = pixit.port;
  link::WebSocketServer server(loop, options);
  run::Journal journal(sink, loop.utc() - std::chrono::duration_cast<base::Micros>(loop.now()));
  rig::Rig rig(loop, make_adapters(loop, pixit.rig, console), pixit.rig.timeout);
  run::Runner runner(loop, server, journal, pics, pixit, suite, std::move(selection), rig, console,
                     settings);
  loop.on_signal([&](int number) {
    const char* by = number == SIGINT   ? "interrupted by the operator (SIGINT)"
                     : number == SIGHUP ? "the terminal was closed (SIGHUP)"
                                        : "ended from outside (SIGTERM)";
    runner.interrupt(by);
  });
  runner.start([&loop] { loop.stop(); });
  loop.run();
  return runner.exit_status();
}

}  // namespace plugproof::cli
