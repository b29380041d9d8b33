// Whatever a charge point sends: every case ends with a verdict and a reason, nothing crashes,
// hangs or grows without bound, and the journal stays sound.
#include <gtest/gtest.h>

#include "engine/run/runner.hpp"
#include "fuzzing_dut.hpp"

namespace plugproof::hostile {
namespace {

using namespace std::chrono_literals;

// Counts instead of keeping: a journal in memory would be the largest thing here.
class CountingSink final : public run::JournalSink {
 public:
  void append(std::string_view line) override {
    ++lines;
    if (line.find(R"("kind":"in")") != std::string_view::npos) ++frames;
    if (line.find(R"("kind":"finding")") != std::string_view::npos &&
        line.find(R"("monitor":"flood")") != std::string_view::npos)
      ++floods;
    EXPECT_EQ(line.back(), '\n');
    if (lines % 50 != 0) return;
    EXPECT_TRUE(base::read_json(line.substr(0, line.size() - 1)).value) << line.substr(0, 300);
  }
  void sync() override {}

  std::size_t lines = 0, frames = 0, floods = 0;
};

struct Outcome {
  std::vector<run::CaseResult> results;
  std::size_t selected = 0;
  bool ended = false;
};

class Hostile : public testing::Test {
 protected:
  Hostile() {
    pics_ = pics::Pics::load("pics/certified/CSC-07A7-1.yaml", diagnostics_);
    suite_ = suite::Suite::load("testcases", diagnostics_);
    EXPECT_TRUE(pics_ && suite_) << diagnostics_.render();
  }

  // Runs `count` cases of the suite, beginning with the `from`-th that is selected.
  Outcome run(FuzzingDut& dut, base::VirtualClock& clock, link::MemoryLink& link, std::size_t from,
              std::size_t count) {
    const auto pixit = run::Pixit::load("", *pics_, diagnostics_);
    auto selection = suite::select(*suite_, *pics_, "2025-11", {}, diagnostics_);
    Outcome outcome;
    std::size_t seen = 0;
    for (auto& s : selection) {
      if (s.decision != suite::Decision::selected && s.decision != suite::Decision::undecided)
        continue;
      if (s.decision == suite::Decision::undecided || seen++ < from || outcome.selected == count)
        s.decision = suite::Decision::skipped;
      else
        ++outcome.selected;
    }
    std::vector<std::unique_ptr<rig::Adapter>> adapters;
    adapters.push_back(std::make_unique<rig::FunctionAdapter>(
        "yes", clock, [](const std::string&, const Value&) { return rig::Result{}; }));
    rig::Rig rig(clock, std::move(adapters), 30s);
    run::Journal journal(sink_, clock.utc());
    run::RunObserver observer;
    run::RunSettings settings;
    settings.edition = "2025-11";
    run::Runner runner(clock, link, journal, *pics_, *pixit, *suite_, std::move(selection), rig,
                       observer, settings);
    runner.start([] {});
    dut.begin();
    // Enough for hours of waiting; a case that waits for ever would go past it.
    for (std::size_t step = 0; step < 5'000'000 && !runner.finished(); ++step)
      if (!clock.step()) break;
    outcome.ended = runner.finished();
    outcome.results = runner.results();
    return outcome;
  }
  static void expect_sound(const Outcome& outcome, const std::string& what) {
    EXPECT_TRUE(outcome.ended) << what;
    EXPECT_EQ(outcome.results.size(), outcome.selected) << what;
    for (const auto& result : outcome.results) {
      EXPECT_FALSE(result.reason.empty()) << what << " " << result.id;
      EXPECT_NE(result.verdict, run::Verdict::error)
          << what << " " << result.id << ": " << result.reason;
      EXPECT_LE(result.failures.size(), run::Recorder::kMaxFailures + 2) << what;
      EXPECT_LE(result.remarks.size(), run::Recorder::kMaxRemarks) << what;
    }
  }

  base::Diagnostics diagnostics_;
  std::optional<pics::Pics> pics_;
  std::optional<suite::Suite> suite_;
  CountingSink sink_;
};

TEST_F(Hostile, RandomRubbish__EveryCaseGetsAVerdict) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    base::VirtualClock clock;
    link::MemoryLink link(clock, {1ms, 1 << 20});
    FuzzingDut dut(clock, link, seed);
    expect_sound(run(dut, clock, link, seed % 20, 4), "seed " + std::to_string(seed));
  }
}

struct Flood {
  const char* name;
  std::function<std::string(std::size_t)> text;
};

TEST_F(Hostile, HundredThousandMessages__ConnectionDroppedWithAFinding) {
  const Flood floods[] = {
      {"requests",
       [](std::size_t i) { return "[2,\"f" + std::to_string(i) + "\",\"Heartbeat\",{}]"; }},
      {"statuses",
       [](std::size_t i) {
         return "[2,\"f" + std::to_string(i) + R"(","StatusNotification",{"connectorId":)" +
                std::to_string(i) + R"(,"errorCode":"NoError","status":"Charging"}])";
       }},
      {"transactions",
       [](std::size_t i) {
         return "[2,\"f" + std::to_string(i) +
                R"(","StartTransaction",{"connectorId":1,"idTag":"X","meterStart":0,"timestamp":"2026-01-01T00:00:00Z"}])";
       }},
      {"answers", [](std::size_t i) { return "[3,\"f" + std::to_string(i) + "\",{}]"; }},
      {"rubbish", [](std::size_t i) { return "{" + std::to_string(i); }},
      {"repeated ids", [](std::size_t) { return std::string(R"([2,"same","Heartbeat",{}])"); }},
  };
  for (const auto& flood : floods) {
    base::VirtualClock clock;
    link::MemoryLink link(clock, {1ms, 1 << 20});
    FuzzingDut dut(clock, link, 1);
    dut.floods_left = 2;
    dut.flood_text = flood.text;
    const std::size_t frames_before = sink_.frames, floods_before = sink_.floods;
    expect_sound(run(dut, clock, link, 0, 2), flood.name);
    EXPECT_GE(sink_.floods - floods_before, 1u) << flood.name;
    EXPECT_LE(sink_.frames - frames_before, 8 * run::Session::kMaxMessages) << flood.name;
  }
}

TEST_F(Hostile, MegabytesInEveryMessage__ConnectionDroppedWithAFinding) {
  base::VirtualClock clock;
  link::MemoryLink link(clock, {1ms, 1 << 20});
  FuzzingDut dut(clock, link, 2);
  dut.floods_left = 1;
  dut.flood_messages = 60;
  dut.flood_text = [](std::size_t i) {
    return "[2,\"f" + std::to_string(i) + R"(","DataTransfer",{"vendorId":"v","data":")" +
           std::string(1'000'000, 'x') + "\"}]";
  };
  expect_sound(run(dut, clock, link, 0, 1), "megabytes");
  EXPECT_GE(sink_.floods, 1u);
}

TEST_F(Hostile, HundredThousandConnections__EveryCaseGetsAVerdict) {
  base::VirtualClock clock;
  link::MemoryLink link(clock, {1ms, 1 << 20});
  FuzzingDut dut(clock, link, 3);
  std::vector<std::unique_ptr<link::Client>> clients;
  int left = 100'000;
  std::function<void()> churn = [&] {
    if (--left < 0) return;
    clients.push_back(link.make_client());
    clients.back()->connect({"ws://memory/CP001", {"ocpp1.6"}, std::nullopt});
    if (clients.size() > 3) clients.erase(clients.begin());
    clock.after(3ms, churn);
  };
  clock.after(1s, churn);
  expect_sound(run(dut, clock, link, 0, 2), "connections");
}

}  // namespace
}  // namespace plugproof::hostile
