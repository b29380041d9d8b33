#include "engine/link/tls_context.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "certs/certificate.hpp"
#include "certs/openssl.hpp"
#include "certs/private_key.hpp"
#include "engine/base/diagnostics.hpp"
#include "engine/link/tls_names.hpp"
#include "engine/link/tls_session.hpp"

namespace plugproof::link {
namespace {

// TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
// TLS_RSA_WITH_AES_128_GCM_SHA256, TLS_RSA_WITH_AES_256_GCM_SHA384: those that the security
// profiles name for TLS 1.2.
constexpr const char* kSuites =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "AES128-GCM-SHA256:AES256-GCM-SHA384";

// 112 bits of security: RSA from 2048 bits, EC from 224. Said here, since the configuration of the
// machine may say something else.
constexpr int kStrength = 2;

// Whatever of them the strength allows: OpenSSL's own list lacks the curves of BSI TR-02102, and
// the smallest one that the profiles allow.
constexpr const char* kGroups =
    "X25519:P-256:X448:P-384:P-521:brainpoolP256r1:brainpoolP384r1:brainpoolP512r1:P-224";

struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};

// The other end's certificates are held to our strength; our own may be weak on purpose.
int strong_enough(const SSL* ssl, const SSL_CTX* context, int operation, int bits, int nid,
                  void* other, void*) {
  const bool own = operation == SSL_SECOP_EE_KEY || operation == SSL_SECOP_CA_KEY ||
                   operation == SSL_SECOP_CA_MD;
  if (own) return 1;
  static const auto usual = [] {
    const std::unique_ptr<SSL_CTX, certs::Free<SSL_CTX_free>> plain(SSL_CTX_new(TLS_method()));
    certs::need(plain != nullptr, "set TLS up");
    return SSL_CTX_get_security_callback(plain.get());
  }();
  return usual(ssl, context, operation, bits, nid, other, nullptr);
}

void set_versions(SSL_CTX* context, const std::vector<std::string>& names) {
  std::vector<std::uint16_t> versions;
  for (const std::string& name : names) {
    versions.push_back(tls_version_number(name));
    if (versions.back() < TLS1_VERSION)
      throw base::InputError("the TLS version '" + name +
                             "' cannot be had; there are TLSv1, TLSv1.1, TLSv1.2 and TLSv1.3");
  }
  if (versions.empty()) throw base::InputError("without any TLS version there is no TLS");
  const auto [least, most] = std::minmax_element(versions.begin(), versions.end());
  const auto leave_out = [&](std::uint16_t version, std::uint64_t option) {
    if (std::find(versions.begin(), versions.end(), version) == versions.end())
      SSL_CTX_set_options(context, option);
  };
  leave_out(TLS1_1_VERSION, SSL_OP_NO_TLSv1_1);
  leave_out(TLS1_2_VERSION, SSL_OP_NO_TLSv1_2);
  certs::need(SSL_CTX_set_min_proto_version(context, *least) == 1 &&
                  SSL_CTX_set_max_proto_version(context, *most) == 1,
              "set the versions of TLS");
  // What TLS 1.1 signs with (SHA-1) is below the strength that is asked for elsewhere.
  if (*least < TLS1_2_VERSION) SSL_CTX_set_security_level(context, 0);
}

void set_suites(SSL_CTX* context, const std::vector<std::string>& names) {
  std::string older, newest;
  for (const std::string& name : names) {
    const std::string known = openssl_cipher_name(name);
    if (known.empty())
      throw base::InputError("the cipher suite '" + name +
                             "' is not known; write its IANA name, such as "
                             "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
    // Nobody speaks these but on purpose.
    if (name.find("_NULL_") != std::string::npos || name.find("_anon_") != std::string::npos)
      SSL_CTX_set_security_level(context, 0);
    // Those of TLS 1.3 have the same name in both registers.
    std::string& list = known == name ? newest : older;
    list += (list.empty() ? "" : ":") + known;
  }
  certs::need(SSL_CTX_set_cipher_list(context, older.empty() ? kSuites : older.c_str()) == 1,
              "use these cipher suites");
  if (!newest.empty())
    certs::need(SSL_CTX_set_ciphersuites(context, newest.c_str()) == 1,
                "use these cipher suites of TLS 1.3");
}

}  // namespace

TlsContext::TlsContext(bool server)
    : context_(SSL_CTX_new(server ? TLS_server_method() : TLS_client_method()), SSL_CTX_free),
      server_(server) {
  certs::need(context_ != nullptr, "set TLS up");
  SSL_CTX* context = context_.get();
  SSL_CTX_set_security_level(context, kStrength);
  SSL_CTX_set_security_callback(context, strong_enough);
  certs::need(SSL_CTX_set1_groups_list(context, kGroups) == 1, "set the groups of TLS");
  // Every connection proves anew who it is, and to the certificates of the moment.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_options(context,
                      SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  // A chain is sent as it was given: a missing certificate is not looked for among the roots.
  SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN | SSL_MODE_RELEASE_BUFFERS);
  TlsSession::watch(context);
}

std::shared_ptr<const TlsContext> TlsContext::server(const ServerSecurity& security) {
  TlsContext made(true);
  SSL_CTX* context = made.context_.get();
  set_versions(context, security.tls.versions);
  set_suites(context, security.tls.cipher_suites);
  const std::string profile = "security profile " + std::to_string(security.profile);
  if (security.credentials.empty())
    throw base::InputError(profile + " needs a certificate of the central system and its key");
  for (const Credential& credential : security.credentials)
    made.use(credential, "the certificate of the central system");
  if (security.profile >= 3) {
    if (security.client_roots_pem.empty())
      throw base::InputError(profile + " needs the certificates of those who sign charge points");
    made.trust(security.client_roots_pem, "the roots of charge points");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return std::make_shared<const TlsContext>(std::move(made));
}

std::shared_ptr<const TlsContext> TlsContext::client(const TlsClient& wanted) {
  TlsContext made(false);
  SSL_CTX* context = made.context_.get();
  set_versions(context, wanted.versions);
  set_suites(context, wanted.cipher_suites);
  if (wanted.credential) made.use(*wanted.credential, "the certificate of the charge point");
  if (!wanted.roots_pem.empty()) made.trust(wanted.roots_pem, "the roots of central systems");
  SSL_CTX_set_verify(context, wanted.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  return std::make_shared<const TlsContext>(std::move(made));
}

bool TlsContext::is_old() const {
  return server_ && !refuses_ && SSL_CTX_get_max_proto_version(context_.get()) == TLS1_1_VERSION;
}

std::shared_ptr<const TlsContext> TlsContext::refusing() {
  static const auto one = [] {
    TlsContext made(true);
    made.refuses_ = true;
    return std::make_shared<const TlsContext>(std::move(made));
  }();
  return one;
}

void TlsContext::use(const Credential& credential, const std::string& whose) const {
  const auto chain = certs::Certificate::all_from_pem(credential.chain_pem, whose);
  const auto key = certs::PrivateKey::from_pem(credential.key_pem, "the key of " + whose.substr(4));
  const std::unique_ptr<STACK_OF(X509), FreeStack> others(sk_X509_new_null());
  certs::need(others != nullptr, "list certificates");
  for (std::size_t i = 1; i < chain.size(); ++i)
    certs::need(sk_X509_push(others.get(), chain[i].get()) > 0, "list certificates");
  // 0: a second one of the same kind of key is refused, it would silently take the first one's
  // place.
  if (SSL_CTX_use_cert_and_key(context_.get(), chain.front().get(), key.get(), others.get(), 0) !=
      1)
    throw base::InputError(whose + " ('" + chain.front().name() +
                           "') cannot be used: " + certs::last_error());
}

void TlsContext::trust(const std::string& roots_pem, const std::string& whose) const {
  for (const auto& root : certs::Certificate::all_from_pem(roots_pem, whose)) {
    certs::need(X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), root.get()) == 1 &&
                    // Servers tell whose certificates they take, so that a charge point can choose.
                    (!server_ || SSL_CTX_add_client_CA(context_.get(), root.get()) == 1),
                "trust a root");
  }
}

}  // namespace plugproof::link
