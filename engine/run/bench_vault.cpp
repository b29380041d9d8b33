#include "engine/run/bench_vault.hpp"

#include <algorithm>
#include <vector>

#include "certs/bad_certificate.hpp"
#include "certs/signing_request.hpp"
#include "engine/base/diagnostics.hpp"
#include "engine/base/encoding.hpp"
#include "engine/base/sha256.hpp"

namespace plugproof::run {

using base::Value;

namespace {

constexpr const char* kNoPki =
    "the bench has no certificates; name the folder of 'plugproof pki init' as security.pki in the "
    "PIXIT";
constexpr const char* kNoKey =
    "the bench does not know the charge point's AuthorizationKey; give it as "
    "security.authorization_key in the PIXIT";

// Another key for as long as a case needs one. It follows from the first, so that a run which was
// cut off meanwhile, and every later one, still knows it; 20 printable characters, as devices are
// known to take.
std::string temporary_key(const std::string& configured) {
  if (configured.empty()) return {};
  return base::hmac_sha256_hex(configured, "plugproof: the AuthorizationKey for the time of a case")
      .substr(0, 20);
}

bool is_printable(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

link::Credential credential_of(const certs::Credential& credential) {
  return {credential.chain_pem(), credential.key.pem()};
}

// Suites for which there is a certificate; those that want none stay.
link::TlsOffer spoken(link::TlsOffer offer, const std::vector<certs::Family>& families) {
  const auto has = [&](certs::Family family) {
    return std::find(families.begin(), families.end(), family) != families.end();
  };
  std::erase_if(offer.cipher_suites, [&](const std::string& suite) {
    if (suite.find("_ECDSA_") != std::string::npos) return !has(certs::Family::ec);
    return suite.find("_RSA_") != std::string::npos && !has(certs::Family::rsa);
  });
  return offer;
}

certs::Bad bad_of(const std::string& kind) {
  const auto bad = certs::bad_named(kind);
  if (!bad) throw base::InputError("'" + kind + "' is no kind of bad certificate");
  return *bad;
}

}  // namespace

BenchVault::BenchVault(Options options)
    : options_(std::move(options)), temporary_key_(temporary_key(options_.authorization_key)) {}

Vault::Made BenchVault::make(const std::string& thing, const Value& arguments) {
  try {
    if (thing == "authorization_key") return authorization_key(arguments);
    if (thing == "firmware_signature") return firmware_signature(arguments);
    if (!options_.pki) return {{}, kNoPki};
    if (thing == "charge_point_certificate") return charge_point_certificate(arguments);
    if (thing == "central_system_root") return central_system_root(arguments);
    if (thing == "central_system_roots") return central_system_roots(arguments);
    if (thing == "manufacturer_root") return {options_.pki->spare_manufacturer_root().pem(), {}};
  } catch (const base::InputError& e) {
    return {{}, e.what()};
  }
  return {{}, "the bench cannot make a " + thing};
}

Vault::Made BenchVault::authorization_key(const Value& arguments) const {
  if (options_.authorization_key.empty()) return {{}, kNoKey};
  const bool other = arguments.string_or("which", "configured") == "temporary";
  return {base::to_hex(other ? temporary_key_ : options_.authorization_key), {}};
}

Vault::Made BenchVault::charge_point_certificate(const Value& arguments) const {
  const auto request = certs::SigningRequest::from_pem(arguments.string_or("csr", ""),
                                                       "the charge point's signing request");
  const std::string kind = arguments.string_or("kind", "valid");
  if (kind == "valid") return {options_.pki->answer(request, options_.utc()), {}};
  return {options_.pki->bad_answer(bad_of(kind), request, options_.utc()), {}};
}

Vault::Made BenchVault::central_system_root(const Value& arguments) const {
  const std::string kind = arguments.string_or("kind", "valid");
  if (kind == "valid") return {options_.pki->spare_central_system_root().pem(), {}};
  try {
    return {options_.pki->bad_central_system_root(bad_of(kind), options_.utc()), {}};
  } catch (const std::invalid_argument& e) {
    return {{},
            "security.invalid_certificate: " + std::string(e.what()) + ", '" + kind + "' is none"};
  }
}

Vault::Made BenchVault::central_system_roots(const Value& arguments) const {
  const Value* own = arguments.find("own");
  if (!own || *own != Value(true))
    return {Value(Value::List{Value(options_.pki->spare_central_system_root().pem())}), {}};
  Value::List roots;
  for (const auto family : options_.pki->families())
    roots.emplace_back(options_.pki->central_system_root(family).certificate().pem());
  return {Value(std::move(roots)), {}};
}

Vault::Made BenchVault::firmware_signature(const Value& arguments) const {
  const bool valid = arguments.string_or("kind", "valid") == "valid";
  const auto answer = [](std::string certificate, std::string signature) {
    return Made{Value::object(
                    {{"certificate", std::move(certificate)}, {"signature", std::move(signature)}}),
                {}};
  };
  if (!options_.firmware_signature.empty()) {
    if (valid) return answer(options_.firmware_certificate, options_.firmware_signature);
    auto bytes = base::from_base64(options_.firmware_signature).value_or(std::string());
    if (bytes.empty()) return {{}, "security.firmware_signature is not base64"};
    // In its last byte: the form of an ECDSA signature stays what it was.
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    return answer(options_.firmware_certificate, base::base64(bytes));
  }
  if (!options_.pki) return {{}, kNoPki};
  const bool other = arguments.string_or("image", "valid") == "invalid";
  const FirmwareImage& image = other ? options_.images.invalid : options_.images.valid;
  if (!image.content)
    return {{}, "the bench has no firmware image to sign; name one as files.firmware in the PIXIT"};
  const certs::Credential& signer = options_.pki->firmware_signer(options_.pki->families().front());
  // One that does not hold is a good signature of something else.
  const std::string signed_bytes = valid ? *image.content : *image.content + "tampered with";
  return answer(signer.chain_pem(), base::base64(signer.key.sign(signed_bytes, options_.padding)));
}

link::ServerSecurity BenchVault::server(const Serving& serving) {
  link::ServerSecurity security;
  security.profile = serving.profile;
  if ((serving.profile == 1 || serving.profile == 2) && options_.authorization_key.empty())
    throw base::InputError(kNoKey);
  if (serving.profile < 2) return security;
  if (!options_.pki) throw base::InputError(kNoPki);
  const auto offer = link::tls_offer_named(serving.tls);
  if (!offer) throw base::InputError("'" + serving.tls + "' is nothing that the bench can speak");
  security.tls = spoken(*offer, options_.pki->families());
  if (options_.tls13 && serving.tls == link::kProfileOffer)
    security.tls.versions.emplace_back("TLSv1.3");
  for (const char* none : {"garbage", "wrong-key"})
    if (serving.certificate == none)
      throw base::InputError(std::string("a server cannot show a certificate that is '") + none +
                             "': TLS needs one that can be read, and its key; name another kind as "
                             "security.invalid_certificate in the PIXIT");
  for (const auto family : options_.pki->families()) {
    if (serving.certificate == "valid") {
      security.credentials.push_back(credential_of(options_.pki->server(family)));
    } else {
      const auto bad =
          options_.pki->bad_server(bad_of(serving.certificate), family, options_.utc());
      security.credentials.push_back({bad.chain_pem, bad.key_pem});
    }
  }
  if (serving.profile == 3) security.client_roots_pem = options_.pki->charge_point_roots_pem();
  return security;
}

std::string BenchVault::named(std::string_view bytes) const {
  if (options_.authorization_key.empty()) return "unknown";
  if (bytes == options_.authorization_key) return "configured";
  return bytes == temporary_key_ ? "temporary" : "other";
}

std::string BenchVault::which_key(std::string_view value) {
  const auto bytes = base::from_hex(value);
  return bytes ? named(*bytes) : "other";
}

Value BenchVault::credentials(const link::Handshake& handshake) {
  if (!handshake.authorization) return Value::object({{"scheme", "none"}});
  const std::string& header = *handshake.authorization;
  // The scheme is written in any case, RFC 7235 section 2.1.
  std::string scheme = header.substr(0, header.find(' '));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (scheme != "basic") return Value::object({{"scheme", "other"}});
  const std::size_t begin = header.find_first_not_of(' ', scheme.size());
  const auto decoded = begin == std::string::npos
                           ? std::nullopt
                           : base::from_base64(std::string_view(header).substr(begin));
  const std::size_t colon = decoded ? decoded->find(':') : std::string::npos;
  if (colon == std::string::npos) return Value::object({{"scheme", "malformed"}});
  const std::string password = decoded->substr(colon + 1);
  return Value::object({{"scheme", "Basic"},
                        {"user_is_identity", decoded->substr(0, colon) == handshake.identity},
                        {"key", named(password)},
                        {"bytes", static_cast<std::int64_t>(password.size())},
                        {"printable", is_printable(password)}});
}

Value BenchVault::facilities() const {
  Value facts = Value::object(
      {{"authorization_key", !options_.authorization_key.empty()}, {"tls13", options_.tls13}});
  if (!options_.pki) return facts;
  Value::List roots;
  for (const auto family : options_.pki->families())
    roots.emplace_back(options_.pki->central_system_root(family).certificate().fingerprint());
  facts.set("central_system_roots", Value(std::move(roots)));
  return facts;
}

}  // namespace plugproof::run
