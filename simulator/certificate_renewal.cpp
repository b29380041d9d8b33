#include "simulator/certificate_renewal.hpp"

#include <algorithm>
#include <vector>

#include "certs/chain.hpp"
#include "certs/naming.hpp"
#include "certs/signing_request.hpp"
#include "engine/base/diagnostics.hpp"
#include "simulator/credentials.hpp"
#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Value;
using certs::Certificate;
using certs::KeyKind;
using certs::PrivateKey;

namespace {

constexpr base::Micros kMonth = std::chrono::hours(24 * 30);   // before it expires, use case A03
constexpr base::Micros kFar = std::chrono::hours(24 * 36500);  // certificates can be for ever
// CertificateSignedMaxChainSize counts characters; there are vendors who count certificates.
constexpr std::int64_t kSmallestSize = 100;

const std::string kWhat = "the charge point certificate";

// The last bytes of a request are its signature's.
std::string with_spoilt_signature(std::string pem) {
  const std::size_t end = pem.rfind("\n-----END");
  const std::size_t last = pem.find_last_not_of("=\n", end - 1);
  char& digit = pem[last - 8];
  digit = digit == 'A' ? 'B' : 'A';
  return pem;
}

}  // namespace

CertificateRenewal::CertificateRenewal(Station& station)
    : station_(station), due_(station.context.clock) {}

void CertificateRenewal::stop() {
  due_.stop();
}

std::string CertificateRenewal::problem() const {
  const Context& context = station_.context;
  if (context.configuration.text("CpoName").empty()) return "CpoName is not set";
  if (const auto problem = certs::common_name_problem(context.capabilities.serial);
      !problem.empty())
    return "the serial number cannot stand in a certificate: " + problem;
  return {};
}

void CertificateRenewal::begin(bool urgent) {
  Context& context = station_.context;
  Defects& defects = context.defects;
  if (const std::string why = problem(); !why.empty()) {
    context.log("no certificate is asked for: " + why);
    return;
  }
  const bool old_key = context.memory.certificate && defects.hit("csr-old-key");
  const PrivateKey key =
      old_key ? PrivateKey::from_pem(context.memory.certificate->key_pem, "the key of " + kWhat)
              : PrivateKey::make(defects.hit("csr-weak-key") ? KeyKind::ec_p192 : KeyKind::ec_p256);
  const std::string serial = context.capabilities.serial;
  const auto request = certs::SigningRequest::make(
      key, defects.hit("csr-other-common-name") ? "somebody else" : serial,
      defects.hit("csr-without-organization") ? "" : context.configuration.text("CpoName"));
  context.memory.pending_key = key.pem();
  context.log("asks for a new charge point certificate");
  station_.messenger.call(
      "SignCertificate",
      Value::object(
          {{"csr", defects.hit("csr-spoilt-signature") ? with_spoilt_signature(request.pem())
                                                       : request.pem()}}),
      [this](const Answer& answer) {
        if (answer.ok() && answer.payload.string_or("status", "") == "Accepted") return;
        station_.context.log("nobody signs the new charge point certificate");
        station_.context.memory.pending_key.clear();
      },
      urgent);
}

// A02.FR.06.
std::string CertificateRenewal::chain_problem(const std::string& pem) const {
  const Context& context = station_.context;
  if (context.memory.pending_key.empty()) return "no certificate was asked for";
  const auto most = context.configuration.number("CertificateSignedMaxChainSize");
  std::vector<Certificate> chain;
  try {
    chain = Certificate::all_from_pem(pem, kWhat);
  } catch (const base::InputError& error) {
    return error.what();
  }
  const std::size_t size = most < kSmallestSize ? chain.size() : pem.size();
  if (static_cast<std::int64_t>(size) > most)
    return "the chain is longer than CertificateSignedMaxChainSize";
  if (std::string problem =
          certs::chain_problem(chain, roots_of(context.memory, kCentralSystemRoot),
                               context.now_utc(), certs::Usage::client, "");
      !problem.empty())
    return problem;
  if (!certs::in_order(chain)) return "the certificates of the chain are not in their order";
  const Certificate& own = chain.front();
  if (!own.belongs_to(PrivateKey::from_pem(context.memory.pending_key, "the new key")))
    return "it is for another key than the one that was asked for";
  if (own.common_name() != context.capabilities.serial &&
      !context.defects.on("csr-other-common-name"))
    return "it is for '" + own.common_name() + "'";
  if (own.organization().empty() && !context.defects.on("csr-without-organization"))
    return "it names no organization";
  return {};
}

Value CertificateRenewal::signed_chain(const Value& request, bool& reconnects) {
  Context& context = station_.context;
  const auto answer = [](const char* word) { return Value::object({{"status", word}}); };
  const std::string pem = request.string_or("certificateChain", "");
  const std::string problem = chain_problem(pem);
  const bool in_use = security_profile(context) == 3;
  if (!problem.empty()) {
    context.log("new charge point certificate refused: " + problem);
    if (context.defects.hit("accept-bad-certificate")) return answer("Accepted");
    station_.security_events.happened("InvalidChargePointCertificate", problem);
    return answer("Rejected");
  }
  if (context.defects.hit("reject-good-certificate")) return answer("Rejected");
  if (context.defects.hit("keep-old-certificate"))
    context.memory.pending_key.clear();
  else
    take(pem);
  reconnects = in_use && !context.defects.hit("no-reconnect-for-new-certificate");
  return answer("Accepted");
}

void CertificateRenewal::take(const std::string& pem) {
  Context& context = station_.context;
  Memory& memory = context.memory;
  if (security_profile(context) == 3 && !memory.former.certificate)
    memory.former.certificate = memory.certificate;
  memory.certificate = link::Credential{pem, memory.pending_key};
  memory.pending_key.clear();
  context.log("new charge point certificate");
  station_.security_events.happened("ReconfigurationOfSecurityParameters", kWhat);
  watch_expiry();
}

void CertificateRenewal::registered() {
  watch_expiry();
}

void CertificateRenewal::watch_expiry() {
  const Context& context = station_.context;
  due_.stop();
  if (!context.memory.certificate || !context.capabilities.has_security_profile(3) ||
      !problem().empty())
    return;
  const Certificate own =
      Certificate::all_from_pem(context.memory.certificate->chain_pem, kWhat).front();
  const base::Micros left = std::min(own.not_after() - kMonth - context.now_utc(), kFar);
  due_.start(std::max<base::Nanos>(left, context.variations.reaction), [this] { begin(false); });
}

}  // namespace plugproof::simulator
