// A machine under load serves events late, after deadlines that lie behind them: then the order of
// times is not the order in which things were handled, and a replay has to keep the latter.
#include <gtest/gtest.h>

#include "engine/link/memory.hpp"
#include "engine/replay/by_case.hpp"
#include "engine/replay/exactly.hpp"
#include "engine/run/runner.hpp"
#include "simulator/charge_point.hpp"
#include "tests/suite/suite_bench.hpp"

namespace plugproof::suite_tests {
namespace {

using base::Nanos;
using base::Value;
using namespace std::chrono_literals;

constexpr const char* kPics = "pics/certified/CHQ-S-07SR.yaml";

// Passes events on in their order and with their times, but up to `most` later.
class LaggingLink final : public link::Link {
 public:
  LaggingLink(base::Clock& clock, link::Link& link, std::uint64_t seed, Nanos most)
      : clock_(clock), link_(link), random_(seed), most_(most) {}

  void on_event(Handler handler) override {
    link_.on_event([this, handler = std::move(handler)](const link::Event& event) {
      const Nanos lag(random_.between(0, most_.count()));
      last_ = std::max(last_, clock_.now() + lag);
      clock_.at(last_, [handler, event] { handler(event); });
    });
  }
  void on_handshake(link::AdmissionPolicy policy) override {
    link_.on_handshake(std::move(policy));
  }
  std::optional<Nanos> send(link::ConnectionId connection, std::string_view text) override {
    return link_.send(connection, text);
  }
  void ping(link::ConnectionId connection, std::string_view payload) override {
    link_.ping(connection, payload);
  }
  void close(link::ConnectionId connection, int code, std::string_view reason) override {
    link_.close(connection, code, reason);
  }
  void drop(link::ConnectionId connection) override { link_.drop(connection); }
  void reset(link::ConnectionId connection) override { link_.reset(connection); }
  void refuse_connections(bool refuse) override { link_.refuse_connections(refuse); }
  void stall_connections(bool stall) override { link_.stall_connections(stall); }
  void silence(link::ConnectionId connection, bool silent) override {
    link_.silence(connection, silent);
  }
  void secure(const link::ServerSecurity& security) override { link_.secure(security); }
  std::string url() const override { return link_.url(); }

 private:
  base::Clock& clock_;
  link::Link& link_;
  base::Random random_;
  Nanos most_;
  Nanos last_{0};
};

// The journal of a run on such a machine; it is interrupted at `until`.
std::string run_late(std::uint64_t seed, Nanos lag, Nanos until) {
  base::Diagnostics diagnostics;
  const auto pics = pics::Pics::load(kPics, diagnostics);
  const auto pixit = run::Pixit::load("", *pics, diagnostics);
  base::VirtualClock clock;
  link::MemoryLink memory(clock, {1ms, 1 << 20});
  LaggingLink link(clock, memory, seed, lag);
  run::MemorySink sink;
  run::Journal journal(sink, clock.utc());
  simulator::Options options;
  options.url = "ws://memory/CP001";
  options.variation_seed = seed;
  simulator::ChargePoint charge_point(clock, *pics, memory.clients(), options);
  std::vector<std::unique_ptr<rig::Adapter>> adapters;
  adapters.push_back(std::make_unique<rig::FunctionAdapter>(
      "simulator", clock, [&](const std::string& action, const Value& arguments) {
        const auto result = charge_point.act(action, arguments);
        return rig::Result{
            result.done ? rig::Outcome::done : rig::Outcome::failed, result.reason, {}};
      }));
  rig::Rig rig(clock, std::move(adapters), 60s);
  run::RunObserver silent;
  run::RunSettings settings;
  settings.name = "late";
  settings.seed = seed;
  settings.edition = suite::default_edition(pics->generation());
  auto selection = suite::select(the_suite(), *pics, settings.edition, {}, diagnostics);
  run::Runner runner(clock, link, journal, *pics, *pixit, the_suite(), std::move(selection), rig,
                     silent, settings);
  bool done = false;
  runner.start([&] { done = true; });
  charge_point.power_on();
  clock.after(until, [&] { runner.interrupt("that is enough"); });
  EXPECT_TRUE(clock.run_until([&] { return done; }));
  return sink.text();
}

class LateEvents : public testing::TestWithParam<std::uint64_t> {};

TEST_P(LateEvents, RunInterruptedSomewhere__SameBytes) {
  const auto seed = GetParam();
  const Nanos lag = std::chrono::seconds(1 + 2 * seed);
  const std::string journal = run_late(seed, lag, 7min * static_cast<std::int64_t>(seed));
  EXPECT_TRUE(seed < 3 || journal.find("\"handled\":") != std::string::npos);
  const auto recording = replay::Recording::read(journal, "journal.jsonl");
  const auto found = replay::replay_exactly(recording, the_suite());
  EXPECT_FALSE(found) << found->line << "\n" << found->recorded << "\n" << found->again;
  for (const auto& c : replay::judge_by_case(recording, the_suite(), recording.run().edition)) {
    // So slow a harness may seem to act earlier now; a verdict is the same or none.
    if (c.divergence) {
      EXPECT_NE(c.divergence->wanted.find(" earlier"), std::string::npos) << c.divergence->wanted;
      continue;
    }
    ASSERT_TRUE(c.again) << c.id << ": " << c.dropped;
    EXPECT_EQ(run::to_string(c.again->verdict), c.recorded) << c.id;
    EXPECT_EQ(c.again->reason, c.recorded_reason) << c.id;
  }
}

INSTANTIATE_TEST_SUITE_P(Rejudge, LateEvents, testing::Range<std::uint64_t>(1, 9));

// Cut off after any record: what is there comes out the same.
TEST(CutOff, AfterAnyRecord__SameBytes) {
  PlaySettings settings;
  settings.only = {"TC_003_CS", "TC_021_CS", "TC_039_CS", "TC_044_3_CS"};
  const std::string journal = play(kPics, settings).journal;
  std::size_t cut = 0, pieces = 0;
  for (int line = 1; (cut = journal.find('\n', cut)) != std::string::npos; ++line) {
    ++cut;
    if (line % 3 != 0) continue;
    ++pieces;
    // With half of the next record, as a power failure leaves it.
    const auto recording = replay::Recording::read(journal.substr(0, cut + 40), "journal.jsonl");
    EXPECT_EQ(recording.lines(), static_cast<std::size_t>(line));
    const auto found = replay::replay_exactly(recording, the_suite());
    EXPECT_FALSE(found) << found->line << "\n" << found->recorded << "\n" << found->again;
  }
  EXPECT_GT(pieces, 50u);
}

}  // namespace
}  // namespace plugproof::suite_tests
