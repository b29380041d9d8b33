#include "cli/simulated_bench.hpp"

#include <map>

#include "certs/reproducible.hpp"
#include "cli/firmware_images.hpp"
#include "cli/version.hpp"
#include "engine/base/encoding.hpp"
#include "engine/link/memory.hpp"
#include "engine/run/bench_vault.hpp"
#include "engine/transfer/memory_files.hpp"
#include "simulator/charge_point.hpp"

namespace plugproof::cli {

using base::Value;

namespace {

// One way. Not zero: what is sent at the same instant must be told from what follows.
constexpr base::Nanos kLatency = std::chrono::milliseconds(1);
// How long a power cycle leaves the charge point without power.
constexpr base::Nanos kPowerOff = std::chrono::seconds(3);

// What the installer gave the simulated charge point, where the PIXIT says nothing else.
constexpr const char* kAuthorizationKey = "plugproof reference";

// The kinds of key with which the claimed cipher suites (C-12) can be spoken.
std::vector<certs::Family> families_of(const pics::Pics& pics) {
  const auto claimed = pics.lookup("C-12");
  bool rsa = false, ec = false;
  if (claimed && claimed->is_list())
    for (const auto& suite : claimed->as_list()) {
      const std::string name = suite.is_string() ? suite.as_string() : "";
      (name.find("ECDSA") == std::string::npos ? rsa : ec) = true;
    }
  if (!rsa) return {certs::Family::ec};
  if (!ec) return {certs::Family::rsa};
  return {certs::Family::ec, certs::Family::rsa};
}

// Keys and certificates of a simulated world: the same in all of them, since keys take time.
std::shared_ptr<const certs::BenchPki> reference_pki(const std::vector<certs::Family>& families) {
  static std::map<std::vector<certs::Family>, std::shared_ptr<const certs::BenchPki>> made;
  auto& pki = made[families];
  if (pki) return pki;
  const certs::ReproducibleRandom random(1);
  certs::BenchPki::Order order;
  order.hosts = {"memory"};
  order.now = base::VirtualClock::kDefaultStart;
  order.families = families;
  pki = std::make_shared<const certs::BenchPki>(certs::BenchPki::make(order));
  return pki;
}

// The charge point and the bench as they were set up together.
struct Setup {
  int profile = 0;
  std::string authorization_key;
  std::shared_ptr<const certs::BenchPki> pki;
};

Setup set_up(const pics::Pics& pics, const run::Pixit& pixit, const run::Resumption* resumption) {
  Setup setup;
  setup.profile = pixit.security.profile_or(suite::first_security_profile(pics));
  if (resumption && resumption->security_profile) setup.profile = *resumption->security_profile;
  if (suite::security_profiles_of(pics).empty()) return setup;
  setup.authorization_key = pixit.security.authorization_key.empty()
                                ? kAuthorizationKey
                                : pixit.security.authorization_key;
  setup.pki = reference_pki(families_of(pics));
  return setup;
}

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

  const Setup setup = set_up(pics, pixit, resumption.get());
  const certs::ReproducibleRandom random(file_options.seed);

  simulator::Options options;
  const std::string identity = pixit.identity.empty() ? "CP001" : pixit.identity;
  options.url = "ws://memory/" + identity;
  options.defects = settings.defects;
  options.variation_seed = settings.variation_seed;
  options.files = files.clients();
  options.security_profile = setup.profile;
  options.authorization_key = base::to_hex(setup.authorization_key);
  if (setup.pki) {
    options.central_system_roots = setup.pki->central_system_roots_pem();
    for (const auto family : setup.pki->families())
      options.manufacturer_roots += setup.pki->manufacturer_root(family).certificate().pem();
    if (setup.profile == 3) {
      // Its serial number, or what it goes by without one.
      const std::string& serial = pics.product().serial;
      const auto own = setup.pki->charge_point(setup.pki->families().front(),
                                               serial.empty() ? identity : serial.substr(0, 25));
      options.certificate = link::Credential{own.chain_pem(), own.key.pem()};
    }
  }
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
  std::optional<run::BenchVault> vault;
  if (setup.pki) {
    vault.emplace(
        run::BenchVault::Options{setup.authorization_key,
                                 setup.pki,
                                 pixit.security.tls13,
                                 run_settings.images,
                                 pixit.security.pss ? certs::Padding::pss : certs::Padding::pkcs1,
                                 {},
                                 {},
                                 [&clock] { return clock.utc(); }});
    run_settings.vault = &*vault;
    run_settings.security_profile = setup.profile;
    link.secure(vault->server({setup.profile}));
  }
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
