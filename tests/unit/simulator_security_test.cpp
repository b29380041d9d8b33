// Credentials of the reference charge point (security whitepaper, sections 2 and 4.1, use cases A01
// and A05).
#include "engine/base/diagnostics.hpp"
#include "simulator_tour.hpp"

namespace plugproof::simulator {
namespace {

constexpr const char* kKey = "4F43415F4F4354545F61646D696E5F74657374";  // OCA_OCTT_admin_test
constexpr const char* kHeader = "Basic Q1AwMDE6T0NBX09DVFRfYWRtaW5fdGVzdA==";
constexpr const char* kOther = "30313233343536373839414243444546";  // 0123456789ABCDEF
constexpr const char* kOtherHeader = "Basic Q1AwMDE6MDEyMzQ1Njc4OUFCQ0RFRg==";

std::string change(const std::string& key, const std::string& value) {
  return R"({"key":")" + key + R"(","value":")" + value + R"("})";
}

// A charge point of that profile, up and registered.
struct Secured : Bench {
  explicit Secured(int profile, std::vector<std::string> defects = {}, std::uint64_t seed = 0)
      : Bench(pics_of(k2024All), std::move(defects), seed, profile, kKey) {
    boot().forget();
  }
  std::string set(const std::string& key, const std::string& value) {
    const std::string word = status_of("ChangeConfiguration", change(key, value));
    pass(10s);
    return word;
  }
  std::string latest() const { return authorizations().back(); }
};

TEST(SecurityProfile, Zero__NoAuthorization) {
  Secured bench(0);
  EXPECT_EQ(bench.latest(), "");
}

TEST(SecurityProfile, One__IdentityAndBytesOfTheKey) {
  Secured bench(1);
  EXPECT_EQ(bench.latest(), kHeader);
}

TEST(SecurityProfile, OneWithAnyByte__SentAsItIs) {
  Bench bench(pics_of(k2024All), {}, 0, 1, "0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF");
  bench.boot();
  EXPECT_EQ(bench.authorizations().back(), "Basic Q1AwMDE6AAECAwQFBgf///////////////8=");
}

TEST(SecurityProfile, Settings__RefusedWithTheReason) {
  const auto problem = [](const char* pics, int profile, const std::string& key) -> std::string {
    try {
      Bench bench(pics_of(pics), {}, 0, profile, key);
    } catch (const base::InputError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(problem(k2019, 1, kKey).find("claims no security profile"), std::string::npos);
  EXPECT_NE(problem(k2025, 1, kKey).find("does not claim it"), std::string::npos);
  EXPECT_NE(problem(k2024All, 1, "").find("needs an authorization key"), std::string::npos);
  EXPECT_NE(problem(k2024All, 1, "4F43").find("32 to 40"), std::string::npos);
  EXPECT_NE(problem(k2024All, 2, kKey).find("no root certificate"), std::string::npos);
  EXPECT_EQ(problem(k2024All, 1, kKey), "");
}

TEST(AuthorizationKey, New__ReconnectsWithIt) {
  Secured bench(1);
  const int before = bench.connections();
  EXPECT_EQ(bench.set("AuthorizationKey", kOther), "Accepted");
  EXPECT_EQ(bench.connections(), before + 1);
  EXPECT_EQ(bench.latest(), kOtherHeader);
  EXPECT_EQ(bench.count("BootNotification"), 0);
  EXPECT_EQ(bench.set("AuthorizationKey", kKey), "Accepted");
  EXPECT_EQ(bench.latest(), kHeader);
}

TEST(AuthorizationKey, SetWithoutProfile__KeptForLater) {
  Secured bench(0);
  const int before = bench.connections();
  EXPECT_EQ(bench.set("AuthorizationKey", kOther), "Accepted");
  EXPECT_EQ(bench.connections(), before);
  EXPECT_EQ(bench.set("SecurityProfile", "1"), "Accepted");
  EXPECT_EQ(bench.latest(), kOtherHeader);
}

TEST(AuthorizationKey, TurnedAway__FormerOneAgain) {
  Secured bench(1);
  bench.welcome_only(kHeader);
  EXPECT_EQ(bench.set("AuthorizationKey", kOther), "Accepted");
  EXPECT_EQ(bench.latest(), kHeader);
  ASSERT_GE(bench.authorizations().size(), 3u);
  EXPECT_EQ(bench.authorizations()[bench.authorizations().size() - 2], kOtherHeader);
  EXPECT_EQ(bench.status_of("ChangeAvailability", R"({"connectorId":0,"type":"Operative"})"),
            "Accepted");
}

TEST(AuthorizationKey, TakenOnce__NoWayBack) {
  Secured bench(1);
  bench.set("AuthorizationKey", kOther);
  bench.welcome_only(kHeader);
  bench.drop();
  bench.pass(60s);
  EXPECT_EQ(bench.latest(), kOtherHeader);
}

TEST(AuthorizationKey, NoKey__Rejected) {
  Secured bench(1);
  for (const char* value :
       {"", "OCA_OCTT_admin_test", "4F43415F4F4354545F61646D696E5F",
        "4F43415F4F4354545F61646D696E5F746", "4F43415F4F4354545F61646D696E5F746573744F43415F"})
    EXPECT_EQ(bench.set("AuthorizationKey", value), "Rejected") << value;
  EXPECT_EQ(bench.connections(), 1);
}

TEST(AuthorizationKey, Asked__NoValueIsTold) {
  Secured bench(1);
  const Value answer = bench.ask("GetConfiguration", R"({"key":["AuthorizationKey"]})");
  const Value& entry = answer.find("configurationKey")->as_list().front();
  EXPECT_FALSE(entry.find("value"));
  EXPECT_FALSE(entry.find("readonly")->as_bool());
}

TEST(AuthorizationKey, PowerCut__Kept) {
  Secured bench(1);
  bench.set("AuthorizationKey", kOther);
  bench.act("power_cycle");
  bench.pass(60s);
  EXPECT_EQ(bench.latest(), kOtherHeader);
}

TEST(SecurityProfile, Raised__AtOnceOrAfterAReboot) {
  bool at_once = false, after = false;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Secured bench(0, {}, seed);
    const std::string word = bench.set("SecurityProfile", "1");
    bench.pass(60s);
    if (word == "Accepted") at_once = true;
    if (word == "RebootRequired") {
      after = true;
      EXPECT_EQ(bench.latest(), "");
      bench.ask("Reset", R"({"type":"Hard"})");
      bench.pass(120s);
    }
    EXPECT_EQ(bench.latest(), kHeader) << seed << " " << word;
  }
  EXPECT_TRUE(at_once && after);
}

TEST(SecurityProfile, LowerOrUnclaimedOrLacking__Rejected) {
  Secured bench(1);
  for (const char* value : {"0", "2", "3", "4", "-1", "x"})
    EXPECT_EQ(bench.set("SecurityProfile", value), "Rejected") << value;
  Bench keyless(pics_of(k2024All));
  keyless.boot();
  EXPECT_EQ(keyless.status_of("ChangeConfiguration", change("SecurityProfile", "1")), "Rejected");
  EXPECT_EQ(bench.connections(), 1);
}

TEST(SecurityProfile, WithoutTheClaim__NoSuchKey) {
  Bench bench(pics_of(k2019));
  bench.boot();
  EXPECT_EQ(bench.status_of("ChangeConfiguration", change("SecurityProfile", "1")), "NotSupported");
  EXPECT_EQ(bench.count("SecurityEventNotification"), 0);
}

TEST(CredentialDefect, OfTheHeader__Shows) {
  for (const auto& [defect, header] : std::map<std::string, std::string>{
           {"no-authorization", ""},
           {"wrong-password", "Basic Q1AwMDE6T0NBX09DVFRfYWRtaW5fdGVzPw=="},
           {"authorization-as-hex",
            "Basic Q1AwMDE6NEY0MzQxNUY0RjQzNTQ1NDVGNjE2NDZENjk2RTVGNzQ2NTczNzQ="},
           {"short-password", "Basic Q1AwMDE6T0NBX09DVFQ="},
           {"foreign-user", "Basic Q1AwMDFYOk9DQV9PQ1RUX2FkbWluX3Rlc3Q="}}) {
    Secured bench(1, {defect});
    EXPECT_EQ(bench.latest(), header) << defect;
    EXPECT_GT(bench.hits(defect), 0) << defect;
  }
}

TEST(CredentialDefect, OfTheKeys__Shows) {
  {
    Secured bench(1, {"no-reconnect-for-new-key"});
    EXPECT_EQ(bench.set("AuthorizationKey", kOther), "Accepted");
    EXPECT_EQ(bench.connections(), 1);
    EXPECT_EQ(bench.hits("no-reconnect-for-new-key"), 1);
  }
  {
    Secured bench(1, {"accept-lower-profile"});
    EXPECT_EQ(bench.set("SecurityProfile", "0"), "Accepted");
    EXPECT_EQ(bench.latest(), "");
  }
  {
    Secured bench(0, {"ignore-profile-change"});
    EXPECT_EQ(bench.set("SecurityProfile", "1"), "Accepted");
    EXPECT_EQ(bench.latest(), "");
    EXPECT_EQ(bench.hits("ignore-profile-change"), 1);
  }
  {
    Bench bench(pics_of(k2024All), {"accept-profile-without-needs"});
    bench.boot();
    EXPECT_EQ(bench.status_of("ChangeConfiguration", change("SecurityProfile", "1")), "Accepted");
    EXPECT_EQ(bench.hits("accept-profile-without-needs"), 1);
  }
  {
    Secured bench(1, {"show-authorization-key"});
    const Value answer = bench.ask("GetConfiguration", R"({"key":["AuthorizationKey"]})");
    EXPECT_TRUE(answer.find("configurationKey")->as_list().front().find("value"));
  }
}

}  // namespace
}  // namespace plugproof::simulator
