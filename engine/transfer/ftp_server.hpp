// FTP and FTPS by proftpd: we accept the connections and start one proftpd for each (its inetd
// form), in a folder of the run, as an account without rights. There is no daemon: nothing runs
// between transfers, and the kernel ends what runs when this process goes, however it goes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/base/event_loop.hpp"
#include "engine/transfer/ftp_configuration.hpp"
#include "engine/transfer/ftp_program.hpp"
#include "engine/transfer/place.hpp"
#include "engine/transfer/upload_store.hpp"

namespace plugproof::transfer {

class FtpServer {
 public:
  struct Options {
    std::string folder;  // for its files; made, and taken away at the end
    FtpSettings settings;
    std::uint16_t ftp_port = 0, ftps_port = 0, ftps_implicit_port = 0;  // 0: any free one
    const ServerCertificate* certificate = nullptr;                     // for FTPS
  };
  // Throws base::InputError when the folder cannot be used. `tell` is called on any thread; it and
  // the store must live longer.
  FtpServer(base::EventLoop& loop, Options options, FtpProgram program, UploadStore& uploads,
            Tell tell);
  ~FtpServer();
  FtpServer(const FtpServer&) = delete;
  FtpServer& operator=(const FtpServer&) = delete;

  // Listens when the protocol is needed for the first time; the port. Throws base::InputError when
  // that cannot be done: port taken, disk full, a configuration that proftpd does not accept.
  std::uint16_t open(Place place);
  bool close(PlaceId place);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plugproof::transfer
