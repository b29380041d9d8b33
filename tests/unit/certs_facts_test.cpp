// What certificates, requests, keys and hash data say, and texts that are none.
#include <functional>
#include <set>

#include "certs/hash_data.hpp"
#include "certs/naming.hpp"
#include "engine/base/diagnostics.hpp"
#include "tests/unit/certs_fixture.hpp"

namespace plugproof::certs {
namespace {

const std::vector<KeyKind> kAllKinds{KeyKind::rsa_1024, KeyKind::rsa_2048, KeyKind::rsa_3072,
                                     KeyKind::ec_p192,  KeyKind::ec_p256,  KeyKind::ec_p384,
                                     KeyKind::ed25519};

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "nothing was refused";
}

TEST(PrivateKey, EveryKind__SignsForItsCertificateAlone) {
  for (const KeyKind kind : kAllKinds) {
    const PrivateKey key = PrivateKey::make(kind);
    const Certificate own = self_signed(key, "one"),
                      other = self_signed(PrivateKey::make(kind), "other");
    for (const Padding padding : {Padding::pkcs1, Padding::pss}) {
      const std::string signature = key.sign("firmware", padding);
      EXPECT_TRUE(own.verifies("firmware", signature, padding)) << key.kind() << key.bits();
      EXPECT_FALSE(own.verifies("firmwarf", signature, padding));
      EXPECT_FALSE(other.verifies("firmware", signature, padding));
      EXPECT_FALSE(own.verifies("firmware", signature.substr(1), padding));
      const Padding wrong = padding == Padding::pss ? Padding::pkcs1 : Padding::pss;
      EXPECT_EQ(own.verifies("firmware", signature, wrong), key.kind() != "RSA");
    }
    EXPECT_TRUE(own.belongs_to(PrivateKey::from_pem(key.pem(), "key")));
  }
}

TEST(PrivateKey, EveryKind__SaysKindAndBits) {
  const std::vector<std::pair<std::string, int>> expected{
      {"RSA", 1024}, {"RSA", 2048}, {"RSA", 3072},   {"EC", 192},
      {"EC", 256},   {"EC", 384},   {"Ed25519", 256}};
  for (std::size_t i = 0; i < kAllKinds.size(); ++i) {
    const PrivateKey key = PrivateKey::make(kAllKinds[i]);
    EXPECT_EQ(std::pair(key.kind(), key.bits()), expected[i]);
    const Certificate own = self_signed(key, "x");
    EXPECT_EQ(std::pair(own.key_kind(), own.key_bits()), expected[i]);
    const auto request = SigningRequest::make(key, "x", "y");
    EXPECT_EQ(std::pair(request.key_kind(), request.key_bits()), expected[i]);
    EXPECT_TRUE(request.signature_holds());
  }
}

TEST(Certificate, Facts__AsOrdered) {
  const Authority root = a_root();
  const auto key = PrivateKey::make(KeyKind::ec_p256);
  const Certificate leaf = root.issue(key, profile(Usage::client, "Zürich 1"));
  EXPECT_EQ(leaf.common_name(), "Zürich 1");
  EXPECT_EQ(leaf.organization(), "Example Ltd");
  EXPECT_EQ(leaf.issuer_common_name(), "Test root");
  EXPECT_EQ(leaf.not_before(), kNow - kDay);
  EXPECT_EQ(leaf.not_after(), kNow + 30 * kDay);
  EXPECT_TRUE(root.certificate().issued(leaf));
  EXPECT_FALSE(leaf.issued(leaf));
  EXPECT_TRUE(root.certificate().issued(root.certificate()));
  EXPECT_FALSE(a_root().certificate().issued(leaf)) << "the same name with another key";
}

TEST(Certificate, Times__AfterTwentyFortyNineAndWithoutEnd) {
  Profile wanted = profile(Usage::ca, "x");
  wanted.not_after = std::chrono::seconds(2600000000);  // 2052: GeneralizedTime
  EXPECT_EQ(Authority::root(KeyKind::ec_p256, wanted).certificate().not_after(), wanted.not_after);
  wanted.not_after = {};
  EXPECT_EQ(
      base::format_utc_millis(Authority::root(KeyKind::ec_p256, wanted).certificate().not_after()),
      "9999-12-31T23:59:59.000Z");
}

TEST(Certificate, SerialNumbers__LongAndNeverTheSame) {
  const Authority root = a_root();
  const auto key = PrivateKey::make(KeyKind::ec_p256);
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const std::string serial = root.issue(key, profile(Usage::client, "x")).serial_number();
    EXPECT_GE(serial.size(), 16u);  // 64 bits; a shorter one of 127 comes once in 2^60 times
    EXPECT_NE(serial.front(), '0');
    EXPECT_EQ(serial.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_TRUE(seen.insert(serial).second);
  }
}

TEST(Authority, RequestSigned__KeyOfTheRequestAndItsNameUnlessAnotherIsOrdered) {
  const Authority root = a_root();
  const auto key = PrivateKey::make(KeyKind::rsa_2048);
  const auto request =
      SigningRequest::from_pem(SigningRequest::make(key, "SN-1", "Operator").pem(), "request");
  Profile wanted = profile(Usage::client, "");
  wanted.organization.clear();
  const Certificate own = root.issue(request, wanted);
  EXPECT_TRUE(own.belongs_to(key));
  EXPECT_EQ(own.common_name(), "SN-1");
  EXPECT_EQ(own.organization(), "Operator");
  EXPECT_EQ(root.issue(request, profile(Usage::client, "SN-2")).common_name(), "SN-2");
}

TEST(Authority, MadeEarlier__KeyAndChainMustFit) {
  const Authority root = a_root(), other = a_root();
  const Authority middle = root.intermediate(KeyKind::ec_p256, profile(Usage::ca, "m"));
  EXPECT_EQ(Authority(middle.key(), middle.chain(), "f").chain_pem(), middle.chain_pem());
  EXPECT_NE(
      message_of([&] { Authority(root.key(), middle.chain(), "f.pem"); }).find("f.pem: the key"),
      std::string::npos);
  for (const auto& chain :
       {std::vector{middle.certificate()}, std::vector{middle.certificate(), other.certificate()}})
    EXPECT_NE(message_of([&] { Authority(middle.key(), chain, "f.pem"); }).find("certificate 1"),
              std::string::npos);
  EXPECT_NE(message_of([&] { Authority(root.key(), {}, "f.pem"); }).find("no certificate"),
            std::string::npos);
}

TEST(SigningRequest, Changed__SignatureDoesNotHold) {
  const auto key = PrivateKey::make(KeyKind::ec_p256);
  std::string pem = SigningRequest::make(key, "SN-1", "Operator").pem();
  const Certificate certificate = self_signed(key, "x");
  EXPECT_NE(
      message_of([&] { SigningRequest::from_pem("rubbish", "csr"); }).find("csr: there is no"),
      std::string::npos);
  EXPECT_NE(message_of([&] {
              SigningRequest::from_pem(certificate.pem(), "csr");
            }).find("csr: there is no"),
            std::string::npos);
  // The middle of the base64 is the key or the signature; some changes break the form, none passes.
  int held = 0, read = 0;
  for (std::size_t i = 60; i + 40 < pem.size(); ++i) {
    std::string changed = pem;
    if (changed[i] == '\n') continue;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    try {
      const auto request = SigningRequest::from_pem(changed, "csr");
      ++read;
      held += request.signature_holds();
    } catch (const base::InputError&) {
    }
  }
  EXPECT_GT(read, 50);
  EXPECT_EQ(held, 0);
}

TEST(HashData, UpperAndLowerCase__Same) {
  const Authority root = a_root();
  const HashData data = hash_data(root.certificate(), root.certificate(), "SHA256");
  HashData other = data;
  for (auto* text : {&other.issuer_name_hash, &other.issuer_key_hash, &other.serial_number})
    for (char& c : *text) c = static_cast<char>(std::toupper(c));
  EXPECT_EQ(data, other);
  other.serial_number += "0";
  EXPECT_FALSE(data == other);
  EXPECT_THROW(hash_data(root.certificate(), root.certificate(), "SHA1"), std::invalid_argument);
}

TEST(HashData, DigestOfBytes__OfTheKeyWithoutItsFrameIsTheIssuersKeyHash) {
  // FIPS 180-4, the example of one block.
  EXPECT_EQ(digest_hex("abc", "SHA256"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_THROW(digest_hex("", "SHA1"), std::invalid_argument);
  const Authority root = a_root();
  const std::string key = root.certificate().public_key_der();
  constexpr std::size_t kPoint = 65;  // of P-256, uncompressed: the end of the DER form
  ASSERT_GT(key.size(), kPoint);
  EXPECT_EQ(digest_hex(key.substr(key.size() - kPoint), "SHA256"),
            hash_data(root.certificate(), root.certificate(), "SHA256").issuer_key_hash);
}

TEST(Names, Hosts__NamesAndAddressesAlone) {
  for (const char* host : {"cs", "cs.example", "*.example", "a_b.example", "192.0.2.7", "::1"})
    EXPECT_EQ(host_problem(host), "") << host;
  for (const std::string host : {"", "a,DNS:b", "a b", "-a", "a..b", ".a", "a.", "*", "a*.b",
                                 "1.2.3", "192.0.2.256", "http://a", "a:1", "ü.example"})
    EXPECT_NE(host_problem(host), "") << host;
  EXPECT_NE(host_problem(std::string(64, 'a')), "");
  EXPECT_NE(common_name_problem(std::string(65, 'a')), "");
  EXPECT_EQ(common_name_problem(std::string(64, 'a')), "");
  EXPECT_NE(message_of([] {
              a_root().issue(PrivateKey::make(KeyKind::ec_p256),
                             profile(Usage::server, "x", {"a,DNS:b"}));
            }).find("'a,DNS:b' cannot be the host"),
            std::string::npos);
}

}  // namespace
}  // namespace plugproof::certs
