#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

#include "engine/base/json.hpp"
#include "engine/ocpp/embedded_schemas.hpp"
#include "engine/ocpp/schema_node.hpp"

namespace plugproof::ocpp {
namespace {

TEST(EmbeddedSchemas, EveryAction__BothDirections) {
  EXPECT_EQ(embedded_schemas().size(), 78u);
  for (const auto& action : all_actions()) {
    EXPECT_TRUE(find_schema(action, Direction::request)) << action;
    EXPECT_TRUE(find_schema(action, Direction::response)) << action;
  }
}

TEST(EmbeddedSchemas, Identity__FitsTheFile) {
  std::set<std::string> ids;
  for (const auto& embedded : embedded_schemas()) {
    const auto read = base::read_json(embedded.text);
    ASSERT_TRUE(read.value) << embedded.action << ": " << read.error.message;
    const std::string title = std::string(embedded.action) +
                              (embedded.direction == Direction::request ? ".req" : ".conf");
    EXPECT_EQ(read.value->string_or("title", ""), title);
    EXPECT_EQ(read.value->string_or("$id", ""), "urn:plugproof:ocpp1.6:" + title);
    EXPECT_EQ(read.value->string_or("$schema", ""), "http://json-schema.org/draft-06/schema#");
    EXPECT_FALSE(read.value->string_or("description", "").empty()) << title;
    ids.insert(title);
  }
  EXPECT_EQ(ids.size(), 78u);
}

// A rule that the walk would not apply must not hide in a schema.
TEST(SchemaCompiler, OutsideTheSubset__Refused) {
  for (const char* text : {
           R"([])",
           R"({"type":"text"})",
           R"({"type":["string","null"]})",
           R"({"type":"object","properties":{}})",
           R"({"type":"object","properties":{},"additionalProperties":true})",
           R"({"type":"object","additionalProperties":false})",
           R"({"type":"object","additionalProperties":false,"properties":{},"required":["a"]})",
           R"({"type":"array"})",
           R"({"type":"string","pattern":"a"})",
           R"({"type":"string","format":"email"})",
           R"({"type":"integer","maxLength":3})",
           R"({"type":"number","multipleOf":0.3})",
           R"({"type":"number","multipleOf":0})",
           R"({"type":"number","maximum":3})",
       }) {
    const auto read = base::read_json(text);
    ASSERT_TRUE(read.value) << text;
    EXPECT_THROW(compile_schema(*read.value, "test"), std::logic_error) << text;
  }
}

}  // namespace
}  // namespace plugproof::ocpp
