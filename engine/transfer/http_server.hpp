// The HTTP or HTTPS server of the bench. It listens on the clock's thread; every connection is
// served by a thread of its own, which ends with the server.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/base/event_loop.hpp"
#include "engine/transfer/place.hpp"
#include "engine/transfer/server_certificate.hpp"
#include "engine/transfer/upload_store.hpp"

namespace plugproof::transfer {

class HttpServer {
 public:
  struct Options {
    std::string address;
    std::uint16_t port = 0;                          // 0: any free one
    std::uint64_t largest_upload = 256U << 20;       // bytes
    const ServerCertificate* certificate = nullptr;  // with one it is HTTPS
  };
  // Throws base::InputError when the port is taken, or the certificate cannot be used. `tell` is
  // called on any thread; it and the store must live longer.
  HttpServer(base::EventLoop& loop, const Options& options, UploadStore& uploads, Tell tell);
  // Cuts off what is under way and waits for the threads, which takes a moment at most.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  void open(Place place);
  bool close(PlaceId place);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace plugproof::transfer
