#include "engine/base/yaml.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "engine/base/json.hpp"

namespace plugproof::base {
namespace {

struct Read {
  std::optional<YamlNode> node;
  Diagnostics diagnostics;
};
Read read(std::string_view text) {
  Read r;
  r.node = read_yaml_text(text, "f.yaml", r.diagnostics);
  EXPECT_EQ(r.node.has_value(), !r.diagnostics.has_errors());
  return r;
}
std::string as_json(std::string_view text) {
  const Read r = read(text);
  return r.node ? write_json(r.node->to_value()) : r.diagnostics.render();
}
void expect_error(std::string_view text, const std::string& part) {
  const Read r = read(text);
  EXPECT_FALSE(r.node) << text;
  EXPECT_NE(r.diagnostics.render().find(part), std::string::npos) << r.diagnostics.render();
}

TEST(ReadYaml, Scalars__Yaml12Types) {
  const std::pair<const char*, const char*> examples[] = {
      {"true", "true"},
      {"'true'", "\"true\""},
      {"yes", "\"yes\""},
      {"No", "\"No\""},
      {"True", "\"True\""},
      {"12", "12"},
      {"+12", "12"},
      {"-3", "-3"},
      {"012", "12"},
      {"1.50", "1.5"},
      {"1e3", "1000.0"},
      {"0x10", "\"0x10\""},
      {"'12'", "\"12\""},
      {"~", "null"},
      {"null", "null"},
      {"'null'", "\"null\""},
      {"\"\"", "\"\""},
      {"1.2.3", "\"1.2.3\""},
      {"-", "[null]"},
      {".inf", "\".inf\""},
      {"2026-01-01", "\"2026-01-01\""},
      {"99999999999999999999", "100000000000000000000.0"},
      {"e", "\"e\""},
      {"1e999", "\"1e999\""}};
  for (const auto& [yaml, json] : examples) EXPECT_EQ(as_json(yaml), json) << yaml;
}

TEST(ReadYaml, BlockTexts__AreTexts) {
  EXPECT_EQ(as_json("a: |\n  5\nb: >-\n  x\n  y\n"), R"({"a":"5\n","b":"x y"})");
}

TEST(ReadYaml, Nodes__KnowTheirPlace) {
  const Read r = read("a: 1\nlist:\n  - {x: y}\nempty:\n");
  ASSERT_TRUE(r.node);
  EXPECT_EQ(r.node->find("a")->pos.to_string(), "f.yaml:1:4");
  EXPECT_EQ(r.node->find("list")->items[0].find("x")->pos.to_string(), "f.yaml:3:9");
  EXPECT_EQ(r.node->find("empty")->pos.to_string(), "f.yaml:4:1");
  EXPECT_EQ(r.node->entries[1].key_pos.to_string(), "f.yaml:2:1");
}

TEST(ReadYaml, ByteOrderMarkAndCrLf__Read) {
  EXPECT_EQ(as_json("\xEF\xBB\xBF"
                    "a: 1\r\nb: x\r\n"),
            R"({"a":1,"b":"x"})");
}

TEST(ReadYaml, RepeatedKey__RefusedAtTheSecond) {
  expect_error("a: 1\nb:\n  c: 1\n  c: 2\n", "f.yaml:4:3: error: key 'c' occurs twice");
  expect_error("{a: 1, 'a': 2}", "key 'a' occurs twice");
}

TEST(ReadYaml, AnchorsAndAliases__Refused) {
  expect_error("a: &x 1\nb: 2\n", "f.yaml:1:4: error: anchors (&name) are not allowed");
  expect_error("a: &x [1]\nb: *x\n", "aliases (*name) are not allowed");
  expect_error("&a [*a]", "not allowed");
}

TEST(ReadYaml, KeyThatIsAList__Refused) {
  expect_error("? [1, 2]\n: x\n", "a key must be a plain text");
}

TEST(ReadYaml, TwoDocuments__Refused) {
  expect_error("a: 1\n---\nb: 2\n", "more than one YAML document");
}

TEST(ReadYaml, NothingInIt__Refused) {
  expect_error("", "the file is empty");
  expect_error("# only a comment\n", "empty");
}

TEST(ReadYaml, BrokenTexts__RefusedWithPlace) {
  expect_error("a: [1, 2\nb: 3\n", "f.yaml:");
  expect_error("a:\n\t- 1\n", "not valid YAML");
  expect_error("a: ]\n", "not valid YAML");
  expect_error(std::string("a: 1\0b: 2", 9), "NUL bytes");
  expect_error(std::string((8 << 20) + 1, ' '), "larger than 8 MiB");
}

TEST(ReadYaml, DeepNesting__RefusedWithoutCrash) {
  expect_error(std::string(101, '[') + std::string(101, ']'), "nested deeper than 100 levels");
  EXPECT_TRUE(read(std::string(100, '[') + std::string(100, ']')).node);
  expect_error(std::string(100'000, '['), "not valid YAML");
  std::string dashes;
  for (int i = 0; i < 5000; ++i) dashes += "- ";
  expect_error(dashes + "x", "not valid YAML");
}

class YamlFile : public testing::Test {
 protected:
  YamlFile()
      : folder_(std::filesystem::path(testing::TempDir()) /
                ("plugproof_yaml_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~YamlFile() override { std::filesystem::remove_all(folder_); }
  std::string refusal(const std::string& path) {
    Diagnostics diagnostics;
    EXPECT_FALSE(read_yaml_file(path, diagnostics));
    return diagnostics.render();
  }
  std::filesystem::path folder_;
};

TEST_F(YamlFile, FileThatIsNotThere__SaysSo) {
  const std::string path = (folder_ / "none.yaml").string();
  const std::string text = refusal(path);
  EXPECT_EQ(text.rfind(path + ": error: the file cannot be read", 0), 0u) << text;
}

TEST_F(YamlFile, Folder__SaysSo) {
  EXPECT_NE(refusal(folder_.string()).find("error: the file"), std::string::npos);
}

TEST_F(YamlFile, EmptyFile__SaysSo) {
  const std::string path = (folder_ / "empty.yaml").string();
  std::ofstream(path).flush();
  EXPECT_NE(refusal(path).find("empty"), std::string::npos);
}

TEST_F(YamlFile, Error__ShowsLineAndCaret) {
  const std::string path = (folder_ / "twice.yaml").string();
  std::ofstream(path) << "first: 1\n  \nlist: {b: 1, b: 2}\n";
  EXPECT_EQ(refusal(path), path +
                               ":3:14: error: key 'b' occurs twice\n"
                               "    list: {b: 1, b: 2}\n"
                               "                 ^\n"
                               "    keep one of the two\n");
}

}  // namespace
}  // namespace plugproof::base
