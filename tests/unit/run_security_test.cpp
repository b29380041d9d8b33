// Who is let in, what an Authorization header says, which key is in force, and what the bench
// makes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

#include "certs/bench_pki.hpp"
#include "certs/chain.hpp"
#include "certs/hash_data.hpp"
#include "certs/reproducible.hpp"
#include "certs/signing_request.hpp"
#include "engine/base/clock.hpp"
#include "engine/base/encoding.hpp"
#include "engine/base/expression_functions.hpp"
#include "engine/run/bench_vault.hpp"
#include "engine/run/security.hpp"
#include "engine/suite/certificate_functions.hpp"

namespace plugproof::run {
namespace {

using base::Value;

const std::string kKey = "0123456789 secret";  // 17 bytes
constexpr base::Micros kNow = base::VirtualClock::kDefaultStart;

std::shared_ptr<const certs::BenchPki> pki() {
  static const auto one = [] {
    certs::BenchPki::Order order;
    order.hosts = {"bench.example"};
    order.now = kNow;
    return std::make_shared<const certs::BenchPki>(certs::BenchPki::make(order));
  }();
  return one;
}

BenchVault::Options options(std::string key = kKey) {
  BenchVault::Options options;
  options.authorization_key = std::move(key);
  options.pki = pki();
  options.images = {make_image("good.bin", "the image"), make_image("bad.bin", "no image")};
  options.utc = [] { return kNow; };
  return options;
}

link::Handshake handshake(std::optional<std::string> authorization) {
  link::Handshake handshake;
  handshake.identity = "CP001";
  handshake.authorization = std::move(authorization);
  return handshake;
}

std::string basic(const std::string& user, const std::string& password) {
  return "Basic " + base::base64(user + ":" + password);
}

Value made(Vault& vault, const std::string& thing, Value::Object arguments) {
  auto made = vault.make(thing, Value(std::move(arguments)));
  EXPECT_EQ(made.reason, "");
  return made.value;
}

struct Header {
  const char* name;
  std::optional<std::string> header;
  int status;
  Value facts;
};

class Admission : public testing::TestWithParam<Header> {};

TEST_P(Admission, AuthorizationHeader__IsJudgedOnce) {
  BenchVault vault(options());
  const Security security(&vault, 1);
  const auto shown = handshake(GetParam().header);
  EXPECT_EQ(security.admit(shown).http_status, GetParam().status) << security.admit(shown).reason;
  EXPECT_EQ(security.credentials(shown).to_display(), GetParam().facts.to_display());
}

Value facts(bool user, const char* key, int bytes, bool printable, bool valid) {
  return Value::object({{"scheme", "Basic"},
                        {"user_is_identity", user},
                        {"key", key},
                        {"bytes", bytes},
                        {"printable", printable},
                        {"valid", valid}});
}

Value no_basic(const char* scheme) {
  return Value::object({{"scheme", scheme}, {"valid", false}});
}

INSTANTIATE_TEST_SUITE_P(
    Headers, Admission,
    testing::Values(
        Header{"Right", basic("CP001", kKey), 101, facts(true, "configured", 17, true, true)},
        Header{"SchemeInLowerCase", "basic " + base::base64("CP001:" + kKey), 101,
               facts(true, "configured", 17, true, true)},
        Header{"None", std::nullopt, 401, no_basic("none")},
        Header{"ForeignUser", basic("CP002", kKey), 401,
               facts(false, "configured", 17, true, false)},
        Header{"OtherPassword", basic("CP001", "0123456789 Secret"), 401,
               facts(true, "other", 17, true, false)},
        Header{"HexadecimalDigits", basic("CP001", base::to_hex(kKey)), 401,
               facts(true, "other", 34, true, false)},
        Header{"BytesThatAreNoText", basic("CP001", "\x01\x02"), 401,
               facts(true, "other", 2, false, false)},
        Header{"NoPassword", basic("CP001", ""), 401, facts(true, "other", 0, true, false)},
        Header{"NoColon", "Basic " + base::base64("CP001"), 401, no_basic("malformed")},
        Header{"NoBase64", "Basic ???", 401, no_basic("malformed")},
        Header{"NothingBehindIt", "Basic", 401, no_basic("malformed")},
        Header{"OtherScheme", "Bearer abc", 401, no_basic("other")}),
    [](const auto& header) { return header.param.name; });

TEST(SecurityOfARun, ProfileWithoutPassword__LetsEverybodyIn) {
  BenchVault vault(options());
  for (const int profile : {0, 3}) {
    const Security security(&vault, profile);
    EXPECT_EQ(security.admit(handshake(std::nullopt)).http_status, 101);
    EXPECT_EQ(security.admit(handshake("Bearer abc")).http_status, 101);
    EXPECT_TRUE(security.credentials(handshake(std::nullopt)).is_null());
    // What is sent without need is told all the same.
    EXPECT_EQ(security.credentials(handshake(basic("CP001", kKey))).string_or("key", ""),
              "configured");
  }
  EXPECT_EQ(Security(nullptr, 0).admit(handshake("Basic x")).http_status, 101);
}

TEST(SecurityOfARun, HeaderThatNobodyAskedFor__NothingIsDecided) {
  BenchVault without_key(options(""));
  const Value facts = Security(&without_key, 3).credentials(handshake(basic("CP001", kKey)));
  EXPECT_EQ(facts.string_or("key", ""), "unknown");
  EXPECT_EQ(facts.find("valid"), nullptr);
}

TEST(SecurityOfARun, KeyChanged__TheFormerOneIsLetInUntilTheAnswer) {
  BenchVault vault(options());
  const std::string hex = made(vault, "authorization_key", {{"which", "temporary"}}).as_string();
  const std::string temporary = *base::from_hex(hex);
  EXPECT_EQ(temporary.size(), 20U);
  Security security(&vault, 1);
  const auto status = [&](const std::string& key) {
    return security.admit(handshake(basic("CP001", key))).http_status;
  };
  // Which one is in force is not known at first: a run may have been cut off.
  EXPECT_EQ(status(temporary), 101);
  security.connected(security.credentials(handshake(basic("CP001", kKey))));
  EXPECT_EQ(status(temporary), 401);
  security.key_asked(hex);
  EXPECT_EQ(status(kKey), 101);
  EXPECT_EQ(status(temporary), 101);
  security.key_answered(true, false);
  EXPECT_EQ(status(kKey), 401);
  EXPECT_EQ(status(temporary), 101);
  security.forget_key();
  EXPECT_EQ(status(kKey), 101);
}

TEST(SecurityOfARun, KeyRefused__TheFormerOneStays) {
  BenchVault vault(options());
  Security security(&vault, 2);
  security.connected(security.credentials(handshake(basic("CP001", kKey))));
  const std::string hex = made(vault, "authorization_key", {{"which", "temporary"}}).as_string();
  security.key_asked(hex);
  security.key_answered(false, false);
  EXPECT_EQ(security.admit(handshake(basic("CP001", kKey))).http_status, 101);
  EXPECT_EQ(security.admit(handshake(basic("CP001", *base::from_hex(hex)))).http_status, 401);
}

TEST(SecurityOfARun, KeyThatNeedsAReboot__IsHeldAndBothAreLetIn) {
  BenchVault vault(options());
  Security security(&vault, 1);
  security.connected(security.credentials(handshake(basic("CP001", kKey))));
  const std::string hex = made(vault, "authorization_key", {{"which", "temporary"}}).as_string();
  security.key_asked(hex);
  security.key_answered(false, true);
  EXPECT_EQ(security.key_held(), "temporary");
  EXPECT_EQ(security.admit(handshake(basic("CP001", kKey))).http_status, 101);
  EXPECT_EQ(security.admit(handshake(basic("CP001", *base::from_hex(hex)))).http_status, 101);
  security.connected(security.credentials(handshake(basic("CP001", kKey))));
  EXPECT_EQ(security.key_held(), "configured");
}

TEST(BenchVaultMakes, TemporaryKey__FollowsFromTheConfiguredOne) {
  BenchVault one(options()), same(options()), other(options("another key of 20 b"));
  const auto key = [](Vault& vault) {
    return made(vault, "authorization_key", {{"which", "temporary"}}).as_string();
  };
  EXPECT_EQ(key(one), key(same));
  EXPECT_NE(key(one), key(other));
  EXPECT_EQ(one.which_key(key(one)), "temporary");
  EXPECT_EQ(one.which_key(base::to_hex(kKey)), "configured");
  EXPECT_EQ(one.which_key(key(other)), "other");
  EXPECT_EQ(one.which_key("no hex"), "other");
}

TEST(BenchVaultMakes, WithoutKeyOrCertificates__SaysWhatIsMissing) {
  BenchVault::Options nothing;
  nothing.utc = [] { return kNow; };
  BenchVault vault(nothing);
  const auto reason = [&](const char* thing) {
    return vault.make(thing, Value(Value::Object{})).reason;
  };
  EXPECT_NE(reason("authorization_key").find("security.authorization_key"), std::string::npos);
  for (const char* thing : {"charge_point_certificate", "central_system_root",
                            "central_system_roots", "manufacturer_root", "firmware_signature"})
    EXPECT_NE(reason(thing).find("plugproof pki init"), std::string::npos) << thing;
  EXPECT_THROW(vault.server({1, "valid"}), base::InputError);
  EXPECT_THROW(vault.server({2, "valid"}), base::InputError);
  EXPECT_NO_THROW(vault.server({0, "valid"}));
}

TEST(BenchVaultServes, WhatTlsCannotShow__IsRefusedByName) {
  BenchVault vault(options());
  for (const char* kind : {"garbage", "wrong-key"}) try {
      vault.server({2, kind});
      ADD_FAILURE() << kind;
    } catch (const base::InputError& e) {
      EXPECT_NE(std::string(e.what()).find(kind), std::string::npos) << e.what();
    }
  EXPECT_NO_THROW(vault.server({2, "expired"}));
  EXPECT_THROW(vault.server({2, "valid", "no such TLS"}), base::InputError);
}

TEST(BenchVaultServes, SuitesForWhichThereIsNoCertificate__AreLeftOut) {
  BenchVault vault(options());  // ECDSA alone
  for (const std::string& offer : link::tls_offer_names())
    for (const std::string& suite : vault.server({2, "valid", offer}).tls.cipher_suites)
      EXPECT_EQ(suite.find("_RSA_"), std::string::npos) << offer << " " << suite;
  EXPECT_FALSE(vault.server({2, "valid", "old-version"}).tls.cipher_suites.empty());
}

TEST(BenchVaultMakes, ChargePointCertificate__ForTheKeyOfTheRequest) {
  BenchVault vault(options());
  const auto key = certs::PrivateKey::make(certs::KeyKind::ec_p256);
  const auto request = certs::SigningRequest::make(key, "CP001", "plugproof");
  const auto chain = certs::Certificate::all_from_pem(
      made(vault, "charge_point_certificate", {{"csr", request.pem()}}).as_string(), "made");
  EXPECT_TRUE(chain.front().belongs_to(key));
  const auto problem = [&](const std::vector<certs::Certificate>& shown) {
    return certs::chain_problem(shown,
                                {pki()->central_system_root(certs::Family::ec).certificate()}, kNow,
                                certs::Usage::client, "");
  };
  EXPECT_EQ(problem(chain), "");
  const auto bad = certs::Certificate::all_from_pem(
      made(vault, "charge_point_certificate", {{"csr", request.pem()}, {"kind", "expired"}})
          .as_string(),
      "made");
  EXPECT_NE(problem(bad), "");
  const auto refused =
      vault.make("charge_point_certificate", Value::object({{"csr", "no request"}}));
  EXPECT_NE(refused.reason.find("the charge point's signing request"), std::string::npos);
}

TEST(BenchVaultMakes, FirmwareSignature__HoldsForTheImageOnly) {
  BenchVault vault(options());
  const auto holds = [&](const Value& made_of) {
    const auto chain = certs::Certificate::all_from_pem(made_of.string_or("certificate", ""),
                                                        "signing certificate");
    return chain.front().verifies("the image",
                                  *base::from_base64(made_of.string_or("signature", "")));
  };
  EXPECT_TRUE(holds(made(vault, "firmware_signature", {{"image", "valid"}})));
  EXPECT_FALSE(holds(made(vault, "firmware_signature", {{"image", "valid"}, {"kind", "invalid"}})));
  EXPECT_FALSE(holds(made(vault, "firmware_signature", {{"image", "invalid"}})));
}

TEST(BenchVaultMakes, ManufacturersSignature__IsHandedOnAndSpoiltInItsLastByte) {
  auto given = options();
  given.firmware_certificate = "the manufacturer's";
  given.firmware_signature = base::base64("signature");
  BenchVault vault(given);
  EXPECT_EQ(made(vault, "firmware_signature", {}).string_or("signature", ""),
            base::base64("signature"));
  EXPECT_EQ(made(vault, "firmware_signature", {{"kind", "invalid"}}).string_or("signature", ""),
            base::base64("signaturd"));
}

TEST(CertificateFunctions, Texts__AreReadOrNull) {
  suite::add_certificate_functions();
  const auto call = [](const char* name, std::vector<Value> arguments) {
    return base::find_function(name)->call(arguments);
  };
  const auto& root = pki()->spare_central_system_root();
  const Value facts = call("certificate_facts", {root.pem()});
  EXPECT_EQ(facts.string_or("common_name", ""), root.common_name());
  EXPECT_EQ(facts.string_or("fingerprint", ""), root.fingerprint());
  EXPECT_EQ(facts.int_or("key_bits", 0), 256);
  for (const Value& rubbish : {Value("rubbish"), Value(), Value(7)}) {
    EXPECT_TRUE(call("certificate_facts", {rubbish}).is_null());
    EXPECT_TRUE(call("request_facts", {rubbish}).is_null());
  }
  const auto request = certs::SigningRequest::make(certs::PrivateKey::make(certs::KeyKind::ec_p384),
                                                   "CP001", "Operator");
  const Value asked = call("request_facts", {request.pem()});
  EXPECT_EQ(asked.string_or("organization", ""), "Operator");
  EXPECT_EQ(asked.int_or("key_bits", 0), 384);
  EXPECT_EQ(*asked.find("signature_holds"), Value(true));
}

TEST(CertificateFunctions, ListOfHashData__TheItemIsFoundAsItWasWritten) {
  suite::add_certificate_functions();
  const auto listed = [](const Value& list) {
    return base::find_function("listed_certificate")
        ->call({list, pki()->spare_central_system_root().pem()});
  };
  const auto item = [](const certs::Certificate& root, const char* algorithm, bool upper) {
    const auto data = certs::hash_data(root, root, algorithm);
    std::string name = data.issuer_name_hash;
    if (upper) std::transform(name.begin(), name.end(), name.begin(), ::toupper);
    return Value::object({{"hashAlgorithm", algorithm},
                          {"issuerNameHash", name},
                          {"issuerKeyHash", data.issuer_key_hash},
                          {"serialNumber", data.serial_number}});
  };
  const Value other = item(pki()->spare_manufacturer_root(), "SHA256", false);
  for (const char* algorithm : {"SHA256", "SHA384", "SHA512"}) {
    const Value wanted = item(pki()->spare_central_system_root(), algorithm, true);
    EXPECT_EQ(listed(Value(Value::List{other, wanted})), wanted);
  }
  EXPECT_TRUE(listed(Value(Value::List{other})).is_null());
  EXPECT_TRUE(
      listed(Value(Value::List{Value("x"), Value::object({{"hashAlgorithm", "MD5"}})})).is_null());
  EXPECT_TRUE(listed(Value()).is_null());
}

TEST(ReproducibleRandom, SameSeed__SameKeysAndSignatures) {
  const auto drawn = [](std::uint64_t seed) {
    const certs::ReproducibleRandom random(seed);
    const auto key = certs::PrivateKey::make(certs::KeyKind::ec_p256);
    return key.pem() + base::to_hex(key.sign("text"));
  };
  EXPECT_EQ(drawn(1), drawn(1));
  EXPECT_NE(drawn(1), drawn(2));
  const auto outside = [] { return certs::PrivateKey::make(certs::KeyKind::ec_p256).pem(); };
  EXPECT_NE(outside(), outside());
}

}  // namespace
}  // namespace plugproof::run
