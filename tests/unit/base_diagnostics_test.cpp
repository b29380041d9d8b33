#include "engine/base/diagnostics.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "engine/base/random.hpp"
#include "engine/base/sha256.hpp"

namespace plugproof::base {
namespace {

TEST(Diagnostics, WithoutPlace__FileAlone) {
  Diagnostics diagnostics;
  diagnostics.warning({"no/such/file", 0, 0}, "odd", "look");
  EXPECT_FALSE(diagnostics.has_errors());
  diagnostics.error({"no/such/file", 7, 2}, "bad");
  EXPECT_EQ(diagnostics.error_count(), 1u);
  EXPECT_EQ(diagnostics.render(),
            "no/such/file: warning: odd\n    look\nno/such/file:7:2: error: bad\n");
}

TEST(NearestName, Typos__Found) {
  const std::vector<std::string> names{"StartTransaction", "StopTransaction", "StatusNotification",
                                       "Authorize"};
  EXPECT_EQ(nearest_name("StartTransacton", names), "StartTransaction");
  EXPECT_EQ(nearest_name("statusnotification", names), "StatusNotification");
  EXPECT_EQ(nearest_name("Autorise", names), "Authorize");
  EXPECT_EQ(nearest_name("Xyz", names), "");
  EXPECT_EQ(nearest_name("", names), "");
  EXPECT_EQ(nearest_name("x", {}), "");
  EXPECT_EQ(did_you_mean("Autorise", names), "did you mean 'Authorize'?");
  EXPECT_EQ(did_you_mean("Xyz", names), "");
}

TEST(Sha256, KnownVectors__Match) {
  // FIPS 180-2, and RFC 4231 test case 2.
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  std::string text(200'001, 'x');
  text.back() = '\n';
  std::istringstream stream(text);
  EXPECT_EQ(sha256_hex(stream), sha256_hex(text));
  EXPECT_EQ(hmac_sha256_hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Random, SameSeed__SameDraws) {
  Random a(7), b(7), c(8);
  const std::string id = a.uuid();
  EXPECT_EQ(id, b.uuid());
  EXPECT_NE(id, c.uuid());
  EXPECT_EQ(id.size(), 36u);
  EXPECT_EQ(id[14], '4');
  for (int i = 0; i < 1000; ++i) {
    const auto n = a.between(-3, 3);
    EXPECT_TRUE(n >= -3 && n <= 3);
  }
}

}  // namespace
}  // namespace plugproof::base
