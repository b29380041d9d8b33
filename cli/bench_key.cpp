#include "cli/bench_key.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>

#include "certs/authority.hpp"
#include "certs/files.hpp"
#include "cli/common.hpp"
#include "cli/identity.hpp"

namespace plugproof::cli {

namespace fs = std::filesystem;

namespace {

constexpr const char* kAnother = "; name another folder in PLUGPROOF_STATE";

[[noreturn]] void refuse(const fs::path& file, int error) {
  throw ExitWith(kUsage, "the bench key cannot be kept in " + file.string() + ": " +
                             std::strerror(error) + kAnother);
}

}  // namespace

fs::path bench_key_file() {
  const fs::path folder = state_folder();
  return folder.empty() ? fs::path() : folder / "bench-key.pem";
}

evidence::BenchKey make_bench_key(const std::string& name) {
  const fs::path file = bench_key_file();
  if (file.empty())
    throw ExitWith(kUsage, std::string("there is no folder for the bench key") + kAnother);
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (error) refuse(file, error.value());
  const certs::PrivateKey key = certs::PrivateKey::make(certs::KeyKind::ed25519);
  const certs::Certificate certificate = certs::self_signed(key, name);
  // Under a name of its own first: the key is there whole or not at all, and of two that are made
  // at the same time the first to get the name stays.
  const fs::path draft = file.string() + "." + certificate.fingerprint().substr(0, 16);
  try {
    certs::write_key_file(draft, key.pem() + certificate.pem());
  } catch (const std::system_error& failure) {
    refuse(draft, failure.code().value());
  }
  const int linked = ::link(draft.c_str(), file.c_str()) == 0 ? 0 : errno;
  ::unlink(draft.c_str());
  if (linked == EEXIST)
    throw ExitWith(kUsage, file.string() +
                               " exists: the bench has a key ('plugproof pki show'), and what it "
                               "signed is known by it; to begin anew, move that file away first");
  if (linked != 0) refuse(file, linked);
  return {key, certificate};
}

std::optional<evidence::BenchKey> load_bench_key() {
  const fs::path file = bench_key_file();
  struct stat about {};
  if (file.empty() || (::stat(file.c_str(), &about) != 0 && errno == ENOENT)) return std::nullopt;
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf()))
    throw ExitWith(kUsage, file.string() + ": the bench key cannot be read; check its rights");
  if ((about.st_mode & 077) != 0)
    throw ExitWith(kUsage, file.string() +
                               ": others can read the bench key, so it proves nothing; make it "
                               "private (chmod 600) if nobody did, else move it away and make a "
                               "new one ('plugproof pki bench-key')");
  certs::PrivateKey key = certs::PrivateKey::from_pem(text.str(), file.string());
  const auto certificates = certs::Certificate::all_from_pem(text.str(), file.string());
  if (key.kind() != "Ed25519" || !certificates.front().belongs_to(key))
    throw ExitWith(kUsage, file.string() +
                               ": this is no bench key: it must hold an Ed25519 key and the "
                               "certificate of that key; 'plugproof pki bench-key' makes one where "
                               "there is none");
  return evidence::BenchKey{std::move(key), certificates.front()};
}

}  // namespace plugproof::cli
