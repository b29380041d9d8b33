// plugproof simulate: the reference charge point as a process of its own, over real sockets.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/read_until.hpp>
#include <asio/streambuf.hpp>
#include <cstdio>
#include <istream>
#include <memory>

#include "certs/certificate.hpp"
#include "certs/private_key.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/control.hpp"
#include "cli/files.hpp"
#include "cli/firmware_images.hpp"
#include "engine/base/event_loop.hpp"
#include "engine/link/websocket_client.hpp"
#include "engine/transfer/curl_client.hpp"
#include "simulator/charge_point.hpp"

namespace plugproof::cli {

namespace {

struct Options {
  std::string pics, url, control, files_ca, images;
  std::string authorization_key, roots, manufacturer_roots, client_certificate, client_key;
  int security_profile = 0;
  std::vector<std::string> defects;
  std::uint64_t variations = 0;
  bool quiet = false, list_defects = false, files_insecure = false;
};

constexpr base::Nanos kPowerOff = std::chrono::seconds(3);

std::string perform(base::EventLoop& loop, simulator::ChargePoint& charge_point,
                    const ActionLine& line) {
  if (line.action == "power_cycle") {
    charge_point.power_off();
    loop.after(kPowerOff, [&charge_point] { charge_point.power_on(); });
    return "done";
  }
  const auto result = charge_point.act(line.action, line.arguments);
  return result.done ? "done" : "refused: " + result.reason;
}

// Actions typed at the terminal, or piped in.
class TypedActions {
 public:
  TypedActions(base::EventLoop& loop, ControlServer::Perform perform)
      : input_(loop.context()), perform_(std::move(perform)) {
    // A file or /dev/null cannot be waited for; then there is simply nobody typing.
    std::error_code error;
    input_.assign(STDIN_FILENO, error);
    if (!error) read();
  }
  ~TypedActions() {
    if (input_.is_open()) input_.release();
  }
  TypedActions(const TypedActions&) = delete;
  TypedActions& operator=(const TypedActions&) = delete;

 private:
  void read() {
    asio::async_read_until(input_, buffer_, '\n',
                           [this](const std::error_code& error, std::size_t) {
                             if (error) return;
                             std::istream stream(&buffer_);
                             std::string line;
                             std::getline(stream, line);
                             if (!line.empty()) {
                               try {
                                 std::printf("%s\n", perform_(parse_action_line(line)).c_str());
                               } catch (const base::InputError& e) {
                                 std::printf("refused: %s\n", e.what());
                               }
                               std::fflush(stdout);
                             }
                             read();
                           });
  }

  asio::posix::stream_descriptor input_;
  asio::streambuf buffer_;
  ControlServer::Perform perform_;
};

// Refused here: to the charge point an address that cannot work is one to try again for ever.
void check_url(const std::string& url) {
  const std::size_t host = url.rfind("ws://", 0) == 0    ? 5
                           : url.rfind("wss://", 0) == 0 ? 6
                                                         : std::string::npos;
  const std::size_t path = host == std::string::npos ? std::string::npos : url.find('/', host);
  if (path == std::string::npos || path == host || path + 1 == url.size())
    throw ExitWith(kUsage, "'" + url +
                               "' is no URL of a Central System; write it with the identity at the "
                               "end, e.g. ws://127.0.0.1:9000/CP001");
}

// Certificates in PEM; what cannot be read is told with the name of the file.
std::string certificates_of(const std::string& path, const std::string& option) {
  if (path.empty()) return {};
  std::string text = read_file(path, option);
  certs::Certificate::all_from_pem(text, option + ": " + path);
  return text;
}

void read_certificates(const Options& options, simulator::Options& settings) {
  settings.central_system_roots = certificates_of(options.roots, "--roots");
  settings.manufacturer_roots = certificates_of(options.manufacturer_roots, "--manufacturer-roots");
  if (options.client_certificate.empty() != options.client_key.empty())
    throw ExitWith(kUsage, "--client-certificate and --client-key go together");
  if (options.client_key.empty()) return;
  settings.certificate =
      link::Credential{certificates_of(options.client_certificate, "--client-certificate"),
                       read_file(options.client_key, "--client-key")};
  certs::PrivateKey::from_pem(settings.certificate->key_pem, "--client-key: " + options.client_key);
}

int simulate(const Options& options) {
  if (options.list_defects) {
    for (const auto& defect : simulator::known_defects())
      std::printf("%-34s %s\n", defect.name.c_str(), defect.explanation.c_str());
    return kPass;
  }
  if (!options.images.empty()) {
    if (options.pics.empty()) throw ExitWith(kUsage, "--write-images needs --pics FILE");
    write_reference_images(load_pics(options.pics), options.images);
    std::printf("Written to %s: firmware.bin damaged.bin\n", options.images.c_str());
    return kPass;
  }
  if (options.pics.empty() || options.url.empty())
    throw ExitWith(kUsage, "simulate needs --pics FILE and a URL, e.g. ws://127.0.0.1:9000/CP001");
  check_url(options.url);
  check_defects(options.defects);
  const pics::Pics pics = load_pics(options.pics);
  base::EventLoop loop;
  simulator::Options settings;
  settings.url = options.url;
  settings.defects = options.defects;
  settings.variation_seed = options.variations;
  settings.security_profile = options.security_profile;
  settings.authorization_key = options.authorization_key;
  read_certificates(options, settings);
  transfer::CurlOptions files;
  files.ca_file = options.files_ca;
  files.insecure = options.files_insecure;
  settings.files = transfer::make_curl_clients(loop, files);
  simulator::ChargePoint charge_point(loop, pics, link::make_websocket_clients(loop), settings);
  if (!options.quiet)
    charge_point.on_log([](const std::string& text) {
      std::printf("%s\n", text.c_str());
      std::fflush(stdout);
    });
  const auto act = [&](const ActionLine& line) { return perform(loop, charge_point, line); };
  std::unique_ptr<ControlServer> control;
  if (!options.control.empty())
    control = std::make_unique<ControlServer>(loop, options.control, act);
  const TypedActions typed(loop, act);
  loop.on_signal([&loop](int) { loop.stop(); });
  charge_point.power_on();
  loop.run();
  return kPass;
}

}  // namespace

void add_simulate(CLI::App& app, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "simulate", "Be the reference charge point and connect to a Central System");
  command->add_option("url", options->url,
                      "Central System, with the identity at the end: ws://127.0.0.1:9000/CP001");
  command->add_option("--pics", options->pics, "PICS file of the charge point to be")
      ->envname("PLUGPROOF_PICS");
  command->add_option("--control", options->control,
                      "Socket to take physical actions from (see 'plugproof act')");
  command
      ->add_option("--defect", options->defects,
                   "Defect to have (docs/simulator.md); may be repeated")
      ->allow_extra_args(false);
  command->add_option("--variations", options->variations, "Seed of legal variations, 0: none")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("--security-profile", options->security_profile,
                   "Security profile to begin with: 0 none, 1 Basic authentication, 2 TLS and "
                   "Basic authentication, 3 TLS with client certificates")
      ->check(CLI::Range(0, 3));
  command
      ->add_option("--authorization-key", options->authorization_key,
                   "Key of Basic authentication, 32 to 40 hexadecimal digits")
      ->envname("PLUGPROOF_AUTHORIZATION_KEY");
  command->add_option("--roots", options->roots,
                      "PEM file of the Central System's roots, which it trusts (profiles 2 and 3)");
  command->add_option("--client-certificate", options->client_certificate,
                      "PEM file of the charge point certificate with its chain (profile 3)");
  command->add_option("--client-key", options->client_key, "PEM file of its key");
  command->add_option("--manufacturer-roots", options->manufacturer_roots,
                      "PEM file of the manufacturer's roots, who signs firmware");
  command->add_option(
      "--files-ca", options->files_ca,
      "PEM file of whom to trust for HTTPS and FTPS (default: whom the system trusts)");
  command->add_flag("--files-insecure", options->files_insecure, "Trust every server of files");
  command->add_option(
      "--write-images", options->images,
      "Write firmware.bin, which this charge point installs, and damaged.bin, which "
      "it refuses, into a folder, and end");
  command->add_flag("--quiet", options->quiet, "Print nothing but answers to actions");
  command->add_flag("--list-defects", options->list_defects, "List the named defects and end");
  command->footer(
      "Physical actions are read from standard input, one a line: plug_in connector=1, present_id "
      "id_tag=CARD, power_cycle ...");
  command->callback([options, &status] { status = simulate(*options); });
}

}  // namespace plugproof::cli
