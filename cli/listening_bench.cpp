#include "cli/listening_bench.hpp"

#include <cctype>
#include <csignal>
#include <optional>

#include "certs/pki_folder.hpp"
#include "cli/files.hpp"
#include "cli/firmware_images.hpp"
#include "engine/base/event_loop.hpp"
#include "engine/link/websocket_server.hpp"
#include "engine/rig/command.hpp"
#include "engine/rig/console.hpp"
#include "engine/rig/http.hpp"
#include "engine/run/bench_vault.hpp"
#include "engine/transfer/served_files.hpp"

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

transfer::ServedFiles::Options file_options(const run::Pixit& pixit, const std::string& folder) {
  const run::FileSettings& files = pixit.files;
  transfer::ServedFiles::Options options;
  options.run_folder = folder;
  options.address = pixit.address;
  options.host = files.host;
  options.protocols = files.protocols;
  options.http_port = files.http_port;
  options.https_port = files.https_port;
  options.ftp_port = files.ftp_port;
  options.ftps_port = files.ftps_port;
  options.ftps_implicit_port = files.ftps_implicit_port;
  options.first_passive_port = files.first_passive_port;
  options.last_passive_port = files.last_passive_port;
  options.certificate = files.certificate;
  options.key = files.key;
  options.http_credentials = files.http_credentials;
  return options;
}

run::BenchVault::Options vault_options(const run::SecuritySettings& security,
                                       const run::FirmwareImages& images, base::EventLoop& loop) {
  run::BenchVault::Options options;
  options.authorization_key = security.authorization_key;
  if (!security.pki.empty())
    options.pki = std::make_shared<const certs::BenchPki>(certs::load_pki(security.pki));
  options.tls13 = security.tls13;
  options.images = images;
  if (security.pss) options.padding = certs::Padding::pss;
  // The PIXIT has both or neither.
  if (!security.firmware_signature.empty()) {
    options.firmware_certificate =
        read_file(security.firmware_certificate, "security.firmware_certificate");
    options.firmware_signature =
        read_file(security.firmware_signature, "security.firmware_signature");
  }
  while (!options.firmware_signature.empty() &&
         std::isspace(static_cast<unsigned char>(options.firmware_signature.back())) != 0)
    options.firmware_signature.pop_back();
  options.utc = [&loop] { return loop.utc(); };
  return options;
}

bool serves_files(const std::vector<suite::Selected>& selection) {
  const auto opens_a_place = [](const auto& self, const suite::Steps& steps) -> bool {
    for (const auto& step : steps) {
      if (step.kind == suite::Step::Kind::offer) return true;
      for (const auto& branch : step.branches)
        if (self(self, branch)) return true;
    }
    return false;
  };
  for (const auto& s : selection)
    if (s.decision == suite::Decision::selected && s.test_case &&
        opens_a_place(opens_a_place, s.test_case->scenario))
      return true;
  return false;
}

}  // namespace

int run_listening(const pics::Pics& pics, const run::Pixit& pixit, const suite::Suite& suite,
                  std::vector<suite::Selected> selection, run::RunSettings settings,
                  const std::string& folder, run::JournalSink& sink, Console& console,
                  const std::function<void()>& ready) {
  const run::Resumption* before = settings.resumption.get();
  base::EventLoop loop = before ? base::EventLoop(before->start, before->last) : base::EventLoop();
  link::WebSocketServer::Options options;
  options.address = pixit.address;
  options.port = pixit.port;
  link::WebSocketServer server(loop, options);
  run::Journal journal(
      sink,
      before ? before->start : loop.utc() - std::chrono::duration_cast<base::Micros>(loop.now()),
      before ? before->end : run::JournalEnd{});
  rig::Rig rig(loop, make_adapters(loop, pixit.rig, console), pixit.rig.timeout);
  settings.images = images_of(pixit.files, pics);
  run::BenchVault vault(vault_options(pixit.security, settings.images, loop));
  settings.security_profile = pixit.security.profile_or(0);
  if (before && before->security_profile) settings.security_profile = *before->security_profile;
  if (!suite::security_profiles_of(pics).empty()) {
    settings.vault = &vault;
    server.secure(vault.server({settings.security_profile}));
  }
  // Last of all that may be refused: from here on there is something in the folder.
  std::optional<transfer::ServedFiles> files;
  if (serves_files(selection)) {
    files.emplace(loop, file_options(pixit, folder));
    for (const auto& note : files->notes()) console.line("note: " + note);
    settings.file_host = &*files;
  }
  ready();
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
