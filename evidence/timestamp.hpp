// Time stamps of a trusted third party (RFC 3161): the request, and what a reply proves. Nothing
// here uses the network.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace plugproof::evidence {

// A reply that proves nothing. what() says why, in half a sentence.
class BadTimestamp : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A TimeStampReq in DER over the SHA-256 of `data`, with a nonce, asking for the certificate.
std::string timestamp_request(std::string_view data);

// Whether `reply` (a TimeStampResp in DER) answers the request: status, version, imprint, nonce.
// Throws BadTimestamp.
void check_reply(std::string_view request, std::string_view reply);

struct Stamp {
  std::string time;       // UTC, 2026-01-01T00:00:00Z
  std::string authority;  // name in the certificate that signed the token
  bool chain_checked = false;
};

// What a reply says about `data`: that the token is over its SHA-256, and signed by the
// certificate that it carries. With `trusted` (certificates in PEM, `source` names them) also that
// this one was issued by one of them, for time stamps, and was valid at the time of the stamp.
// Throws BadTimestamp; base::InputError when `trusted` holds no certificates.
Stamp read_timestamp(std::string_view reply, std::string_view data, std::string_view trusted = {},
                     const std::string& source = {});

}  // namespace plugproof::evidence
