#include "engine/link/frame_header.hpp"

#include <gtest/gtest.h>

namespace plugproof::link {
namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

TEST(FrameHeader, LengthForms__ShortestThatFits) {
  EXPECT_EQ(frame_header(1, 0, {}), bytes({0x81, 0}));
  EXPECT_EQ(frame_header(1, 125, {}), bytes({0x81, 125}));
  EXPECT_EQ(frame_header(2, 126, {}), bytes({0x82, 126, 0, 126}));
  EXPECT_EQ(frame_header(1, 65535, {}), bytes({0x81, 126, 0xFF, 0xFF}));
  EXPECT_EQ(frame_header(1, 65536, {}), bytes({0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0}));
}

// The masked "Hello" of RFC 6455 section 5.7.
TEST(FrameHeader, Masked__AsInTheSpecification) {
  const MaskKey key{'\x37', '\xFA', '\x21', '\x3D'};
  EXPECT_EQ(frame_header(1, 5, key), bytes({0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D}));
  std::string payload = "Hello";
  apply_mask(payload, key);
  EXPECT_EQ(payload, bytes({0x7F, 0x9F, 0x4D, 0x51, 0x58}));
  apply_mask(payload, key);
  EXPECT_EQ(payload, "Hello");
}

}  // namespace
}  // namespace plugproof::link
