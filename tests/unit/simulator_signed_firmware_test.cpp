// Signed firmware updates of the reference charge point (security whitepaper, use case L01).
#include <algorithm>

#include "certs/bad_certificate.hpp"
#include "engine/base/encoding.hpp"
#include "simulator_tour.hpp"

namespace plugproof::simulator {
namespace {

using certs::Bad;
using certs::Family;

constexpr const char* kStatus = "SignedFirmwareStatusNotification";

Options options_of(std::vector<std::string> defects = {}, std::uint64_t seed = 0) {
  Options options;
  options.defects = std::move(defects);
  options.variation_seed = seed;
  options.manufacturer_roots = bench_pki().manufacturer_root(Family::ec).certificate().pem();
  return options;
}

struct Updated : Bench {
  explicit Updated(std::vector<std::string> defects = {}, std::uint64_t seed = 0)
      : Updated(options_of(std::move(defects), seed)) {}
  explicit Updated(const Options& options, const char* pics = k2024All)
      : Bench(options, pics_of(pics)) {
    boot().forget();
    settle = 0s;
  }
  std::string update(const std::string& location, const std::string& image, int id = 7,
                     const base::Value& more = Value(Value::Object{})) {
    return status_of("SignedUpdateFirmware", signed_request(location, image, id, more));
  }
  // What was told of signed updates, in order.
  Words told() const {
    Words out;
    for (const auto& one : seen())
      if (one.frame.action == kStatus) out.push_back(one.frame.payload.string_or("status", ""));
    return out;
  }
  std::set<std::int64_t> ids() const {
    std::set<std::int64_t> out;
    for (const auto& one : seen())
      if (one.frame.action == kStatus) out.insert(one.frame.payload.int_or("requestId", -1));
    return out;
  }
  int events(const std::string& type) const {
    return static_cast<int>(std::count_if(seen().begin(), seen().end(), [&](const Seen& one) {
      return one.frame.payload.string_or("type", "") == type;
    }));
  }
  // What a trigger brings.
  Value triggered() {
    forget();
    ask("ExtendedTriggerMessage", R"({"requestedMessage":"FirmwareStatusNotification"})");
    pass(2s);
    return last(kStatus) ? *last(kStatus) : Value();
  }
  std::string version() const {
    const Value* boot = last("BootNotification");
    return boot ? boot->string_or("firmwareVersion", "") : "";
  }
};

const std::string& image() {
  static const std::string made = make_firmware_image("2.0", 5000);
  return made;
}

const Words kWhole{"Downloading", "Downloaded", "SignatureVerified", "Installing", "Installed"};

TEST(SignedFirmware, Good__EveryStatusWithItsRequestId) {
  Updated bench;
  EXPECT_EQ(bench.update(bench.offer(image()), image()), "Accepted");
  bench.pass(300s);
  EXPECT_EQ(bench.told(), kWhole);
  EXPECT_EQ(bench.ids(), std::set<std::int64_t>{7});
  EXPECT_EQ(bench.version(), "2.0");
  EXPECT_EQ(bench.events("FirmwareUpdated"), 1);
  EXPECT_EQ(bench.count("FirmwareStatusNotification"), 0);
  EXPECT_TRUE(bench.problems().empty());
}

TEST(SignedFirmware, Variations__InstalledInEveryOne) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Updated bench({}, seed);
    EXPECT_EQ(bench.update(bench.offer(image()), image()), "Accepted") << seed;
    bench.pass(900s);
    Words told = bench.told();
    seen.insert(told.begin(), told.end());
    for (const char* optional : {"DownloadScheduled", "Downloading", "InstallRebooting"})
      std::erase(told, optional);
    EXPECT_EQ(told, (Words{"Downloaded", "SignatureVerified", "Installing", "Installed"})) << seed;
    ASSERT_TRUE(bench.problems().empty()) << bench.problems().front();
  }
  EXPECT_TRUE(seen.contains("DownloadScheduled"));
  EXPECT_TRUE(seen.contains("InstallRebooting"));
}

TEST(SignedFirmware, RsaSignatures__BothPaddingsHold) {
  const base::Micros day = std::chrono::hours(24);
  const auto& maker = bench_pki().manufacturer_root(Family::ec);
  const auto key = certs::PrivateKey::make(certs::KeyKind::rsa_2048);
  const auto certificate = maker.issue(
      key,
      {"Signer", "Maker", {}, certs::Usage::firmware, pki_time() - day, pki_time() + 400 * day});
  for (const auto padding : {certs::Padding::pkcs1, certs::Padding::pss}) {
    Updated bench;
    EXPECT_EQ(bench.update(bench.offer(image()), image(), 7,
                           Value::object({{"signature", base::base64(key.sign(image(), padding))},
                                          {"signingCertificate", certificate.pem()}})),
              "Accepted");
    bench.pass(300s);
    EXPECT_EQ(bench.told(), kWhole);
  }
}

TEST(SignedFirmware, WrongOrNoSignature__InvalidSignatureWithEventAndNothingInstalled) {
  for (const std::string& signature :
       {base::base64("no signature"), std::string(), std::string("!"),
        base::base64(bench_pki().firmware_signer(Family::ec).key.sign("another image"))}) {
    Updated bench;
    EXPECT_EQ(
        bench.update(bench.offer(image()), image(), 7, Value::object({{"signature", signature}})),
        "Accepted");
    bench.pass(300s);
    EXPECT_EQ(bench.told(), (Words{"Downloading", "Downloaded", "InvalidSignature"}));
    EXPECT_EQ(bench.events("InvalidFirmwareSignature"), 1);
    EXPECT_EQ(bench.count("BootNotification"), 0);
  }
}

TEST(SignedFirmware, BadSigningCertificate__InvalidCertificateWithEventAndNoDownload) {
  for (const Bad bad :
       {Bad::expired, Bad::not_yet_valid, Bad::wrong_ca, Bad::weak_key, Bad::garbage}) {
    Updated bench;
    const base::Micros day = std::chrono::hours(24);
    const auto credential = certs::bad_credential(
        bad, bench_pki().manufacturer_root(Family::ec),
        {"Signer", "Maker", {}, certs::Usage::firmware, pki_time() - day, pki_time() + 400 * day},
        bench.clock().utc());
    EXPECT_EQ(bench.update(bench.offer(image()), image(), 7,
                           Value::object({{"signingCertificate", credential.chain_pem}})),
              "InvalidCertificate")
        << static_cast<int>(bad);
    bench.pass(60s);
    EXPECT_EQ(bench.events("InvalidFirmwareSigningCertificate"), 1) << static_cast<int>(bad);
    EXPECT_TRUE(bench.told().empty());
  }
}

TEST(SignedFirmware, CertificateOfAServer__InvalidCertificate) {
  Updated bench;
  EXPECT_EQ(bench.update(bench.offer(image()), image(), 7,
                         Value::object({{"signingCertificate",
                                         bench_pki().server(Family::ec).certificate().pem()}})),
            "InvalidCertificate");
}

TEST(SignedFirmware, ManufacturerRootInstalledOverOcpp__AcceptedFromThenOn) {
  Options options = options_of();
  options.manufacturer_roots.clear();
  Updated bench(options);
  const std::string location = bench.offer(image());
  EXPECT_EQ(bench.update(location, image()), "InvalidCertificate");
  bench.ask("InstallCertificate",
            install_request(bench_pki().manufacturer_root(Family::ec).certificate().pem(),
                            "ManufacturerRootCertificate"));
  EXPECT_EQ(bench.update(location, image()), "Accepted");
  bench.pass(300s);
  EXPECT_EQ(bench.told(), kWhole);
}

TEST(SignedFirmware, AnotherBeforeTheInstallation__AcceptedCanceledAndOnlyItGoesOn) {
  Updated bench;
  EXPECT_EQ(bench.update(bench.offer(image()), image(), 7,
                         Value::object({{"retrieveDateTime", "2026-01-01T02:00:00Z"}})),
            "Accepted");
  bench.pass(5s);
  EXPECT_EQ(bench.told(), Words{"DownloadScheduled"});
  bench.forget();
  EXPECT_EQ(bench.update(bench.offer(image()), image(), 8), "AcceptedCanceled");
  bench.pass(3h);
  EXPECT_EQ(bench.told(), kWhole);
  EXPECT_EQ(bench.ids(), std::set<std::int64_t>{8});
}

TEST(SignedFirmware, AnotherDuringTheInstallation__Rejected) {
  Updated bench;
  bench.update(bench.offer(image()), image());
  bench.clock().run_until([&] { return bench.count(std::string(kStatus) + ":Installing") > 0; });
  EXPECT_EQ(bench.update(bench.offer(image()), image(), 8), "Rejected");
  bench.pass(300s);
  EXPECT_EQ(bench.told(), kWhole);
  EXPECT_EQ(bench.ids(), std::set<std::int64_t>{7});
}

TEST(SignedFirmware, AnUnsignedOneUnderWay__GivenUpForIt) {
  Updated bench;
  bench.ask("UpdateFirmware", update_request(bench.offer(image(), transfer::Conduct::stalled)));
  bench.pass(2s);
  EXPECT_EQ(bench.update(bench.offer(image()), image()), "AcceptedCanceled");
  bench.pass(300s);
  EXPECT_EQ(bench.told(), kWhole);
}

TEST(SignedFirmware, InstallDateTime__InstallScheduledAndThenInTime) {
  Updated bench;
  bench.update(bench.offer(image()), image(), 7,
               Value::object({{"installDateTime", "2026-01-01T01:00:00Z"}}));
  bench.pass(30min);
  Words expected{"Downloading", "Downloaded", "SignatureVerified", "InstallScheduled"};
  EXPECT_EQ(bench.told(), expected);
  bench.act("power_cycle");
  bench.pass(60min);
  expected.insert(expected.end(), {"Installing", "Installed"});
  EXPECT_EQ(bench.told(), expected);
}

TEST(SignedFirmware, DuringATransaction__WaitsAndTellsSo) {
  Updated bench;
  bench.settle = 3s;
  bench.act("plug_in");
  present(bench, "TAG");
  bench.update(bench.offer(image()), image());
  bench.pass(60s);
  EXPECT_EQ(bench.told(), Words{"DownloadScheduled"});
  present(bench, "TAG");
  bench.act("plug_out");
  bench.pass(300s);
  Words expected{"DownloadScheduled"};
  expected.insert(expected.end(), kWhole.begin(), kWhole.end());
  EXPECT_EQ(bench.told(), expected);
}

TEST(SignedFirmware, WrongSignature__StatusAndEventInEitherOrder) {
  std::set<std::string> first;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    Updated bench({}, seed);
    bench.update(bench.offer(image()), image(), 7,
                 Value::object({{"signature", base::base64("none")}}));
    bench.pass(900s);
    for (const auto& one : bench.seen()) {
      const bool status = one.frame.payload.string_or("status", "") == "InvalidSignature";
      if (!status && one.frame.payload.string_or("type", "") != "InvalidFirmwareSignature")
        continue;
      first.insert(status ? "status" : "event");
      break;
    }
  }
  EXPECT_EQ(first, (std::set<std::string>{"status", "event"}));
}

TEST(SignedFirmware, SecondAttempt__PausedBeforeItWhereVaried) {
  std::set<bool> paused;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    Updated bench({}, seed);
    bench.update("ftp://127.0.0.1:21/none.bin", image(), 7, Value::object({{"retries", 1}}));
    bench.pass(900s);
    const Words told = bench.told();
    EXPECT_EQ(told.back(), "DownloadFailed") << seed;
    paused.insert(std::count(told.begin(), told.end(), "DownloadPaused") == 1);
    ASSERT_TRUE(bench.problems().empty()) << bench.problems().front();
  }
  EXPECT_EQ(paused.size(), 2u);
}

TEST(SignedFirmware, NoSuchFile__DownloadFailed) {
  Updated bench;
  bench.update("ftp://127.0.0.1:21/none.bin", image(), 7, Value::object({{"retries", 0}}));
  bench.pass(60s);
  EXPECT_EQ(bench.told().back(), "DownloadFailed");
  EXPECT_EQ(bench.ids(), std::set<std::int64_t>{7});
}

// The signature is good: what is wrong is found by the charge point's own means.
TEST(SignedFirmware, DamagedImage__InstallationOrItsVerificationFails) {
  const std::string damaged = make_damaged_image("3.0", 5000);
  std::set<std::string> outcomes;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    Updated bench({}, seed);
    bench.update(bench.offer(damaged), damaged);
    bench.pass(900s);
    outcomes.insert(bench.told().back());
  }
  EXPECT_EQ(outcomes, (std::set<std::string>{"InstallationFailed", "InstallVerificationFailed"}));
}

TEST(SignedFirmware, PowerCutAtAnyStage__GoesOnToInstalled) {
  for (const char* stage : {"Downloading", "Downloaded", "SignatureVerified", "Installing"}) {
    Updated bench;
    bench.update(bench.offer(image()), image());
    bench.clock().run_until([&] { return bench.count(std::string(kStatus) + ":" + stage) > 0; });
    bench.act("power_cycle");
    bench.pass(300s);
    EXPECT_EQ(bench.told().back(), "Installed") << stage;
    EXPECT_EQ(bench.ids(), std::set<std::int64_t>{7}) << stage;
    EXPECT_EQ(bench.version(), "2.0") << stage;
  }
}

TEST(SignedFirmware, Triggered__LastStatusOrIdle) {
  Updated bench;
  EXPECT_EQ(bench.triggered(), Value::object({{"status", "Idle"}}));
  bench.update(bench.offer(image()), image(), 7,
               Value::object({{"signature", base::base64("none")}}));
  bench.pass(60s);
  EXPECT_EQ(bench.triggered(), Value::object({{"status", "InvalidSignature"}, {"requestId", 7}}));
  bench.update(bench.offer(image()), image(), 8);
  bench.pass(300s);
  EXPECT_EQ(bench.triggered(), Value::object({{"status", "Idle"}}));
  bench.forget();
  bench.ask("TriggerMessage", R"({"requestedMessage":"FirmwareStatusNotification"})");
  bench.pass(2s);
  EXPECT_EQ(bench.last("FirmwareStatusNotification")->string_or("status", ""), "Idle");
}

TEST(SignedFirmware, WithoutTheClaim__NotSupported) {
  Bench bench(pics_of(k2024));
  bench.boot();
  EXPECT_EQ(bench.ask("SignedUpdateFirmware", signed_request("ftp://h/x", image(), 1))
                .string_or("error", ""),
            "NotSupported");
}

TEST(SignedFirmwareDefect, OfWhatIsChecked__Shows) {
  const auto with = [](const char* defect, const Value& more) {
    Updated bench(std::vector<std::string>{defect});
    Words out{bench.update(bench.offer(image()), image(), 7, more)};
    bench.pass(300s);
    const Words told = bench.told();
    out.insert(out.end(), told.begin(), told.end());
    out.push_back(bench.version());
    EXPECT_EQ(bench.hits(defect), 1) << defect;
    return out;
  };
  const Value good(Value::Object{});
  const Value wrong = Value::object({{"signature", base::base64("none")}});
  const Value foreign = Value::object(
      {{"signingCertificate", foreign_pki().firmware_signer(Family::ec).certificate().pem()}});
  EXPECT_EQ(with("refuse-signed-firmware", good), (Words{"Rejected", ""}));
  EXPECT_EQ(with("accept-any-signature", wrong),
            (Words{"Accepted", "Downloading", "Downloaded", "SignatureVerified", "Installing",
                   "Installed", "2.0"}));
  EXPECT_EQ(with("install-despite-signature", wrong),
            (Words{"Accepted", "Downloading", "Downloaded", "InvalidSignature", "Installing",
                   "Installed", "2.0"}));
  EXPECT_EQ(with("reject-good-signature", good),
            (Words{"Accepted", "Downloading", "Downloaded", "InvalidSignature", ""}));
  EXPECT_EQ(with("accept-bad-signing-certificate", foreign).front(), "Accepted");
}

}  // namespace
}  // namespace plugproof::simulator
