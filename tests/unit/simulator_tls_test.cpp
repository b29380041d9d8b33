// Security profiles 2 and 3 of the reference charge point (security whitepaper, sections 2.4, 2.5,
// use case A05).
#include "engine/base/diagnostics.hpp"
#include "simulator_secured.hpp"

namespace plugproof::simulator {
namespace {

using certs::Bad;
using certs::Family;

TEST(Tls, ProfileTwo__BasicAuthenticationAndNoCertificate) {
  Secured bench(2);
  EXPECT_EQ(bench.connections(), 1);
  EXPECT_EQ(bench.authorizations().back(), kHeader);
  EXPECT_EQ(bench.tls().back().string_or("version", ""), "TLSv1.2");
  EXPECT_EQ(bench.tls().back().find("client_certificate"), nullptr);
  EXPECT_EQ(bench.tls().back().string_or("server_name", ""), "memory");
}

TEST(Tls, ProfileThree__CertificateAndNoAuthorization) {
  Secured bench(3);
  EXPECT_EQ(bench.connections(), 1);
  EXPECT_EQ(bench.authorizations().back(), "");
  EXPECT_EQ(bench.shown().common_name(), "CP001");
}

TEST(Tls, SuitesOfAPlainChargePoint__BothPairs) {
  Secured bench(2);
  std::vector<std::string> offered;
  for (const auto& name : bench.tls().back().find("offered_cipher_suites")->as_list())
    offered.push_back(name.as_string());
  for (const char* name :
       {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384"})
    EXPECT_NE(std::find(offered.begin(), offered.end(), name), offered.end()) << name;
}

TEST(Tls, SuitesOfThePics__TheyAlone) {
  const certs::BenchPki rsa =
      certs::BenchPki::make({.hosts = {"memory"}, .now = pki_time(), .families = {Family::rsa}});
  Options options = options_of(2);
  options.central_system_roots = rsa.central_system_roots_pem();
  Bench bench(options, pics_of(k2025));
  bench.secure(2, {pem_of(rsa.server(Family::rsa))});
  bench.boot();
  ASSERT_EQ(bench.connections(), 1);
  EXPECT_EQ(bench.tls().back().string_or("cipher_suite", ""), "TLS_RSA_WITH_AES_128_GCM_SHA256");
  for (const auto& name : bench.tls().back().find("offered_cipher_suites")->as_list())
    EXPECT_EQ(name.as_string().find("ECDHE"), std::string::npos) << name.as_string();
}

TEST(Tls, Variations__EveryOneConnectsAndSomeWithTls13) {
  std::set<std::string> versions;
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    for (const int profile : {2, 3}) {
      Secured bench(profile, {}, seed);
      ASSERT_EQ(bench.connections(), 1) << seed;
      versions.insert(bench.tls().back().string_or("version", ""));
    }
  EXPECT_EQ(versions, (std::set<std::string>{"TLSv1.2", "TLSv1.3"}));
}

TEST(Tls, Settings__RefusedWithTheReason) {
  const auto problem = [](const Options& options, const char* pics = k2024All) -> std::string {
    try {
      Bench bench(options, pics_of(pics));
    } catch (const base::InputError& error) {
      return error.what();
    }
    return "";
  };
  Options options = options_of(2);
  options.central_system_roots.clear();
  EXPECT_NE(problem(options).find("no root certificate of a Central System"), std::string::npos);
  options.central_system_roots = "rubbish";
  EXPECT_NE(problem(options).find("the Central System's root certificates"), std::string::npos);
  options = options_of(3);
  options.certificate.reset();
  EXPECT_NE(problem(options).find("there is no charge point certificate"), std::string::npos);
  options = options_of(3);
  options.certificate->key_pem = bench_pki().server(Family::ec).key.pem();
  EXPECT_NE(problem(options).find("that of another key"), std::string::npos);
  options = options_of(0);
  EXPECT_NE(problem(options, k2019).find("claims no security profile"), std::string::npos);
  EXPECT_EQ(problem(options_of(3)), "");
}

TEST(Tls, CertificateThatIsNotGood__ShownAllTheSame) {
  Options options = options_of(3);
  options.certificate = pem_of(foreign_pki().charge_point(Family::ec, "CP001"));
  Bench bench(options, pics_of(k2024All));
  bench.secure(3);
  bench.boot();
  EXPECT_EQ(bench.connections(), 0);
  EXPECT_NE(bench.failures().back().find("unable to get local issuer"), std::string::npos);
  bench.trust_charge_points_of(foreign_pki().central_system_roots_pem());
  bench.pass(120s);
  EXPECT_EQ(bench.connections(), 1);
}

TEST(ServerCertificate, NotTrusted__EventOnceAndConnectedWhenItIsGoodAgain) {
  for (const Bad bad :
       {Bad::expired, Bad::not_yet_valid, Bad::wrong_host, Bad::wrong_ca, Bad::no_intermediate}) {
    Secured bench(2);
    const auto credential = bench_pki().bad_server(bad, Family::ec, bench.clock().utc());
    bench.secure(2, {{credential.chain_pem, credential.key_pem}});
    bench.drop();
    bench.pass(20s);
    EXPECT_EQ(bench.connections(), 1) << static_cast<int>(bad);
    EXPECT_GE(bench.failures().size(), 3u) << static_cast<int>(bad);
    EXPECT_EQ(bench.told("InvalidCentralSystemCertificate"), 0) << static_cast<int>(bad);
    bench.secure(2);
    bench.pass(120s);
    EXPECT_EQ(bench.connections(), 2) << static_cast<int>(bad);
    EXPECT_EQ(bench.told("InvalidCentralSystemCertificate"), 1) << static_cast<int>(bad);
    EXPECT_TRUE(bench.problems().empty());
  }
}

// The server finds no suite for its curve: the charge point sees no certificate that it could
// judge.
TEST(ServerCertificate, OfAWeakCurve__NoConnectionAndNoEvent) {
  Secured bench(2);
  const auto credential = bench_pki().bad_server(Bad::weak_key, Family::ec, bench.clock().utc());
  bench.secure(2, {{credential.chain_pem, credential.key_pem}});
  bench.drop();
  bench.pass(20s);
  bench.secure(2);
  bench.pass(120s);
  EXPECT_EQ(bench.connections(), 2);
  EXPECT_EQ(bench.told("InvalidCentralSystemCertificate"), 0);
}

TEST(ServerCertificate, NotTrustedTwice__TwoEvents) {
  Secured bench(3);
  for (int i = 0; i < 2; ++i) {
    bench.secure(3, {pem_of(foreign_pki().server(Family::ec))});
    bench.drop();
    bench.pass(5s);
    bench.secure(3);
    bench.pass(60s);
  }
  EXPECT_EQ(bench.told("InvalidCentralSystemCertificate"), 2);
}

TEST(TlsVersion, NoneInCommon__Event) {
  Options options = options_of(2);
  // A charge point that speaks TLS 1.3 alone; the suites of others are not its own.
  const Edits edits{{"TLS_RSA_WITH_AES_128_GCM_SHA256, TLS_RSA_WITH_AES_256_GCM_SHA384",
                     "TLS_AES_128_GCM_SHA256"}};
  Bench bench(options, pics_of(k2025, edits));
  bench.secure(2, {}, false);
  bench.boot();
  EXPECT_EQ(bench.connections(), 0);
  bench.secure(2);
  bench.pass(120s);
  EXPECT_EQ(bench.connections(), 1);
  EXPECT_EQ(bench.tls().back().string_or("version", ""), "TLSv1.3");
  int told = 0;
  for (const auto& seen : bench.seen())
    told += seen.frame.payload.string_or("type", "") == "InvalidTLSVersion";
  EXPECT_EQ(told, 1);
}

TEST(TlsProfile, RaisedStepByStep__ConnectsWithEachAndNeverBack) {
  Secured bench(0);
  for (const int profile : {1, 2, 3}) {
    bench.secure(profile);
    EXPECT_EQ(bench.raise_to(profile), "Accepted");
    EXPECT_EQ(bench.scheme(), profile >= 2 ? "wss" : "ws");
    EXPECT_EQ(bench.authorizations().back(), profile <= 2 ? kHeader : "");
    EXPECT_EQ(bench.connections(), profile + 1);
  }
  for (const int profile : {3, 2, 1, 0}) EXPECT_EQ(bench.raise_to(profile), "Rejected");
  bench.secure(1);
  bench.drop();
  bench.pass(600s);
  EXPECT_EQ(bench.connections(), 4);
  bench.secure(3);
  bench.pass(120s);
  EXPECT_EQ(bench.connections(), 5);
  EXPECT_EQ(bench.count("BootNotification"), 0);
}

TEST(TlsProfile, WithoutItsNeeds__Rejected) {
  const auto word = [](int to, const std::function<void(Options&)>& spoil) {
    Options options = options_of(0);
    spoil(options);
    Bench bench(options, pics_of(k2024All));
    bench.boot();
    return bench.status_of("ChangeConfiguration",
                           R"({"key":"SecurityProfile","value":")" + std::to_string(to) + R"("})");
  };
  EXPECT_EQ(word(1, [](Options& o) { o.authorization_key.clear(); }), "Rejected");
  EXPECT_EQ(word(2, [](Options& o) { o.authorization_key.clear(); }), "Rejected");
  EXPECT_EQ(word(2, [](Options& o) { o.central_system_roots.clear(); }), "Rejected");
  EXPECT_EQ(word(3, [](Options& o) { o.certificate.reset(); }), "Rejected");
  EXPECT_EQ(word(3,
                 [](Options& o) {
                   o.certificate = pem_of(foreign_pki().charge_point(Family::ec, "CP001"));
                 }),
            "Rejected");
  EXPECT_EQ(word(3, [](Options& o) { o.authorization_key.clear(); }), "Accepted");
}

TEST(TlsProfile, NewOneNotReachable__FormerOneAgainUnlessVaried) {
  std::set<std::string> ways;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Secured bench(1, {}, seed);
    if (bench.raise_to(2) != "Accepted") continue;
    bench.pass(200s);
    EXPECT_FALSE(bench.failures().empty());
    ways.insert(bench.connections() == 2 ? "back" : "stays");
    bench.secure(bench.connections() == 2 ? 1 : 2);
    bench.pass(120s);
    EXPECT_EQ(bench.connections(), 2) << seed;
    EXPECT_EQ(bench.authorizations().back(), kHeader) << seed;
  }
  EXPECT_EQ(ways, (std::set<std::string>{"back", "stays"}));
}

TEST(TlsProfile, PowerCut__KeptWithItsCertificate) {
  Secured bench(3);
  const std::string before = bench.shown().fingerprint();
  bench.act("power_cycle");
  bench.pass(60s);
  EXPECT_EQ(bench.connections(), 2);
  EXPECT_EQ(bench.shown().fingerprint(), before);
  EXPECT_EQ(bench.count("BootNotification"), 1);
}

TEST(TlsProfile, NewKeyOnProfileTwo__ReconnectsWithIt) {
  Secured bench(2);
  EXPECT_EQ(
      bench.status_of("ChangeConfiguration",
                      R"({"key":"AuthorizationKey","value":"30313233343536373839414243444546"})"),
      "Accepted");
  bench.pass(10s);
  EXPECT_EQ(bench.connections(), 2);
  EXPECT_EQ(bench.authorizations().back(), "Basic Q1AwMDE6MDEyMzQ1Njc4OUFCQ0RFRg==");
}

TEST(TlsDefect, OfWhatIsOffered__Shows) {
  {
    Secured bench(2, {"half-suites"});
    EXPECT_EQ(bench.connections(), 1);
    for (const auto& name : bench.tls().back().find("offered_cipher_suites")->as_list())
      EXPECT_EQ(name.as_string().find("SHA384"), std::string::npos) << name.as_string();
    EXPECT_GT(bench.hits("half-suites"), 0);
  }
  for (const char* defect : {"weak-suites-only", "old-tls"}) {
    Secured bench(2, {defect});
    EXPECT_EQ(bench.connections(), 0) << defect;
    EXPECT_FALSE(bench.failures().empty()) << defect;
    EXPECT_GT(bench.hits(defect), 0) << defect;
  }
}

TEST(TlsDefect, OfWhoIsWho__Shows) {
  {
    Secured bench(3, {"no-client-certificate"});
    EXPECT_EQ(bench.connections(), 0);
    EXPECT_GT(bench.hits("no-client-certificate"), 0);
  }
  {
    Secured bench(3, {"basic-auth-on-profile-3"});
    EXPECT_EQ(bench.authorizations().back(), kHeader);
    EXPECT_GT(bench.hits("basic-auth-on-profile-3"), 0);
  }
  {
    Secured bench(2, {"trust-any-server"});
    bench.secure(2, {pem_of(foreign_pki().server(Family::ec))});
    bench.drop();
    bench.pass(20s);
    EXPECT_EQ(bench.connections(), 2);
    EXPECT_EQ(bench.told("InvalidCentralSystemCertificate"), 0);
    EXPECT_GT(bench.hits("trust-any-server"), 0);
  }
}

TEST(TlsDefect, ReturnToOldProfile__AlsoAfterItWasConnected) {
  Secured bench(1, {"return-to-old-profile"});
  bench.secure(2);
  EXPECT_EQ(bench.raise_to(2), "Accepted");
  EXPECT_EQ(bench.scheme(), "wss");
  EXPECT_EQ(bench.hits("return-to-old-profile"), 0);
  bench.secure(1);
  bench.drop();
  bench.pass(60s);
  EXPECT_EQ(bench.scheme(), "ws");
  EXPECT_EQ(bench.hits("return-to-old-profile"), 1);
}

TEST(TlsDefect, IgnoreProfileChange__StaysAsItWas) {
  Secured bench(1, {"ignore-profile-change"});
  bench.secure(2);
  EXPECT_EQ(bench.raise_to(2), "Accepted");
  EXPECT_EQ(bench.connections(), 1);
}

}  // namespace
}  // namespace plugproof::simulator
