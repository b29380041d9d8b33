// A bench's certificates, the good ones and every bad one.
#include <functional>

#include "certs/bench_pki.hpp"
#include "engine/base/diagnostics.hpp"
#include "tests/unit/certs_fixture.hpp"

namespace plugproof::certs {
namespace {

constexpr const char* kHost = "cs.example";

// RSA keys take their time: the tests of a family share one bench.
const BenchPki& of(Family family) {
  const auto make = [](Family one) {
    return BenchPki::make({{kHost, "192.0.2.7"}, "Lab", kNow, {one}});
  };
  static const BenchPki ec = make(Family::ec), rsa = make(Family::rsa);
  return family == Family::rsa ? rsa : ec;
}

class BenchCertificates : public ::testing::TestWithParam<Family> {
 protected:
  const Family family_ = GetParam();
  const BenchPki& pki_ = of(family_);
  const std::vector<Certificate> roots_{pki_.central_system_root(family_).certificate()};
  const KeyKind kind_ = family_ == Family::rsa ? KeyKind::rsa_2048 : KeyKind::ec_p256;

  std::string problem(const std::string& pem, Usage usage, const std::string& host = {}) const {
    return chain_problem(Certificate::all_from_pem(pem, "pem"), roots_, kNow, usage, host);
  }
};

TEST_P(BenchCertificates, Good__AllTrusted) {
  EXPECT_EQ(problem(pki_.server(family_).chain_pem(), Usage::server, kHost), "");
  EXPECT_EQ(problem(pki_.server(family_).chain_pem(), Usage::server, "192.0.2.7"), "");
  const Credential charger = pki_.charge_point(family_, "CP1");
  EXPECT_EQ(problem(charger.chain_pem(), Usage::client), "");
  EXPECT_TRUE(charger.certificate().belongs_to(charger.key));
  const Credential& firmware = pki_.firmware_signer(family_);
  EXPECT_EQ(chain_problem(firmware.chain, {pki_.manufacturer_root(family_).certificate()}, kNow,
                          Usage::firmware, ""),
            "");
  EXPECT_NE(problem(firmware.chain_pem(), Usage::firmware), "");
  for (const auto& spare : {pki_.spare_central_system_root(), pki_.spare_manufacturer_root()})
    EXPECT_EQ(chain_problem({spare}, {spare}, kNow, Usage::ca, ""), "");
  EXPECT_EQ(pki_.central_system_roots_pem(), roots_.front().pem());
}

TEST_P(BenchCertificates, Answer__KeyAndSubjectOfTheRequest) {
  const PrivateKey key = PrivateKey::make(kind_);
  const std::string answer = pki_.answer(SigningRequest::make(key, "SN-1", "Operator"), kNow);
  EXPECT_EQ(problem(answer, Usage::client), "");
  const Certificate leaf = Certificate::all_from_pem(answer, "answer").front();
  EXPECT_TRUE(leaf.belongs_to(key));
  EXPECT_EQ(leaf.common_name() + leaf.organization(), "SN-1Operator");
}

// Charge points use the one that begins last.
TEST_P(BenchCertificates, AnswerAfterAnswer__BeginsLater) {
  const auto request = SigningRequest::make(PrivateKey::make(kind_), "SN-1", "Operator");
  const auto begins = [&](base::Micros now) {
    return Certificate::all_from_pem(pki_.answer(request, now), "answer").front().not_before();
  };
  const auto second = std::chrono::seconds(1);
  EXPECT_LT(begins(kNow), kNow);
  EXPECT_LT(begins(kNow), begins(kNow + second));
  EXPECT_LT(pki_.charge_point(family_, "SN-1").certificate().not_before(), begins(kNow));
}

// What each kind of bad looks like to who checks; empty: only key or order show it.
struct Expected {
  Bad bad;
  const char* words;
};
const Expected kBad[] = {{Bad::expired, "expired"},
                         {Bad::not_yet_valid, "not yet valid"},
                         {Bad::wrong_host, "mismatch"},
                         {Bad::wrong_ca, "certificate"},
                         {Bad::weak_key, "too weak"},
                         {Bad::wrong_order, ""},
                         {Bad::no_intermediate, "local issuer"},
                         {Bad::wrong_key, ""}};

TEST_P(BenchCertificates, BadServers__EachBadInItsOwnWay) {
  for (const auto& [bad, words] : kBad) {
    const BadCredential made = pki_.bad_server(bad, family_, kNow);
    const auto chain = Certificate::all_from_pem(made.chain_pem, "chain");
    const std::string found = problem(made.chain_pem, Usage::server, kHost);
    EXPECT_EQ(found.empty(), *words == '\0') << found;
    EXPECT_NE(found.find(words), std::string::npos) << words << ": " << found;
    EXPECT_EQ(chain.front().belongs_to(PrivateKey::from_pem(made.key_pem, "key")),
              bad != Bad::wrong_key);
    EXPECT_EQ(in_order(chain), bad != Bad::wrong_order);
    if (bad == Bad::wrong_host) {
      EXPECT_EQ(problem(made.chain_pem, Usage::server, "wrong-host.invalid"), "");
    }
  }
}

TEST_P(BenchCertificates, BadAnswers__EachBadInItsOwnWay) {
  const PrivateKey key = PrivateKey::make(kind_);
  const auto request = SigningRequest::make(key, "SN-1", "Operator");
  for (const auto& [bad, words] : kBad) {
    const auto chain = Certificate::all_from_pem(pki_.bad_answer(bad, request, kNow), "chain");
    const std::string found = chain_problem(chain, roots_, kNow, Usage::client, "");
    if (bad == Bad::wrong_host) {
      EXPECT_EQ(found, "");
      EXPECT_NE(chain.front().common_name(), "SN-1");
    } else {
      EXPECT_NE(found.find(words), std::string::npos) << words << ": " << found;
      EXPECT_EQ(found.empty(), *words == '\0');
      EXPECT_EQ(chain.front().common_name(), "SN-1");
    }
    EXPECT_EQ(chain.front().belongs_to(key), bad != Bad::wrong_key && bad != Bad::weak_key);
    EXPECT_EQ(in_order(chain), bad != Bad::wrong_order);
  }
}

TEST_P(BenchCertificates, BadRootsAndGarbage__Refused) {
  for (const Bad bad : {Bad::expired, Bad::not_yet_valid, Bad::weak_key}) {
    const auto root =
        Certificate::all_from_pem(pki_.bad_central_system_root(bad, kNow), "root").front();
    EXPECT_NE(chain_problem({root}, {root}, kNow, Usage::ca, ""), "");
  }
  EXPECT_THROW(pki_.bad_central_system_root(Bad::wrong_host, kNow), std::invalid_argument);
  const auto request = SigningRequest::make(PrivateKey::make(kind_), "SN-1", "");
  for (const std::string& pem : {pki_.bad_central_system_root(Bad::garbage, kNow),
                                 pki_.bad_answer(Bad::garbage, request, kNow),
                                 pki_.bad_server(Bad::garbage, family_, kNow).chain_pem})
    EXPECT_THROW(Certificate::all_from_pem(pem, "pem"), base::InputError);
}

INSTANTIATE_TEST_SUITE_P(Families, BenchCertificates, ::testing::Values(Family::ec, Family::rsa));

TEST(Bad, Names__EachLeadsToItsKind) {
  for (std::size_t i = 0; i < bad_names().size(); ++i)
    EXPECT_EQ(bad_named(bad_names()[i]), static_cast<Bad>(i));
  EXPECT_EQ(bad_named("not-yet-valid"), Bad::not_yet_valid);
  EXPECT_EQ(bad_named("garbage"), Bad::garbage);
  EXPECT_EQ(bad_names().size(), 9u);
  EXPECT_FALSE(bad_named("rubbish"));
}

}  // namespace
}  // namespace plugproof::certs
