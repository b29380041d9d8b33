// How long the suite takes on virtual time, for each certified charger: wall and CPU seconds,
// virtual hours, frames, and microseconds of CPU for each frame.
//
//   plugproof_bench_suite [rounds]
#include <chrono>
#include <cstdlib>
#include <string>

#include "cli/simulated_bench.hpp"
#include "tests/bench/measure.hpp"

namespace {

using namespace plugproof;

std::size_t count_frames(const std::string& journal) {
  std::size_t frames = 0;
  for (const char* kind : {"\"kind\":\"in\"", "\"kind\":\"out\""})
    for (std::size_t at = journal.find(kind); at != std::string::npos;
         at = journal.find(kind, at + 1))
      ++frames;
  return frames;
}

void measure(const std::string& product, const suite::Suite& suite, int rounds) {
  base::Diagnostics diagnostics;
  const auto pics = pics::Pics::load("pics/certified/" + product + ".yaml", diagnostics);
  const auto pixit = run::Pixit::load("", *pics, diagnostics);
  cli::SimulatedRun settings;
  settings.edition = suite::default_edition(pics->generation());
  std::vector<double> wall, cpu;
  std::size_t frames = 0, cases = 0;
  double hours = 0;
  for (int i = 0; i < rounds; ++i) {
    const auto plan = suite::select(suite, *pics, settings.edition, {}, diagnostics);
    run::MemorySink sink;
    run::RunObserver observer;
    const auto started = std::chrono::steady_clock::now();
    const double cpu_before = bench::cpu_seconds();
    const auto outcome = cli::run_simulated(*pics, *pixit, suite, plan, settings, sink, observer);
    cpu.push_back(bench::cpu_seconds() - cpu_before);
    wall.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count());
    frames = count_frames(sink.text());
    cases = outcome.results.size();
    hours = base::to_seconds(outcome.virtual_time) / 3600;
  }
  const double best = bench::quantile(cpu, 0);
  std::printf("%-14s %6zu %9zu %10.2f %10.3f %10.3f %12.1f\n", product.c_str(), cases, frames,
              hours, bench::quantile(wall, 0.5), best, best * 1e6 / static_cast<double>(frames));
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(1, std::atoi(argv[1])) : 5;
  base::Diagnostics diagnostics;
  const auto suite = suite::Suite::load("testcases", diagnostics);
  if (!suite) {
    std::fputs(diagnostics.render().c_str(), stderr);
    return 2;
  }
  std::printf("%d rounds; wall: median, CPU: least\n", rounds);
  std::printf("%-14s %6s %9s %10s %10s %10s %12s\n", "charger", "cases", "frames", "virtual h",
              "wall s", "CPU s", "us CPU/frame");
  for (const char* product :
       {"CSC-14000B7", "EVSP007-1CHB", "TSCT-2007CP", "CHQ-S-07SR", "CSC-07A7-1"})
    measure(product, *suite, rounds);
  return 0;
}
