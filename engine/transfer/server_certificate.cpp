#include "engine/transfer/server_certificate.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <sstream>

#include "certs/authority.hpp"
#include "engine/base/diagnostics.hpp"

namespace plugproof::transfer {

namespace {

constexpr base::Micros kDay = std::chrono::hours(24);  // another machine's clock may be behind
constexpr base::Micros kLife = 90 * kDay;

std::string read_text(const std::string& path, const char* what) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf()))
    throw base::InputError(std::string("the ") + what + " of the file servers cannot be read: " +
                           path + ": " + std::strerror(errno));
  return text.str();
}

}  // namespace

ServerCertificate make_server_certificate(const std::vector<std::string>& hosts) {
  const auto now =
      std::chrono::duration_cast<base::Micros>(std::chrono::system_clock::now().time_since_epoch());
  const auto key = certs::PrivateKey::make(certs::KeyKind::rsa_2048);
  const certs::Profile profile{"plugproof file servers", "",         hosts,
                               certs::Usage::server,     now - kDay, now + kLife};
  return {certs::self_signed(key, profile).pem(), key.pem(), false};
}

ServerCertificate read_server_certificate(const std::string& chain_path,
                                          const std::string& key_path) {
  ServerCertificate files{read_text(chain_path, "certificate"), read_text(key_path, "key"), false};
  const auto chain = certs::Certificate::all_from_pem(files.chain, chain_path);
  const auto key = certs::PrivateKey::from_pem(files.key, key_path);
  if (!chain.front().belongs_to(key))
    throw base::InputError(key_path + ": this key does not belong to the certificate in " +
                           chain_path);
  files.elliptic = key.kind() == "EC";
  if (!files.elliptic && key.kind() != "RSA")
    throw base::InputError(key_path + ": the file servers need an RSA or an ECDSA key");
  return files;
}

}  // namespace plugproof::transfer
