// The file servers of the bench on real sockets: HTTP and HTTPS in this process, FTP and FTPS by
// proftpd. Everything happens on the clock's thread but the moving of bytes over HTTP, which
// threads of the connections do; their events are posted to the clock's loop, stamped with the time
// at which they happened. A server starts when the first place needs it.
//
// In the run's folder: files/ is proftpd's and goes with this object, credentials and keys with it;
// uploads/01-name holds the complete uploads and stays; files-certificate.pem is what a charge
// point has to trust when the certificate was made for the run.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/event_loop.hpp"
#include "engine/transfer/file_host.hpp"

namespace plugproof::transfer {

class ServedFiles final : public FileHost {
 public:
  struct Options {
    std::string run_folder;
    std::string address = "127.0.0.1";  // to listen at
    std::string host;                   // as the charge point sees us; empty: the address
    // In the order in which they are preferred.
    std::vector<Protocol> protocols{Protocol::http, Protocol::https, Protocol::ftp, Protocol::ftps};
    // 0: any free one
    std::uint16_t http_port = 0, https_port = 0, ftp_port = 0, ftps_port = 0,
                  ftps_implicit_port = 0;
    std::uint16_t first_passive_port = 0, last_passive_port = 0;  // 0: any
    std::string certificate, key;               // paths, PEM; empty: made for the run
    bool http_credentials = true;               // user and password in URLs of HTTP and HTTPS
    std::uint64_t largest_upload = 256U << 20;  // bytes
    std::string program_folders;                // to look for proftpd in; empty: the usual ones
  };
  // The loop must live longer. Throws base::InputError for a certificate that cannot be used.
  ServedFiles(base::EventLoop& loop, Options options);
  ~ServedFiles() override;
  ServedFiles(const ServedFiles&) = delete;
  ServedFiles& operator=(const ServedFiles&) = delete;

  void on_event(Handler handler) override;
  std::vector<Protocol> protocols() const override;
  Opened offer(const Offer& offer) override;
  Opened receive(const Inbox& inbox) override;
  void close(PlaceId place) override;

  // A sentence for each protocol of the options that cannot be served, with the remedy.
  const std::vector<std::string>& notes() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plugproof::transfer
