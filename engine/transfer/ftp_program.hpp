// proftpd as it is installed on this machine: where it is, which account it runs as, what it can
// do.
#pragma once

#include <string>

#include "engine/transfer/child_process.hpp"

namespace plugproof::transfer {

struct FtpProgram {
  std::string path;
  Account account;
  // Why it cannot serve, with what to install; empty when it can.
  std::string no_ftp, no_tls;

  // Looks along PATH and in the usual folders for system programs, and tries the modules that the
  // bench needs. Runs the program once, which takes some 50 ms.
  static FtpProgram find();
};

}  // namespace plugproof::transfer
