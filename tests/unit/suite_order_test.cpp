#include "engine/suite/order.hpp"

#include "suite_folder.hpp"

namespace plugproof::suite {
namespace {

constexpr const char* kBusy = "  state:\n    - {state: Busy}\n";
constexpr const char* kRefused =
    "  - send: RemoteStopTransaction\n    payload: {transactionId: 9}\n    result: {status: "
    "Rejected}\n";
constexpr const char* kActs = "  - send: ClearCache\n    result: {status: Accepted}\n";

class CaseOrder : public testing::Test {
 protected:
  CaseOrder() {
    const std::string holds = "holds: status[1] == 'Charging'\n";
    state("Busy", "reusable", holds);
    state("Vague", "reusable", "");
    state("Sticky", "reusable", holds + "leave:\n  - send: ClearCache\n");
    state("Memory", "memory", holds);
  }
  void state(const std::string& name, const std::string& kind, const std::string& more) {
    folder_.write("states/" + name + ".yaml", "name: " + name + "\nkind: " + kind +
                                                  "\npurpose: P.\nparams: {n: 1}\n" + more +
                                                  "steps:\n  - send: ClearCache\n");
  }
  void add(const std::string& id, const std::string& before, const std::string& scenario) {
    folder_.add_case(id, (before.empty() ? "" : "before:\n" + before) + "scenario:\n" + scenario);
  }
  const Suite& suite() {
    if (!suite_) suite_ = folder_.load(diagnostics_);
    EXPECT_TRUE(suite_) << diagnostics_.render();
    return *suite_;
  }
  // What the case takes over, and what it leaves: "Busy>Busy", "->Busy", "Busy>-".
  std::string sharing(const std::string& id) {
    const Sharing sharing = sharing_of(*suite().find_case(id), suite());
    return (sharing.start ? sharing.start->name : "-") + ">" +
           (sharing.kept ? sharing.kept->name : "-");
  }
  std::string order() {
    base::Diagnostics none;
    const auto pics = pics::Pics::load("pics/certified/CSC-07A7-1.yaml", none);
    auto selection = select(suite(), *pics, "2025-11", {}, none);
    order_for_sharing(selection, suite());
    std::string ids;
    for (const auto& s : selection) ids += (ids.empty() ? "" : " ") + s.entry->id.substr(2);
    return ids;
  }

  SuiteFolder folder_;
  base::Diagnostics diagnostics_;
  std::optional<Suite> suite_;
};

TEST_F(CaseOrder, Scenarios__KeepOrUseUpTheState) {
  const std::pair<const char*, bool> scenarios[] = {
      {kRefused, true},
      {kActs, false},
      {"  - send: GetConfiguration\n    result: {'unknownKey': {absent: true}}\n", true},
      {"  - send: TriggerMessage\n    payload: {requestedMessage: Heartbeat}\n    result: {status: "
       "[NotImplemented, Rejected]}\n",
       true},
      {"  - send: UnlockConnector\n    payload: {connectorId: 1}\n    result: {status: "
       "[NotSupported, Unlocked]}\n",
       false},
      {"  - send: UnlockConnector\n    payload: {connectorId: 1}\n    result: {status: "
       "UnlockFailed}\n",
       false},
      {"  - send: Reset\n    payload: {type: Hard}\n", false},
      {"  - send: Reset\n    payload: {type: Hard}\n    error: [NotSupported]\n", true},
      {"  - send: Reset\n    payload: {type: Hard}\n    or_error: true\n", false},
      {"  - receive: Heartbeat\n", true},
      {"  - receive: Heartbeat\n    no_reply: true\n", false},
      {"  - receive: Authorize\n    reply: {idTagInfo: {status: Invalid}}\n", false},
      {"  - never: StartTransaction\n    for: 1\n  - wait: 1\n", true},
      {"  - rig: plug_out\n    with: {connector: 1}\n", false},
      {"  - link: drop\n", false},
      {"  - configure: {HeartbeatInterval: '5'}\n", false},
      {"  - if: 1 == 1\n    then:\n      - never: Heartbeat\n        for: 1\n    else:\n      - "
       "send: "
       "ClearCache\n",
       false},
  };
  int number = 0;
  for (const auto& [scenario, keeps] : scenarios)
    add("T_" + std::to_string(++number), kBusy, scenario);
  number = 0;
  for (const auto& [scenario, keeps] : scenarios)
    EXPECT_EQ(sharing("T_" + std::to_string(++number)), keeps ? "Busy>Busy" : "Busy>-") << scenario;
}

TEST_F(CaseOrder, Preparations__OnlyOneRecognisableState) {
  add("T_1", "  state:\n    - {state: Vague}\n", kRefused);
  add("T_2", "  state:\n    - {state: Sticky}\n", kRefused);
  add("T_3", "  state:\n    - {state: Busy}\n    - {state: Vague}\n", kRefused);
  add("T_4", std::string("  memory:\n    - {state: Memory}\n") + kBusy, kRefused);
  add("T_5", "", std::string("  - state: Busy\n") + kRefused);
  add("T_6", "", std::string("  - state: Busy\n") + kActs);
  add("T_7", "", std::string(kRefused) + "  - state: Busy\n");
  add("T_8", "", "  - state: Vague\n");
  add("T_9", "", "  - state: Busy\n    when: 1 == 1\n");
  for (const char* id : {"T_1", "T_2", "T_3", "T_4", "T_6", "T_7", "T_8", "T_9"})
    EXPECT_EQ(sharing(id), "->-") << id;
  EXPECT_EQ(sharing("T_5"), "->Busy");
}

TEST_F(CaseOrder, EqualPreparations__MakerKeepersThenOneUser) {
  add("T_1", kBusy, kActs);
  add("T_2", "", kActs);
  add("T_3", kBusy, kRefused);
  add("T_4", "", "  - state: Busy\n");
  add("T_5", kBusy, kActs);
  add("T_6", kBusy, kRefused);
  EXPECT_EQ(order(), "4 3 6 1 2 5");
}

TEST_F(CaseOrder, OtherArgumentsOrConfiguration__NotBroughtTogether) {
  add("T_1", kBusy, kActs);
  add("T_2", "", kActs);
  add("T_3", "  state:\n    - {state: Busy, with: {n: 2}}\n", kRefused);
  add("T_4", std::string("  configuration: {HeartbeatInterval: '5'}\n") + kBusy, kRefused);
  EXPECT_EQ(order(), "1 2 3 4");
}

TEST_F(CaseOrder, NobodyKeepsTheState__OrderOfTheProgramme) {
  add("T_1", kBusy, kActs);
  add("T_2", "", kActs);
  add("T_3", kBusy, kActs);
  EXPECT_EQ(order(), "1 2 3");
}

TEST(OrderForSecurity, Profiles__RunUpwardsAndWhatRaisesThemRunsLast) {
  SuiteFolder folder;
  const std::string scenario = std::string("scenario:\n") + kActs;
  const std::pair<const char*, const char*> cases[] = {
      {"T_1", "security: {from: 3, to: 3}\n"},
      {"T_2", "security: {from: 1, to: 2, raises: true}\n"},
      {"T_3", ""},
      {"T_4", "security: {from: 2, to: 3}\n"},
      {"T_5", "security: {from: 1, to: 2}\n"}};
  for (const auto& [id, security] : cases) folder.add_case(id, security + scenario);
  base::Diagnostics diagnostics;
  const auto suite = folder.load(diagnostics);
  ASSERT_TRUE(suite) << diagnostics.render();
  const auto order = [&](int first) {
    base::Diagnostics none;
    const auto pics = pics::Pics::load("pics/certified/CSC-07A7-1.yaml", none);
    auto selection = select(*suite, *pics, "2025-11", {}, none);
    order_for_security(selection, first);
    std::string ids;
    for (const auto& s : selection) ids += s.entry->id.substr(2);
    return ids;
  };
  EXPECT_EQ(order(1), "35241");
  EXPECT_EQ(order(2), "34521");
  EXPECT_EQ(order(3), "13452");
}

}  // namespace
}  // namespace plugproof::suite
