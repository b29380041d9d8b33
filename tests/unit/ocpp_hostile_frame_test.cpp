// Frames that no honest charge point sends. Each must be refused (or read) at once and in bounded
// memory.
#include <gtest/gtest.h>

#include "engine/base/random.hpp"
#include "engine/ocpp/frame.hpp"
#include "engine/ocpp/schema.hpp"

namespace plugproof::ocpp {
namespace {

std::string refusal_of(const std::string& text) {
  const auto read = read_frame(text);
  EXPECT_FALSE(read.frame);
  return read.problem.message;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(HostileFrame, MegabyteOfOpenBrackets__Refused) {
  EXPECT_TRUE(contains(refusal_of(std::string(kMaxFrameBytes, '[')), "nested deeper than"));
}

TEST(HostileFrame, MegabyteOfOpenBraces__Refused) {
  EXPECT_TRUE(contains(refusal_of(std::string(kMaxFrameBytes, '{')), "no valid JSON at byte 2"));
}

TEST(HostileFrame, DeepPayload__RefusedWithId) {
  const std::string text = R"([2,"7","DataTransfer",{"data":)" + std::string(500, '[');
  const auto read = read_frame(text);
  ASSERT_FALSE(read.frame);
  EXPECT_TRUE(contains(read.problem.message, "nested deeper than")) << read.problem.message;
  EXPECT_EQ(read.problem.id, "7");
}

TEST(HostileFrame, OverTheSizeLimit__RefusedUnreadWithId) {
  const std::string text =
      R"([2,"7","DataTransfer",{"data":")" + std::string(kMaxFrameBytes, 'x') + "\"}]";
  const auto read = read_frame(text);
  ASSERT_FALSE(read.frame);
  EXPECT_TRUE(contains(read.problem.message, "at most 1048576 are read")) << read.problem.message;
  EXPECT_EQ(read.problem.id, "7");
}

TEST(HostileFrame, ObjectOfManyMembers__Refused) {
  std::string text = R"([2,"7","DataTransfer",{"data":1)";
  for (int i = 0; text.size() < kMaxFrameBytes - 20; ++i)
    text += ",\"" + std::to_string(i) + "\":1";
  text += "}]";
  EXPECT_TRUE(contains(refusal_of(text), "more than 1000 members"));
}

TEST(HostileFrame, ColonsAndBracesInsideTexts__NotCounted) {
  const std::string data(5000, ':');
  const auto read =
      read_frame(R"([2,"7","DataTransfer",{"vendorId":"\"}{\\","data":")" + data + "\"}]");
  ASSERT_TRUE(read.frame) << read.problem.message;
  EXPECT_EQ(read.frame->payload.string_or("data", ""), data);
}

TEST(HostileFrame, LongListOfSmallObjects__Read) {
  std::string text = R"([2,"7","SendLocalList",{"list":[)";
  for (int i = 0; i < 5000; ++i) text += R"({"idTag":"x"},)";
  text.back() = ']';
  EXPECT_TRUE(read_frame(text + "}]").frame);
}

TEST(HostileFrame, InvalidUtf8__Refused) {
  for (const char* bad : {"\x80", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xFF"})
    EXPECT_TRUE(
        contains(refusal_of(std::string(R"([2,"7","A",{"x":")") + bad + "\"}]"), "no valid JSON"));
}

TEST(HostileFrame, RepeatedMember__RefusedByName) {
  EXPECT_TRUE(contains(refusal_of(R"([2,"7","A",{"x":1,"y":2,"x":3}])"), "\"x\" occurs twice"));
}

TEST(HostileFrame, NulBehindTheMessage__Refused) {
  const std::string text = std::string(R"([2,"7","Heartbeat",{}])") + '\0' + "hidden";
  EXPECT_TRUE(contains(refusal_of(text), "no valid JSON at byte 23"));
}

TEST(HostileFrame, EscapedNulInText__Kept) {
  const auto read = read_frame(R"([2,"7","Authorize",{"idTag":"a\u0000b"}])");
  ASSERT_TRUE(read.frame) << read.problem.message;
  EXPECT_EQ(read.frame->payload.string_or("idTag", ""), std::string("a\0b", 3));
}

TEST(HostileFrame, ByteOrderMark__Refused) {
  EXPECT_TRUE(contains(refusal_of("\xEF\xBB\xBF[2,\"7\",\"Heartbeat\",{}]"), "byte order mark"));
}

TEST(HostileFrame, HugeNumbers__ReadOrRefusedWithoutHarm) {
  EXPECT_TRUE(contains(refusal_of(R"([2,"7","A",{"x":1e999}])"), "no valid JSON"));
  const std::string digits(1000, '9');
  EXPECT_TRUE(contains(refusal_of("[2,\"7\",\"A\",{\"x\":" + digits + "}]"), "no valid JSON"));
  const auto read = read_frame(R"([2,"7","A",{"x":123456789012345678901234567890}])");
  ASSERT_TRUE(read.frame) << read.problem.message;
  EXPECT_TRUE(read.frame->payload.find("x")->is_double());
  EXPECT_FALSE(read_frame(R"([2,"7","A",{"x":NaN}])").frame);
  EXPECT_FALSE(read_frame(R"([2,"7","A",{"x":01}])").frame);
}

TEST(HostileFrame, ManyViolations__ReportStops) {
  base::Value::Object members;
  for (int i = 0; i < 900; ++i) members.emplace_back("field" + std::to_string(i), 1);
  EXPECT_EQ(validate("Heartbeat", Direction::request, base::Value(members)).size(), kMaxViolations);
  base::Value::List keys(100000, base::Value(1));
  const auto payload = base::Value::object({{"key", base::Value(keys)}});
  EXPECT_EQ(validate("GetConfiguration", Direction::request, payload).size(), kMaxViolations);
}

// A sound message with bytes changed, dropped and repeated at random: any outcome, but no harm.
TEST(HostileFrame, RandomDamage__NeverCrashes) {
  const std::string sound =
      R"([2,"c4","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2026-01-01T00:00:00Z",)"
      R"("sampledValue":[{"value":"1.5","unit":"kWh","context":"Sample.Periodic"}]}]}])";
  base::Random random(16);
  int frames = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text = sound;
    for (auto edits = random.below(4) + 1; edits > 0 && !text.empty(); --edits) {
      const auto at = static_cast<std::size_t>(random.below(text.size()));
      if (random.chance(40)) {
        text[at] = static_cast<char>(random.below(256));
      } else if (random.chance(50)) {
        text.erase(at, static_cast<std::size_t>(random.below(8)));
      } else {
        text.insert(at, text.substr(at, static_cast<std::size_t>(random.below(30))));
      }
    }
    const auto read = read_frame(text);
    if (read.frame) {
      ++frames;
      validate(read.frame->action, Direction::request, read.frame->payload);
    } else {
      EXPECT_FALSE(read.problem.message.empty());
    }
  }
  EXPECT_GT(frames, 0);
  EXPECT_LT(frames, 20000);
}

}  // namespace
}  // namespace plugproof::ocpp
