// Monitors, one by one: what breaks a "shall" fails the case, the rest is remarked on.
#include "run_bench.hpp"

namespace plugproof::run {
namespace {

class Monitors : public RunBench {
 protected:
  // A case in which the charge point does `what` after it has answered; nothing of it is asked for.
  const CaseResult& when(const std::function<void()>& what) {
    dut->on("ClearCache", [this, what](const std::string& id, const Value&) {
      dut->result(id, R"({"status":"Accepted"})");
      dut->after(1s, what);
    });
    return play("  - send: ClearCache\n  - wait: 30\n");
  }
  void expect_fail(const std::string& monitor, const std::string& message,
                   const std::function<void()>& what) {
    const auto& result = when(what);
    EXPECT_VERDICT("fail", result);
    const Failure* found = failure(result, "monitor:" + monitor);
    ASSERT_TRUE(found) << monitor << " said nothing";
    EXPECT_NE(found->message.find(message), std::string::npos) << found->message;
    EXPECT_TRUE(found->frame);
  }
  void expect_remark(const std::string& monitor, const std::string& message,
                     const std::function<void()>& what) {
    const auto& result = when(what);
    EXPECT_VERDICT("pass", result);
    const Finding* found = remark(result, monitor);
    ASSERT_TRUE(found) << monitor << " said nothing";
    EXPECT_NE(found->message.find(message), std::string::npos) << found->message;
  }
};

TEST_F(Monitors, SoundConversation__NothingFound) {
  const auto& result = when([&] { dut->call("Heartbeat", "{}"); });
  EXPECT_VERDICT("pass", result);
  EXPECT_TRUE(result.failures.empty());
  EXPECT_TRUE(result.remarks.empty()) << result.remarks[0].message;
}

TEST_F(Monitors, NoFrame__Fails) {
  expect_fail("frame", "no OCPP-J frame", [&] { dut->raw("[2,\"x\""); });
}

TEST_F(Monitors, BinaryMessage__Fails) {
  expect_fail("frame", "binary", [&] { dut->client().send_binary("\x01\x02"); });
}

TEST_F(Monitors, InvalidPayload__FailsWithItsField) {
  expect_fail("schema", "Authorize.req: ", [&] { dut->call("Authorize", "{}"); });
}

TEST_F(Monitors, UnknownAction__FailsAndIsAnsweredWithAnError) {
  std::string id;
  expect_fail("schema", "unknown request 'Hello'", [&] { id = dut->call("Hello", "{}"); });
  EXPECT_NE(reply(id).find("\"NotImplemented\""), std::string::npos) << reply(id);
}

TEST_F(Monitors, RequestOfTheCentralSystem__Fails) {
  std::string id;
  expect_fail("schema", "is a request of the central system",
              [&] { id = dut->call("Reset", R"({"type":"Soft"})"); });
  EXPECT_NE(reply(id).find("\"NotSupported\""), std::string::npos) << reply(id);
}

TEST_F(Monitors, InvalidResponse__Fails) {
  dut->on("Reset",
          [&](const std::string& id, const Value&) { dut->result(id, R"({"status":"Perhaps"})"); });
  const auto& result = play("  - send: Reset\n    payload: {type: Soft}\n");
  EXPECT_VERDICT("fail", result);
  EXPECT_TRUE(failure(result, "monitor:schema"));
}

TEST_F(Monitors, UnknownErrorCode__Fails) {
  dut->on("Reset", [&](const std::string& id, const Value&) { dut->error(id, "MyOwnError"); });
  const auto& result = play("  - send: Reset\n    payload: {type: Soft}\n    or_error: true\n");
  EXPECT_VERDICT("fail", result);
  EXPECT_TRUE(failure(result, "monitor:schema"));
}

TEST_F(Monitors, RepeatedMessageId__Fails) {
  expect_fail("message-id", "was used before", [&] {
    dut->raw(R"([2,"same","Heartbeat",{}])");
    dut->after(1s, [&] { dut->raw(R"([2,"same","Heartbeat",{}])"); });
  });
}

TEST_F(Monitors, SecondRequestBeforeTheAnswer__Remarked) {
  expect_remark("one-call-at-a-time", "was not answered yet", [&] {
    dut->call("Heartbeat", "{}");
    dut->call("Heartbeat", "{}");
  });
}

TEST_F(Monitors, UnaskedResponse__Fails) {
  expect_fail("unasked-response", "no open request", [&] { dut->result("nobody", "{}"); });
}

TEST_F(Monitors, SecondAnswerToOneRequest__Fails) {
  dut->on("Reset", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->result(id, R"({"status":"Accepted"})");
  });
  const auto& result = play("  - send: Reset\n    payload: {type: Soft}\n  - wait: 1\n");
  EXPECT_VERDICT("fail", result);
  EXPECT_TRUE(failure(result, "monitor:unasked-response"));
}

TEST_F(Monitors, SecondAnswerInALaterCase__RemarkedThere) {
  dut->on("Reset", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->after(5s, [this, id] { dut->error(id, "GenericError"); });
  });
  add("T_1", "  - send: Reset\n    payload: {type: Soft}\n");
  add("T_2", "  - wait: 20\n  - expect: true\n    says: x\n");
  run();
  EXPECT_VERDICT("pass", result(0));
  EXPECT_VERDICT("pass", result(1));
  const Finding* found = remark(result(1), "unasked-response");
  ASSERT_TRUE(found);
  EXPECT_NE(found->message.find("answered Reset.req"), std::string::npos) << found->message;
  EXPECT_NE(found->message.find("asked in an earlier case"), std::string::npos) << found->message;
}

TEST_F(Monitors, ImpossibleStatusOfTheStation__Fails) {
  expect_fail("status", "connectorId 0 was reported as Charging",
              [&] { dut->status(0, "Charging"); });
}

TEST_F(Monitors, UnlistedTransition__Remarked) {
  expect_remark("status", "from Available to Finishing", [&] { dut->status(1, "Finishing"); });
}

TEST_F(Monitors, RequestWhilePending__Fails) {
  const auto& result = [&]() -> const CaseResult& {
    dut->on("ClearCache", [this](const std::string& id, const Value&) {
      dut->result(id, R"({"status":"Accepted"})");
      dut->call("BootNotification", R"({"chargePointVendor":"V","chargePointModel":"M"})");
      dut->after(5s, [this] { dut->call("Heartbeat", "{}"); });
    });
    return play(
        "  - send: ClearCache\n  - receive: BootNotification\n    reply: {status: Pending}\n  - "
        "wait: 10\n");
  }();
  EXPECT_VERDICT("fail", result);
  ASSERT_TRUE(failure(result, "monitor:registration"));
  EXPECT_NE(
      failure(result, "monitor:registration")->message.find("although the registration is Pending"),
      std::string::npos);
}

TEST_F(Monitors, TransactionOnConnectorZero__Fails) {
  expect_fail("transaction", "connectorId 0", [&] { dut->start(0); });
}

TEST_F(Monitors, SecondTransactionOnAConnector__Fails) {
  expect_fail("transaction", "still runs there", [&] {
    dut->start(1);
    dut->after(1s, [&] { dut->start(1); });
  });
}

TEST_F(Monitors, StopOfAnUnknownTransaction__Fails) {
  expect_fail("transaction", "which we never gave", [&] {
    dut->call("StopTransaction",
              R"({"transactionId":5,"meterStop":1,"timestamp":"2026-01-01T00:00:10Z"})");
  });
}

TEST_F(Monitors, MeterStopBelowMeterStart__Fails) {
  expect_fail("energy", "meterStop is below meterStart", [&] {
    dut->start(1, "PLUGPROOF01", 100);
    dut->after(1s, [&] {
      const auto& answer = dut->responses.rbegin()->second;
      std::int64_t id = 0;
      for (const auto& [key, text] : dut->responses) {
        const auto frame = base::read_json(text);
        if (frame.value->as_list()[2].find("transactionId"))
          id = frame.value->as_list()[2].int_or("transactionId", 0);
      }
      ASSERT_GT(id, 0) << answer;
      dut->call("StopTransaction",
                R"({"meterStop":1,"timestamp":"2026-01-01T00:00:10Z","transactionId":)" +
                    std::to_string(id) + "}");
    });
  });
}

TEST_F(Monitors, ClockFarAway__Remarked) {
  expect_remark("clock", "differs from our clock", [&] {
    dut->call(
        "StatusNotification",
        R"({"connectorId":1,"errorCode":"NoError","status":"Preparing","timestamp":"2030-01-01T00:00:00Z"})");
  });
}

TEST_F(Monitors, ClockThatJumpsInTheMiddle__RemarkedOnceAndNoFailure) {
  const auto report = [&](const char* status, double ahead) {
    const base::Micros utc =
        clock.utc() + std::chrono::duration_cast<base::Micros>(base::from_seconds(ahead));
    dut->call("StatusNotification",
              std::string(R"({"connectorId":1,"errorCode":"NoError","status":")") + status +
                  R"(","timestamp":")" + base::format_utc_millis(utc) + "\"}");
  };
  const auto& result = when([&] {
    report("Preparing", 0);
    dut->after(1s, [&] { report("Available", 600); });
    dut->after(2s, [&] { report("Preparing", 600); });
  });
  EXPECT_VERDICT("pass", result);
  ASSERT_TRUE(remark(result, "clock"));
  EXPECT_EQ(result.remarks.size(), 1u);
}

TEST_F(Monitors, MeterValueFromTheFuture__Remarked) {
  expect_remark("clock", "MeterValues.timestamp differs from our clock", [&] {
    dut->call(
        "MeterValues",
        R"({"connectorId":0,"meterValue":[{"timestamp":"2030-01-01T00:00:00Z","sampledValue":[{"value":"1"}]}]})");
  });
}

TEST_F(Monitors, SilenceBeyondTheHeartbeatInterval__Remarked) {
  dut->configuration["HeartbeatInterval"] = "5";
  expect_remark("heartbeat", "nothing was heard",
                [&] { dut->after(25s, [&] { dut->call("Heartbeat", "{}"); }); });
}

TEST_F(Monitors, HeartbeatIntervalBeyondAllBounds__NoTrouble) {
  dut->configuration["HeartbeatInterval"] = "99999999999999999999999999";
  EXPECT_VERDICT("pass", when([&] { dut->call("Heartbeat", "{}"); }));
}

TEST_F(Monitors, SecondConnection__RemarkedAndTheNewOneCounts) {
  const auto& result = when([&] { dut->connect(); });
  EXPECT_VERDICT("pass", result);
  EXPECT_TRUE(remark(result, "second-connection"));
}

TEST_F(Monitors, SecondConnectionDuringARequest__RequestIsLost) {
  dut->on("Reset", [&](const std::string&, const Value&) { dut->connect(); });
  const auto& result = play("  - send: Reset\n    payload: {type: Soft}\n");
  EXPECT_VERDICT("inconc", result);
  EXPECT_NE(result.reason.find("opened another connection"), std::string::npos) << result.reason;
}

TEST_F(Monitors, Findings__BelongToTheirCase) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    if (std::count(dut->requests.begin(), dut->requests.end(), "ClearCache {}") == 2)
      dut->after(1s, [&] { dut->result("nobody", "{}"); });
  });
  for (const char* id : {"T_1", "T_2", "T_3"}) add(id, "  - send: ClearCache\n  - wait: 5\n");
  run();
  EXPECT_VERDICT("pass", result(0));
  EXPECT_VERDICT("fail", result(1));
  EXPECT_VERDICT("pass", result(2));
  EXPECT_EQ(runner->exit_status(), 1);
}

TEST_F(Monitors, SameRuleBrokenAgain__OneFailure) {
  const auto& result = when([&] {
    for (int i = 0; i < 5; ++i) dut->after(i * 1s, [&] { dut->call("Hello", "{}"); });
  });
  EXPECT_EQ(result.failures.size(), 1u);
  EXPECT_EQ(records("finding").size(), 5u);
}

TEST_F(Monitors, SecondConnectionAfterAPowerCycle__NothingToRemark) {
  act = [&](const std::string&, const Value&) {
    dut->after(5s, [&] { dut->connect(); });  // TCP of the old one never ended
    return rig::Result{};
  };
  const auto& result = play("  - rig: power_cycle\n  - receive: BootNotification\n");
  EXPECT_VERDICT("pass", result);
  EXPECT_FALSE(remark(result, "second-connection"));
}

TEST_F(Monitors, StatusAfterAReconnection__NoTransitionToJudge) {
  dut->on_closed = [&] {
    dut->after(1s, [&] { dut->connect("/CP001", false); });
    dut->after(2s, [&] { dut->status(1, "Finishing"); });
  };
  const auto& result = play("  - send: ClearCache\n  - link: drop\n  - wait: 10\n");
  EXPECT_VERDICT("pass", result);
  EXPECT_FALSE(remark(result, "status"));
}

}  // namespace
}  // namespace plugproof::run
