// What a hostile charge point sent is in the journal as it was judged: rubbish too is judged again.
#include <gtest/gtest.h>

#include "engine/replay/by_case.hpp"
#include "engine/replay/exactly.hpp"
#include "engine/run/runner.hpp"
#include "tests/hostile/fuzzing_dut.hpp"
#include "tests/suite/suite_bench.hpp"

namespace plugproof::suite_tests {
namespace {

using namespace std::chrono_literals;

std::string run_against_rubbish(std::uint64_t seed) {
  base::Diagnostics diagnostics;
  const auto pics = pics::Pics::load("pics/certified/CSC-07A7-1.yaml", diagnostics);
  const auto pixit = run::Pixit::load("", *pics, diagnostics);
  base::VirtualClock clock;
  link::MemoryLink link(clock, {1ms, 1 << 20});
  hostile::FuzzingDut dut(clock, link, seed);
  std::vector<std::unique_ptr<rig::Adapter>> adapters;
  adapters.push_back(std::make_unique<rig::FunctionAdapter>(
      "some", clock, [n = seed](const std::string&, const base::Value&) mutable {
        return ++n % 5 != 0 ? rig::Result{}
                            : rig::Result{rig::Outcome::failed, "the arm is stuck", {}};
      }));
  rig::Rig rig(clock, std::move(adapters), 30s);
  run::MemorySink sink;
  run::Journal journal(sink, clock.utc());
  run::RunObserver silent;
  run::RunSettings settings;
  settings.name = "rubbish";
  settings.seed = seed;
  settings.edition = "2025-11";
  const std::vector<std::string> only{"TC_003_CS", "TC_012_CS", "TC_021_CS", "TC_031_CS",
                                      "TC_044_1_CS"};
  auto selection = suite::select(the_suite(), *pics, settings.edition, {only, {}, {}}, diagnostics);
  run::Runner runner(clock, link, journal, *pics, *pixit, the_suite(), std::move(selection), rig,
                     silent, settings);
  bool done = false;
  runner.start([&] { done = true; });
  dut.begin();
  EXPECT_TRUE(clock.run_until([&] { return done; }));
  return sink.text();
}

TEST(Rubbish, RunAgainstIt__SameBytesAndSameVerdicts) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const auto recording = replay::Recording::read(run_against_rubbish(seed), "journal.jsonl");
    const auto found = replay::replay_exactly(recording, the_suite());
    EXPECT_FALSE(found) << seed << ": " << found->line << "\n"
                        << found->recorded << "\n"
                        << found->again;
    for (const auto& c : replay::judge_by_case(recording, the_suite(), recording.run().edition)) {
      ASSERT_TRUE(c.again) << seed << " " << c.id << ": "
                           << (c.divergence ? c.divergence->recorded + " | " + c.divergence->wanted
                                            : c.dropped);
      EXPECT_EQ(run::to_string(c.again->verdict), c.recorded) << seed << " " << c.id;
      EXPECT_EQ(c.again->reason, c.recorded_reason) << seed << " " << c.id;
    }
  }
}

}  // namespace
}  // namespace plugproof::suite_tests
