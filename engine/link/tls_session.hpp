// One end of a TLS connection (RFC 5246, RFC 8446) without its transport: bytes in, bytes out, and
// what is to be known of it. Sockets and memory use the same, so that a handshake in memory is a
// real one.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/base/value.hpp"
#include "engine/link/tls_context.hpp"

struct ssl_st;             // OpenSSL's SSL
struct x509_store_ctx_st;  // and X509_STORE_CTX

namespace plugproof::link {

class TlsSession {
 public:
  // `now` (UTC): when certificates are to be valid. `host`: a client's server, a DNS name or an IP
  // address; it must be the one that the server's certificate was issued to. Throws
  // base::InputError when it can be none.
  TlsSession(std::shared_ptr<const TlsContext> context, base::Micros now,
             const std::string& host = {});
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  // Bytes from the other end; they are taken up by handshake() and read().
  void feed(std::string_view bytes);
  // Bytes that have to go to the other end.
  std::string take_output();

  enum class State { handshaking, open, failed };
  State state() const { return state_; }
  // Goes on with the handshake as far as the bytes allow.
  State handshake();

  // What the application at the other end sent; 0 when more bytes must come, when the other end has
  // said that it sends no more (ended()), or when TLS failed.
  std::size_t read(char* to, std::size_t size);
  // False when TLS does not allow it any more.
  bool write(std::string_view bytes);
  // Says that we send no more (close_notify); nothing before the handshake is done or after a
  // failure.
  void end();
  // Whether the other end has said so.
  bool ended() const { return ended_; }
  // The transport ended in the middle, or the time for the handshake was over.
  void fail(const std::string& why);

  // What failed, in words; empty: nothing.
  const std::string& problem() const { return problem_; }
  // Of Handshake::tls (link.hpp): what is known by now.
  base::Value facts() const;

  // What the other end showed of itself, in PEM, its own certificate first; empty before it did.
  const std::string& shown_chain() const { return shown_chain_; }

  // Lets the connections of a context tell their sessions what they see.
  static void watch(ssl_ctx_st* context);

 private:
  struct Alert {
    bool seen = false;
    bool sent = false;
    int number = 0;
  };
  static TlsSession& of(const ssl_st* ssl);
  static int hello_came(ssl_st* ssl, int* alert, void*);
  static int judge_chain(x509_store_ctx_st* check, void*);
  static void alert_passed(const ssl_st* ssl, int where, int value);
  void fail_as(int result);

  std::shared_ptr<const TlsContext> context_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
  State state_ = State::handshaking;
  bool ended_ = false;
  std::string problem_;
  base::Value::List offered_versions_;
  base::Value::List offered_suites_;
  base::Value::List offered_groups_, offered_signatures_;
  std::string server_name_;
  std::string last_fed_;     // the beginning of it
  std::string refusal_;      // ours, of what was offered; empty: OpenSSL's
  std::string shown_chain_;  // of the other end, PEM
  std::string verify_error_;
  std::string lacking_;  // kind of certificate that this end would have needed: "RSA", "EC"
  Alert alert_;
};

}  // namespace plugproof::link
