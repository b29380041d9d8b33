// A line of proftpd's log: one command of one session, written when it is over.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plugproof::transfer {

struct FtpRecord {
  pid_t session = 0;
  int code = 0;  // of the reply, 0: none
  std::uint64_t bytes = 0;
  std::string status;   // of a transfer: "success", "failed", "cancelled"; empty: none
  std::string failure;  // why not, as proftpd says it
  std::string ending;   // why the session ends, when it does
  std::string command;
  std::string user;
  std::string argument;  // as the client wrote it
  std::string path;      // on disk, where there is one

  bool is_transfer() const {
    return !status.empty() &&
           (command == "RETR" || command == "STOR" || command == "APPE" || command == "STOU");
  }
  // Of the file, without folders.
  std::string name() const {
    const std::string& whole = path.empty() ? argument : path;
    return whole.substr(whole.rfind('/') + 1);
  }
};

// The LogFormat that makes such lines. What a client has in its hand stands behind what the server
// says, so that it cannot pose as that; the last two are parted by a character that no name has.
inline constexpr const char* kFtpLogFormat =
    "%P|%s|%b|%{transfer-status}|%{transfer-failure}|%E|%m|%u|%J\x1F%f";

// Nothing for a line that has not this form.
std::optional<FtpRecord> parse_ftp_record(std::string_view line);

}  // namespace plugproof::transfer
