#include "engine/transfer/ftp_folder.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/transfer/ftp_configuration.hpp"

namespace plugproof::transfer {

namespace fs = std::filesystem;

namespace {

// Nothing that would have to be quoted or that proftpd would replace.
bool can_be_named(const std::string& path) {
  for (const char c : path)
    if (!std::isalnum(static_cast<unsigned char>(c)) && !std::strchr("/._-+@=,", c)) return false;
  return true;
}

bool can_enter(const fs::path& folder, const Account& account) {
  for (fs::path path = folder; path.has_relative_path(); path = path.parent_path()) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) return false;
    const mode_t needed = facts.st_uid == account.user_id    ? S_IXUSR
                          : facts.st_gid == account.group_id ? S_IXGRP
                                                             : S_IXOTH;
    if (!(facts.st_mode & needed)) return false;
  }
  return true;
}

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
  throw base::InputError("the FTP server cannot use the folder " + path + ": " + reason);
}

}  // namespace

FtpFolder::FtpFolder(const std::string& wanted, const Account& account) : account_(account) {
  std::error_code error;
  fs::create_directories(wanted, error);
  if (error) refuse(wanted, error.message());
  path_ = fs::canonical(wanted).string();
  // A process that was killed left its files here. What was uploaded whole is kept elsewhere.
  empty();
  if (!can_be_named(path_) || (account.changes && !can_enter(path_, account))) {
    fs::remove(path_, error);
    path_ = (fs::canonical(fs::temp_directory_path()) / "plugproof-ftp-XXXXXX").string();
    if (!::mkdtemp(path_.data())) refuse(path_, std::strerror(errno));
  }
  if ((account.changes && ::chown(path_.c_str(), account.user_id, account.group_id) != 0) ||
      ::chmod(path_.c_str(), 0700) != 0)
    refuse(path_, std::strerror(errno));
  make_folder(path_ + "/places", 0700);
}

FtpFolder::~FtpFolder() {
  empty();
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void FtpFolder::empty() const {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(path_ + "/places", ignored))
    remove_place(entry.path().string());
  std::vector<fs::path> rest;
  for (const auto& entry : fs::directory_iterator(path_, ignored)) rest.push_back(entry.path());
  for (const auto& path : rest) fs::remove_all(path, ignored);
}

void FtpFolder::make_folder(const std::string& path, unsigned mode) const {
  if ((::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) ||
      (account_.changes && ::chown(path.c_str(), account_.user_id, account_.group_id) != 0) ||
      ::chmod(path.c_str(), mode) != 0)
    refuse(path, std::strerror(errno));
}

// What is not to be changed is not writable on disk either, whatever proftpd would allow.
std::string FtpFolder::make_place(const Place& place) const {
  const std::string root = path_ + "/places/" + std::to_string(place.id);
  const std::string folder = root + "/" + place.folder;
  const bool takes = place.way == Way::upload && place.conduct != Conduct::missing;
  try {
    make_folder(root, 0700);
    make_folder(folder, 0700);
    if (place.way == Way::download && place.conduct != Conduct::missing) {
      write_private(folder + "/" + place.name, *place.content, account_);
      ::chmod((folder + "/" + place.name).c_str(), 0400);
    }
    make_folder(folder, takes ? 0700 : 0500);
    make_folder(root, 0500);
  } catch (const base::InputError&) {
    remove_place(root);
    throw;
  }
  return root;
}

void FtpFolder::remove_place(const std::string& root) const {
  std::error_code ignored;
  fs::permissions(root, fs::perms::owner_all, ignored);
  for (const auto& entry : fs::directory_iterator(root, ignored))
    if (!entry.is_symlink(ignored)) fs::permissions(entry, fs::perms::owner_all, ignored);
  fs::remove_all(root, ignored);
}

}  // namespace plugproof::transfer
