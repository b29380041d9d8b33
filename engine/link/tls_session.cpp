#include "engine/link/tls_session.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <utility>

#include "certs/certificate.hpp"
#include "certs/naming.hpp"
#include "certs/openssl.hpp"
#include "engine/base/diagnostics.hpp"
#include "engine/link/handshake.hpp"
#include "engine/link/tls_names.hpp"

namespace plugproof::link {
namespace {

using base::Value;

constexpr std::size_t kMaxServerName = 255;  // RFC 1035 section 2.3.4

int session_index() {
  // An index of our own: those that OpenSSL gives out first belong to others.
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

std::uint16_t number_at(const unsigned char* bytes) {
  return static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]);
}

// Numbers of two bytes each.
template <typename Name>
Value::List names_of(const unsigned char* bytes, std::size_t size, Name name) {
  Value::List names;
  for (std::size_t i = 0; i + 1 < size; i += 2) names.emplace_back(name(number_at(bytes + i)));
  return names;
}

// RFC 8446 section 4.2.1; without the extension the highest version of the client alone is known.
Value::List versions_of(SSL* hello) {
  const unsigned char* bytes = nullptr;
  std::size_t size = 0;
  if (SSL_client_hello_get0_ext(hello, TLSEXT_TYPE_supported_versions, &bytes, &size) == 1 &&
      size > 1)
    return names_of(bytes + 1, std::min<std::size_t>(bytes[0], size - 1), tls_version_name);
  return {
      tls_version_name(static_cast<std::uint16_t>(SSL_client_hello_get0_legacy_version(hello)))};
}

// An extension that is a list of numbers of two bytes (RFC 8422 section 5.1.1, RFC 5246 section
// 7.4.1.4.1); empty without it.
template <typename Name>
Value::List listed_in(SSL* hello, unsigned type, Name name) {
  const unsigned char* bytes = nullptr;
  std::size_t size = 0;
  if (SSL_client_hello_get0_ext(hello, type, &bytes, &size) != 1 || size < 2) return {};
  return names_of(bytes + 2, std::min<std::size_t>(number_at(bytes), size - 2), name);
}

// RFC 6066 section 3: a list, of which the first entry is a host name.
std::string server_name_of(SSL* hello) {
  const unsigned char* bytes = nullptr;
  std::size_t size = 0;
  constexpr std::size_t kBefore = 5;  // length of the list, type, length of the name
  if (SSL_client_hello_get0_ext(hello, TLSEXT_TYPE_server_name, &bytes, &size) != 1 ||
      size < kBefore || bytes[2] != TLSEXT_NAMETYPE_host_name)
    return {};
  const std::size_t length = std::min<std::size_t>(number_at(bytes + 3), size - kBefore);
  return printable({reinterpret_cast<const char*>(bytes + kBefore), length}, kMaxServerName);
}

// Those of this end that were offered, by the names of the register.
std::vector<const SSL_CIPHER*> suites_in_common(const SSL* ssl, const Value::List& offered) {
  std::vector<const SSL_CIPHER*> common;
  const STACK_OF(SSL_CIPHER)* own = SSL_get_ciphers(ssl);
  for (int i = 0; i < sk_SSL_CIPHER_num(own); ++i) {
    const SSL_CIPHER* suite = sk_SSL_CIPHER_value(own, i);
    const Value name(SSL_CIPHER_standard_name(suite));
    if (std::find(offered.begin(), offered.end(), name) != offered.end()) common.push_back(suite);
  }
  return common;
}

bool has_certificate(SSL* ssl, int key) {
  for (long go = SSL_CERT_SET_FIRST; SSL_set_current_cert(ssl, go) == 1; go = SSL_CERT_SET_NEXT)
    if (EVP_PKEY_get_base_id(X509_get0_pubkey(SSL_get_certificate(ssl))) == key) return true;
  return false;
}

// The kind of certificate that this end would have needed for these suites; empty: it has one for
// some of them.
std::string kind_lacking(SSL* ssl, const std::vector<const SSL_CIPHER*>& suites) {
  std::string lacking;
  for (const SSL_CIPHER* suite : suites) {
    const int proof = SSL_CIPHER_get_auth_nid(suite);
    if (proof != NID_auth_rsa && proof != NID_auth_ecdsa) continue;  // any will do, or none
    const bool rsa = proof == NID_auth_rsa;
    if (has_certificate(ssl, rsa ? EVP_PKEY_RSA : EVP_PKEY_EC)) return {};
    lacking = rsa ? "RSA" : "EC";
  }
  return lacking;
}

// RFC 5246 sections 6.2.1 and 7.2: type, version, length, level and description.
constexpr std::size_t kAlertRecord = 7;

constexpr int kNoRenegotiation = 100;  // RFC 5246 section 7.2.2

int clipped(std::size_t size) {
  return static_cast<int>(
      std::min<std::size_t>(size, static_cast<std::size_t>(std::numeric_limits<int>::max())));
}

}  // namespace

TlsSession::TlsSession(std::shared_ptr<const TlsContext> context, base::Micros now,
                       const std::string& host)
    : context_(std::move(context)), ssl_(SSL_new(context_->get()), SSL_free) {
  SSL* ssl = ssl_.get();
  certs::need(ssl && SSL_set_ex_data(ssl, session_index(), this) == 1, "begin a TLS connection");
  BIO* in = BIO_new(BIO_s_mem());
  BIO* out = BIO_new(BIO_s_mem());
  SSL_set_bio(ssl, in, out);
  certs::need(in && out, "make a buffer");
  BIO_set_mem_eof_return(in, -1);  // empty: more is to come
  SSL_set_info_callback(ssl, alert_passed);
  X509_VERIFY_PARAM* wanted = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_time(wanted, std::chrono::floor<std::chrono::seconds>(now).count());
  if (context_->is_server()) {
    SSL_set_accept_state(ssl);
    return;
  }
  SSL_set_connect_state(ssl);
  if (host.empty()) return;
  // An IP address is no server name (RFC 6066 section 3).
  const bool set = certs::is_ip_address(host)
                       ? X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1
                       : SSL_set1_host(ssl, host.c_str()) == 1 &&
                             SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
  if (!set)
    throw base::InputError("'" + host + "' can be no server of TLS: " + certs::last_error());
}

TlsSession::~TlsSession() = default;

void TlsSession::watch(ssl_ctx_st* context) {
  SSL_CTX_set_client_hello_cb(context, hello_came, nullptr);
  SSL_CTX_set_cert_verify_callback(context, judge_chain, nullptr);
}

TlsSession& TlsSession::of(const ssl_st* ssl) {
  return *static_cast<TlsSession*>(SSL_get_ex_data(ssl, session_index()));
}

// Before OpenSSL looks at what was offered: it is known also when nothing of it will do.
int TlsSession::hello_came(ssl_st* ssl, int* alert, void*) {
  TlsSession& session = of(ssl);
  if (session.offered_versions_.empty()) {  // else: a second one, which TLS 1.3 asks for at times
    const unsigned char* suites = nullptr;
    const std::size_t size = SSL_client_hello_get0_ciphers(ssl, &suites);
    session.offered_versions_ = versions_of(ssl);
    session.offered_suites_ = names_of(suites, size, cipher_suite_name);
    session.offered_groups_ = listed_in(ssl, TLSEXT_TYPE_supported_groups, group_name);
    session.offered_signatures_ =
        listed_in(ssl, TLSEXT_TYPE_signature_algorithms, signature_algorithm_name);
    session.server_name_ = server_name_of(ssl);
  }
  if (session.context_->is_old() && suites_in_common(ssl, session.offered_suites_).empty()) {
    // The client has what TLS 1.2 brought alone: it shall know why this comes to nothing.
    session.refusal_ = "no cipher suite in common, this end speaks TLS 1.1 alone";
    *alert = SSL_AD_PROTOCOL_VERSION;
    return SSL_CLIENT_HELLO_ERROR;
  }
  if (!session.context_->refuses()) return SSL_CLIENT_HELLO_SUCCESS;
  *alert = SSL_AD_HANDSHAKE_FAILURE;
  return SSL_CLIENT_HELLO_ERROR;
}

int TlsSession::judge_chain(x509_store_ctx_st* check, void*) {
  const auto* ssl = static_cast<const SSL*>(
      X509_STORE_CTX_get_ex_data(check, SSL_get_ex_data_X509_STORE_CTX_idx()));
  TlsSession& session = of(ssl);
  session.shown_chain_.clear();
  const STACK_OF(X509)* shown = X509_STORE_CTX_get0_untrusted(check);
  for (int i = 0; i < sk_X509_num(shown); ++i)
    session.shown_chain_ += certs::Certificate::held(sk_X509_value(shown, i)).pem();
  const bool good = X509_verify_cert(check) == 1;
  if (!good) {
    const int error = X509_STORE_CTX_get_error(check);
    session.verify_error_ = X509_verify_cert_error_string(error);
    X509* guilty = X509_STORE_CTX_get_current_cert(check);
    if (guilty) session.verify_error_ += " ('" + certs::Certificate::held(guilty).name() + "')";
    if (error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY && sk_X509_num(shown) == 1)
      session.verify_error_ += "; it was shown alone, without whoever issued it";
  }
  return good ? 1 : 0;
}

void TlsSession::alert_passed(const ssl_st* ssl, int where, int value) {
  if ((where & SSL_CB_ALERT) == 0) return;
  Alert& alert = of(ssl).alert_;
  const int number = value & 0xFF;
  const bool sent = (where & SSL_CB_WRITE) != 0;
  // Our own goodbye says nothing, the other end's only as long as nothing worse is said.
  if (number == SSL_AD_CLOSE_NOTIFY && (sent || alert.seen)) return;
  if (alert.seen && alert.number != SSL_AD_CLOSE_NOTIFY) return;
  alert = {.seen = true, .sent = sent, .number = number};
}

void TlsSession::feed(std::string_view bytes) {
  if (bytes.empty()) return;
  last_fed_ = bytes.substr(0, kAlertRecord);
  BIO* in = SSL_get_rbio(ssl_.get());
  certs::need(BIO_write(in, bytes.data(), clipped(bytes.size())) == clipped(bytes.size()),
              "take bytes");
}

std::string TlsSession::take_output() {
  BIO* out = SSL_get_wbio(ssl_.get());
  std::string bytes = certs::text_of(out);
  if (!bytes.empty()) BIO_reset(out);
  return bytes;
}

TlsSession::State TlsSession::handshake() {
  if (state_ != State::handshaking) return state_;
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    state_ = State::open;
  } else {
    fail_as(result);
  }
  return state_;
}

// Nothing has failed where OpenSSL only waits for more.
void TlsSession::fail_as(int result) {
  const int error = SSL_get_error(ssl_.get(), result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return;
  if (error == SSL_ERROR_ZERO_RETURN) {
    ended_ = true;
    if (state_ == State::handshaking) fail("the other end closed it");
    return;
  }
  const unsigned long code = ERR_peek_last_error();
  std::string why = certs::last_error();
  if (ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER) {
    // Who refuses the version that was chosen says so in the version that it has.
    const bool refused = !offered_versions_.empty() && last_fed_.size() == kAlertRecord &&
                         last_fed_[0] == SSL3_RT_ALERT && !alert_.seen;
    if (refused) {
      alert_ = {.seen = true, .sent = false, .number = static_cast<unsigned char>(last_fed_[6])};
      why = "the other end refused the version of TLS";
    } else if (!offered_versions_.empty()) {
      why = "a record of another version of TLS came (" + why + ")";
    } else {
      why = "what came is no TLS (" + why + ")";
    }
  } else if (ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) > SSL_AD_REASON_OFFSET) {
    // OpenSSL's words for an alert that was received name versions of long ago.
    const bool renegotiation = alert_.seen && alert_.sent && alert_.number == kNoRenegotiation;
    why = renegotiation ? "the other end wanted to negotiate anew, which is not allowed"
                        : "the other end refused";
  } else if (ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == SSL_R_NO_SHARED_CIPHER) {
    const auto common = suites_in_common(ssl_.get(), offered_suites_);
    lacking_ = kind_lacking(ssl_.get(), common);
    if (!lacking_.empty())
      why += ", since this end has no " + lacking_ + " certificate";
    else if (!common.empty())
      why += " that goes with our certificates and the groups and signature algorithms offered";
  }
  if (!refusal_.empty()) why = refusal_;
  fail(why);
}

void TlsSession::fail(const std::string& why) {
  if (state_ == State::failed) return;
  problem_ = why;
  if (!verify_error_.empty() && SSL_get_verify_mode(ssl_.get()) != SSL_VERIFY_NONE)
    problem_ += ": " + verify_error_;
  if (alert_.seen)
    problem_ += "; alert " + alert_name(alert_.number) + " (" + std::to_string(alert_.number) +
                ") " + (alert_.sent ? "sent" : "received");
  state_ = State::failed;
}

std::size_t TlsSession::read(char* to, std::size_t size) {
  if (state_ != State::open || ended_) return 0;
  ERR_clear_error();
  const int result = SSL_read(ssl_.get(), to, clipped(size));
  if (result > 0) return static_cast<std::size_t>(result);
  fail_as(result);
  return 0;
}

bool TlsSession::write(std::string_view bytes) {
  if (state_ != State::open) return false;
  if (bytes.empty()) return true;
  ERR_clear_error();
  const int result = SSL_write(ssl_.get(), bytes.data(), clipped(bytes.size()));
  if (result <= 0) fail_as(result);
  return result > 0;
}

void TlsSession::end() {
  if (state_ != State::open) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

Value TlsSession::facts() const {
  const SSL* ssl = ssl_.get();
  Value facts{Value::Object{}};
  const SSL_CIPHER* suite = SSL_get_pending_cipher(ssl);
  if (!suite) suite = SSL_get_current_cipher(ssl);
  if (suite) {  // before it is chosen OpenSSL tells a version that nobody has agreed to
    facts.set("version", SSL_get_version(ssl));
    facts.set("cipher_suite", SSL_CIPHER_standard_name(suite));
  }
  if (!server_name_.empty()) facts.set("server_name", server_name_);
  if (!offered_versions_.empty()) facts.set("offered_versions", offered_versions_);
  if (!offered_suites_.empty()) facts.set("offered_cipher_suites", offered_suites_);
  if (!offered_groups_.empty()) facts.set("offered_groups", offered_groups_);
  if (!offered_signatures_.empty()) facts.set("offered_signature_algorithms", offered_signatures_);
  if (context_->is_server() && !shown_chain_.empty()) facts.set("client_certificate", shown_chain_);
  if (!verify_error_.empty()) facts.set("verify_error", verify_error_);
  if (!lacking_.empty()) facts.set("lacks_certificate", lacking_);
  if (alert_.seen)
    facts.set("alert", Value::object({{"way", alert_.sent ? "sent" : "received"},
                                      {"number", alert_.number},
                                      {"name", alert_name(alert_.number)}}));
  return facts;
}

}  // namespace plugproof::link
