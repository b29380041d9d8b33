// A preparation that two cases in a row share, and everything that keeps them from it.
#include "run_bench.hpp"

namespace plugproof::run {
namespace {

class SharedPreparation : public RunBench {
 protected:
  SharedPreparation() {
    folder.write(
        "states/Idle.yaml",
        "name: Idle\nkind: cleanup\npurpose: P.\nholds: len(rig.plugged) == 0\nsteps:\n"
        "  - for_each: {c: $rig.plugged}\n    steps:\n      - rig: plug_out\n        with: "
        "{connector: $c}\n");
    add_state("Plugged",
              "params: {n: 1}\nholds: contains(rig.plugged, 1)\nsteps:\n  - rig: plug_in\n    "
              "with: {connector: 1}\n");
    dut->on("RemoteStopTransaction", [this](const std::string& id, const Value&) {
      if (on_stop) on_stop();
      dut->result(id, R"({"status":")" + stop_status + "\"}");
    });
  }
  // The first case keeps the state, the second uses it.
  void add_both(const std::string& second_before = kBefore, const std::string& more = "") {
    add("T_1",
        "  - send: RemoteStopTransaction\n    payload: {transactionId: 9}\n    result: {status: "
        "Rejected}\n" +
            more,
        kBefore);
    add("T_2", "  - send: ClearCache\n", second_before);
  }
  static bool shared(const std::vector<std::string>& actions) {
    return actions == std::vector<std::string>{"plug_in", "plug_out"};
  }
  static bool prepared_twice(const std::vector<std::string>& actions) {
    return actions == std::vector<std::string>{"plug_in", "plug_out", "plug_in", "plug_out"};
  }

  static inline const std::string kBefore = "  state:\n    - {state: Plugged}\n";
  std::string stop_status = "Rejected";
  std::function<void()> on_stop;
};

TEST_F(SharedPreparation, StateKeptAndWanted__PreparedOnce) {
  add_both();
  run();
  EXPECT_VERDICT("pass", result(0));
  EXPECT_VERDICT("pass", result(1));
  EXPECT_TRUE(shared(actions));
  const auto told = records("shared");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].string_or("from", ""), "T_1");
  EXPECT_EQ(told[0].string_or("state", ""), "Plugged");
  EXPECT_EQ(told[0].string_or("case", ""), "T_2");
}

TEST_F(SharedPreparation, Isolated__PreparedTwice) {
  isolate = true;
  add_both();
  run();
  EXPECT_TRUE(prepared_twice(actions));
  EXPECT_TRUE(records("shared").empty());
}

TEST_F(SharedPreparation, FirstCaseFails__PreparedTwice) {
  stop_status = "Accepted";
  add_both();
  run();
  EXPECT_VERDICT("fail", result(0));
  EXPECT_VERDICT("pass", result(1));
  EXPECT_TRUE(prepared_twice(actions));
}

TEST_F(SharedPreparation, RemarkInTheFirstCase__PreparedTwice) {
  // A transaction that is stopped although nobody started it is remarked, or worse.
  on_stop = [this] { dut->call("Heartbeat", "{}"), dut->call("Heartbeat", "{}"); };
  add_both();
  run();
  ASSERT_FALSE(result(0).remarks.empty() && result(0).failures.empty());
  EXPECT_TRUE(prepared_twice(actions));
}

TEST_F(SharedPreparation, StatusReportedSince__PreparedTwice) {
  on_stop = [this] { dut->after(1s, [this] { dut->status(1, "Preparing"); }); };
  add_both(kBefore, "  - never: StartTransaction\n    for: 5\n");
  run();
  EXPECT_VERDICT("pass", result(0));
  EXPECT_TRUE(prepared_twice(actions));
}

TEST_F(SharedPreparation, ReconnectedSince__PreparedTwice) {
  on_stop = [this] { dut->after(1s, [this] { dut->connect("/CP001", false); }); };
  add_both(kBefore, "  - wait: 5\n");
  run();
  EXPECT_TRUE(prepared_twice(actions));
}

TEST_F(SharedPreparation, OtherArguments__PreparedTwice) {
  add_both("  state:\n    - {state: Plugged, with: {n: 2}}\n");
  run();
  EXPECT_TRUE(prepared_twice(actions));
}

TEST_F(SharedPreparation, ArgumentThatIsEqualInTheEnd__PreparedOnce) {
  add_both("  state:\n    - {state: Plugged, with: {n: $2 - 1}}\n");
  run();
  EXPECT_TRUE(shared(actions));
}

TEST_F(SharedPreparation, ConfigurationDiffers__PreparedTwice) {
  add_both("  configuration: {ConnectionTimeOut: '30'}\n" + kBefore);
  run();
  EXPECT_TRUE(prepared_twice(actions));
}

TEST_F(SharedPreparation, ConfigurationAsItIs__PreparedOnce) {
  add_both("  configuration: {ConnectionTimeOut: '60', NoSuchKey: '1'}\n" + kBefore);
  run();
  EXPECT_TRUE(shared(actions));
}

TEST_F(SharedPreparation, ConfigurationThatHangsOnTheChargePoint__PreparedTwice) {
  add_both("  configuration: {ConnectionTimeOut: $config.ConnectionTimeOut}\n" + kBefore);
  run();
  EXPECT_TRUE(prepared_twice(actions));
}

TEST_F(SharedPreparation, NextCaseBeginsElsewhere__BackToIdle) {
  add_both("");
  run();
  EXPECT_TRUE(shared(actions));
  EXPECT_TRUE(records("shared").empty());
}

// What is said to the charge point about a key, in order.
std::vector<std::string> changes(const std::vector<std::string>& requests) {
  std::vector<std::string> values;
  for (const auto& request : requests)
    if (request.rfind("ChangeConfiguration", 0) == 0)
      values.push_back(base::read_json(request.substr(20)).value->string_or("value", ""));
  return values;
}

TEST_F(RunBench, EqualConfigurationInARow__NeitherRestoredNorSetAgain) {
  const std::string before = "  configuration: {ConnectionTimeOut: '30'}\n";
  add("T_1", "  - send: ClearCache\n", before);
  add("T_2", "  - send: ClearCache\n", before);
  add("T_3", "  - send: ClearCache\n", "  configuration: {HeartbeatInterval: '9'}\n");
  run();
  EXPECT_EQ(changes(dut->requests), (std::vector<std::string>{"30", "60", "9", "0"}));
}

TEST_F(RunBench, EqualConfigurationIsolated__RestoredEachTime) {
  isolate = true;
  const std::string before = "  configuration: {ConnectionTimeOut: '30'}\n";
  add("T_1", "  - send: ClearCache\n", before);
  add("T_2", "  - send: ClearCache\n", before);
  run();
  EXPECT_EQ(changes(dut->requests), (std::vector<std::string>{"30", "60", "30", "60"}));
}

}  // namespace
}  // namespace plugproof::run
