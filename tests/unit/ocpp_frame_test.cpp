#include <gtest/gtest.h>

#include "engine/base/json.hpp"
#include "engine/ocpp/frame.hpp"

namespace plugproof::ocpp {
namespace {

using base::Value;

TEST(FrameReader, Call__AllParts) {
  const auto read = read_frame(R"( [2, "19223201", "Heartbeat", {"a": 1}] )");
  ASSERT_TRUE(read.frame) << read.problem.message;
  EXPECT_EQ(read.frame->type, MessageType::call);
  EXPECT_EQ(read.frame->id, "19223201");
  EXPECT_EQ(read.frame->action, "Heartbeat");
  EXPECT_EQ(read.frame->payload, Value::object({{"a", 1}}));
}

TEST(FrameReader, Result__AllParts) {
  const auto read = read_frame(R"([3,"19223201",{"currentTime":"2026-01-01T00:00:00Z"}])");
  ASSERT_TRUE(read.frame) << read.problem.message;
  EXPECT_EQ(read.frame->type, MessageType::result);
  EXPECT_EQ(read.frame->id, "19223201");
  EXPECT_EQ(read.frame->action, "");
  EXPECT_EQ(read.frame->payload.string_or("currentTime", ""), "2026-01-01T00:00:00Z");
}

TEST(FrameReader, Error__AllParts) {
  const auto read = read_frame(R"([4,"19223201","NotSupported","no such profile",{"why":"x"}])");
  ASSERT_TRUE(read.frame) << read.problem.message;
  EXPECT_EQ(read.frame->type, MessageType::error);
  EXPECT_EQ(read.frame->error_code, "NotSupported");
  EXPECT_EQ(read.frame->error_description, "no such profile");
  EXPECT_EQ(read.frame->error_details, Value::object({{"why", "x"}}));
}

TEST(FrameReader, ErrorWithUnknownCode__StillAFrame) {
  const auto read = read_frame(R"([4,"1","FormatViolation","",{}])");
  ASSERT_TRUE(read.frame) << read.problem.message;
  EXPECT_FALSE(is_error_code(read.frame->error_code));
}

TEST(FrameReader, IdOf36Characters__Accepted) {
  const std::string id(36, 'x');
  EXPECT_TRUE(read_frame("[2,\"" + id + "\",\"Heartbeat\",{}]").frame);
}

TEST(FrameReader, IdOf36CharactersOfSeveralBytes__Accepted) {
  std::string id;
  for (int i = 0; i < 36; ++i) id += "\xC3\xA9";
  EXPECT_TRUE(read_frame("[2,\"" + id + "\",\"Heartbeat\",{}]").frame);
}

struct Refusal {
  const char* name;
  const char* text;
  const char* message;  // part of it
  const char* error_code;
  const char* id;  // nullptr: none readable
  int type;        // 0: none readable
};

class FrameRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(FrameRefusal, Text__RefusedWithReason) {
  const Refusal& expected = GetParam();
  const auto read = read_frame(expected.text);
  ASSERT_FALSE(read.frame);
  EXPECT_NE(read.problem.message.find(expected.message), std::string::npos) << read.problem.message;
  EXPECT_EQ(read.problem.error_code, expected.error_code);
  EXPECT_EQ(read.problem.id, expected.id ? std::optional<std::string>(expected.id) : std::nullopt);
  EXPECT_EQ(read.problem.type, expected.type ? std::optional<int>(expected.type) : std::nullopt);
}

constexpr const char* kFormation = "FormationViolation";
constexpr const char* kProtocol = "ProtocolError";

INSTANTIATE_TEST_SUITE_P(
    Table, FrameRefusal,
    testing::Values(
        Refusal{"Empty", "", "the message is empty", kFormation, nullptr, 0},
        Refusal{"NoJson", "hello", "no valid JSON at byte 1", kFormation, nullptr, 0},
        Refusal{"CutOff", R"([2,"7","Heartbeat",{)", "no valid JSON at byte", kFormation, "7", 2},
        Refusal{"TrailingComma", R"([2,"7","Heartbeat",{},])", "no valid JSON", kFormation, "7", 2},
        Refusal{"TwoMessages", R"([3,"7",{}][3,"8",{}])", "no valid JSON at byte 11", kFormation,
                "7", 3},
        Refusal{"Object", R"({"a":1})", "must be a list (JSON array), is an object", kFormation,
                nullptr, 0},
        Refusal{"Text", R"("[2]")", "must be a list (JSON array), is a string", kFormation, nullptr,
                0},
        Refusal{"EmptyList", "[]", "is an empty list", kFormation, nullptr, 0},
        Refusal{"TypeAsText", R"(["2","7","Heartbeat",{}])",
                "element 1 (message type) must be 2, 3 or 4, is a string", kFormation, "7", 0},
        Refusal{"TypeWithFraction", R"([2.0,"7","Heartbeat",{}])", "must be 2, 3 or 4, is 2.0",
                kFormation, "7", 0},
        Refusal{"TypeUnknown", R"([5,"7","Heartbeat",{}])", "must be 2, 3 or 4, is 5", kFormation,
                "7", 5},
        Refusal{"TypeHuge", R"([9999999999,"7","Heartbeat",{}])", "is 9999999999", kFormation, "7",
                0},
        Refusal{"CallWithoutPayload", R"([2,"7","Heartbeat"])",
                "a CALL has exactly 4 elements, this one has 3: element 4 (payload) is missing",
                kProtocol, "7", 2},
        Refusal{"CallWithTypeOnly", "[2]",
                "element 2 (message id) is missing, element 3 (action) is missing, element 4 "
                "(payload) is missing",
                kProtocol, nullptr, 2},
        Refusal{"CallWithFive", R"([2,"7","Heartbeat",{},1])",
                "a CALL has exactly 4 elements, this one has 5", kFormation, "7", 2},
        Refusal{"ResultWithAction", R"([3,"7","Heartbeat",{}])",
                "a CALLRESULT has exactly 3 elements, this one has 4", kFormation, "7", 3},
        Refusal{"ResultWithoutPayload", R"([3,"7"])", "element 3 (payload) is missing", kProtocol,
                "7", 3},
        Refusal{"ErrorWithoutDetails", R"([4,"7","GenericError",""])",
                "element 5 (error details) is missing; without a description it is \"\", without "
                "details {}",
                kProtocol, "7", 4},
        Refusal{"ErrorWithCodeOnly", R"([4,"7","GenericError"])",
                "element 4 (error description) is missing, element 5 (error details) is missing",
                kProtocol, "7", 4},
        Refusal{"IdAsNumber", R"([2,7,"Heartbeat",{}])",
                "element 2 (message id) must be a string, is an integer", kFormation, nullptr, 2},
        Refusal{"IdNull", R"([2,null,"Heartbeat",{}])",
                "element 2 (message id) must be a string, is null", kFormation, nullptr, 2},
        Refusal{"IdEmpty", R"([2,"","Heartbeat",{}])", "must have 1 to 36 characters, has 0",
                kFormation, nullptr, 2},
        Refusal{"IdTooLong", R"([2,"0123456789012345678901234567890123456","Heartbeat",{}])",
                "element 2 (message id) must have 1 to 36 characters, has 37", kFormation, nullptr,
                2},
        Refusal{"ActionAsObject", R"([2,"7",{},{}])",
                "element 3 (action) must be a string, is an object", kFormation, "7", 2},
        Refusal{"ActionEmpty", R"([2,"7","",{}])", "element 3 (action) must not be empty",
                kFormation, "7", 2},
        Refusal{"CallPayloadNull", R"([2,"7","Heartbeat",null])",
                "element 4 (payload) must be an object, is null", kFormation, "7", 2},
        Refusal{"ResultPayloadList", R"([3,"7",[]])",
                "element 3 (payload) must be an object, is a list", kFormation, "7", 3},
        Refusal{"ErrorCodeNumber", R"([4,"7",3,"",{}])",
                "element 3 (error code) must be a string, is an integer", kFormation, "7", 4},
        Refusal{"ErrorDescriptionNull", R"([4,"7","GenericError",null,{}])",
                "element 4 (error description) must be a string, is null", kFormation, "7", 4},
        Refusal{"ErrorDetailsText", R"([4,"7","GenericError","","x"])",
                "element 5 (error details) must be an object, is a string", kFormation, "7", 4}),
    [](const auto& tested) { return tested.param.name; });

TEST(FrameWriter, Call__ReadsBack) {
  const Value payload = Value::object({{"idTag", "A \"quoted\" tag"}});
  const std::string text = write_call("1", "Authorize", payload);
  EXPECT_EQ(text, R"([2,"1","Authorize",{"idTag":"A \"quoted\" tag"}])");
  const auto read = read_frame(text);
  ASSERT_TRUE(read.frame);
  EXPECT_EQ(read.frame->payload, payload);
}

TEST(FrameWriter, Result__ReadsBack) {
  const std::string text = write_result("1", Value::object({}));
  EXPECT_EQ(text, R"([3,"1",{}])");
  EXPECT_TRUE(read_frame(text).frame);
}

TEST(FrameWriter, Error__ReadsBack) {
  const std::string text = write_error("1", "NotImplemented", "", Value::object({}));
  EXPECT_EQ(text, R"([4,"1","NotImplemented","",{}])");
  EXPECT_TRUE(read_frame(text).frame);
}

TEST(ErrorCodes, TableOfTheSpecification__Known) {
  for (const char* code :
       {"NotImplemented", "NotSupported", "InternalError", "ProtocolError", "SecurityError",
        "FormationViolation", "PropertyConstraintViolation", "OccurenceConstraintViolation",
        "TypeConstraintViolation", "GenericError"})
    EXPECT_TRUE(is_error_code(code)) << code;
}

TEST(ErrorCodes, CodesOfOtherVersions__Unknown) {
  for (const char* code : {"FormatViolation", "OccurrenceConstraintViolation", "RpcFrameworkError",
                           "genericerror", ""})
    EXPECT_FALSE(is_error_code(code)) << code;
}

}  // namespace
}  // namespace plugproof::ocpp
