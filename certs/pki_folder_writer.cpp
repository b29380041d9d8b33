// What writes the folder of a PKI: always beside its place first, then put there in one step.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "certs/files.hpp"
#include "certs/pki_folder.hpp"
#include "certs/pki_layout.hpp"
#include "engine/base/diagnostics.hpp"

namespace plugproof::certs {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const fs::path& path, int error) {
  throw std::system_error(error, std::generic_category(), path.string());
}

void make_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0) fail(folder, errno);
}

// A folder of mode 0700 that goes again, with all that is in it, unless it was put into its place.
class Draft {
 public:
  explicit Draft(const fs::path& beside) {
    std::string name = (beside.parent_path() / ("." + beside.filename().string() + ".XXXXXX"));
    if (!::mkdtemp(name.data())) fail(beside.parent_path(), errno);
    folder_ = name;
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  const fs::path& folder() const { return folder_; }

 private:
  fs::path folder_;
};

void write_place(const fs::path& folder, const std::vector<Certificate>& chain,
                 const PrivateKey* key) {
  write_certificate_file(folder / kCertificateFile, pem_of(chain));
  if (key) write_key_file(folder / kKeyFile, key->pem());
}

void write_pki(const BenchPki& pki, const fs::path& folder) {
  for (const Family family : pki.families()) {
    make_folder(folder / name_of(family));
    for (const LaidOut& one : laid_out(pki.half(family))) {
      make_folder(folder / name_of(family) / one.folder);
      write_place(folder / name_of(family) / one.folder, one.chain, one.key);
    }
  }
  make_folder(folder / kFurtherRoots);
  int number = 0;
  for (const Certificate& root : pki.further_charge_point_roots())
    write_certificate_file(folder / kFurtherRoots / ("root-" + std::to_string(++number) + ".pem"),
                           root.pem());
}

// Without a slash at its end.
fs::path place_of(const fs::path& folder) {
  const fs::path place = fs::absolute(folder).lexically_normal();
  return place.has_filename() ? place : place.parent_path();
}

[[noreturn]] void refuse(const fs::path& folder, int error) {
  std::error_code none;
  const bool pki = fs::exists(folder / name_of(Family::rsa), none) ||
                   fs::exists(folder / name_of(Family::ec), none);
  std::string problem = std::string("the PKI cannot be written: ") + std::strerror(error) +
                        "; name a new folder where you may write";
  if (error == ENOTEMPTY || error == EEXIST)
    problem = pki ? "there is a PKI in this folder already ('plugproof pki show FOLDER'), and "
                    "charge points may trust it; name another folder, or move it away first"
                  : "there are other things in this folder already; name a new one";
  throw base::InputError(folder.string() + ": " + problem);
}

}  // namespace

void expect_room(const fs::path& folder) {
  const fs::path place = place_of(folder);
  std::error_code none;
  if (fs::equivalent(place, fs::current_path(none), none))
    throw base::InputError(folder.string() +
                           ": a PKI has a folder of its own, not the one that you are in; name a "
                           "new one, such as bench-pki");
  const fs::file_status status = fs::symlink_status(place, none);
  if (fs::exists(status) && !fs::is_directory(status)) refuse(folder, ENOTDIR);
  if (fs::is_directory(status) && !fs::is_empty(place, none)) refuse(folder, ENOTEMPTY);
}

void save(const BenchPki& pki, const fs::path& folder) {
  expect_room(folder);
  const fs::path place = place_of(folder);
  try {
    fs::create_directories(place.parent_path());
    const Draft draft(place);
    write_pki(pki, draft.folder());
    // An empty folder may be there: it is replaced. What came there meanwhile stays.
    if (::rename(draft.folder().c_str(), place.c_str()) != 0) fail(place, errno);
  } catch (const std::system_error& error) {
    refuse(folder, error.code().value());
  }
}

void replace_servers(const fs::path& folder, const std::map<Family, Credential>& servers) {
  std::map<Family, Draft> drafts;
  try {
    for (const auto& [family, server] : servers) {
      const fs::path place = folder / name_of(family) / kServer;
      const Draft& draft = drafts.try_emplace(family, place).first->second;
      write_place(draft.folder(), server.chain, &server.key);
    }
    // The old one changes places with the draft, and goes with it.
    for (const auto& [family, draft] : drafts) {
      const fs::path place = folder / name_of(family) / kServer;
      if (::renameat2(AT_FDCWD, draft.folder().c_str(), AT_FDCWD, place.c_str(), RENAME_EXCHANGE) !=
          0)
        fail(place, errno);
    }
  } catch (const std::system_error& error) {
    const int number = error.code().value();
    throw base::InputError(
        folder.string() +
        ": the server's certificate cannot be replaced: " + std::strerror(number) +
        (number == EINVAL || number == ENOSYS
             ? "; this file system cannot exchange two folders: keep the PKI on a local disk"
             : "; see to it that you may write there"));
  }
}

}  // namespace plugproof::certs
