// A server with TLS and its clients, over real sockets.
#pragma once

#include <string>
#include <vector>

#include "tests/e2e/websocket_fixture.hpp"
#include "tests/tls_pki.hpp"

namespace plugproof::link {

class WebSocketTlsTest : public WebSocketTest {
 protected:
  static TlsPki& pki() {
    static TlsPki made(base::EventLoop().utc());
    return made;
  }

  void secure(int profile, std::vector<Credential> credentials = {pki().rsa, pki().ec}) {
    server->secure(pki().security(profile, std::move(credentials)));
  }
  static TlsClient trusting() { return {.roots_pem = pki().roots(), .credential = {}}; }
  // A charge point with a certificate of its own.
  static TlsClient certified() {
    return {.roots_pem = pki().roots(), .credential = pki().charge_point};
  }

  std::unique_ptr<HeardClient> connect_tls(const TlsClient& tls, std::string url = {}) {
    if (url.empty()) url = "wss://127.0.0.1:" + std::to_string(server->port()) + "/CP001";
    return connect({.url = url, .authorization = {}, .tls = tls});
  }
  // Connects and waits for both sides; the event of it is kept.
  std::unique_ptr<HeardClient> connected_tls(const TlsClient& tls) {
    auto cp = connect_tls(tls);
    EXPECT_TRUE(wait([&] { return (cp->opened || !cp->failures.empty()) && !events.empty(); }));
    EXPECT_TRUE(cp->opened) << reason_of(*cp);
    id = events.empty() ? 0 : events.back().connection;
    return cp;
  }
  // Waits until both sides have told of the failure.
  std::unique_ptr<HeardClient> refused_tls(const TlsClient& tls, std::string url = {}) {
    events.clear();
    auto cp = connect_tls(tls, std::move(url));
    EXPECT_TRUE(wait([&] { return !cp->failures.empty() && !events.empty(); }));
    EXPECT_EQ(event().kind, EventKind::failed);
    EXPECT_FALSE(cp->opened);
    settle();
    EXPECT_EQ(events.size(), 1U);
    EXPECT_EQ(cp->failures.size(), 1U);
    return cp;
  }

  const Event& event() const {
    static const Event none;
    return events.empty() ? none : events.front();
  }
  // A fact of TLS of the first event; lists joined with spaces.
  std::string fact(std::string_view name) const {
    const base::Value* value = event().handshake.tls.find(name);
    if (!value) return {};
    if (!value->is_list()) return value->as_string();
    std::string joined;
    for (const auto& item : value->as_list())
      joined += (joined.empty() ? "" : " ") + item.as_string();
    return joined;
  }
  // "sent 48 unknown_ca".
  std::string alert() const {
    const base::Value* value = event().handshake.tls.find("alert");
    return value ? value->string_or("way", "") + " " + std::to_string(value->int_or("number", -1)) +
                       " " + value->string_or("name", "")
                 : std::string();
  }
  static std::string reason_of(const HeardClient& cp) {
    return cp.failures.empty() ? std::string() : cp.failures.front().second;
  }
};

}  // namespace plugproof::link
