// The folder that proftpd works in: its configuration, its log, and the places. It belongs to the
// account that proftpd runs as and goes with the server.
#pragma once

#include <filesystem>
#include <string>

#include "engine/transfer/child_process.hpp"
#include "engine/transfer/place.hpp"

namespace plugproof::transfer {

class FtpFolder {
 public:
  // `wanted`, unless the account cannot enter it (root's home, say) or proftpd's configuration
  // could not name it; then a folder for temporary files. Throws base::InputError.
  FtpFolder(const std::string& wanted, const Account& account);
  ~FtpFolder();
  FtpFolder(const FtpFolder&) = delete;
  FtpFolder& operator=(const FtpFolder&) = delete;

  const std::string& path() const { return path_; }
  // Makes the root folder of a place's user, with the place's folder and an offer's file in it. The
  // root folder's path.
  std::string make_place(const Place& place) const;
  void remove_place(const std::string& root) const;

 private:
  void make_folder(const std::string& path, unsigned mode) const;
  void empty() const;

  const Account& account_;
  std::string path_;
};

}  // namespace plugproof::transfer
