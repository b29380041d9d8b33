// Steps by which the bench acts, connections that end, preparation and clean-up.
#include "run_bench.hpp"

namespace plugproof::run {
namespace {

using Action = RunBench;

TEST_F(Action, RequestWithoutAnswer__FailsAtTheDeadline) {
  dut->on("ClearCache", [](const std::string&, const Value&) {});
  const auto& result = play("  - step: 1\n    send: ClearCache\n");
  EXPECT_VERDICT("fail", result);
  EXPECT_EQ(kind(result), "no_answer");
  EXPECT_EQ(result.failures[0].check, "2:answered");
  EXPECT_EQ(result.reason,
            "ClearCache.req was not answered within 10 s: expected ClearCache.conf, got no answer");
}

TEST_F(Action, ExpectThatRemarks__PassesAndSaysWhat) {
  add("T_1",
      "  - expect: 1 == 2\n    name: sums\n    remark: true\n    says: It adds up.\n"
      "  - expect: true\n    says: x\n");
  add("T_2",
      "  - expect: 1 == 1\n    name: sums\n    remark: true\n    says: It adds up.\n"
      "  - expect: true\n    says: x\n");
  run();
  EXPECT_VERDICT("pass", result(0));
  const Finding* found = remark(result(0), "expect sums:sums");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->message, "It adds up.");
  EXPECT_EQ(found->expected, "1 == 2");
  EXPECT_VERDICT("pass", result(1));
  EXPECT_FALSE(remark(result(1), "expect sums:sums"));
}

TEST_F(Action, LateResponse__RemarkOfTheMonitor) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->after(12s, [&, id] { dut->result(id, R"({"status":"Accepted"})"); });
  });
  add("T_1", "  - send: ClearCache\n");
  add("T_2", "  - wait: 20\n  - expect: true\n    says: x\n");
  run();
  EXPECT_VERDICT("fail", result(0));
  EXPECT_VERDICT("pass", result(1));
  EXPECT_TRUE(remark(result(1), "late-response"));
}

TEST_F(Action, CallError__FailsUnlessAllowed) {
  dut->on("ClearCache",
          [&](const std::string& id, const Value&) { dut->error(id, "NotSupported"); });
  add("T_1", "  - send: ClearCache\n");
  add("T_2", "  - send: ClearCache\n    or_error: true\n");
  add("T_3", "  - send: ClearCache\n    or_error: [InternalError]\n");
  add("T_4", "  - send: ClearCache\n    error: [NotSupported, NotImplemented]\n");
  add("T_5", "  - send: ClearCache\n    error: [InternalError]\n");
  add("T_6", "  - send: Reset\n    payload: {type: Soft}\n    error: true\n");
  run();
  EXPECT_VERDICT("fail", result(0));
  EXPECT_EQ(kind(result(0)), "call_error");
  EXPECT_EQ(result(0).failures[0].actual, "CALLERROR NotSupported");
  EXPECT_VERDICT("pass", result(1));
  EXPECT_VERDICT("fail", result(2));
  EXPECT_VERDICT("pass", result(3));
  EXPECT_VERDICT("fail", result(4));
  EXPECT_VERDICT("fail", result(5));
  EXPECT_NE(result(5).reason.find("although an error is required"), std::string::npos)
      << result(5).reason;
}

TEST_F(Action, NullInAPayload__FieldLeftOut) {
  play("  - send: RemoteStartTransaction\n    payload: {idTag: X, connectorId: $null}\n");
  EXPECT_EQ(dut->requests.back(), R"(RemoteStartTransaction {"idTag":"X"})");
}

TEST_F(Action, RigThatCannot__Inconclusive) {
  act = [](const std::string& action, const Value&) {
    return rig::Result{rig::Outcome::unsupported, "no hand for " + action, {}};
  };
  const auto& result = play("  - rig: plug_in\n    with: {connector: 1}\n  - send: ClearCache\n");
  EXPECT_VERDICT("inconc", result);
  EXPECT_EQ(kind(result), "bench");
  EXPECT_NE(
      result.reason.find(
          "the action plug_in was not performed (unsupported): scripted: no hand for plug_in"),
      std::string::npos)
      << result.reason;
  EXPECT_EQ(runner->exit_status(), 3);
}

TEST_F(Action, RigThatIsAsked__RecordedBeforeAnythingHappens) {
  std::size_t recorded = 0;
  on_asked = [&] { recorded = records("rig").size(); };
  EXPECT_VERDICT("pass",
                 play("  - rig: plug_in\n    with: {connector: 1}\n  - send: ClearCache\n"));
  EXPECT_EQ(recorded, 1U);
}

TEST_F(Action, RigThatFails__Inconclusive) {
  act = [](const std::string&, const Value&) {
    return rig::Result{rig::Outcome::failed, "the motor is stuck", {}};
  };
  const auto& result = play("  - rig: press_stop\n    with: {connector: 1}\n");
  EXPECT_VERDICT("inconc", result);
  EXPECT_NE(result.reason.find("the motor is stuck"), std::string::npos) << result.reason;
}

TEST_F(Action, MessageDuringARigAction__NotLost) {
  act = [&](const std::string&, const Value&) {
    dut->status(1, "Preparing");
    return rig::Result{};
  };
  EXPECT_VERDICT(
      "pass", play("  - rig: plug_in\n    with: {connector: 1}\n  - receive: StatusNotification\n  "
                   "  select: {connectorId: 1}\n    check: {status: Preparing}\n"));
}

TEST_F(Action, LinkDrop__ChargePointComesBack) {
  dut->on_closed = [&] { dut->after(3s, [&] { dut->connect(); }); };
  EXPECT_VERDICT("pass", play("  - link: drop\n  - await: disconnected\n    within: 5\n  - await: "
                              "connected\n    within: 10\n  - receive: BootNotification\n"));
}

TEST_F(Action, LinkRefuse__RestoredAfterTheCase) {
  dut->on_closed = [&] { dut->after(3s, [&] { dut->connect(); }); };
  add("T_1",
      "  - link: refuse\n  - link: drop\n  - await: disconnected\n  - await: connected\n    "
      "within: 10\n");
  add("T_2", "  - send: ClearCache\n");
  prepare();
  dut->connect();
  // A refused attempt is not repeated by the script: it connects again when the case is over.
  clock.after(60s, [&] { dut->connect(); });
  EXPECT_TRUE(clock.run_until([&] { return done; }));
  EXPECT_VERDICT("inconc", result(0));
  EXPECT_NE(result(0).reason.find("the charge point did not connect in time"), std::string::npos)
      << result(0).reason;
  EXPECT_VERDICT("pass", result(1));
}

TEST_F(Action, DisconnectAtEveryStep__InconclusiveWithTheLoss) {
  const std::vector<std::string> scenarios{
      "  - send: ClearCache\n",
      "  - receive: Heartbeat\n",
      "  - never: Heartbeat\n",
      "  - any_order:\n      - receive: Heartbeat\n      - receive: Authorize\n",
      "  - either:\n      - [{receive: Heartbeat}]\n      - [{receive: Authorize}]\n",
      "  - collect: Heartbeat\n    for: 5\n    at_least: 1\n",
      "  - for_each: {x: [1, 2]}\n    unordered: true\n    steps:\n      - send: ClearCache\n",
      "  - configure: {ConnectionTimeOut: '17'}\n"};
  for (std::size_t i = 0; i < scenarios.size(); ++i)
    add("T_" + std::to_string(i + 1), "  - rig: power_cycle\n" + scenarios[i]);
  dut->on("ClearCache", [](const std::string&, const Value&) {});
  dut->on("ChangeConfiguration", [](const std::string&, const Value&) {});
  act = [&](const std::string&, const Value&) {
    dut->after(1s, [&] { dut->client().drop(); });
    dut->after(400s, [&] { dut->connect(); });
    return rig::Result{};
  };
  pixit.values["reboot_timeout"] = 500.0;
  run();
  ASSERT_EQ(runner->results().size(), scenarios.size());
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    EXPECT_VERDICT("inconc", result(i));
    EXPECT_TRUE(result(i).reason.find("the connection ended (dropped") != std::string::npos ||
                result(i).reason.find("answered with nothing") != std::string::npos)
        << scenarios[i] << result(i).reason;
  }
}

TEST_F(Action, ReconnectWithinTheDeadline__CaseGoesOn) {
  act = [&](const std::string&, const Value&) {
    dut->client().drop();
    dut->after(5s, [&] { dut->connect(); });
    return rig::Result{};
  };
  EXPECT_VERDICT("pass", play("  - rig: power_cycle\n  - receive: BootNotification\n    within: "
                              "60\n  - send: ClearCache\n"));
}

TEST_F(Action, NobodyConnects__EveryCaseInconclusive) {
  add("T_1", "  - send: ClearCache\n");
  run(false);
  EXPECT_VERDICT("inconc", result());
  EXPECT_EQ(result().reason, "no charge point connected");
  EXPECT_EQ(records("end").at(0).string_or("reason", ""), "no charge point connected");
}

TEST_F(Action, BenchThatTookLongToBegin__TheWholeTimeIsTheChargePoints) {
  clock.advance(pixit.connect_timeout + 1s);
  add("T_1", "  - send: ClearCache\n");
  prepare();
  dut->after(pixit.connect_timeout - 1s, [&] { dut->connect(); });
  EXPECT_TRUE(clock.run_until([this] { return done; }));
  EXPECT_VERDICT("pass", result());
}

TEST_F(Action, ChargePointThatComesAndGoes__RequestGivenUpInTheEnd) {
  // Failed handshakes every ten seconds must not push the deadline further and further.
  act = [&](const std::string&, const Value&) {
    dut->client().drop();
    return rig::Result{};
  };
  pixit.identity = "CP001";
  std::function<void()> knock = [&] {
    dut->connect("/OTHER");
    clock.after(10s, knock);
  };
  clock.after(5s, knock);
  const auto& result = play("  - rig: power_cycle\n  - send: ClearCache\n");
  EXPECT_VERDICT("inconc", result);
  EXPECT_LT(clock.now(), Nanos(300s));
}

TEST_F(Action, FailureInAState__PreconditionNotMet) {
  add_state("Ready", "steps:\n  - send: ClearCache\n    result: {status: Rejected}\n");
  const auto& result = play("  - send: ClearCache\n", "  state: [{state: Ready}]\n");
  EXPECT_VERDICT("inconc", result);
  EXPECT_EQ(kind(result), "precondition");
  EXPECT_NE(result.reason.find("the precondition could not be reached"), std::string::npos)
      << result.reason;
}

TEST_F(Action, StateThatHolds__NotEntered) {
  add_state("Ready", "params: {n: 3}\nholds: n == 4\nsteps:\n  - send: ClearCache\n");
  add("T_1", "  - send: Reset\n    payload: {type: Soft}\n",
      "  state: [{state: Ready, with: {n: 4}}]\n");
  add("T_2", "  - send: Reset\n    payload: {type: Soft}\n", "  state: [{state: Ready}]\n");
  run();
  EXPECT_EQ(std::count(dut->requests.begin(), dut->requests.end(), "ClearCache {}"), 1);
}

TEST_F(Action, StatesLeft__InReverseOrderEvenAfterAFailure) {
  add_state("One", "steps: [{wait: 1}]\nleave: [{rig: plug_out, with: {connector: 1}}]\n");
  add_state("Two", "steps: [{wait: 1}]\nleave: [{rig: press_stop, with: {connector: 1}}]\n");
  dut->on("ClearCache", [](const std::string&, const Value&) {});
  play("  - send: ClearCache\n", "  state: [One, Two]\n");
  EXPECT_EQ(actions, (std::vector<std::string>{"press_stop", "plug_out"}));
}

TEST_F(Action, Configuration__SetAndRestored) {
  EXPECT_VERDICT("pass",
                 play("  - expect: config.ConnectionTimeOut == '25'\n    says: it was set\n",
                      "  configuration: {ConnectionTimeOut: 25}\n"));
  EXPECT_EQ(dut->configuration["ConnectionTimeOut"], "60");
}

TEST_F(Action, ConfigurationThatCannotBeSet__NotedOrInconclusive) {
  dut->readonly = {"HeartbeatInterval"};
  add("T_1", "  - send: ClearCache\n",
      "  configuration: {NoSuchKey: '1', HeartbeatInterval: '5'}\n");
  add("T_2", "  - send: ClearCache\n",
      "  configuration: {HeartbeatInterval: {value: '5', needed: true}}\n");
  add("T_3", "  - send: ClearCache\n",
      "  configuration: {NoSuchKey: {value: '5', needed: true}}\n");
  add("T_4", "  - send: ClearCache\n", "  configuration: {ConnectionTimeOut: '5'}\n");
  dut->on("ChangeConfiguration", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Rejected"})");
  });
  run();
  EXPECT_VERDICT("pass", result(0));
  EXPECT_EQ(records("note").size(), 2u);
  EXPECT_VERDICT("inconc", result(1));
  EXPECT_NE(result(1).reason.find("HeartbeatInterval is read only with the value '0', not '5'"),
            std::string::npos)
      << result(1).reason;
  EXPECT_VERDICT("inconc", result(2));
  EXPECT_NE(result(2).reason.find("has no configuration key NoSuchKey"), std::string::npos)
      << result(2).reason;
  EXPECT_VERDICT("inconc", result(3));
  EXPECT_NE(result(3).reason.find("was answered with Rejected"), std::string::npos)
      << result(3).reason;
}

TEST_F(Action, CaseThatEndsWithAMessage__MessageAnsweredAndNextCaseClean) {
  // The message is handled while the case that it ends goes over into the next.
  std::string last;
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->after(1s, [&] { last = dut->call("Authorize", R"({"idTag":"PLUGPROOF01"})"); });
  });
  add("T_1", "  - send: ClearCache\n  - never: Authorize\n    for: 5\n");
  add("T_2", "  - wait: 10\n  - expect: true\n    says: x\n");
  run();
  EXPECT_VERDICT("fail", result(0));
  EXPECT_VERDICT("pass", result(1));
  EXPECT_NE(reply(last).find("Accepted"), std::string::npos) << reply(last);
}

TEST_F(Action, LinkDrop__DoneWhenTheConnectionIsGone) {
  act = [&](const std::string&, const Value&) {
    dut->connect();
    return rig::Result{};
  };
  EXPECT_VERDICT("pass", play("  - link: drop\n  - rig: plug_in\n    with: {connector: 1}\n  - "
                              "receive: BootNotification\n"));
  ASSERT_EQ(records("closed").size(), 1u);
  EXPECT_LT(records("closed")[0].int_or("seq", 0), records("rig")[0].int_or("seq", 0));
}

TEST_F(Action, LinkStall__NotAnsweredUntilRestored) {
  dut->on_closed = [&] { dut->after(3s, [&] { dut->connect(); }); };
  const auto& result = play(
      "  - link: stall\n  - link: drop\n  - wait: 10\n  - link: restore\n  - await: connected\n"
      "    within: 1\n  - receive: BootNotification\n    not_before: {of: wait, seconds: 0}\n");
  EXPECT_VERDICT("pass", result);
  std::vector<std::string> faults;
  for (const auto& record : records("link")) faults.push_back(record.string_or("fault", ""));
  EXPECT_EQ(faults, (std::vector<std::string>{"stall", "drop", "restore"}));
}

TEST_F(Action, FaultsLeftOn__UndoneAfterTheCase) {
  dut->on_closed = [&] { dut->after(3s, [&] { dut->connect(); }); };
  add("T_1", "  - send: ClearCache\n  - link: stall\n  - link: drop\n  - wait: 5\n");
  add("T_2", "  - send: ClearCache\n");
  run();
  EXPECT_VERDICT("pass", result(0));
  EXPECT_VERDICT("pass", result(1));
  ASSERT_EQ(records("link").size(), 3u);
  EXPECT_EQ(records("link")[2].string_or("fault", ""), "restore");
}

TEST_F(Action, PowerHeldOff__MissingMessageFails) {
  act = [&](const std::string&, const Value& arguments) {
    if (*arguments.find("on") == Value(false)) {
      dut->after(1s, [&] { dut->client().drop(); });
    } else {
      dut->after(1s, [&] { dut->connect(); });
    }
    return rig::Result{};
  };
  const auto& result =
      play("  - rig: power\n    with: {on: false}\n  - receive: StopTransaction\n");
  EXPECT_VERDICT("fail", result);
  EXPECT_EQ(kind(result), "missing");
}

class DelayedReply : public RunBench {
 protected:
  // Asks at 1 s, in answer to ClearCache, and notes when our answer comes.
  void ask() {
    dut->on("ClearCache", [&](const std::string& id, const Value&) {
      dut->result(id, R"({"status":"Accepted"})");
      dut->after(1s, [&] {
        asked_at = clock.now();
        asked = dut->call("Authorize", R"({"idTag":"PLUGPROOF01"})");
        watch();
      });
    });
  }
  void watch() {
    if (!reply(asked).empty())
      answered_at = clock.now();
    else
      dut->after(10ms, [&] { watch(); });
  }
  Nanos waited() const { return answered_at - asked_at; }
  std::string asked;
  Nanos asked_at{0}, answered_at{0};
};

TEST_F(DelayedReply, ReplyAfter__SentAndJournaledThatMuchLater) {
  ask();
  const auto& result = play(
      "  - send: ClearCache\n  - receive: Authorize\n    reply: {idTagInfo: {status: Blocked}}\n"
      "    reply_after: 7\n  - wait: 3\n  - expect: true\n    says: x\n");
  EXPECT_VERDICT("pass", result);
  EXPECT_NE(reply(asked).find("Blocked"), std::string::npos) << reply(asked);
  EXPECT_NEAR(base::to_seconds(waited()), 7.0, 0.1);
  std::optional<std::int64_t> in, out;
  for (const auto& record : records(""))
    if (record.string_or("id", "") == asked)
      (record.string_or("kind", "") == "in" ? in : out) = record.int_or("t", 0);
  ASSERT_TRUE(in && out);
  EXPECT_NEAR(static_cast<double>(*out - *in), 7e9, 1000);  // nanoseconds
}

TEST_F(DelayedReply, ReplyBeforeItsStep__DelayedAsWell) {
  ask();
  const auto& result = play(
      "  - send: ClearCache\n  - receive: Heartbeat\n    optional: true\n    within: 3\n  - "
      "receive: "
      "Authorize\n    reply_after: 6\n    within: 20\n  - wait: 9\n");
  EXPECT_VERDICT("pass", result);
  EXPECT_NEAR(base::to_seconds(waited()), 6.0, 0.1);
}

TEST_F(DelayedReply, WhatFollows__CountsFromTheAnswer) {
  ask();
  dut->on("Reset", [&](const std::string& id, const Value&) { dut->result(id, "{}"); });
  const auto& result = play(
      "  - send: ClearCache\n  - receive: Authorize\n    reply_after: 15\n  - receive: "
      "Heartbeat\n    within: 5\n");
  EXPECT_VERDICT("fail", result);
  EXPECT_NEAR(result.seconds, 21.0, 1.0);  // asked at 1 s, answered at 16 s
}

TEST_F(DelayedReply, CaseOverBefore__SentAtOnce) {
  ask();
  EXPECT_VERDICT("pass",
                 play("  - send: ClearCache\n  - receive: Authorize\n    reply_after: 600\n"));
  EXPECT_LT(base::to_seconds(waited()), 1.0);
}

TEST_F(DelayedReply, ConnectionGoneBefore__GivenUp) {
  ask();
  dut->on_closed = [&] { dut->after(1s, [&] { dut->connect(); }); };
  EXPECT_VERDICT("pass", play("  - send: ClearCache\n  - receive: Authorize\n    reply_after: 5\n"
                              "  - link: drop\n  - wait: 10\n"));
  EXPECT_EQ(reply(asked), "");
}

TEST_F(DelayedReply, CallErrorAndTwoAtATime__EachInItsTime) {
  std::vector<std::string> ids;
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->after(1s, [&] {
      ids.push_back(dut->call("Authorize", R"({"idTag":"A"})"));
      ids.push_back(dut->call("Heartbeat", "{}"));
    });
  });
  EXPECT_VERDICT("pass", play("  - send: ClearCache\n  - any_order:\n      - receive: Authorize\n"
                              "        reply_error: {code: InternalError}\n        reply_after: 4\n"
                              "      - receive: Heartbeat\n        reply_after: 2\n  - wait: 5\n"));
  ASSERT_EQ(ids.size(), 2u);
  EXPECT_NE(reply(ids[0]).find("InternalError"), std::string::npos);
  EXPECT_NE(reply(ids[1]).find("currentTime"), std::string::npos);
}

TEST_F(Action, WarnThatDoesNotHold__RemarkAndPass) {
  add("T_1", "  - step: 1\n    send: ClearCache\n    warn: {status: {not: Accepted}}\n");
  add("T_2", "  - step: 1\n    send: ClearCache\n    warn: {status: Accepted}\n");
  run();
  EXPECT_VERDICT("pass", result(0));
  const Finding* found = remark(result(0), "2:status");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->message, "ClearCache.conf: status passes, with a warning");
  EXPECT_TRUE(found->frame);
  EXPECT_VERDICT("pass", result(1));
  EXPECT_TRUE(result(1).remarks.empty());
  ASSERT_EQ(records("finding").size(), 1u);
  EXPECT_EQ(records("finding")[0].string_or("severity", ""), "remark");
}

TEST_F(Action, WarnOnARequest__RemarkWithTheStep) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->after(1s, [&] { dut->call("Authorize", R"({"idTag":"A"})"); });
  });
  const auto& result = play(
      "  - send: ClearCache\n  - step: 3\n    receive: Authorize\n    warn: {idTag: {length: "
      "20}}\n");
  EXPECT_VERDICT("pass", result);
  EXPECT_TRUE(remark(result, "3:idTag"));
}

TEST_F(Action, StateWithACondition__EnteredWhenItHolds) {
  add_state("Cleared", "steps:\n  - send: ClearCache\n");
  add("T_1", "  - send: Reset\n    payload: {type: Soft}\n",
      "  state:\n    - {state: Cleared, when: connector == 99}\n");
  add("T_2", "  - send: Reset\n    payload: {type: Soft}\n",
      "  state:\n    - {state: Cleared, when: connector == 1}\n");
  run();
  EXPECT_EQ(std::count(dut->requests.begin(), dut->requests.end(), "ClearCache {}"), 1);
}

}  // namespace
}  // namespace plugproof::run
