// A file client on libcurl: http, https, ftp and ftps. One thread moves the bytes of all transfers;
// results are posted to the loop. Nothing here blocks the loop, whatever a server does.
#pragma once

#include <memory>
#include <string>

#include "engine/base/event_loop.hpp"
#include "engine/transfer/file_client.hpp"

namespace plugproof::transfer {

struct CurlOptions {
  std::string ca_file;    // PEM, whom to trust; empty: whom the system trusts
  bool insecure = false;  // trusts everybody
  base::Nanos connect_timeout{std::chrono::seconds(30)};
  base::Nanos stall_timeout{std::chrono::seconds(60)};  // without a byte
  std::uint64_t largest_download = 256U << 20;          // bytes
};

// ftp:// URLs are upgraded to TLS where the server offers it (explicit FTPS). The loop must live
// longer than every client; clients may be destroyed at any time. The last one waits for the
// thread, which may be looking up a name.
FileClientFactory make_curl_clients(base::EventLoop& loop, CurlOptions options);

}  // namespace plugproof::transfer
