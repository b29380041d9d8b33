// Which message a receive step takes, what it judges, what it replies.
#include "run_bench.hpp"

namespace plugproof::run {
namespace {

using Receive = RunBench;

// The test triggers the charge point with ClearCache and writes down what happens then.
constexpr const char* kTrigger = "  - step: 1\n    send: ClearCache\n";

TEST_F(Receive, MessageBeforeTheCallResult__NotLost) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->start(1);
    dut->result(id, R"({"status":"Accepted"})");
  });
  EXPECT_VERDICT("pass", play(std::string(kTrigger) +
                              "  - receive: StartTransaction\n    check: {connectorId: 1}\n"));
}

TEST_F(Receive, EarlyMessage__GetsTheReplyOfItsOwnStep) {
  std::string id_of_start;
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    id_of_start = dut->call("Authorize", R"({"idTag":"PLUGPROOF01"})");
    dut->result(id, R"({"status":"Accepted"})");
  });
  EXPECT_VERDICT("pass",
                 play(std::string(kTrigger) +
                      "  - receive: Authorize\n    reply: {idTagInfo: {status: Blocked}}\n"));
  EXPECT_EQ(reply(id_of_start), "[3,\"" + id_of_start + R"(",{"idTagInfo":{"status":"Blocked"}}])");
}

TEST_F(Receive, WrongField__FailsWithExpectedAndActual) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->start(1, "OTHER");
  });
  const auto& result =
      play(std::string(kTrigger) +
           "  - step: 3\n    receive: StartTransaction\n    check: {idTag: $valid_id_tag}\n");
  EXPECT_VERDICT("fail", result);
  const Failure* f = failure(result, "3:idTag");
  ASSERT_TRUE(f);
  EXPECT_EQ(f->kind, "check");
  EXPECT_EQ(f->expected, "\"PLUGPROOF01\"");
  EXPECT_EQ(f->actual, "\"OTHER\"");
  EXPECT_EQ(f->place, folder.path("core/T_1.yaml") + ":16:13");
  EXPECT_EQ(f->requirement, "It shall work.");
  EXPECT_EQ(f->advice, "Look there.");
  EXPECT_TRUE(f->frame);
}

TEST_F(Receive, WrongOrder__FailsAsOrder) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->start(1);
    dut->after(10ms, [&] { dut->call("Heartbeat", "{}"); });
  });
  const auto& result =
      play(std::string(kTrigger) + "  - receive: Heartbeat\n  - receive: StartTransaction\n");
  EXPECT_VERDICT("fail", result);
  EXPECT_EQ(kind(result), "order");
}

TEST_F(Receive, NothingComes__FailsWithWhatElseCame) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->call("Heartbeat", "{}");
  });
  const auto& result =
      play(std::string(kTrigger) +
           "  - receive: StartTransaction\n    select: {connectorId: 1}\n    within: 5\n");
  EXPECT_VERDICT("fail", result);
  EXPECT_EQ(kind(result), "missing");
  EXPECT_EQ(result.reason.rfind("StartTransaction.req did not come within 5 s: expected ", 0), 0U)
      << result.reason;
  EXPECT_EQ(result.failures[0].expected, "StartTransaction.req with connectorId 1");
  EXPECT_NE(result.failures[0].actual.find("Heartbeat"), std::string::npos)
      << result.failures[0].actual;
}

TEST_F(Receive, ExactlyAtTheDeadline__InTime) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->after(5s, [&] { dut->start(1); });
  });
  EXPECT_VERDICT("pass",
                 play(std::string(kTrigger) + "  - receive: StartTransaction\n    within: 5\n"));
}

TEST_F(Receive, ANanosecondAfterTheDeadline__Late) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->after(5s + 1ns, [&] { dut->start(1); });
  });
  EXPECT_VERDICT("fail",
                 play(std::string(kTrigger) + "  - receive: StartTransaction\n    within: 5\n"));
}

TEST_F(Receive, OnTheWay__PassedOver) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->status(1, "Preparing");
    dut->after(1s, [&] { dut->status(1, "SuspendedEV"); });
    dut->after(2s, [&] { dut->status(1, "Charging"); });
  });
  EXPECT_VERDICT("pass",
                 play(std::string(kTrigger) +
                      "  - receive: StatusNotification\n    select: {connectorId: 1}\n    via: "
                      "{status: [Preparing, SuspendedEV]}\n    check: {status: Charging}\n"));
}

TEST_F(Receive, NotOnTheWay__Fails) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->status(1, "Faulted");
    dut->after(2s, [&] { dut->status(1, "Charging"); });
  });
  EXPECT_VERDICT("fail", play(std::string(kTrigger) +
                              "  - receive: StatusNotification\n    select: {connectorId: 1}\n    "
                              "via: {status: [Preparing]}\n    check: {status: Charging}\n"));
}

TEST_F(Receive, RepetitionOfAKnownStatus__PassedOver) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->status(1, "Available");
    dut->after(1s, [&] { dut->status(1, "Preparing"); });
  });
  EXPECT_VERDICT(
      "pass", play(std::string(kTrigger) + "  - receive: StatusNotification\n    select: "
                                           "{connectorId: 1}\n    check: {status: Preparing}\n"));
}

TEST_F(Receive, OptionalThatDoesNotCome__GoesOn) {
  EXPECT_VERDICT("pass", play(std::string(kTrigger) +
                              "  - receive: Heartbeat\n    optional: true\n    within: 5\n"));
}

TEST_F(Receive, OptionalThatIsOvertaken__WaitedForNoLonger) {
  const std::string optional =
      std::string(kTrigger) +
      "  - receive: StatusNotification\n    select: {connectorId: 1, status: Preparing}\n    "
      "optional: true\n    within: 500\n";
  const std::string next =
      "  - receive: StatusNotification\n    select: {connectorId: 1}\n    "
      "check: {status: Charging}\n    within: 600\n";
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->after(2s, [&] { dut->status(1, "Available"); });  // background: only a repetition
    dut->after(3s, [&] { dut->status(1, "Charging"); });
    dut->after(900s, [&] { dut->status(1, "Available"); });
  });
  add("T_1", optional + next);
  // What is to come after an action of ours is no reason not to wait.
  add("T_2", optional + "  - send: Reset\n    payload: {type: Soft}\n" + next);
  run();
  EXPECT_VERDICT("pass", result(0));
  EXPECT_LT(result(0).seconds, 100);
  EXPECT_GE(result(1).seconds, 500);
}

TEST_F(Receive, NotBefore__EarlyFailsAndTimelyPasses) {
  const std::string scenario = std::string(kTrigger) +
                               "    mark: cleared\n  - step: 3\n    receive: Heartbeat\n    "
                               "not_before: {of: cleared, seconds: 3}\n";
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->after(3s - 1ns, [&] { dut->call("Heartbeat", "{}"); });
  });
  const auto& result = play(scenario);
  EXPECT_VERDICT("fail", result);
  ASSERT_TRUE(failure(result, "3:not_before"));
  EXPECT_EQ(failure(result, "3:not_before")->kind, "timing");
}

TEST_F(Receive, NotBeforeAtTheInstant__Passes) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->after(3s, [&] { dut->call("Heartbeat", "{}"); });
  });
  EXPECT_VERDICT("pass",
                 play(std::string(kTrigger) + "    mark: cleared\n  - receive: Heartbeat\n    "
                                              "not_before: {of: cleared, seconds: 3}\n"));
}

TEST_F(Receive, CaptureAndReply__UseTheMessage) {
  std::string id_of_start;
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->start(2, "PLUGPROOF01", 17);
    id_of_start = "d" + std::to_string(99);
  });
  const auto& result =
      play(std::string(kTrigger) +
           "  - receive: StartTransaction\n    capture: {where: connectorId, meter: meterStart, "
           "none: reservationId}\n    reply: {transactionId: $meter + 5}\n"
           "  - expect: where == 2 and meter == 17 and not defined(none) and "
           "last_transaction.transactionId == 22\n    says: it was captured\n");
  EXPECT_VERDICT("pass", result);
}

TEST_F(Receive, NullInACheck__AsksForAbsence) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->start(1);
  });
  const std::string scenario = std::string(kTrigger) +
                               "  - set: {none: null, meter: null}\n  - receive: StartTransaction\n"
                               "    check: {reservationId: $none, meterStart: $meter}\n";
  const auto& result = play(scenario);
  EXPECT_VERDICT("fail", result);
  EXPECT_EQ(failure(result, "receive StartTransaction:reservationId"), nullptr);
  const Failure* failed = failure(result, "receive StartTransaction:meterStart");
  ASSERT_NE(failed, nullptr);
  EXPECT_EQ(failed->expected, "absent");
  EXPECT_EQ(failed->actual, "0");
}

TEST_F(Receive, NoReplyAndReplyError__AsWritten) {
  std::string first, second;
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    first = dut->call("Heartbeat", "{}");
    dut->after(1s, [&] { second = dut->call("Authorize", R"({"idTag":"X"})"); });
  });
  EXPECT_VERDICT(
      "pass", play(std::string(kTrigger) +
                   "  - receive: Heartbeat\n    no_reply: true\n  - receive: Authorize\n    "
                   "reply_error: {code: InternalError, description: on purpose}\n  - wait: 5\n"));
  EXPECT_EQ(reply(first), "");
  EXPECT_EQ(reply(second), "[4,\"" + second + R"(","InternalError","on purpose",{}])");
}

TEST_F(Receive, Kpi__SampledFromTheLastRequest) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->after(2s, [&] { dut->call("Heartbeat", "{}"); });
  });
  EXPECT_VERDICT("pass",
                 play(std::string(kTrigger) + "  - receive: Heartbeat\n    kpi: triggered\n"));
  double seconds = -1;
  for (const auto& sample : records("sample"))
    if (sample.string_or("kpi", "") == "triggered") seconds = sample.find("seconds")->as_number();
  EXPECT_DOUBLE_EQ(seconds, 2.002);
}

TEST_F(Receive, WhenIsFalse__StepLeftOut) {
  EXPECT_VERDICT("pass",
                 play(std::string(kTrigger) + "  - receive: Heartbeat\n    when: 1 == 2\n"));
}

TEST_F(Receive, NothingJudged__ErrorOfTheHarness) {
  const auto& result = play("  - wait: 1\n");
  EXPECT_VERDICT("error", result);
  EXPECT_EQ(result.reason, "no check was judged in the scenario");
  EXPECT_EQ(runner->exit_status(), 3);
}

TEST_F(Receive, ValueThatCannotBeUsed__InconclusiveWithTheReason) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->start(1, "ABC");
  });
  const auto& result = play(std::string(kTrigger) +
                            "  - receive: StartTransaction\n    capture: {tag: idTag}\n  - expect: "
                            "number(tag) > 1\n    says: x\n");
  EXPECT_VERDICT("inconc", result);
  EXPECT_NE(result.reason.find("a value cannot be used: number() needs a number"),
            std::string::npos)
      << result.reason;
}

}  // namespace
}  // namespace plugproof::run
