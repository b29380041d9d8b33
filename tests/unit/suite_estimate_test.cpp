#include "engine/suite/estimate.hpp"

#include "suite_folder.hpp"

namespace plugproof::suite {
namespace {

using base::Value;

class EstimateTest : public testing::Test {
 protected:
  EstimateTest() {
    pics_ = pics::Pics::load("pics/certified/CSC-07A7-1.yaml", diagnostics_);
    EXPECT_TRUE(pics_) << diagnostics_.render();
    folder_.write("states/Plugged.yaml",
                  "name: Plugged\nkind: reusable\npurpose: P.\nholds: contains(rig.plugged, "
                  "1)\nsteps:\n  - rig: plug_in\n    with: {connector: 1}\n");
    folder_.write("states/Idle.yaml",
                  "name: Idle\nkind: cleanup\npurpose: P.\nholds: len(rig.plugged) == 0\nsteps:\n"
                  "  - for_each: {c: $rig.plugged}\n    steps:\n      - rig: plug_out\n        "
                  "with: {connector: $c}\n");
  }
  // The estimate of one case with this scenario.
  Estimate of(const std::string& scenario, const std::string& before = "") {
    add(scenario, before);
    return all(false).back();
  }
  void add(const std::string& scenario, const std::string& before = "") {
    folder_.add_case("T_" + std::to_string(++count_),
                     (before.empty() ? "" : "before:\n" + before) + "scenario:\n" + scenario);
  }
  std::vector<Estimate> all(bool share) {
    const auto suite = folder_.load(diagnostics_);
    EXPECT_TRUE(suite) << diagnostics_.render();
    std::vector<const TestCase*> cases;
    for (int i = 1; i <= count_; ++i) cases.push_back(suite->find_case("T_" + std::to_string(i)));
    EstimateInput input{values_, *pics_, "2025-11", {}, {}};
    input.assumptions = {1, 2, 40, 10, 20, 3, 100};
    input.by_person = [](const std::string& action, const Value&) { return action != "plug_in"; };
    return estimate(cases, *suite, input, share);
  }

  SuiteFolder folder_;
  base::Diagnostics diagnostics_;
  std::optional<pics::Pics> pics_;
  std::map<std::string, Value> values_{
      {"connector", 1},           {"response_timeout", 10.0}, {"triggered_timeout", 30.0},
      {"reboot_timeout", 300.0},  {"quiet_time", 15.0},       {"heartbeat_interval", 20},
      {"connection_timeout", 60}, {"valid_id_tag", "TAG"}};
  int count_ = 0;
};

#define EXPECT_SPAN(low, high, what)     \
  {                                      \
    const Estimate got = what;           \
    EXPECT_DOUBLE_EQ(got.expected, low); \
    EXPECT_DOUBLE_EQ(got.at_most, high); \
    EXPECT_FALSE(got.guessed);           \
  }

TEST_F(EstimateTest, RequestsAndMessages__UsualTimeAndDeadline) {
  EXPECT_SPAN(1, 10, of("  - send: ClearCache\n"));
  EXPECT_SPAN(0.5, 0.5, of("  - send: ClearCache\n    within: 0.5\n"));
  EXPECT_SPAN(2, 30, of("  - receive: Heartbeat\n"));
  EXPECT_SPAN(3, 40, of("  - send: ClearCache\n  - receive: Heartbeat\n"));
}

TEST_F(EstimateTest, WindowsAndWaits__TheirWholeLength) {
  EXPECT_SPAN(15, 15, of("  - never: StartTransaction\n    for: $quiet_time\n"));
  EXPECT_SPAN(45, 45, of("  - collect: Heartbeat\n    for: $2 * heartbeat_interval + 5\n"));
  EXPECT_SPAN(7, 7, of("  - wait: 7\n"));
}

TEST_F(EstimateTest, MessageThatMustNotComeEarlier__NotBefore) {
  EXPECT_SPAN(51, 120,
              of("  - send: ClearCache\n    mark: begin\n  - receive: Heartbeat\n    "
                 "not_before: {of: begin, seconds: 50}\n    within: 110\n"));
}

TEST_F(EstimateTest, SoLongAndTheTriggeredTimeout__ExpectedAfterSoLong) {
  EXPECT_SPAN(60, 90,
              of("  - receive: Heartbeat\n    within: $connection_timeout + triggered_timeout\n"));
}

TEST_F(EstimateTest, Restart__TakesAReboot) {
  EXPECT_SPAN(41, 310,
              of("  - send: Reset\n    payload: {type: Hard}\n    result: {status: Accepted}\n"
                 "  - receive: BootNotification\n    within: $reboot_timeout\n"));
  EXPECT_SPAN(3, 310,
              of("  - send: Reset\n    payload: {type: Hard}\n    result: {status: Rejected}\n"
                 "  - receive: BootNotification\n    within: $reboot_timeout\n"));
  EXPECT_SPAN(
      60, 400,
      of("  - rig: power_cycle\n  - receive: BootNotification\n    within: $reboot_timeout\n"));
}

TEST_F(EstimateTest, Branches__LongestOfParallelFirstOfEither) {
  EXPECT_SPAN(9, 60,
              of("  - any_order:\n      - receive: Heartbeat\n      - - wait: 5\n        - wait: "
                 "4\n      - receive: Authorize\n        within: 60\n"));
  EXPECT_SPAN(
      2, 70,
      of("  - either:\n      - - receive: Heartbeat\n      - - receive: Authorize\n          "
         "within: 70\n"));
  EXPECT_SPAN(3, 40, of("  - optional:\n      - receive: Heartbeat\n      - send: ClearCache\n"));
}

TEST_F(EstimateTest, Loops__OnceForEachItem) {
  EXPECT_SPAN(3, 30, of("  - for_each: {n: [1, 2, 3]}\n    steps:\n      - send: ClearCache\n"));
  EXPECT_SPAN(2, 30,
              of("  - for_each: {n: [1, 2, 3]}\n    unordered: true\n    steps:\n      - receive: "
                 "Heartbeat\n"));
}

TEST_F(EstimateTest, Conditions__ByPicsPixitAndWhatWasSet) {
  EXPECT_SPAN(1, 10,
              of("  - send: ClearCache\n    when: heartbeat_interval == 20\n  - wait: 9\n    when: "
                 "heartbeat_interval == 21\n"));
  EXPECT_SPAN(
      5, 5,
      of("  - set: {x: 3}\n  - if: x == 3\n    then:\n      - wait: 5\n    else:\n      - wait: "
         "8\n"));
}

TEST_F(EstimateTest, WhatOnlyTheRunCanTell__LongerWayAndMarked) {
  Estimate guess =
      of("  - if: cfg.HeartbeatInterval.writable\n    then:\n      - wait: 5\n    else:\n      - "
         "wait: 8\n");
  EXPECT_TRUE(guess.guessed);
  EXPECT_DOUBLE_EQ(guess.expected, 8);
  guess = of("  - wait: 5\n    when: cfg.HeartbeatInterval.writable\n");
  EXPECT_TRUE(guess.guessed);
  EXPECT_DOUBLE_EQ(guess.expected, 5);
  guess = of("  - receive: Heartbeat\n    within: $number(config.NoSuchKey)\n");
  EXPECT_TRUE(guess.guessed);
  EXPECT_DOUBLE_EQ(guess.at_most, 30);
}

TEST_F(EstimateTest, PhysicalActions__CountedWithTheCleaningUp) {
  const Estimate got = of("  - state: Plugged\n  - rig: present_id\n    with: {id_tag: TAG}\n");
  EXPECT_EQ(got.actions, 3);
  EXPECT_EQ(got.by_person, 2);
  EXPECT_DOUBLE_EQ(got.expected, 3 + 20 + 20);
  EXPECT_DOUBLE_EQ(got.at_most, 300);
}

TEST_F(EstimateTest, StateThatHoldsAlready__NotEnteredAgain) {
  const std::string twice = "  state:\n    - {state: Plugged}\n    - {state: Plugged}\n";
  EXPECT_EQ(of("  - send: ClearCache\n", twice).actions, 2);
}

TEST_F(EstimateTest, Configuration__SetAndRestoredWhereItDiffers) {
  EXPECT_SPAN(3, 30,
              of("  - send: ClearCache\n", "  configuration: {WebSocketPingInterval: '5'}\n"));
}

TEST_F(EstimateTest, StateHandedOver__NeitherLeftNorEnteredAgain) {
  const std::string before = "  state:\n    - {state: Plugged}\n";
  add("  - send: GetConfiguration\n", before);
  add("  - send: ClearCache\n", before);
  const auto shared = all(true);
  EXPECT_EQ(shared[0].actions, 1);
  EXPECT_EQ(shared[1].actions, 1);
  const auto isolated = all(false);
  EXPECT_EQ(isolated[0].actions, 2);
  EXPECT_EQ(isolated[1].actions, 2);
}

}  // namespace
}  // namespace plugproof::suite
