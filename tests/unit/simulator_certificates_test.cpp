// Certificates of the reference charge point: its trust store and the renewal of its own (security
// whitepaper, use cases A02, A03, M03 to M05).
#include <algorithm>

#include "certs/hash_data.hpp"
#include "engine/base/diagnostics.hpp"
#include "simulator_tour.hpp"

namespace plugproof::simulator {
namespace {

using certs::Bad;
using certs::Certificate;
using certs::Family;

constexpr const char* kKey = "4F43415F4F4354545F61646D696E5F74657374";
constexpr const char* kCentral = "CentralSystemRootCertificate";
constexpr const char* kManufacturer = "ManufacturerRootCertificate";

Options options_of(int profile, std::vector<std::string> defects = {}, std::uint64_t seed = 0) {
  Options options;
  options.defects = std::move(defects);
  options.variation_seed = seed;
  options.security_profile = profile;
  options.authorization_key = kKey;
  options.central_system_roots = bench_pki().central_system_roots_pem();
  options.certificate = pem_of(bench_pki().charge_point(Family::ec, "CP001"));
  return options;
}

struct Kept : Bench {
  explicit Kept(int profile, std::vector<std::string> defects = {}, std::uint64_t seed = 0)
      : Kept(options_of(profile, std::move(defects), seed)) {}
  explicit Kept(const Options& options, const Edits& edits = {})
      : Bench(options, pics_of(k2024All, edits)) {
    answer("SignCertificate", R"({"status":"Accepted"})");
    secure(options.security_profile);
    boot().forget();
  }
  std::string install(const std::string& pem, const std::string& type = kCentral) {
    return status_of("InstallCertificate", install_request(pem, type));
  }
  Value list(const std::string& type = kCentral) {
    return ask("GetInstalledCertificateIds", R"({"certificateType":")" + type + R"("})");
  }
  bool has(const Certificate& root, const std::string& type = kCentral) {
    const Value answer = list(type);
    const Value* hashes = answer.find("certificateHashData");
    if (!hashes) return false;
    const auto& all = hashes->as_list();
    return std::any_of(all.begin(), all.end(), [&](const Value& one) {
      const std::string algorithm = one.string_or("hashAlgorithm", "");
      return certs::hash_data(root, root, algorithm) ==
             certs::HashData{algorithm, one.string_or("issuerNameHash", ""),
                             one.string_or("issuerKeyHash", ""), one.string_or("serialNumber", "")};
    });
  }
  std::string remove(const Certificate& root, const std::string& algorithm = "SHA256") {
    return status_of("DeleteCertificate", delete_request(root, algorithm));
  }
  // Asks for a renewal: the answer to the trigger.
  std::string trigger() {
    status_of("ChangeConfiguration", R"({"key":"CpoName","value":"Operator Ltd"})");
    return status_of("ExtendedTriggerMessage",
                     R"({"requestedMessage":"SignChargePointCertificate"})");
  }
  certs::SigningRequest request() const { return signing_request(*last("SignCertificate")); }
  std::string hand_over(const std::string& chain) {
    const std::string word = status_of(
        "CertificateSigned", base::write_json(Value::object({{"certificateChain", chain}})));
    pass(10s);
    return word;
  }
  int told(const std::string& event) const {
    return static_cast<int>(std::count_if(seen().begin(), seen().end(), [&](const Seen& one) {
      return one.frame.payload.string_or("type", "") == event;
    }));
  }
};

const Certificate& spare() {
  return bench_pki().spare_central_system_root();
}

TEST(TrustStore, Install__ListedWithItsHashes) {
  Kept station(2);
  EXPECT_FALSE(station.has(spare()));
  EXPECT_EQ(station.install(spare().pem()), "Accepted");
  EXPECT_TRUE(station.has(spare()));
  EXPECT_EQ(station.list().find("certificateHashData")->as_list().size(), 2u);
  EXPECT_EQ(station.list(kManufacturer).string_or("status", ""), "NotFound");
  EXPECT_EQ(station.install(bench_pki().spare_manufacturer_root().pem(), kManufacturer),
            "Accepted");
  EXPECT_TRUE(station.has(bench_pki().spare_manufacturer_root(), kManufacturer));
}

TEST(TrustStore, Variations__OtherDigestsAndDigits) {
  std::set<std::string> algorithms;
  bool upper = false, lower = false;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Kept station(2, {}, seed);
    ASSERT_TRUE(station.has(bench_pki().central_system_root(Family::ec).certificate())) << seed;
    const Value hash = station.list().find("certificateHashData")->as_list().front();
    algorithms.insert(hash.string_or("hashAlgorithm", ""));
    const std::string digits = hash.string_or("issuerNameHash", "");
    (digits.find_first_of("ABCDEF") == std::string::npos ? lower : upper) = true;
  }
  EXPECT_EQ(algorithms.size(), 3u);
  EXPECT_TRUE(upper && lower);
}

TEST(TrustStore, BadRoot__RejectedWithEvent) {
  Kept station(2);
  int events = 0;
  for (const Bad bad : {Bad::expired, Bad::not_yet_valid, Bad::weak_key, Bad::garbage}) {
    EXPECT_EQ(station.install(bench_pki().bad_central_system_root(bad, station.clock().utc())),
              "Rejected")
        << static_cast<int>(bad);
    station.pass(5s);
    EXPECT_EQ(station.told("InvalidCentralSystemCertificate"), ++events);
  }
  // No root, and more than one.
  EXPECT_EQ(station.install(bench_pki().server(Family::ec).certificate().pem()), "Rejected");
  EXPECT_EQ(station.install(spare().pem() + spare().pem()), "Rejected");
  EXPECT_EQ(station.install("rubbish"), "Rejected");
  EXPECT_EQ(station.list().find("certificateHashData")->as_list().size(), 1u);
}

TEST(TrustStore, BadRoot__AnswerAndEventInEitherOrder) {
  std::set<std::string> first;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    Kept station(2, {}, seed);
    const std::size_t before = station.raw().size();
    EXPECT_EQ(
        station.install(bench_pki().bad_central_system_root(Bad::expired, station.clock().utc())),
        "Rejected");
    station.pass(5s);
    const auto& raw = station.raw();
    const auto event = std::find_if(
        raw.begin() + static_cast<std::ptrdiff_t>(before), raw.end(), [](const std::string& text) {
          return text.find("InvalidCentralSystemCertificate") != std::string::npos;
        });
    ASSERT_NE(event, raw.end());
    first.insert(event == raw.begin() + static_cast<std::ptrdiff_t>(before) ? "event" : "answer");
  }
  EXPECT_EQ(first, (std::set<std::string>{"answer", "event"}));
}

TEST(TrustStore, BadManufacturerRoot__RejectedWithoutEvent) {
  Kept station(2);
  EXPECT_EQ(
      station.install(bench_pki().bad_central_system_root(Bad::expired, station.clock().utc()),
                      kManufacturer),
      "Rejected");
  station.pass(5s);
  EXPECT_EQ(station.told("InvalidCentralSystemCertificate"), 0);
}

// ORS-18 of this station is 1: one of a type besides those from the factory.
TEST(TrustStore, Full__RejectedWithoutEvent) {
  Kept station(2);
  EXPECT_EQ(station.install(spare().pem()), "Accepted");
  EXPECT_EQ(station.install(spare().pem()), "Accepted");
  EXPECT_EQ(station.install(foreign_pki().spare_central_system_root().pem()), "Rejected");
  EXPECT_EQ(station.install(bench_pki().spare_manufacturer_root().pem(), kManufacturer),
            "Accepted");
  EXPECT_EQ(station.told("InvalidCentralSystemCertificate"), 0);
  EXPECT_EQ(station.remove(spare()), "Accepted");
  EXPECT_EQ(station.install(foreign_pki().spare_central_system_root().pem()), "Accepted");
}

TEST(TrustStore, Delete__GoneWhateverTheDigest) {
  for (const char* algorithm : {"SHA256", "SHA384", "SHA512"}) {
    Kept station(2);
    station.install(spare().pem());
    EXPECT_EQ(station.remove(spare(), algorithm), "Accepted") << algorithm;
    EXPECT_FALSE(station.has(spare()));
    EXPECT_EQ(station.remove(spare(), algorithm), "NotFound");
  }
}

TEST(TrustStore, DeleteTheRootInUse__Failed) {
  Kept station(3);
  station.install(spare().pem());
  const Certificate& used = bench_pki().central_system_root(Family::ec).certificate();
  EXPECT_EQ(station.remove(used), "Failed");
  EXPECT_TRUE(station.has(used));
  station.drop();
  station.pass(30s);
  EXPECT_EQ(station.connections(), 2);
}

TEST(TrustStore, DeleteTheLastRoot__AsThePicsSays) {
  const Certificate& root = bench_pki().central_system_root(Family::ec).certificate();
  Kept kept(options_of(0));
  EXPECT_EQ(kept.remove(root), "Failed");
  Kept lost(options_of(0), {{"AQ-1: no", "AQ-1: yes"}});
  EXPECT_EQ(lost.remove(root), "Accepted");
  EXPECT_EQ(lost.list().string_or("status", ""), "NotFound");
}

TEST(TrustStore, PowerCut__Kept) {
  Kept station(2);
  station.install(spare().pem());
  station.act("power_cycle");
  station.pass(60s);
  EXPECT_TRUE(station.has(spare()));
}

TEST(TrustStore, InstalledRoot__TrustedFromTheNextConnectionOn) {
  Kept station(2);
  EXPECT_EQ(station.install(foreign_pki().central_system_root(Family::ec).certificate().pem()),
            "Accepted");
  station.secure(2, {pem_of(foreign_pki().server(Family::ec))});
  station.drop();
  station.pass(30s);
  EXPECT_EQ(station.connections(), 2);
  // The former one is free to go now.
  EXPECT_EQ(station.remove(bench_pki().central_system_root(Family::ec).certificate()), "Accepted");
}

TEST(TrustStore, WithoutTheClaim__NotSupported) {
  Bench bench(pics_of(k2024));
  bench.boot();
  EXPECT_EQ(bench
                .ask("GetInstalledCertificateIds",
                     R"({"certificateType":")" + std::string(kCentral) + R"("})")
                .string_or("error", ""),
            "NotSupported");
}

TEST(Renewal, Triggered__NewKeyAndNamesThenReconnectsWithTheNewCertificate) {
  Kept station(3);
  const std::string before = station.shown().fingerprint();
  EXPECT_EQ(station.trigger(), "Accepted");
  ASSERT_EQ(station.count("SignCertificate"), 1);
  const auto request = station.request();
  EXPECT_EQ(request.common_name(), "CP001");
  EXPECT_EQ(request.organization(), "Operator Ltd");
  EXPECT_EQ(request.key_kind(), "EC");
  EXPECT_EQ(request.key_bits(), 256);
  EXPECT_TRUE(request.signature_holds());
  const std::string chain = bench_pki().answer(request);
  EXPECT_EQ(station.hand_over(chain), "Accepted");
  EXPECT_EQ(station.connections(), 2);
  EXPECT_NE(station.shown().fingerprint(), before);
  EXPECT_EQ(station.shown().fingerprint(),
            Certificate::all_from_pem(chain, "it").front().fingerprint());
  EXPECT_TRUE(station.problems().empty());
  station.act("power_cycle");
  station.pass(60s);
  EXPECT_EQ(station.shown().organization(), "Operator Ltd");
}

TEST(Renewal, OnProfileTwo__KeptForProfileThree) {
  Options options = options_of(2);
  options.certificate.reset();
  Kept station(options);
  EXPECT_EQ(station.trigger(), "Accepted");
  EXPECT_EQ(station.hand_over(bench_pki().answer(station.request())), "Accepted");
  EXPECT_EQ(station.connections(), 1);
  station.secure(3);
  EXPECT_EQ(station.status_of("ChangeConfiguration", R"({"key":"SecurityProfile","value":"3"})"),
            "Accepted");
  station.pass(10s);
  EXPECT_EQ(station.connections(), 2);
  EXPECT_EQ(station.shown().organization(), "Operator Ltd");
}

TEST(Renewal, WithoutCpoName__TriggerRejected) {
  Kept station(3);
  EXPECT_EQ(station.status_of("ExtendedTriggerMessage",
                              R"({"requestedMessage":"SignChargePointCertificate"})"),
            "Rejected");
  EXPECT_EQ(station.count("SignCertificate"), 0);
}

TEST(Renewal, CpoNameThatNoCertificateCanHold__Rejected) {
  Kept station(3);
  for (const auto& [value, word] : std::map<std::string, std::string>{
           {"", "Accepted"}, {"Operator Ltd", "Accepted"}, {std::string(65, 'x'), "Rejected"}})
    EXPECT_EQ(
        station.status_of("ChangeConfiguration", R"({"key":"CpoName","value":")" + value + R"("})"),
        word)
        << value;
}

TEST(Renewal, SignCertificateRejected__GivesUp) {
  Kept station(3);
  station.answer("SignCertificate", R"({"status":"Rejected"})");
  EXPECT_EQ(station.trigger(), "Accepted");
  EXPECT_EQ(station.hand_over(bench_pki().answer(station.request())), "Rejected");
  EXPECT_EQ(station.connections(), 1);
  EXPECT_EQ(station.count("SignCertificate"), 1);
}

TEST(Renewal, BadCertificate__RejectedWithEventAndTheOldOneStays) {
  for (const Bad bad :
       {Bad::expired, Bad::not_yet_valid, Bad::wrong_host, Bad::wrong_ca, Bad::weak_key,
        Bad::wrong_order, Bad::no_intermediate, Bad::wrong_key, Bad::garbage}) {
    Kept station(3);
    const std::string before = station.shown().fingerprint();
    station.trigger();
    EXPECT_EQ(
        station.hand_over(bench_pki().bad_answer(bad, station.request(), station.clock().utc())),
        "Rejected")
        << static_cast<int>(bad);
    EXPECT_EQ(station.told("InvalidChargePointCertificate"), 1) << static_cast<int>(bad);
    station.drop();
    station.pass(30s);
    EXPECT_EQ(station.shown().fingerprint(), before);
  }
}

TEST(Renewal, NothingAskedForOrTooLong__Rejected) {
  Kept station(3);
  EXPECT_EQ(station.hand_over(bench_pki().charge_point(Family::ec, "CP001").chain_pem()),
            "Rejected");
  EXPECT_EQ(station.told("InvalidChargePointCertificate"), 1);
  Kept small(options_of(3), {{"ORS-17: 10000", "ORS-17: 500"}});
  small.trigger();
  EXPECT_EQ(small.hand_over(bench_pki().answer(small.request())), "Rejected");
  // Where the vendor counts certificates: two are a chain of two.
  Kept counting(options_of(3), {{"ORS-17: 10000", "ORS-17: 2"}});
  counting.trigger();
  EXPECT_EQ(counting.hand_over(bench_pki().answer(counting.request())), "Accepted");
}

TEST(Renewal, NewCertificateRefusedByTheCentralSystem__FormerOneAgain) {
  std::set<std::string> versions;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    Kept station(3, {}, seed);
    const std::string before = station.shown().fingerprint();
    station.trigger();
    station.pass(30s);
    const std::string chain = bench_pki().answer(station.request());
    // From now on only a foreign authority is believed.
    station.trust_charge_points_of(foreign_pki().central_system_roots_pem());
    EXPECT_EQ(station.hand_over(chain), "Accepted");
    station.pass(20s);
    EXPECT_EQ(station.connections(), 1);
    station.secure(3);
    station.pass(120s);
    EXPECT_EQ(station.connections(), 2) << seed;
    EXPECT_EQ(station.shown().fingerprint(), before) << seed;
    versions.insert(station.tls().back().string_or("version", ""));
  }
  EXPECT_EQ(versions.size(), 2u);
}

TEST(Renewal, PowerCutBetween__StillTaken) {
  Kept station(3);
  station.trigger();
  station.act("power_cycle");
  station.pass(60s);
  EXPECT_EQ(station.hand_over(bench_pki().answer(station.request())), "Accepted");
}

TEST(Renewal, AMonthBeforeExpiry__AsksOfItself) {
  const auto& authority = bench_pki().charge_point_authority(Family::ec);
  const auto key = certs::PrivateKey::make(certs::KeyKind::ec_p256);
  const base::Micros day = std::chrono::hours(24);
  Options options = options_of(3);
  options.certificate = link::Credential{
      certs::pem_of(authority.chain_of(authority.issue(
          key,
          {"CP001", "Maker", {}, certs::Usage::client, pki_time() - day, pki_time() + 40 * day}))),
      key.pem()};
  Kept station(options);
  station.status_of("ChangeConfiguration", R"({"key":"CpoName","value":"Operator Ltd"})");
  station.act("power_cycle");
  station.pass(9 * day);
  EXPECT_EQ(station.count("SignCertificate"), 0);
  station.pass(2 * day);
  EXPECT_EQ(station.count("SignCertificate"), 1);
  EXPECT_EQ(station.hand_over(bench_pki().answer(station.request())), "Accepted");
  station.pass(20 * day);
  EXPECT_EQ(station.count("SignCertificate"), 1);
}

TEST(StoreDefect, OfTheAnswers__Shows) {
  const auto at = [](const char* defect, const std::function<void(Kept&)>& look) {
    Kept station(2, {defect});
    look(station);
    EXPECT_GT(station.hits(defect), 0) << defect;
  };
  const Certificate& used = bench_pki().central_system_root(Family::ec).certificate();
  at("refuse-install", [](Kept& s) { EXPECT_EQ(s.install(spare().pem()), "Rejected"); });
  at("install-nothing", [](Kept& s) {
    EXPECT_EQ(s.install(spare().pem()), "Accepted");
    EXPECT_FALSE(s.has(spare()));
  });
  at("accept-bad-root", [](Kept& s) {
    EXPECT_EQ(s.install(bench_pki().bad_central_system_root(Bad::expired, s.clock().utc())),
              "Accepted");
    s.pass(5s);
    EXPECT_EQ(s.told("InvalidCentralSystemCertificate"), 0);
  });
  at("list-not-found", [](Kept& s) { EXPECT_EQ(s.list().string_or("status", ""), "NotFound"); });
  at("wrong-hash-data", [&](Kept& s) { EXPECT_FALSE(s.has(used)); });
  at("hash-serial-decimal", [&](Kept& s) { EXPECT_FALSE(s.has(used)); });
  at("refuse-delete", [](Kept& s) {
    s.install(spare().pem());
    EXPECT_EQ(s.remove(spare()), "Failed");
  });
  at("delete-nothing", [](Kept& s) {
    s.install(spare().pem());
    EXPECT_EQ(s.remove(spare()), "Accepted");
    EXPECT_TRUE(s.has(spare()));
  });
}

TEST(RenewalDefect, OfTheRequest__Shows) {
  const auto request = [](const char* defect) {
    Kept station(3, {defect});
    station.trigger();
    EXPECT_EQ(station.hits(defect), 1) << defect;
    return station.request();
  };
  EXPECT_EQ(request("csr-other-common-name").common_name(), "other-CP001");
  EXPECT_EQ(request("csr-without-organization").organization(), "");
  EXPECT_EQ(request("csr-weak-key").key_bits(), 192);
  Kept station(3, {"csr-old-key"});
  station.trigger();
  const Certificate made =
      Certificate::all_from_pem(bench_pki().answer(station.request()), "it").front();
  EXPECT_EQ(made.public_key_der(), station.shown().public_key_der());
}

TEST(RenewalDefect, OfWhatFollows__Shows) {
  struct Outcome {
    std::string trigger, answer;
    int connections = 0, events = 0;
    bool renewed = false;
    bool operator==(const Outcome&) const = default;
  };
  const auto with = [](const char* defect, bool good) {
    Kept station(3, {defect});
    const std::string before = station.shown().fingerprint();
    Outcome out;
    out.trigger = station.trigger();
    if (out.trigger == "Accepted")
      out.answer = station.hand_over(
          good ? bench_pki().answer(station.request())
               : bench_pki().bad_answer(Bad::expired, station.request(), station.clock().utc()));
    out.connections = station.connections();
    out.events = station.told("InvalidChargePointCertificate");
    out.renewed = station.shown().fingerprint() != before;
    EXPECT_GT(station.hits(defect), 0) << defect;
    return out;
  };
  EXPECT_EQ(with("refuse-sign-trigger", true), (Outcome{"Rejected", "", 1, 0, false}));
  EXPECT_EQ(with("reject-good-certificate", true), (Outcome{"Accepted", "Rejected", 1, 0, false}));
  EXPECT_EQ(with("accept-bad-certificate", false), (Outcome{"Accepted", "Accepted", 1, 0, false}));
  EXPECT_EQ(with("keep-old-certificate", true), (Outcome{"Accepted", "Accepted", 2, 0, false}));
  EXPECT_EQ(with("no-reconnect-for-new-certificate", true),
            (Outcome{"Accepted", "Accepted", 1, 0, false}));
  Kept silent(3, {"ignore-trigger:SignChargePointCertificate"});
  EXPECT_EQ(silent.trigger(), "Accepted");
  EXPECT_EQ(silent.count("SignCertificate"), 0);
}

}  // namespace
}  // namespace plugproof::simulator
