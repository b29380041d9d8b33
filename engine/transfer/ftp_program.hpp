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

  // Looks in the folders, parted by colons, and tries the modules that the bench needs. Runs the
  // program once, which takes some 50 ms.
  static FtpProgram find(const std::string& folders);
  // PATH and the usual folders for system programs.
  static std::string usual_folders();
};

}  // namespace plugproof::transfer
