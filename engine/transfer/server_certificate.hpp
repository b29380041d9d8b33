// The certificate of the bench's HTTPS and FTPS servers: made for one run, or the user's own.
#pragma once

#include <string>
#include <vector>

namespace plugproof::transfer {

// In PEM. The key is never printed and only ever written to files of mode 0600.
struct ServerCertificate {
  std::string chain;  // the server's certificate first
  std::string key;
  bool elliptic = false;  // an ECDSA key; else RSA
};

// Self-signed, RSA 2048, for these addresses and names, valid from yesterday for 90 days. Whoever
// has `chain` as a CA file trusts it.
ServerCertificate make_server_certificate(const std::vector<std::string>& hosts);

// Throws base::InputError when a file cannot be read, the key is neither RSA nor ECDSA or protected
// by a pass phrase, or the two do not belong together.
ServerCertificate read_server_certificate(const std::string& chain_path,
                                          const std::string& key_path);

}  // namespace plugproof::transfer
