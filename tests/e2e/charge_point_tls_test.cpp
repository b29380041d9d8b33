// The reference charge point on security profiles 2 and 3 over real sockets.
#include "certs/hash_data.hpp"
#include "engine/base/json.hpp"
#include "engine/ocpp/frame.hpp"
#include "simulator/charge_point.hpp"
#include "tests/e2e/websocket_tls_fixture.hpp"
#include "tests/unit/simulator_bench.hpp"

namespace plugproof::link {
namespace {

using base::Value;

class ChargePointTlsTest : public WebSocketTlsTest {
 protected:
  // A charge point that boots in half a second, and a central system that takes it in.
  void begin(int profile) {
    server->on_event([this](const Event& event) {
      events.push_back(event);
      if (event.kind != EventKind::text) return;
      const auto read = ocpp::read_frame(event.text);
      if (!read.frame) return;
      if (read.frame->type == ocpp::MessageType::result) answers.push_back(read.frame->payload);
      if (read.frame->type != ocpp::MessageType::call) return;
      Value answer(Value::Object{});
      if (read.frame->action == "BootNotification")
        answer = Value::object({{"status", "Accepted"},
                                {"currentTime", base::format_utc_millis(loop.utc())},
                                {"interval", 300}});
      server->send(event.connection, ocpp::write_result(read.frame->id, answer));
    });
    simulator::Options options;
    options.url = "ws://127.0.0.1:" + std::to_string(server->port()) + "/CP001";
    options.security_profile = profile;
    options.authorization_key = "4F43415F4F4354545F61646D696E5F74657374";
    options.central_system_roots = pki().roots();
    options.certificate = pki().charge_point;
    charge_point = std::make_unique<simulator::ChargePoint>(
        loop,
        simulator::pics_of(simulator::k2024All,
                           {{"triggered_function_timeout: 30", "triggered_function_timeout: 1"}}),
        factory, options);
    charge_point->power_on();
  }
  bool heard(const std::string& action) {
    return wait([&] {
      return std::any_of(events.begin(), events.end(), [&](const Event& event) {
        return event.text.find("\"" + action + "\"") != std::string::npos;
      });
    });
  }

  std::unique_ptr<simulator::ChargePoint> charge_point;
  std::vector<Value> answers;
};

TEST_F(ChargePointTlsTest, ProfileTwo__RegistersOverTls) {
  secure(2);
  begin(2);
  ASSERT_TRUE(heard("StatusNotification"));
  EXPECT_EQ(event().kind, EventKind::connected);
  EXPECT_EQ(event().handshake.authorization, "Basic Q1AwMDE6T0NBX09DVFRfYWRtaW5fdGVzdA==");
  EXPECT_EQ(fact("client_certificate"), "");
}

TEST_F(ChargePointTlsTest, ProfileThree__RegistersWithItsCertificateAndKeepsTheRootInUse) {
  secure(3);
  begin(3);
  ASSERT_TRUE(heard("StatusNotification"));
  EXPECT_EQ(fact("client_certificate"), pki().charge_point.chain_pem);
  EXPECT_FALSE(event().handshake.authorization);
  const auto root = certs::hash_data(pki().root.certificate(), pki().root.certificate(), "SHA256");
  server->send(
      event().connection,
      ocpp::write_call("1", "DeleteCertificate",
                       Value::object({{"certificateHashData",
                                       Value::object({{"hashAlgorithm", root.algorithm},
                                                      {"issuerNameHash", root.issuer_name_hash},
                                                      {"issuerKeyHash", root.issuer_key_hash},
                                                      {"serialNumber", root.serial_number}})}})));
  ASSERT_TRUE(wait([&] { return !answers.empty(); }));
  EXPECT_EQ(answers.front().string_or("status", ""), "Failed");
}

TEST_F(ChargePointTlsTest, ServerThatNobodyTrusts__NoConnectionUntilItIsGoodAgain) {
  secure(2, {pki().issue(pki().other_root, certs::KeyKind::ec_p256, pki().server())});
  begin(2);
  ASSERT_TRUE(wait_for_events(1));
  EXPECT_EQ(event().kind, EventKind::failed);
  EXPECT_EQ(alert(), "received 48 unknown_ca");
  secure(2);
  ASSERT_TRUE(heard("InvalidCentralSystemCertificate"));
}

}  // namespace
}  // namespace plugproof::link
