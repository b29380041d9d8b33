// The charge point certificate of the reference charge point (security whitepaper, use cases A02,
// A03).
#include "simulator_secured.hpp"

namespace plugproof::simulator {
namespace {

using certs::Bad;
using certs::Certificate;
using certs::Family;

TEST(Renewal, Triggered__NewKeyAndNamesThenReconnectsWithTheNewCertificate) {
  Secured station(3);
  const std::string before = station.shown().fingerprint();
  EXPECT_EQ(station.trigger(), "Accepted");
  ASSERT_EQ(station.count("SignCertificate"), 1);
  const auto request = station.request();
  EXPECT_EQ(request.common_name(), "CP001");
  EXPECT_EQ(request.organization(), "Operator Ltd");
  EXPECT_EQ(request.key_kind(), "EC");
  EXPECT_EQ(request.key_bits(), 256);
  EXPECT_TRUE(request.signature_holds());
  const std::string chain = bench_pki().answer(request, station.clock().utc());
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
  Secured station(options);
  EXPECT_EQ(station.trigger(), "Accepted");
  EXPECT_EQ(station.hand_over(bench_pki().answer(station.request(), station.clock().utc())),
            "Accepted");
  EXPECT_EQ(station.connections(), 1);
  station.secure(3);
  EXPECT_EQ(station.status_of("ChangeConfiguration", R"({"key":"SecurityProfile","value":"3"})"),
            "Accepted");
  station.pass(10s);
  EXPECT_EQ(station.connections(), 2);
  EXPECT_EQ(station.shown().organization(), "Operator Ltd");
}

TEST(Renewal, WithoutCpoName__TriggerRejected) {
  Secured station(3);
  EXPECT_EQ(station.status_of("ExtendedTriggerMessage",
                              R"({"requestedMessage":"SignChargePointCertificate"})"),
            "Rejected");
  EXPECT_EQ(station.count("SignCertificate"), 0);
}

TEST(Renewal, CpoNameThatNoCertificateCanHold__Rejected) {
  Secured station(3);
  for (const auto& [value, word] : std::map<std::string, std::string>{
           {"", "Accepted"}, {"Operator Ltd", "Accepted"}, {std::string(65, 'x'), "Rejected"}})
    EXPECT_EQ(
        station.status_of("ChangeConfiguration", R"({"key":"CpoName","value":")" + value + R"("})"),
        word)
        << value;
}

TEST(Renewal, SignCertificateRejected__GivesUp) {
  Secured station(3);
  station.answer("SignCertificate", R"({"status":"Rejected"})");
  EXPECT_EQ(station.trigger(), "Accepted");
  EXPECT_EQ(station.hand_over(bench_pki().answer(station.request(), station.clock().utc())),
            "Rejected");
  EXPECT_EQ(station.connections(), 1);
  EXPECT_EQ(station.count("SignCertificate"), 1);
}

TEST(Renewal, BadCertificate__RejectedWithEventAndTheOldOneStays) {
  for (const Bad bad :
       {Bad::expired, Bad::not_yet_valid, Bad::wrong_host, Bad::wrong_ca, Bad::weak_key,
        Bad::wrong_order, Bad::no_intermediate, Bad::wrong_key, Bad::garbage}) {
    Secured station(3);
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
  Secured station(3);
  EXPECT_EQ(station.hand_over(bench_pki().charge_point(Family::ec, "CP001").chain_pem()),
            "Rejected");
  EXPECT_EQ(station.told("InvalidChargePointCertificate"), 1);
  Secured small(options_of(3), {{"ORS-17: 10000", "ORS-17: 500"}});
  small.trigger();
  EXPECT_EQ(small.hand_over(bench_pki().answer(small.request(), small.clock().utc())), "Rejected");
  // Where the vendor counts certificates: two are a chain of two.
  Secured counting(options_of(3), {{"ORS-17: 10000", "ORS-17: 2"}});
  counting.trigger();
  EXPECT_EQ(counting.hand_over(bench_pki().answer(counting.request(), counting.clock().utc())),
            "Accepted");
}

TEST(Renewal, NewCertificateRefusedByTheCentralSystem__FormerOneAgain) {
  std::set<std::string> versions;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    Secured station(3, {}, seed);
    const std::string before = station.shown().fingerprint();
    station.trigger();
    station.pass(30s);
    const std::string chain = bench_pki().answer(station.request(), station.clock().utc());
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
  Secured station(3);
  station.trigger();
  station.act("power_cycle");
  station.pass(60s);
  EXPECT_EQ(station.hand_over(bench_pki().answer(station.request(), station.clock().utc())),
            "Accepted");
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
  Secured station(options);
  station.status_of("ChangeConfiguration", R"({"key":"CpoName","value":"Operator Ltd"})");
  station.act("power_cycle");
  station.pass(9 * day);
  EXPECT_EQ(station.count("SignCertificate"), 0);
  station.pass(2 * day);
  EXPECT_EQ(station.count("SignCertificate"), 1);
  EXPECT_EQ(station.hand_over(bench_pki().answer(station.request(), station.clock().utc())),
            "Accepted");
  station.pass(20 * day);
  EXPECT_EQ(station.count("SignCertificate"), 1);
}

TEST(RenewalDefect, OfTheRequest__Shows) {
  const auto request = [](const char* defect) {
    Secured station(3, {defect});
    station.trigger();
    EXPECT_EQ(station.hits(defect), 1) << defect;
    return station.request();
  };
  EXPECT_EQ(request("csr-other-common-name").common_name(), "somebody else");
  EXPECT_EQ(request("csr-without-organization").organization(), "");
  EXPECT_EQ(request("csr-weak-key").key_bits(), 192);
  Secured station(3, {"csr-old-key"});
  station.trigger();
  const Certificate made =
      Certificate::all_from_pem(bench_pki().answer(station.request(), station.clock().utc()), "it")
          .front();
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
    Secured station(3, {defect});
    const std::string before = station.shown().fingerprint();
    Outcome out;
    out.trigger = station.trigger();
    if (out.trigger == "Accepted")
      out.answer = station.hand_over(
          good ? bench_pki().answer(station.request(), station.clock().utc())
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
  Secured silent(3, {"ignore-trigger:SignChargePointCertificate"});
  EXPECT_EQ(silent.trigger(), "Accepted");
  EXPECT_EQ(silent.count("SignCertificate"), 0);
}

}  // namespace
}  // namespace plugproof::simulator
