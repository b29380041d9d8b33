// What signed updates have besides (security whitepaper, use case L01): the certificate of who
// signed, the signature, a time for the installation, and statuses of their own.
#include "certs/chain.hpp"
#include "engine/base/diagnostics.hpp"
#include "engine/base/encoding.hpp"
#include "simulator/certificate_store.hpp"
#include "simulator/firmware.hpp"
#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Value;
using certs::Certificate;
using Stage = FirmwareUpdate::Stage;

namespace {

const std::string kSigner = "the firmware signing certificate";

Value answer(const char* word) {
  return Value::object({{"status", word}});
}

// L01.FR.12, L01.FR.23: it must come from a manufacturer whose root is in the store.
std::string signer_problem(const Context& context, const std::string& pem) {
  try {
    return certs::chain_problem(Certificate::all_from_pem(pem, kSigner),
                                roots_of(context.memory, kManufacturerRoot), context.now_utc(),
                                certs::Usage::firmware, "");
  } catch (const base::InputError& error) {
    return error.what();
  }
}

// L01.FR.04 names RSA-PSS; what signs in the field pads by PKCS #1 v1.5: either will do. A
// signature of an elliptic key is ECDSA.
std::string signature_problem(const FirmwareUpdate& update) {
  const auto bytes = base::from_base64(update.signature->text);
  if (!bytes || bytes->empty()) return "there is no signature";
  try {
    const Certificate signer =
        Certificate::all_from_pem(update.signature->certificate, kSigner).front();
    const bool holds = signer.verifies(update.image, *bytes, certs::Padding::pkcs1) ||
                       signer.verifies(update.image, *bytes, certs::Padding::pss);
    return holds ? "" : "the signature is not one of this image by '" + signer.name() + "'";
  } catch (const base::InputError& error) {
    return error.what();  // it was accepted by a defect
  }
}

}  // namespace

Value Firmware::signed_requested(const Value& request) {
  Context& context = station_.context;
  FirmwareUpdate& update = context.memory.update;
  if (context.defects.hit("refuse-signed-firmware")) return answer("Rejected");
  const Value& firmware = *request.find("firmware");
  const std::string certificate = firmware.string_or("signingCertificate", "");
  const std::string problem = signer_problem(context, certificate);
  if (!problem.empty() && !context.defects.hit("accept-bad-signing-certificate")) {
    context.log("firmware update refused: " + problem);
    station_.security_events.happened("InvalidFirmwareSigningCertificate", problem);
    return answer("InvalidCertificate");
  }
  // What is being installed cannot be given up (L01.FR.26, L01.FR.27).
  if (update.stage >= Stage::installing) return answer("Rejected");
  const bool another = update.stage != Stage::none;
  if (another) context.log("a firmware update is given up for another one");
  stop();
  waiting_ = false;
  prepare(request, firmware, "retrieveDateTime");
  update.signature = FirmwareSignature{request.int_or("requestId", 0), certificate,
                                       firmware.string_or("signature", ""),
                                       base::parse_utc(firmware.string_or("installDateTime", ""))};
  return answer(another ? "AcceptedCanceled" : "Accepted");
}

void Firmware::verify() {
  Context& context = station_.context;
  FirmwareUpdate& update = context.memory.update;
  std::string problem = signature_problem(update);
  if (problem.empty() && context.defects.hit("reject-good-signature"))
    problem = "the signature is good";
  if (!problem.empty() && context.defects.hit("accept-any-signature")) problem.clear();
  if (problem.empty()) {
    update.stage = Stage::verified;
    tell("SignatureVerified");
    return schedule_installation();
  }
  context.log("firmware refused: " + problem);
  station_.security_events.happened("InvalidFirmwareSignature", problem);
  if (!context.defects.hit("install-despite-signature")) return finish("InvalidSignature");
  update.stage = Stage::verified;
  tell("InvalidSignature");
  schedule_installation();
}

// L01.FR.16, L01.FR.17.
void Firmware::schedule_installation() {
  const Context& context = station_.context;
  const auto& install = context.memory.update.signature->install;
  const base::Nanos wait = install ? *install - context.now_utc() : base::Micros{0};
  if (wait > base::Nanos{0}) tell_scheduled("InstallScheduled");
  timer_.start(std::max(wait, context.variations.reaction), [this] { begin_installation(); });
}

// Only signed updates have statuses for what is to come; each is told once.
void Firmware::tell_scheduled(const std::string& status) {
  const FirmwareUpdate& update = station_.context.memory.update;
  if (update.signature && update.status != status) tell(status);
}

// L01.FR.28, L01.FR.29.
Value Firmware::signed_status() const {
  const FirmwareUpdate& update = station_.context.memory.update;
  if (!update.signature || update.status.empty() || update.status == "Installed")
    return answer("Idle");
  return Value::object({{"status", update.status}, {"requestId", update.signature->request}});
}

}  // namespace plugproof::simulator
