// What is trusted, and every kind of certificate that is not.
#include <algorithm>
#include <ctime>

#include "tests/unit/certs_fixture.hpp"

namespace plugproof::certs {
namespace {

class Chain : public ::testing::Test {
 protected:
  const Authority root_ = a_root();
  const Authority middle_ =
      root_.intermediate(KeyKind::ec_p256, profile(Usage::ca, "Test intermediate"));
  const PrivateKey key_ = PrivateKey::make(KeyKind::ec_p256);

  std::vector<Certificate> server(const Profile& wanted) {
    return chain_of(middle_, middle_.issue(key_, wanted));
  }
  std::string problem(const std::vector<Certificate>& chain, const std::string& host = {},
                      Usage usage = Usage::server, base::Micros now = kNow) {
    return chain_problem(chain, {root_.certificate()}, now, usage, host);
  }
};

TEST_F(Chain, Server__ValidForNameAndAddress__NoProblem) {
  const auto chain =
      server(profile(Usage::server, "cs", {"cs.example", "192.0.2.7", "2001:db8::7"}));
  for (const char* host : {"", "cs.example", "CS.example", "192.0.2.7", "2001:db8::7"})
    EXPECT_EQ(problem(chain, host), "") << host;
  EXPECT_TRUE(in_order(chain));
}

TEST_F(Chain, Server__WrongHost__Refused) {
  const auto chain = server(profile(Usage::server, "cs", {"cs.example", "192.0.2.7"}));
  EXPECT_NE(problem(chain, "other.example").find("hostname mismatch"), std::string::npos);
  EXPECT_NE(problem(chain, "192.0.2.8").find("IP address mismatch"), std::string::npos);
}

TEST_F(Chain, Server__OutsideItsTime__RefusedAtThatTimeOnly) {
  const auto chain = server(profile(Usage::server, "cs", {"cs.example"}));
  const auto at = [&](base::Micros now) {
    return problem(chain, "cs.example", Usage::server, now);
  };
  EXPECT_EQ(at(kNow - kDay), "");
  EXPECT_NE(at(kNow - kDay - std::chrono::seconds(1)).find("not yet valid"), std::string::npos);
  EXPECT_EQ(at(kNow + 30 * kDay - std::chrono::seconds(1)), "");
  EXPECT_NE(at(kNow + 30 * kDay + std::chrono::seconds(1)).find("expired"), std::string::npos);
}

TEST_F(Chain, Server__ByUnknownRoot__Refused) {
  const Authority other = a_root();  // the same name, another key
  const auto leaf = other.issue(key_, profile(Usage::server, "cs", {"cs.example"}));
  EXPECT_NE(problem({leaf}), "");
  EXPECT_EQ(chain_problem({leaf}, {other.certificate()}, kNow, Usage::server, ""), "");
  EXPECT_NE(chain_problem({leaf}, {}, kNow, Usage::server, ""), "");
}

TEST_F(Chain, Server__IntermediateMissing__Refused) {
  auto chain = server(profile(Usage::server, "cs", {"cs.example"}));
  chain.pop_back();
  EXPECT_NE(problem(chain).find("unable to get local issuer certificate"), std::string::npos);
}

TEST_F(Chain, Server__ChainBackwards__RefusedAndNotInOrder) {
  auto chain = server(profile(Usage::server, "cs", {"cs.example"}));
  std::reverse(chain.begin(), chain.end());
  EXPECT_NE(problem(chain), "");
  EXPECT_FALSE(in_order(chain));
}

TEST_F(Chain, UsedForAnotherPurpose__Refused) {
  const auto issue = [&](Usage usage) {
    return chain_of(middle_, middle_.issue(key_, profile(usage, "x", {"cs.example"})));
  };
  for (const Usage is : {Usage::server, Usage::client, Usage::firmware})
    for (const Usage wanted : {Usage::ca, Usage::server, Usage::client, Usage::firmware})
      EXPECT_EQ(problem(issue(is), "", wanted).empty(), is == wanted)
          << static_cast<int>(is) << " as " << static_cast<int>(wanted);
}

TEST_F(Chain, Root__JudgedByItself__ItsTimeAndThatItIsOne) {
  const auto judge = [](const Certificate& root, base::Micros now) {
    return chain_problem({root}, {root}, now, Usage::ca, "");
  };
  EXPECT_EQ(judge(root_.certificate(), kNow), "");
  EXPECT_NE(judge(root_.certificate(), kNow + 31 * kDay).find("expired"), std::string::npos);
  EXPECT_NE(judge(middle_.certificate(), kNow), "");
  const auto leaf = self_signed(PrivateKey::make(KeyKind::ec_p256), "no CA");
  EXPECT_NE(judge(leaf, base::Micros(std::chrono::seconds(std::time(nullptr)))), "");
}

// "Improved security for OCPP 1.6-J": RSA of 2048 bits, EC of 224 bits at least.
TEST_F(Chain, KeyStrength__WeakOnesRefusedAnywhereInTheChain) {
  const Profile wanted = profile(Usage::client, "CP1");
  for (const auto& [kind, good] : {std::pair{KeyKind::rsa_1024, false},
                                   {KeyKind::ec_p192, false},
                                   {KeyKind::rsa_2048, true},
                                   {KeyKind::ec_p256, true},
                                   {KeyKind::ec_p384, true}}) {
    const auto leaf = middle_.issue(PrivateKey::make(kind), wanted);
    EXPECT_EQ(problem(chain_of(middle_, leaf), "", Usage::client).empty(), good)
        << leaf.key_kind() << leaf.key_bits();
    const Authority by = a_root(kind, "Of that strength");
    EXPECT_EQ(chain_problem({by.issue(key_, wanted)}, {by.certificate()}, kNow, Usage::client, "")
                  .empty(),
              good)
        << "by " << leaf.key_kind() << leaf.key_bits();
  }
}

TEST_F(Chain, Problem__NamesTheCertificate) {
  const auto chain = server(profile(Usage::server, "cs of the test", {"cs.example"}));
  EXPECT_NE(problem(chain, "other.example").find("'cs of the test'"), std::string::npos);
  EXPECT_NE(problem({}), "");
}

}  // namespace
}  // namespace plugproof::certs
