#include "engine/base/encoding.hpp"

#include <gtest/gtest.h>

namespace plugproof::base {
namespace {

TEST(Hex, EveryByte__ThereAndBack) {
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes.push_back(static_cast<char>(c));
  const std::string hex = to_hex(bytes);
  EXPECT_EQ(hex.substr(0, 8), "00010203");
  EXPECT_EQ(hex.substr(hex.size() - 4), "feff");
  EXPECT_EQ(from_hex(hex), bytes);
  EXPECT_EQ(from_hex("aBCd"), "\xab\xcd");
  EXPECT_EQ(from_hex(""), "");
}

TEST(Hex, NoPairsOfDigits__Nothing) {
  for (const char* text : {"0", "0g", "g0", "0x", " 0", "00 ", "-1", "0\xc3"})
    EXPECT_FALSE(from_hex(text)) << text;
}

// RFC 4648 section 10.
TEST(Base64, Vectors__AsInTheStandard) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xff\xfe\xfd"), "//79");
}

}  // namespace
}  // namespace plugproof::base
