// The certificate of the file servers: the one made for a run, and a user's own.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "certs/chain.hpp"
#include "engine/base/diagnostics.hpp"
#include "engine/transfer/server_certificate.hpp"

namespace plugproof::transfer {
namespace {

namespace fs = std::filesystem;
using certs::KeyKind;
using certs::PrivateKey;

base::Micros now() {
  return std::chrono::duration_cast<base::Micros>(
      std::chrono::system_clock::now().time_since_epoch());
}

TEST(ServerCertificate, Made__TrustedAsItselfForItsHosts) {
  const auto made = make_server_certificate({"bench.example", "192.0.2.7", "2001:db8::7"});
  const auto chain = certs::Certificate::all_from_pem(made.chain, "chain");
  ASSERT_EQ(chain.size(), 1u);
  EXPECT_FALSE(made.elliptic);
  EXPECT_TRUE(chain.front().belongs_to(PrivateKey::from_pem(made.key, "key")));
  for (const char* host : {"bench.example", "192.0.2.7", "2001:db8::7"})
    EXPECT_EQ(certs::chain_problem(chain, chain, now(), certs::Usage::server, host), "") << host;
  EXPECT_NE(certs::chain_problem(chain, chain, now(), certs::Usage::server, "other.example"), "");
  EXPECT_NE(certs::chain_problem(chain, chain, now(), certs::Usage::ca, ""), "");
  EXPECT_THROW(make_server_certificate({"bench.example."}), base::InputError);
}

class UsersCertificate : public ::testing::Test {
 protected:
  UsersCertificate() {
    std::string name = (fs::temp_directory_path() / "plugproof-files-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  ~UsersCertificate() override { fs::remove_all(folder_); }

  std::string put(const char* name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  std::string refusal(const std::string& chain, const std::string& key) {
    try {
      read_server_certificate(chain, key);
    } catch (const base::InputError& error) {
      return error.what();
    }
    return "nothing was refused";
  }
  void expect_refused(const std::string& chain, const std::string& key, const std::string& words) {
    EXPECT_NE(refusal(chain, key).find(words), std::string::npos) << refusal(chain, key);
  }

  fs::path folder_;
};

TEST_F(UsersCertificate, RsaOrEc__TakenAsItIs) {
  for (const KeyKind kind : {KeyKind::rsa_2048, KeyKind::ec_p384}) {
    const PrivateKey key = PrivateKey::make(kind);
    const std::string pem = certs::self_signed(key, "bench").pem();
    const auto read = read_server_certificate(put("c", "Ours:\n" + pem + pem), put("k", key.pem()));
    EXPECT_EQ(read.chain, "Ours:\n" + pem + pem);
    EXPECT_EQ(read.key, key.pem());
    EXPECT_EQ(read.elliptic, kind == KeyKind::ec_p384);
  }
}

TEST_F(UsersCertificate, WhatCannotBeUsed__RefusedByName) {
  const PrivateKey key = PrivateKey::make(KeyKind::ec_p256);
  const std::string chain = put("c", certs::self_signed(key, "bench").pem());
  const std::string own = put("k", key.pem()), rubbish = put("r", "rubbish");
  EXPECT_EQ(refusal(chain, own), "nothing was refused");
  expect_refused((folder_ / "none").string(), own, "the certificate of the file servers cannot");
  expect_refused(chain, (folder_ / "none").string(), "the key of the file servers cannot be read");
  expect_refused(rubbish, own, "/r: there is no certificate in PEM");
  expect_refused(chain, rubbish, "/r: there is no private key in PEM");
  expect_refused(chain, put("o", PrivateKey::make(KeyKind::ec_p256).pem()),
                 "/o: this key does not belong to the certificate in " + chain);
  const PrivateKey edwards = PrivateKey::make(KeyKind::ed25519);
  expect_refused(put("e", certs::self_signed(edwards, "bench").pem()), put("f", edwards.pem()),
                 "/f: the file servers need an RSA or an ECDSA key");
}

}  // namespace
}  // namespace plugproof::transfer
