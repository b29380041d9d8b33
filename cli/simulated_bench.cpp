#include "cli/simulated_bench.hpp"

#include "cli/firmware_images.hpp"
#include "cli/version.hpp"
#include "engine/link/memory.hpp"
#include "engine/transfer/memory_files.hpp"
#include "simulator/charge_point.hpp"

namespace plugproof::cli {

using base::Value;

namespace {

// One way. Not zero: what is sent at the same instant must be told from what follows.
constexpr base::Nanos kLatency = std::chrono::milliseconds(1);
// How long a power cycle leaves the charge point without power.
constexpr base::Nanos kPowerOff = std::chrono::seconds(3);

// From the last record of an attempt that was cut off to the first of the next.
constexpr base::Nanos kOutage = std::chrono::seconds(1);

std::shared_ptr<run::Resumption> in_a_new_world(
    const std::shared_ptr<const run::Resumption>& resumption) {
  if (!resumption) return nullptr;
  auto fresh = std::make_shared<run::Resumption>(*resumption);
  run::begin_in_a_new_world(*fresh);
  return fresh;
}

rig::Result act(base::Clock& clock, simulator::ChargePoint& charge_point, const std::string& action,
                const Value& arguments) {
  if (action == "power_cycle") {
    charge_point.power_off();
    clock.after(kPowerOff, [&charge_point] { charge_point.power_on(); });
    return {};
  }
  const auto result = charge_point.act(action, arguments);
  if (result.done) return {};
  return {rig::Outcome::unsupported, result.reason, {}};
}

}  // namespace

SimulatedOutcome run_simulated(const pics::Pics& pics, const run::Pixit& pixit,
                               const suite::Suite& suite, std::vector<suite::Selected> selection,
                               const SimulatedRun& settings, run::JournalSink& sink,
                               run::RunObserver& observer) {
  const std::shared_ptr<run::Resumption> resumption = in_a_new_world(settings.resumption);
  base::VirtualClock clock = resumption
                                 ? base::VirtualClock(resumption->start, resumption->last + kOutage)
                                 : base::VirtualClock();
  link::MemoryLink link(clock, {kLatency, 1 << 20});
  run::Journal journal(sink, resumption ? resumption->start : clock.utc(),
                       resumption ? resumption->end : run::JournalEnd{});
  transfer::MemoryFiles::Options file_options;
  file_options.seed = run::attempt_seed(settings.seed, resumption ? resumption->attempt : 1);
  file_options.keep = settings.keep_upload;
  transfer::MemoryFiles files(clock, file_options);

  simulator::Options options;
  options.url = "ws://memory/" + (pixit.identity.empty() ? std::string("CP001") : pixit.identity);
  options.defects = settings.defects;
  options.variation_seed = settings.variation_seed;
  options.files = files.clients();
  simulator::ChargePoint charge_point(clock, pics, link.clients(), options);

  std::vector<std::unique_ptr<rig::Adapter>> adapters;
  adapters.push_back(std::make_unique<rig::FunctionAdapter>(
      "simulator", clock, [&](const std::string& action, const Value& arguments) {
        return act(clock, charge_point, action, arguments);
      }));
  rig::Rig rig(clock, std::move(adapters), pixit.rig.timeout);

  run::RunSettings run_settings;
  run_settings.name = settings.name;
  run_settings.tool = kTool;
  run_settings.clock = "virtual";
  run_settings.dut_kind = "simulated";
  run_settings.edition = settings.edition;
  run_settings.seed = settings.seed;
  run_settings.isolate = settings.isolate;
  run_settings.suite_folder = settings.suite_folder;
  run_settings.resumption = resumption;
  run_settings.firmware_image = settings.firmware_image;
  run_settings.shard = settings.shard;
  run_settings.mask_key =
      run_settings.name;  // nothing is secret here, and the journal must come out the same
  run_settings.file_host = &files;
  run_settings.images = reference_images(pics);
  Value::List defects;
  for (const auto& defect : settings.defects) defects.emplace_back(defect);
  run_settings.simulator =
      Value::object({{"defects", Value(std::move(defects))},
                     {"variation_seed", static_cast<std::int64_t>(settings.variation_seed)}});

  run::Runner runner(clock, link, journal, pics, pixit, suite, std::move(selection), rig, observer,
                     run_settings);
  bool done = false;
  runner.start([&done] { done = true; });
  charge_point.power_on();
  if (!clock.run_until([&done] { return done; }))
    runner.interrupt("the simulated world came to a standstill");
  return {runner.results(), runner.exit_status(), charge_point.defect_hits(), clock.now()};
}

}  // namespace plugproof::cli
