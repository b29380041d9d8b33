#include <algorithm>
#include <set>

#include "simulator_tour.hpp"

namespace plugproof::simulator {
namespace {

// The transitions of the table in OCPP 1.6 section 4.9; from one status to the ones it may go to.
bool is_legal(const std::string& from, const std::string& to) {
  static const std::map<std::string, std::set<std::string>> kTable{
      {"Available",
       {"Preparing", "Charging", "SuspendedEV", "SuspendedEVSE", "Reserved", "Unavailable",
        "Faulted"}},
      {"Preparing",
       {"Available", "Charging", "SuspendedEV", "SuspendedEVSE", "Finishing", "Faulted"}},
      {"Charging",
       {"Available", "SuspendedEV", "SuspendedEVSE", "Finishing", "Unavailable", "Faulted"}},
      {"SuspendedEV",
       {"Available", "Charging", "SuspendedEVSE", "Finishing", "Unavailable", "Faulted"}},
      {"SuspendedEVSE",
       {"Available", "Charging", "SuspendedEV", "Finishing", "Unavailable", "Faulted"}},
      {"Finishing", {"Available", "Preparing", "Unavailable", "Faulted"}},
      {"Unavailable",
       {"Available", "Preparing", "Charging", "SuspendedEV", "SuspendedEVSE", "Faulted"}},
      {"Reserved", {"Available", "Preparing", "Unavailable", "Faulted"}},
      {"Faulted",
       {"Available", "Preparing", "Charging", "SuspendedEV", "SuspendedEVSE", "Finishing",
        "Reserved", "Unavailable"}}};
  return kTable.at(from).contains(to);
}

// Every illegal transition between two boots, in words.
std::vector<std::string> illegal_transitions(const Bench& bench) {
  std::vector<std::string> out;
  std::map<std::int64_t, std::string> now;
  for (const auto& seen : bench.seen()) {
    if (seen.frame.action == "BootNotification") now.clear();
    if (seen.frame.action != "StatusNotification") continue;
    const auto connector = seen.frame.payload.int_or("connectorId", -1);
    const std::string status = seen.frame.payload.string_or("status", "");
    std::string& before = now[connector];
    if (!before.empty() && before != status && !is_legal(before, status))
      out.push_back(before + " to " + status);
    before = status;
  }
  return out;
}

TEST(Variations, TwoHundredSeeds__ValidMessagesAndLegalTransitions) {
  std::set<std::string> first_messages;
  for (std::uint64_t seed = 0; seed <= 200; ++seed) {
    const bool socket = seed % 2 == 0;
    Bench bench(socket ? pics_of(k2024All, detachable()) : pics_of(k2024All), {}, seed);
    bench.settle = 12s;
    tour(bench);
    ASSERT_TRUE(bench.problems().empty()) << "seed " << seed << ": " << bench.problems().front();
    const auto illegal = illegal_transitions(bench);
    ASSERT_TRUE(illegal.empty()) << "seed " << seed << ": " << illegal.front();
    first_messages.insert(bench.raw().front());
  }
  EXPECT_GT(first_messages.size(), 50u);
}

TEST(Variations, SameSeed__SameBytes) {
  std::vector<std::string> texts[2];
  for (auto& text : texts) {
    Bench bench(pics_of(k2024All), {}, 77);
    tour(bench);
    text = bench.raw();
  }
  EXPECT_EQ(texts[0], texts[1]);
}

TEST(Variations, Delays__AnswersWithinTheVendorsMaximum) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Bench bench(pics_of(k2025), {}, seed);
    bench.charge_point().power_on();
    bench.pass(200s);
    const auto asked = bench.clock().now();
    ASSERT_NE(bench.ask("GetConfiguration", R"({"key":["ResetRetries"]})"), Value());
    EXPECT_LT(bench.clock().now() - asked - bench.settle, 36s);
  }
}

TEST(Variations, PowerCycleInATransaction__EndedOrGoesOnUntilTheDriverStops) {
  std::set<std::string> ways;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Bench bench(pics_of(k2024All, detachable()), {}, seed);
    bench.settle = 20s;
    bench.boot();
    bench.act("plug_in");
    bench.act("present_id", R"({"id_tag":"TAG"})");
    bench.pass(200s);
    bench.forget();
    bench.act("power_cycle");
    bench.pass(200s);
    const bool ended = bench.count("StopTransaction:PowerLoss") == 1;
    EXPECT_EQ(ended, bench.count("StatusNotification:Charging") == 0) << "seed " << seed;
    EXPECT_EQ(ended, bench.count("MeterValues") == 0) << "seed " << seed;
    if (!ended) bench.act("present_id", R"({"id_tag":"TAG"})");
    bench.pass(20s);
    EXPECT_EQ(bench.count("StopTransaction"), 1) << "seed " << seed;
    EXPECT_EQ(bench.last("StopTransaction")->int_or("transactionId", 0), bench.transaction_id());
    ways.insert(ended ? "ended" : "went on");
    ASSERT_TRUE(bench.problems().empty()) << "seed " << seed << ": " << bench.problems().front();
  }
  EXPECT_EQ(ways.size(), 2u);
}

TEST(Variations, TransactionOffline__EveryValueInOrderHoweverItIsTold) {
  std::set<std::string> ways;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Bench bench(pics_of(k2024All, detachable()), {}, seed);
    bench.settle = 20s;
    bench.boot().forget();
    bench.act("network", R"({"on":false})");
    bench.act("plug_in");
    bench.act("present_id", R"({"id_tag":"TAG"})");
    bench.pass(400s);
    bench.act("present_id", R"({"id_tag":"TAG"})");
    bench.act("network", R"({"on":true})");
    bench.pass(60s);
    std::vector<std::string> times;
    for (const auto& seen : bench.seen()) {
      const Value& payload = seen.frame.payload;
      if (seen.frame.action == "MeterValues") {
        for (const auto& value : payload.find("meterValue")->as_list())
          times.push_back(value.string_or("timestamp", ""));
      } else if (seen.frame.action == "StartTransaction" ||
                 seen.frame.action == "StopTransaction") {
        times.push_back(payload.string_or("timestamp", ""));
      }
    }
    EXPECT_GE(times.size(), 7u) << "seed " << seed;  // one a minute, start and stop
    EXPECT_TRUE(std::is_sorted(times.begin(), times.end())) << "seed " << seed;
    ways.insert(bench.count("MeterValues") == 1 ? "one request for all" : "one a value");
    if (bench.count("BootNotification") > 0) ways.insert("registers again");
    ways.insert(bench.count("StatusNotification:Charging") > 0 ? "all statuses" : "last status");
    ways.insert(bench.seen().front().frame.action == "StartTransaction" ? "queue first"
                                                                        : "something before");
    ASSERT_TRUE(bench.problems().empty()) << "seed " << seed << ": " << bench.problems().front();
  }
  EXPECT_EQ(ways.size(), 7u);
}

}  // namespace
}  // namespace plugproof::simulator
