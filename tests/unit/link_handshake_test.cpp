#include <gtest/gtest.h>

#include <string>

#include "engine/link/handshake.hpp"

namespace plugproof::link {
namespace {

TEST(Identity, LastSegment__Taken) {
  EXPECT_EQ(identity_of("/CP001").value, "CP001");
  EXPECT_EQ(identity_of("/ocpp/v16/CP001").value, "CP001");
  EXPECT_EQ(identity_of("/ocpp/CP001?token=a/b").value, "CP001");
}

TEST(Identity, PercentEncoded__Decoded) {
  EXPECT_EQ(identity_of("/RDAM%7C123").value, "RDAM|123");
  EXPECT_EQ(identity_of("/a%20b%2fc").value, "a b/c");
  EXPECT_EQ(identity_of("/%C3%A9").value, "\xC3\xA9");
}

TEST(Identity, NoSegment__Refused) {
  for (const char* path : {"", "/", "/ocpp/", "/?a=b", "/ocpp/#x"}) {
    EXPECT_FALSE(identity_of(path).valid()) << path;
    EXPECT_TRUE(identity_of(path).value.empty()) << path;
  }
}

TEST(Identity, BadEscape__Refused) {
  for (const char* path : {"/a%", "/a%4", "/a%zz", "/%4x", "/%%41"}) {
    EXPECT_FALSE(identity_of(path).valid()) << path;
  }
}

TEST(Identity, ControlCharacterOrBadUtf8__Refused) {
  for (const char* path : {"/a%00b", "/a%0A", "/a%7F", "/%FF", "/%C0%AF", "/%ED%A0%80"}) {
    EXPECT_FALSE(identity_of(path).valid()) << path;
  }
}

TEST(PathOf, Addresses__PathWithQuery) {
  EXPECT_EQ(path_of("ws://127.0.0.1:9000/a/b?c=d"), "/a/b?c=d");
  EXPECT_EQ(path_of("wss://host"), "/");
  EXPECT_EQ(path_of("/a"), "/a");
}

TEST(HostOf, Addresses__HostAlone) {
  EXPECT_EQ(host_of("ws://127.0.0.1:9000/a/b"), "127.0.0.1");
  EXPECT_EQ(host_of("wss://host"), "host");
  EXPECT_EQ(host_of("wss://host?x=1:2"), "host");
  EXPECT_EQ(host_of("wss://[2001:db8::1]:9000/CP"), "2001:db8::1");
  EXPECT_EQ(host_of("wss:///CP"), "");
  EXPECT_EQ(host_of("/a"), "");
}

TEST(Subprotocol, Offers__OnlyOcpp16Chosen) {
  EXPECT_EQ(choose_subprotocol({"ocpp2.0.1", "ocpp1.6"}), "ocpp1.6");
  EXPECT_EQ(choose_subprotocol({"ocpp2.0.1", "OCPP1.6", "ocpp1.6j"}), "");
  EXPECT_EQ(choose_subprotocol({}), "");
}

TEST(Printable, ForeignBytes__Encoded) {
  EXPECT_EQ(printable("/a b\xFF\n", 100), "/a%20b%FF%0A");
  EXPECT_EQ(printable("abcdef", 3), "abc...");
}

TEST(ClipUtf8, LongText__NoCharacterTorn) {
  EXPECT_EQ(clip_utf8("abc", 3), "abc");
  EXPECT_EQ(clip_utf8("abcd", 3), "abc");
  EXPECT_EQ(clip_utf8("ab\xC3\xA9", 3), "ab");
  EXPECT_EQ(clip_utf8("a\xE2\x82\xAC"
                      "b",
                      3),
            "a");
  EXPECT_EQ(clip_utf8("a\xE2\x82\xAC"
                      "b",
                      4),
            "a\xE2\x82\xAC");
}

TEST(Utf8, Valid__Accepted) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("plain"));
  EXPECT_TRUE(
      is_utf8("\xC2\x80 \xDF\xBF \xE0\xA0\x80 \xEF\xBF\xBF \xF0\x90\x80\x80 \xF4\x8F\xBF\xBF"));
}

TEST(Utf8, Invalid__Refused) {
  for (const char* text :
       {"\x80", "\xC1\x80", "\xC3", "\xC3\x28", "\xE0\x9F\x80", "\xED\xA0\x80", "\xE2\x82",
        "\xF0\x8F\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "a\xFF"}) {
    EXPECT_FALSE(is_utf8(text)) << ::testing::PrintToString(std::string(text));
  }
}

}  // namespace
}  // namespace plugproof::link
