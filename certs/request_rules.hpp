// Whether a certificate signing request may be signed: the rules of "Improved security for OCPP
// 1.6-J" for a charge point's certificate (section on certificate properties, use case A02).
#pragma once

#include <string>
#include <vector>

#include "certs/signing_request.hpp"

namespace plugproof::certs {

struct RequestProblem {
  std::string text;   // one sentence without a full stop
  bool weak = false;  // it is what it should be, but not strong enough: who wants to may sign it
};
// Empty: it may be signed. Looked at: the signature, key and digest, common name, organization.
std::vector<RequestProblem> problems_of(const SigningRequest& request);

}  // namespace plugproof::certs
