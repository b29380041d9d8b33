#include "engine/transfer/served_files.hpp"

#include <algorithm>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <utility>

#include "engine/base/diagnostics.hpp"
#include "engine/transfer/ftp_server.hpp"
#include "engine/transfer/http_server.hpp"
#include "engine/transfer/place.hpp"

namespace plugproof::transfer {

namespace fs = std::filesystem;

namespace {

bool is_http(Protocol protocol) {
  return protocol == Protocol::http || protocol == Protocol::https;
}
bool has_tls(Protocol protocol) {
  return protocol != Protocol::http && protocol != Protocol::ftp;
}

// Explicit FTPS begins as FTP (RFC 4217), so it has the scheme of FTP.
const char* scheme_of(Protocol protocol) {
  switch (protocol) {
    case Protocol::http:
      return "http";
    case Protocol::https:
      return "https";
    case Protocol::ftp:
    case Protocol::ftps:
      return "ftp";
    case Protocol::ftps_implicit:
      return "ftps";
  }
  return "";
}

}  // namespace

class ServedFiles::Impl {
 public:
  Impl(base::EventLoop& loop, Options options)
      : loop_(loop), options_(std::move(options)), uploads_(options_.run_folder) {
    if (options_.host.empty()) options_.host = options_.address;
    if (!options_.certificate.empty())
      certificate_ = read_server_certificate(options_.certificate, options_.key);
    find_out_what_can_be_served();
    // Now, since it takes a moment that a run on its way would miss.
    if (!certificate_ && std::any_of(served_.begin(), served_.end(), has_tls)) make_certificate();
  }

  Handler handler_;

  const std::vector<Protocol>& protocols() const { return served_; }
  const std::vector<std::string>& notes() const { return notes_; }

  Opened open(Place place) {
    place.id = last_place_ + 1;
    place.folder = unguessable(12);
    const bool needs_user = !is_http(place.protocol) || options_.http_credentials;
    if (needs_user) {
      const char* may = place.conduct == Conduct::missing && place.way == Way::upload ? "n"
                        : place.way == Way::download                                  ? "d"
                                                                                      : "u";
      place.user = may + unguessable(7);
      place.password = unguessable(16);
    }
    const std::string name = place.name;
    std::string url = std::string(scheme_of(place.protocol)) + "://";
    if (needs_user) url += place.user + ":" + place.password + "@";
    const bool is_ipv6 = options_.host.find(':') != std::string::npos;
    url += is_ipv6 ? "[" + options_.host + "]" : options_.host;
    const std::string path = "/" + place.folder + "/" + name;
    try {
      if (std::find(served_.begin(), served_.end(), place.protocol) == served_.end())
        throw base::InputError(reason_against(place.protocol));
      const std::uint16_t port = open_at_server(std::move(place));
      return {++last_place_, url + ":" + std::to_string(port) + path, {}};
    } catch (const base::InputError& error) {
      return {0, {}, error.what()};
    }
  }

  void close(PlaceId place) {
    if (http_ && http_->close(place)) return;
    if (https_ && https_->close(place)) return;
    if (ftp_) ftp_->close(place);
  }

 private:
  void find_out_what_can_be_served() {
    const auto is_ftp = [](Protocol protocol) { return !is_http(protocol); };
    if (std::any_of(options_.protocols.begin(), options_.protocols.end(), is_ftp))
      ftp_program_ = FtpProgram::find(options_.program_folders.empty() ? FtpProgram::usual_folders()
                                                                       : options_.program_folders);
    for (const Protocol protocol : options_.protocols) {
      const std::string reason = reason_against(protocol);
      if (reason.empty()) {
        served_.push_back(protocol);
      } else {
        notes_.push_back(std::string(to_string(protocol)) + " cannot be served: " + reason);
      }
    }
  }

  std::string reason_against(Protocol protocol) const {
    if (std::find(options_.protocols.begin(), options_.protocols.end(), protocol) ==
        options_.protocols.end())
      return std::string("the bench does not serve ") + to_string(protocol) +
             "; name it under files: protocols in the PIXIT";
    if (is_http(protocol)) return {};
    return has_tls(protocol) ? ftp_program_.no_tls : ftp_program_.no_ftp;
  }

  std::uint16_t open_at_server(Place place) {
    const Protocol protocol = place.protocol;
    if (protocol == Protocol::http) return open_at(http_, options_.http_port, std::move(place));
    if (protocol == Protocol::https) return open_at(https_, options_.https_port, std::move(place));
    if (!ftp_) {
      FtpServer::Options ftp;
      ftp.folder = (fs::path(options_.run_folder) / "files").string();
      ftp.settings = {options_.address, options_.host, options_.first_passive_port,
                      options_.last_passive_port, options_.largest_upload};
      ftp.ftp_port = options_.ftp_port;
      ftp.ftps_port = options_.ftps_port;
      ftp.ftps_implicit_port = options_.ftps_implicit_port;
      if (certificate_) ftp.certificate = &*certificate_;
      ftp_ = std::make_unique<FtpServer>(loop_, std::move(ftp), ftp_program_, uploads_, teller());
    }
    return ftp_->open(std::move(place));
  }

  std::uint16_t open_at(std::unique_ptr<HttpServer>& server, std::uint16_t port, Place place) {
    if (!server) {
      HttpServer::Options http;
      http.address = options_.address;
      http.port = port;
      http.largest_upload = options_.largest_upload;
      if (has_tls(place.protocol)) http.certificate = &*certificate_;
      server = std::make_unique<HttpServer>(loop_, http, uploads_, teller());
    }
    server->open(std::move(place));
    return server->port();
  }

  void make_certificate() {
    std::vector<std::string> hosts{options_.host};
    if (options_.address != options_.host) hosts.push_back(options_.address);
    certificate_ = make_server_certificate(hosts);
    // An earlier attempt of the run had another one, which its charge point may have been given.
    fs::path path = fs::path(options_.run_folder) / "files-certificate.pem";
    std::error_code error;
    for (int number = 2; fs::exists(path, error); ++number)
      path.replace_filename("files-certificate-" + std::to_string(number) + ".pem");
    if (path.filename() != "files-certificate.pem")
      notes_.push_back(
          "the file servers have a new certificate, which the charge point has to trust: " +
          path.string());
    std::ofstream out(path, std::ios::binary);
    if (!(out << certificate_->chain).flush())
      throw base::InputError("cannot write " + path.string() + ": " + std::strerror(errno) +
                             kMakeRoom);
  }

  // Called on any thread; what it posts finds out when this object is gone.
  Tell teller() {
    return [this, &loop = loop_, alive = std::weak_ptr<const bool>(alive_)](Event event) {
      if (event.at == base::Nanos{0}) event.at = loop.at_steady(std::chrono::steady_clock::now());
      asio::post(loop.context(), [this, alive, event = std::move(event)] {
        if (!alive.expired() && handler_) handler_(event);
      });
    };
  }

  base::EventLoop& loop_;
  Options options_;
  UploadStore uploads_;
  std::optional<ServerCertificate> certificate_;
  FtpProgram ftp_program_;
  std::vector<Protocol> served_;
  std::vector<std::string> notes_;
  PlaceId last_place_ = 0;
  const std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
  std::unique_ptr<HttpServer> http_, https_;
  std::unique_ptr<FtpServer> ftp_;
};

ServedFiles::ServedFiles(base::EventLoop& loop, Options options)
    : impl_(std::make_unique<Impl>(loop, std::move(options))) {}
ServedFiles::~ServedFiles() = default;

void ServedFiles::on_event(Handler handler) {
  impl_->handler_ = std::move(handler);
}
std::vector<Protocol> ServedFiles::protocols() const {
  return impl_->protocols();
}
const std::vector<std::string>& ServedFiles::notes() const {
  return impl_->notes();
}

Opened ServedFiles::offer(const Offer& offer) {
  Place place;
  place.way = Way::download;
  place.protocol = offer.protocol;
  place.conduct = offer.conduct;
  place.after = offer.after;
  place.name = offer.name;
  place.content = offer.content;
  return impl_->open(std::move(place));
}

Opened ServedFiles::receive(const Inbox& inbox) {
  Place place;
  place.way = Way::upload;
  place.protocol = inbox.protocol;
  place.conduct = inbox.conduct;
  place.after = inbox.after;
  return impl_->open(std::move(place));
}

void ServedFiles::close(PlaceId place) {
  impl_->close(place);
}

}  // namespace plugproof::transfer
