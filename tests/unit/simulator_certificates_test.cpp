// The trust store of the reference charge point (security whitepaper, use cases M03 to M05).
#include "simulator_secured.hpp"

namespace plugproof::simulator {
namespace {

using certs::Bad;
using certs::Certificate;
using certs::Family;

const Certificate& spare() {
  return bench_pki().spare_central_system_root();
}

TEST(TrustStore, Install__ListedWithItsHashes) {
  Secured station(2);
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
    Secured station(2, {}, seed);
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
  Secured station(2);
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
    Secured station(2, {}, seed);
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
  Secured station(2);
  EXPECT_EQ(
      station.install(bench_pki().bad_central_system_root(Bad::expired, station.clock().utc()),
                      kManufacturer),
      "Rejected");
  station.pass(5s);
  EXPECT_EQ(station.told("InvalidCentralSystemCertificate"), 0);
}

// ORS-18 of this station is 1: one of a type besides those from the factory.
TEST(TrustStore, Full__RejectedWithoutEvent) {
  Secured station(2);
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
    Secured station(2);
    station.install(spare().pem());
    EXPECT_EQ(station.remove(spare(), algorithm), "Accepted") << algorithm;
    EXPECT_FALSE(station.has(spare()));
    EXPECT_EQ(station.remove(spare(), algorithm), "NotFound");
  }
}

TEST(TrustStore, DeleteTheRootInUse__Failed) {
  Secured station(3);
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
  Secured kept(options_of(0));
  EXPECT_EQ(kept.remove(root), "Failed");
  Secured lost(options_of(0), {{"AQ-1: no", "AQ-1: yes"}});
  EXPECT_EQ(lost.remove(root), "Accepted");
  EXPECT_EQ(lost.list().string_or("status", ""), "NotFound");
}

TEST(TrustStore, PowerCut__Kept) {
  Secured station(2);
  station.install(spare().pem());
  station.act("power_cycle");
  station.pass(60s);
  EXPECT_TRUE(station.has(spare()));
}

TEST(TrustStore, InstalledRoot__TrustedFromTheNextConnectionOn) {
  Secured station(2);
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

TEST(StoreDefect, OfTheAnswers__Shows) {
  const auto at = [](const char* defect, const std::function<void(Secured&)>& look) {
    Secured station(2, {defect});
    look(station);
    EXPECT_GT(station.hits(defect), 0) << defect;
  };
  const Certificate& used = bench_pki().central_system_root(Family::ec).certificate();
  at("refuse-install", [](Secured& s) { EXPECT_EQ(s.install(spare().pem()), "Rejected"); });
  at("install-nothing", [](Secured& s) {
    EXPECT_EQ(s.install(spare().pem()), "Accepted");
    EXPECT_FALSE(s.has(spare()));
  });
  at("accept-bad-root", [](Secured& s) {
    EXPECT_EQ(s.install(bench_pki().bad_central_system_root(Bad::expired, s.clock().utc())),
              "Accepted");
    s.pass(5s);
    EXPECT_EQ(s.told("InvalidCentralSystemCertificate"), 0);
  });
  at("list-not-found", [](Secured& s) { EXPECT_EQ(s.list().string_or("status", ""), "NotFound"); });
  at("wrong-hash-data", [&](Secured& s) { EXPECT_FALSE(s.has(used)); });
  at("hash-serial-decimal", [&](Secured& s) { EXPECT_FALSE(s.has(used)); });
  at("refuse-delete", [](Secured& s) {
    s.install(spare().pem());
    EXPECT_EQ(s.remove(spare()), "Failed");
  });
  at("delete-nothing", [](Secured& s) {
    s.install(spare().pem());
    EXPECT_EQ(s.remove(spare()), "Accepted");
    EXPECT_TRUE(s.has(spare()));
  });
}

}  // namespace
}  // namespace plugproof::simulator
