#include "certs/pki_folder.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>

#include "certs/chain.hpp"
#include "certs/files.hpp"
#include "certs/pki_layout.hpp"
#include "engine/base/diagnostics.hpp"

namespace plugproof::certs {

namespace fs = std::filesystem;

namespace {

constexpr const char* kRestore = "; put back what belongs there from a copy, or make a new PKI";
constexpr const char* kAnew =
    "make a new PKI ('plugproof pki init') and give the charge points its root";

[[noreturn]] void refuse(const fs::path& file, const std::string& problem) {
  throw base::InputError(file.string() + ": " + problem);
}

// The folder of one key.
class Place {
 public:
  explicit Place(fs::path folder) : folder_(std::move(folder)) {}
  fs::path certificate_file() const { return folder_ / kCertificateFile; }

  std::vector<Certificate> chain() const {
    return Certificate::all_from_pem(read_certificate_file(certificate_file()),
                                     certificate_file().string());
  }
  PrivateKey key_of(const Certificate& certificate) const {
    const fs::path file = folder_ / kKeyFile;
    PrivateKey key = PrivateKey::from_pem(read_key_file(file), file.string());
    if (!certificate.belongs_to(key))
      refuse(file, std::string("this key is not that of the certificate beside it") + kRestore);
    return key;
  }
  Certificate root() const {
    const std::vector<Certificate> all = chain();
    if (all.size() != 1 || !all.front().is_root())
      refuse(certificate_file(),
             std::string("this has to be one root, issued by itself") + kRestore);
    return all.front();
  }
  Authority root_authority() const {
    Certificate own = root();
    PrivateKey key = key_of(own);
    return Authority(std::move(key), {std::move(own)}, certificate_file().string());
  }
  std::vector<Certificate> chain_below(const Certificate& root) const {
    std::vector<Certificate> all = chain();
    std::vector<Certificate> with_root = all;
    with_root.push_back(root);
    if (!in_order(with_root))
      refuse(certificate_file(), "this does not lead to the root '" + root.name() +
                                     "', each certificate issued by the next one" + kRestore);
    return all;
  }
  Authority authority_below(const Certificate& root) const {
    std::vector<Certificate> all = chain_below(root);
    PrivateKey key = key_of(all.front());
    all.push_back(root);
    return Authority(std::move(key), std::move(all), certificate_file().string());
  }
  Credential credential_below(const Certificate& root) const {
    std::vector<Certificate> all = chain_below(root);
    PrivateKey key = key_of(all.front());
    return {std::move(key), std::move(all)};
  }

 private:
  fs::path folder_;
};

BenchPki::Half read_half(const fs::path& folder) {
  const auto place = [&](const char* name) { return Place(folder / name); };
  Authority central = place(kCentralSystemRoot).root_authority();
  Authority manufacturer = place(kManufacturerRoot).root_authority();
  const Certificate central_root = central.certificate();
  const Certificate manufacturer_root = manufacturer.certificate();
  return {std::move(central),
          place(kServers).authority_below(central_root),
          place(kChargePoints).authority_below(central_root),
          std::move(manufacturer),
          place(kServer).credential_below(central_root),
          place(kFirmwareSigner).credential_below(manufacturer_root),
          place(kSpareCentralSystemRoot).root(),
          place(kSpareManufacturerRoot).root()};
}

void list_half(const fs::path& folder, Family family, const BenchPki::Half& half,
               std::vector<PkiEntry>& entries) {
  for (const LaidOut& one : laid_out(half))
    entries.push_back({std::string(name_of(family)) + "/" + one.folder, one.purpose,
                       one.usage == Usage::server
                           ? "'plugproof pki issue FOLDER --server --host NAME' makes a new one"
                           : kAnew,
                       folder / name_of(family) / one.folder / kCertificateFile, one.chain,
                       one.usage, one.root});
}

// What lies in charge-point-roots/, by name.
std::vector<PkiEntry> read_further_roots(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  // Some tools leave empty folders out when they copy: none is as good as an empty one.
  for (fs::directory_iterator i(folder, error), end; !error && i != end; i.increment(error))
    if (i->path().filename().string().front() != '.') files.push_back(i->path());
  if (error && error != std::errc::no_such_file_or_directory)
    refuse(folder, "the folder cannot be read: " + error.message());
  std::sort(files.begin(), files.end());
  std::vector<PkiEntry> roots;
  for (const fs::path& file : files) {
    const std::string ending = file.extension().string();
    if (ending != ".pem" && ending != ".crt" && ending != ".cer")
      refuse(file, "only roots in PEM belong here; name it *.pem if it is one, else move it away");
    for (const Certificate& root :
         Certificate::all_from_pem(read_certificate_file(file), file.string())) {
      if (!root.is_root())
        refuse(file, "'" + root.name() +
                         "' is no root: another one issued it; put the root here, the charge point "
                         "sends the certificates below it");
      roots.push_back({folder.filename().string() + "/" + file.filename().string(),
                       "trusted in profile 3 besides the Central System root",
                       "move it out of this folder, or put its successor in its place",
                       file,
                       {root},
                       Usage::ca,
                       root});
    }
  }
  return roots;
}

void refuse_unusable(const PkiEntry& entry, base::Micros now) {
  if (const std::string problem = entry.problem(now); !problem.empty())
    refuse(entry.file, "this certificate cannot be used: " + problem + "; " + entry.remedy);
}

std::string date(base::Micros utc) {
  return base::format_utc_millis(utc).substr(0, std::string("2026-01-01T00:00:00").size()) + "Z";
}

}  // namespace

const char* name_of(Family family) {
  return family == Family::rsa ? "rsa" : "ec";
}

std::string PkiEntry::problem(base::Micros now) const {
  if (now < certificate().not_before())
    return "it is valid from " + date(certificate().not_before()) +
           " on; is the clock of this machine right?";
  // The last second does not count for OpenSSL, nor for who checks with it.
  if (now >= certificate().not_after()) return "it expired at " + date(certificate().not_after());
  return chain_problem(chain, {root}, now, usage, "");
}

PkiFolder read_pki(const fs::path& folder) {
  std::map<Family, BenchPki::Half> halves;
  std::vector<PkiEntry> entries;
  for (const Family family : {Family::rsa, Family::ec}) {
    std::error_code error;
    if (!fs::exists(fs::symlink_status(folder / name_of(family), error))) continue;
    const auto& made = halves.emplace(family, read_half(folder / name_of(family))).first->second;
    list_half(folder, family, made, entries);
  }
  if (halves.empty())
    refuse(folder,
           "there is no PKI in this folder, neither rsa/ nor ec/; 'plugproof pki init FOLDER "
           "--host NAME' makes one");
  std::vector<Certificate> further;
  for (PkiEntry& entry : read_further_roots(folder / kFurtherRoots)) {
    further.push_back(entry.certificate());
    entries.push_back(std::move(entry));
  }
  return {BenchPki(std::move(halves), std::move(further)), std::move(entries)};
}

base::Micros time_of_the_machine() {
  return std::chrono::duration_cast<base::Micros>(
      std::chrono::system_clock::now().time_since_epoch());
}

BenchPki load_pki(const fs::path& folder) {
  return load_pki(folder, time_of_the_machine());
}

BenchPki load_pki(const fs::path& folder, base::Micros now) {
  PkiFolder read = read_pki(folder);
  for (const PkiEntry& entry : read.entries) refuse_unusable(entry, now);
  return std::move(read.pki);
}

BenchPki load_authorities(const fs::path& folder, base::Micros now) {
  PkiFolder read = read_pki(folder);
  for (const PkiEntry& entry : read.entries)
    if (entry.usage != Usage::server) refuse_unusable(entry, now);
  return std::move(read.pki);
}

}  // namespace plugproof::certs
