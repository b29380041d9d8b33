// Authorities and certificates for tests of TLS, and each with one thing wrong.
#pragma once

#include <string>
#include <vector>

#include "certs/authority.hpp"
#include "engine/link/security.hpp"

namespace plugproof::link {

class TlsPki {
 public:
  // Valid from a day before `now` to a year after it.
  explicit TlsPki(base::Micros now_utc)
      : now(now_utc),
        root(certs::Authority::root(certs::KeyKind::ec_p256, about("Test root"))),
        operators(root.intermediate(certs::KeyKind::ec_p256, about("Test operator CA"))),
        other_root(certs::Authority::root(certs::KeyKind::ec_p256, about("Foreign root"))) {}

  certs::Profile about(const std::string& name, certs::Usage usage = certs::Usage::ca) const {
    std::vector<std::string> hosts;
    if (usage == certs::Usage::server) hosts = {"127.0.0.1", "localhost", "memory"};
    return {name, "Example Ltd", hosts, usage, now - kDay, now + 365 * kDay};
  }
  certs::Profile server() const { return about("localhost", certs::Usage::server); }
  certs::Profile client() const { return about("CP001", certs::Usage::client); }

  // The chain holds no root, as RFC 5246 section 7.4.2 allows.
  Credential issue(const certs::Authority& by, certs::KeyKind kind,
                   const certs::Profile& profile) const {
    const auto key = certs::PrivateKey::make(kind);
    std::vector<certs::Certificate> chain{by.issue(key, profile)};
    chain.insert(chain.end(), by.chain().begin(), by.chain().end() - 1);
    return {certs::pem_of(chain), key.pem()};
  }

  ServerSecurity security(int profile, std::vector<Credential> credentials) const {
    return {profile, std::move(credentials), profile == 3 ? roots() : std::string(), {}};
  }
  std::string roots() const { return root.certificate().pem(); }

  static constexpr base::Micros kDay = std::chrono::hours(24);
  base::Micros now;
  certs::Authority root, operators, other_root;
  // Made once: RSA keys take their time.
  Credential rsa = issue(operators, certs::KeyKind::rsa_2048, server());
  Credential ec = issue(operators, certs::KeyKind::ec_p256, server());
  Credential charge_point = issue(operators, certs::KeyKind::ec_p256, client());
};

}  // namespace plugproof::link
