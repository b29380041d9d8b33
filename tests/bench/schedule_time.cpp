// What composite schedules cost: computing one from installed profiles, and comparing an answer of
// many periods with it, in microseconds of CPU.
//
//   plugproof_bench_schedule [rounds]
#include <cstdlib>

#include "engine/schedule/comparison.hpp"
#include "tests/bench/measure.hpp"

namespace {

using namespace plugproof;
using schedule::Kind;
using schedule::Profile;
using schedule::Purpose;

constexpr std::int64_t kStart = 1767225600;  // 2026-01-01T00:00:00Z

Profile profile(Purpose purpose, std::int64_t level, std::int64_t periods) {
  Profile out;
  out.purpose = purpose;
  out.connector = purpose == Purpose::charge_point_max ? 0 : 1;
  out.stack_level = level;
  out.kind = Kind::recurring;
  out.recurrence = schedule::seconds(86400);
  out.start = schedule::seconds(kStart - 86400 + level * 7);
  out.duration = 80000 - 3000 * level;
  for (std::int64_t i = 0; i < periods; ++i)
    out.periods.push_back({i * 60, 6.0 + static_cast<double>((i * 7 + level) % 26), 3});
  return out;
}

template <typename Work>
double microseconds(int rounds, const Work& work) {
  std::vector<double> samples;
  for (int i = 0; i < rounds; ++i) {
    const double before = bench::cpu_seconds();
    work();
    samples.push_back((bench::cpu_seconds() - before) * 1e6);
  }
  return bench::quantile(samples, 0.5);
}

void measure(int rounds, std::int64_t levels, std::int64_t periods, std::int64_t days) {
  std::vector<Profile> profiles{profile(Purpose::charge_point_max, 0, periods)};
  for (std::int64_t level = 0; level < levels; ++level)
    profiles.push_back(profile(Purpose::tx_default, level, periods));
  schedule::Question question;
  question.from = schedule::seconds(kStart);
  question.length = schedule::seconds(days * 86400);
  question.margin = schedule::seconds(5);
  schedule::Expected expected;
  expected.length = static_cast<double>(days * 86400);
  expected.deviation = 5;
  const double computing =
      microseconds(rounds, [&] { expected.pieces = composite(profiles, question, {}); });

  // The right answer, and a hostile one: a period a second, up and down.
  schedule::Reported right, comb;
  for (const auto& piece : expected.pieces)
    right.periods.push_back({std::max(0.0, piece.start), piece.limit.value_or(32)});
  for (int second = 0; second < 30000; ++second)
    comb.periods.push_back({static_cast<double>(second), second % 2 == 0 ? 6.0 : 7.0});
  const double comparing = microseconds(rounds, [&] { (void)difference(expected, right); });
  const double refusing = microseconds(rounds, [&] { (void)difference(expected, comb); });
  std::printf("%8zu %8lld %6lld %8zu %12.0f %12.0f %12.0f\n", profiles.size(),
              static_cast<long long>(periods), static_cast<long long>(days), expected.pieces.size(),
              computing, comparing, refusing);
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 21;
  std::printf("median of %d rounds, us of CPU; refuse: an answer of 30,000 periods\n", rounds);
  std::printf("%8s %8s %6s %8s %12s %12s %12s\n", "profiles", "periods", "days", "pieces",
              "compute", "compare", "refuse");
  measure(rounds, 2, 5, 1);
  measure(rounds, 5, 24, 7);
  measure(rounds, 10, 100, 30);
  measure(rounds, 20, 100, 365);
  return 0;
}
