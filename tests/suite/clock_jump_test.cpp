// The wall clock of the machine is set while a run is under way: neither deadlines nor time stamps
// nor verdicts may change. The wall clock is read through clock_gettime, which this program
// replaces.
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <ctime>
#include <sstream>

#include "engine/base/event_loop.hpp"
#include "engine/base/json.hpp"
#include "engine/link/memory.hpp"
#include "engine/run/runner.hpp"
#include "simulator/charge_point.hpp"
#include "tests/suite/suite_bench.hpp"

namespace {
std::atomic<long> wall_offset{0};  // seconds
}

extern "C" int clock_gettime(clockid_t id, timespec* out) noexcept {
  const auto result = static_cast<int>(::syscall(SYS_clock_gettime, id, out));
  if (result == 0 && id == CLOCK_REALTIME) out->tv_sec += wall_offset.load();
  return result;
}

namespace plugproof::suite_tests {
namespace {

using base::Value;
using namespace std::chrono_literals;

constexpr long kDay = 86400;
constexpr const char* kPics = "pics/certified/CHQ-S-07SR.yaml";

class ClockJump : public testing::TestWithParam<long> {
 protected:
  ~ClockJump() override { wall_offset = 0; }
};

TEST_P(ClockJump, EventLoop__TimeAndTimersGoOn) {
  base::EventLoop loop;
  const auto utc = loop.utc();
  const auto wall = std::chrono::system_clock::now();
  wall_offset = GetParam();
  const auto jumped = std::chrono::system_clock::now() - wall;
  ASSERT_GT(std::chrono::abs(jumped), 23h) << "the wall clock of this test did not jump";
  bool fired = false;
  loop.after(20ms, [&] { fired = true; });
  EXPECT_TRUE(loop.run_until([&] { return fired; }, 60s));
  EXPECT_GE(loop.utc() - utc, 20ms);
  EXPECT_LT(loop.utc() - utc, 1h);
}

// Sets the wall clock when the first case is over.
class Jumper final : public run::RunObserver {
 public:
  explicit Jumper(long seconds) : seconds_(seconds) {}
  void on_case_done(const suite::TestCase&, const run::CaseResult&) override {
    wall_offset = seconds_;
  }

 private:
  long seconds_;
};

TEST_P(ClockJump, RunOnRealTime__SameVerdictsAndTimeStampsWithoutAJump) {
  const std::vector<std::string> only{"TC_021_CS", "TC_012_CS", "TC_031_CS"};
  base::Diagnostics diagnostics;
  const auto pics = pics::Pics::load(kPics, diagnostics);
  const auto pixit = run::Pixit::load("", *pics, diagnostics);
  base::EventLoop loop;
  link::MemoryLink link(loop, {1ms, 1 << 20});
  run::MemorySink sink;
  run::Journal journal(sink, loop.utc() - std::chrono::duration_cast<base::Micros>(loop.now()));
  simulator::Options options;
  options.url = "ws://memory/CP001";
  simulator::ChargePoint charge_point(loop, *pics, link.clients(), options);
  std::vector<std::unique_ptr<rig::Adapter>> adapters;
  adapters.push_back(std::make_unique<rig::FunctionAdapter>(
      "simulator", loop, [&](const std::string& action, const Value& arguments) {
        const auto result = charge_point.act(action, arguments);
        return rig::Result{
            result.done ? rig::Outcome::done : rig::Outcome::failed, result.reason, {}};
      }));
  rig::Rig rig(loop, std::move(adapters), 60s);
  Jumper jumper(GetParam());
  run::RunSettings settings;
  settings.edition = suite::default_edition(pics->generation());
  auto selection = suite::select(the_suite(), *pics, settings.edition, {only, {}, {}}, diagnostics);
  run::Runner runner(loop, link, journal, *pics, *pixit, the_suite(), std::move(selection), rig,
                     jumper, settings);
  bool done = false;
  runner.start([&] { done = true; });
  charge_point.power_on();
  ASSERT_TRUE(loop.run_until([&] { return done; }, 100s));
  EXPECT_EQ(wall_offset, GetParam());

  ASSERT_EQ(runner.results().size(), only.size());
  for (const auto& result : runner.results()) {
    EXPECT_EQ(result.verdict, run::Verdict::pass) << describe(result);
    EXPECT_TRUE(result.remarks.empty()) << describe(result);
  }
  // The time of day of every record lies as far from the run's clock as that of the first.
  std::istringstream lines(sink.text());
  std::optional<std::int64_t> apart;
  for (std::string line; std::getline(lines, line);) {
    const auto record = base::read_json(line).value;
    const auto utc = base::parse_utc(record->string_or("utc", ""));
    ASSERT_TRUE(utc) << line;
    const std::int64_t here = utc->count() - record->int_or("t", 0) / 1000;
    if (!apart) apart = here;
    EXPECT_NEAR(static_cast<double>(here - *apart), 0, 2) << line;
  }
}

INSTANTIATE_TEST_SUITE_P(ByADay, ClockJump, testing::Values(kDay, -kDay),
                         [](const auto& jump) { return jump.param > 0 ? "ahead" : "back"; });

}  // namespace
}  // namespace plugproof::suite_tests
