#include "certs/request_rules.hpp"

#include "certs/naming.hpp"

namespace plugproof::certs {

namespace {

// 112 bits of security, as chain_problem() wants them.
constexpr int kMinRsa = 2048, kMinEc = 224, kMinDigest = 224;

void look_at_name(const char* what, const char* meaning, const std::string& name,
                  std::vector<RequestProblem>& problems) {
  if (name.empty())
    problems.push_back({std::string("the subject has no ") + what + ": it has to be " + meaning});
  else if (const std::string problem = common_name_problem(name); !problem.empty())
    problems.push_back({std::string("the ") + what + " cannot stand in a certificate: " + problem});
}

}  // namespace

std::vector<RequestProblem> problems_of(const SigningRequest& request) {
  std::vector<RequestProblem> problems;
  if (!request.signature_holds())
    problems.push_back(
        {"the signature does not hold: the request was changed, or is not by the owner of the "
         "key"});
  const std::string kind = request.key_kind();
  const std::string bits = std::to_string(request.key_bits()) + " bits";
  if (kind == "RSA" && request.key_bits() < kMinRsa)
    problems.push_back({"the RSA key has " + bits + "; at least 2048 are wanted", true});
  else if (kind == "EC" && request.key_bits() < kMinEc)
    problems.push_back({"the EC key has " + bits + "; at least 224 are wanted", true});
  else if (kind != "RSA" && kind != "EC" && !kind.empty())
    problems.push_back(
        {"the key is of the kind " + kind + ", and no cipher suite of the profiles can use it",
         true});
  if (const int digest = request.digest_bits(); digest != 0 && digest < kMinDigest)
    problems.push_back({"it is signed with a digest of " + std::to_string(digest) +
                            " bits (such as SHA-1); SHA-256 or better is wanted",
                        true});
  look_at_name("common name (CN)", "the serial number of the charge point", request.common_name(),
               problems);
  look_at_name("organization (O)", "what the configuration key CpoName says",
               request.organization(), problems);
  return problems;
}

}  // namespace plugproof::certs
