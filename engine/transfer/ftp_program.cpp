#include "engine/transfer/ftp_program.hpp"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "engine/base/diagnostics.hpp"

namespace plugproof::transfer {

namespace {

constexpr const char* kInstallFtp = "apt-get install proftpd-core proftpd-mod-vroot";
constexpr const char* kInstallTls = "apt-get install proftpd-mod-crypto";

std::string find_in(const std::string& list) {
  std::istringstream folders(list);
  std::string folder;
  while (std::getline(folders, folder, ':')) {
    const std::string program = folder + "/proftpd";
    if (!folder.empty() && folder.front() == '/' && ::access(program.c_str(), X_OK) == 0)
      return program;
  }
  return {};
}

// Whether the program accepts a configuration that loads these modules. The file must be readable
// for the account, wherever our own folders are.
bool loads(const FtpProgram& program, const std::string& modules, std::string& printed) {
  std::string path = (std::filesystem::temp_directory_path() / "plugproof-XXXXXX").string();
  const int descriptor = ::mkstemp(path.data());
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), path);
  const ssize_t written = ::write(descriptor, modules.data(), modules.size());
  ::fchmod(descriptor, 0644);
  ::close(descriptor);
  bool done = false;
  try {
    done = written == static_cast<ssize_t>(modules.size()) &&
           run_to_end(program.path, {"-t", "-c", path}, program.account, printed);
  } catch (const std::system_error& error) {
    printed = error.what();
  }
  ::unlink(path.c_str());
  return done;
}

std::string last_line(const std::string& text) {
  std::istringstream lines(text);
  std::string line, last;
  while (std::getline(lines, line))
    if (!line.empty()) last = line;
  return last;
}

}  // namespace

std::string FtpProgram::usual_folders() {
  const char* path = std::getenv("PATH");
  return std::string(path ? path : "") + ":/usr/sbin:/usr/local/sbin";
}

FtpProgram FtpProgram::find(const std::string& folders) {
  FtpProgram program;
  program.path = find_in(folders);
  if (program.path.empty()) {
    program.no_ftp = std::string("the FTP server proftpd is not installed (") + kInstallFtp + ")";
    program.no_tls = program.no_ftp;
    return program;
  }
  try {
    program.account = Account::for_servers();
    std::string printed;
    if (loads(program, "LoadModule mod_vroot.c\nLoadModule mod_tls.c\n", printed)) return program;
    // The first that it cannot load is the one that it names.
    if (printed.find("error loading module 'mod_tls.c'") != std::string::npos) {
      program.no_tls =
          std::string("the module mod_tls of proftpd is not installed (") + kInstallTls + ")";
      return program;
    }
    program.no_ftp =
        printed.find("error loading module 'mod_vroot.c'") != std::string::npos
            ? std::string("the module mod_vroot of proftpd is not installed (") + kInstallFtp + ")"
            : program.path + " does not work here: " + last_line(printed);
  } catch (const base::InputError& error) {
    program.no_ftp = error.what();
  }
  program.no_tls = program.no_ftp;
  return program;
}

}  // namespace plugproof::transfer
