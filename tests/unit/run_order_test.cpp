// Steps that hold other steps: any_order, either, optional, for_each, if; and absence: never,
// collect.
#include <algorithm>

#include "run_bench.hpp"

namespace plugproof::run {
namespace {

using Order = RunBench;

constexpr const char* kTrigger = "  - send: ClearCache\n";

TEST_F(Order, AnyOrder__EveryInterleavingPasses) {
  // Two branches of two: a1 before a2, b1 before b2.
  std::string all = "aabb";
  int count = 0;
  do {
    ++count;
    add("T_" + std::to_string(count),
        std::string(kTrigger) +
            "  - any_order:\n"
            "      - - receive: StatusNotification\n          select: {connectorId: 1}\n          "
            "check: {status: Preparing}\n"
            "        - receive: StatusNotification\n          select: {connectorId: 1}\n          "
            "check: {status: Available}\n"
            "      - - receive: Authorize\n        - receive: Heartbeat\n");
  } while (std::next_permutation(all.begin(), all.end()));
  ASSERT_EQ(count, 6);
  std::vector<std::string> orders;
  all = "aabb";
  do orders.push_back(all);
  while (std::next_permutation(all.begin(), all.end()));
  std::size_t run_number = 0;
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    int a = 0, b = 0;
    for (const char c : orders.at(run_number)) {
      if (c == 'a') dut->status(1, a++ == 0 ? "Preparing" : "Available");
      if (c != 'b') continue;
      if (b++ == 0)
        dut->call("Authorize", R"({"idTag":"PLUGPROOF01"})");
      else
        dut->call("Heartbeat", "{}");
    }
    ++run_number;
  });
  run();
  ASSERT_EQ(runner->results().size(), 6u);
  // All at once breaks the rule of one open request, which is no business of the matching.
  for (std::size_t i = 0; i < 6; ++i)
    for (const auto& f : result(i).failures)
      EXPECT_EQ(f.check, "monitor:one-call-at-a-time") << orders[i] << ": " << f.message;
}

TEST_F(Order, AnyOrderWithOneMissing__Fails) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->call("Heartbeat", "{}");
  });
  const auto& result =
      play(std::string(kTrigger) +
           "  - any_order:\n      - receive: Heartbeat\n      - receive: Authorize\n");
  EXPECT_VERDICT("fail", result);
  EXPECT_EQ(result.failures.size(), 1u);
  EXPECT_NE(result.reason.find("Authorize.req did not come"), std::string::npos) << result.reason;
}

TEST_F(Order, AnyOrderMeanwhile__GivenUpWithTheLastOfTheOthers) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->after(2s, [&] { dut->call("Heartbeat", "{}"); });
  });
  const auto& result =
      play(std::string(kTrigger) +
           "  - any_order:\n      - receive: Authorize\n        optional: meanwhile\n"
           "      - receive: Heartbeat\n");
  EXPECT_VERDICT("pass", result);
  EXPECT_LT(result.seconds, 3);
}

TEST_F(Order, AnyOrderMeanwhileThatComesBefore__TakenJudgedAndAnswered) {
  std::string asked;
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    asked = dut->call("Authorize", R"({"idTag":"OTHER"})");
    dut->after(2s, [&] { dut->call("Heartbeat", "{}"); });
  });
  const auto& result =
      play(std::string(kTrigger) +
           "  - any_order:\n      - receive: Heartbeat\n      - receive: Authorize\n"
           "        optional: meanwhile\n        check: {idTag: PLUGPROOF01}\n"
           "        reply: {idTagInfo: {status: Blocked}}\n");
  EXPECT_VERDICT("fail", result);
  EXPECT_NE(failure(result, "receive Authorize:idTag"), nullptr);
  EXPECT_NE(reply(asked).find("Blocked"), std::string::npos);
}

TEST_F(Order, AnyOrderOfTheSameMessage__EachTakesItsOwn) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->status(1, "Charging");
    dut->after(1s, [&] { dut->status(1, "Preparing"); });
  });
  EXPECT_VERDICT("pass", play(std::string(kTrigger) +
                              "  - any_order:\n"
                              "      - receive: StatusNotification\n        select: {connectorId: "
                              "1}\n        check: {status: Preparing}\n"
                              "      - receive: StatusNotification\n        select: {connectorId: "
                              "1}\n        check: {status: Charging}\n"));
}

TEST_F(Order, Either__TheMessageDecides) {
  const std::string scenario = std::string(kTrigger) +
                               "  - either:\n      - [{receive: Heartbeat}, {set: {which: 1}}]\n   "
                               "   - [{receive: Authorize}, {set: {which: 2}}]\n"
                               "  - expect: which == 2\n    says: the second branch was taken\n";
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->after(1s, [&] { dut->call("Authorize", R"({"idTag":"PLUGPROOF01"})"); });
  });
  EXPECT_VERDICT("pass", play(scenario));
}

TEST_F(Order, EitherOfNothing__Fails) {
  EXPECT_VERDICT(
      "fail",
      play(std::string(kTrigger) +
           "  - either:\n      - [{receive: Heartbeat}]\n      - [{receive: Authorize}]\n"));
}

TEST_F(Order, Optional__RestRunsOnlyIfItCame) {
  const std::string scenario = std::string(kTrigger) +
                               "  - optional:\n      - {receive: Heartbeat, within: 5}\n      - "
                               "{receive: Authorize, within: 5}\n    took: came\n"
                               "  - expect: came == false\n    says: it did not come\n";
  EXPECT_VERDICT("pass", play(scenario));
}

TEST_F(Order, OptionalThatCame__RestIsRequired) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->call("Heartbeat", "{}");
  });
  EXPECT_VERDICT("fail",
                 play(std::string(kTrigger) + "  - optional:\n      - {receive: Heartbeat, within: "
                                              "5}\n      - {receive: Authorize, within: 5}\n"));
}

TEST_F(Order, Choice__ConditionDecides) {
  EXPECT_VERDICT("pass", play("  - if: connector == 1\n    then: [{send: ClearCache}]\n    else: "
                              "[{receive: Heartbeat}]\n"));
}

TEST_F(Order, ForEach__LabelsNameTheItem) {
  const auto& result = play(
      "  - for_each: {kind: [Soft, Hard]}\n    steps:\n      - step: 7\n        send: Reset\n      "
      "  payload: {type: $kind}\n        result: {status: Rejected}\n");
  EXPECT_VERDICT("fail", result);
  EXPECT_TRUE(failure(result, "8[kind=Soft]:status"));
  EXPECT_TRUE(failure(result, "8[kind=Hard]:status"));
}

TEST_F(Order, ForEachOfLongItems__LabelsCountThem) {
  const std::string item(81, 'x');
  const auto& result = play("  - for_each: {text: [" + item + ", b]}\n    steps:\n" +
                            "      - expect: len(text) == 0\n        says: s\n");
  EXPECT_TRUE(failure(result, "expect[text=item 1]:expect"));
  EXPECT_TRUE(failure(result, "expect[text=b]:expect"));
}

TEST_F(Order, ForEachUnordered__OneRequestAtATime) {
  int open = 0, most = 0;
  dut->on("Reset", [&](const std::string& id, const Value&) {
    most = std::max(most, ++open);
    dut->after(3s, [&, id] {
      --open;
      dut->result(id, R"({"status":"Accepted"})");
    });
  });
  EXPECT_VERDICT("pass", play("  - for_each: {kind: [Soft, Hard, Soft]}\n    unordered: true\n    "
                              "steps:\n      - send: Reset\n        payload: {type: $kind}\n"));
  EXPECT_EQ(most, 1);
}

TEST_F(Order, SecondRequestWithAShorterDeadline__WaitsForItsTurn) {
  dut->on("Reset", [&](const std::string& id, const Value&) {
    dut->after(8s, [&, id] { dut->result(id, R"({"status":"Accepted"})"); });
  });
  EXPECT_VERDICT("pass",
                 play("  - any_order:\n      - send: Reset\n        payload: {type: Soft}\n        "
                      "result: {status: Accepted}\n      - send: ClearCache\n        within: 2\n   "
                      "     result: {status: Accepted}\n"));
}

TEST_F(Order, NestedAnyOrderAfterADeadline__EndsWithItsLastMessage) {
  // The branch whose optional message did not come is woken after its any_order from then on.
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->after(8s, [&] { dut->call("Heartbeat", "{}"); });
    dut->after(9s, [&] { dut->call("Authorize", R"({"idTag":"PLUGPROOF01"})"); });
  });
  const auto& result =
      play(std::string(kTrigger) +
           "  - any_order:\n"
           "      - - receive: DataTransfer\n          within: 3\n          optional: true\n       "
           " - receive: Authorize\n"
           "      - any_order:\n"
           "          - - receive: DataTransfer\n              within: 5\n              optional: "
           "true\n            - receive: Heartbeat\n"
           "          - receive: Heartbeat\n            optional: true\n            within: 1\n");
  EXPECT_VERDICT("pass", result);
  EXPECT_LT(result.seconds, 9.1);
}

TEST_F(Order, NeverAtTheEndOfTheWindow__Forbidden) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->after(5s, [&] { dut->start(1); });
  });
  const auto& result = play(std::string(kTrigger) + "  - never: StartTransaction\n    for: 5\n");
  EXPECT_VERDICT("fail", result);
  EXPECT_EQ(kind(result), "forbidden");
  EXPECT_EQ(result.failures[0].actual, "it came after 5 s");
}

TEST_F(Order, NeverANanosecondLater__Allowed) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->after(5s + 1ns, [&] { dut->start(1); });
  });
  EXPECT_VERDICT("pass", play(std::string(kTrigger) + "  - never: StartTransaction\n    for: 5\n"));
}

TEST_F(Order, NeverWithSelect__OthersAllowed) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->start(2);
  });
  EXPECT_VERDICT("pass",
                 play(std::string(kTrigger) +
                      "  - never: StartTransaction\n    select: {connectorId: 1}\n    for: 5\n"));
}

TEST_F(Order, NeverWhileDisconnected__Inconclusive) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->after(1s, [&] { dut->client().drop(); });
  });
  const auto& result = play(std::string(kTrigger) + "  - never: StartTransaction\n    for: 5\n");
  EXPECT_VERDICT("inconc", result);
  EXPECT_NE(result.reason.find("the connection ended (dropped"), std::string::npos)
      << result.reason;
}

TEST_F(Order, Collect__KeepsPayloadsAndTimes) {
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    for (int i = 1; i <= 4; ++i) dut->after(i * 2s, [&] { dut->call("Heartbeat", "{}"); });
  });
  EXPECT_VERDICT("pass",
                 play(std::string(kTrigger) +
                      "  - collect: Heartbeat\n    for: 6\n    into: beats\n    at_least: 3\n"
                      "  - expect: len(beats) == 3 and beats[0].t == 2.0 and beats[2].t == 6.0\n   "
                      " says: three were collected\n"));
}

TEST_F(Order, CollectOfTooFew__Fails) {
  const auto& result = play(std::string(kTrigger) +
                            "  - step: 3\n    collect: Heartbeat\n    for: 6\n    at_least: 1\n");
  EXPECT_VERDICT("fail", result);
  ASSERT_TRUE(failure(result, "3:arrives"));
  EXPECT_EQ(failure(result, "3:arrives")->actual, "0");
}

}  // namespace
}  // namespace plugproof::run
