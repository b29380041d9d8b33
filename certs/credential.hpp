// A key and the certificates that say whose it is.
#pragma once

#include <string>
#include <vector>

#include "certs/certificate.hpp"
#include "certs/private_key.hpp"

namespace plugproof::certs {

struct Credential {
  PrivateKey key;
  std::vector<Certificate> chain;  // that of the key first, the root left out

  const Certificate& certificate() const { return chain.front(); }
  std::string chain_pem() const { return pem_of(chain); }
};

}  // namespace plugproof::certs
