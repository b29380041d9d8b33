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

TEST(FromBase64, RoundTrip__TheBytesAgain) {
  for (const char* bytes : {"", "f", "fo", "foo", "foob", "fooba", "foobar", "\xff\xfe\xfd"})
    EXPECT_EQ(from_base64(base64(bytes)), bytes);
  EXPECT_EQ(from_base64("Zm9v\r\nYm Fy\n"), "foobar");
}

TEST(FromBase64, NoBase64__Nothing) {
  for (const char* text : {"Zm9", "Zg=", "Z=g=", "Zg=a", "====", "Zm9v!m9v", "Zm9v-m9v"})
    EXPECT_FALSE(from_base64(text)) << text;
}

}  // namespace
}  // namespace plugproof::base
