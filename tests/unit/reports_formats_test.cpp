// results.json against its schema, JUnit against a schema of the common form, TAP, and the files of
// a run.
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <cstdlib>

#include "engine/base/diagnostics.hpp"
#include "reports/junit.hpp"
#include "reports/results_json.hpp"
#include "reports/tap.hpp"
#include "reports_fixture.hpp"

namespace plugproof::reports {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Empty when `json` is valid, else where it is not.
std::string schema_problem(const std::string& json) {
  rapidjson::Document schema, document;
  schema.Parse(read_text("reports/results.schema.json").c_str());
  if (schema.HasParseError()) return "the schema is no JSON";
  document.Parse(json.c_str());
  if (document.HasParseError()) return "the results are no JSON";
  const rapidjson::SchemaDocument compiled(schema);
  rapidjson::SchemaValidator validator(compiled);
  if (document.Accept(validator)) return {};
  rapidjson::StringBuffer place;
  validator.GetInvalidDocumentPointer().StringifyUriFragment(place);
  return std::string(place.GetString()) + " breaks " + validator.GetInvalidSchemaKeyword();
}

int xmllint(const std::string& xml_text) {
  const ScratchFolder folder;
  std::ofstream(folder.file("junit.xml"), std::ios::binary) << xml_text;
  const std::string command = "xmllint --noout --nonet --schema " + std::string(kReportsData) +
                              "junit.xsd " + folder.file("junit.xml") + " >&2";
  return std::system(command.c_str());
}

// A run in which every text of device and user is hostile.
std::string hostile_journal() {
  const base::Value bad("</failure>]]>\"'<x>&amp;\x1b[2J\x01\n|`*_#\xE2\x80\xAE\xEF\xBF\xBE");
  JournalText journal;
  auto run = *base::read_json(kRunRecord).value;
  run.set("name", bad);
  base::Value row = run.find("selection")->as_list()[0];
  row.set("title", bad);
  row.set("reason", bad);
  run.find("selection")->as_list()[0] = row;
  row.set("id", "TC_002_CS");
  row.set("selected", false);
  row.set("decision", "not_applicable");
  row.set("feature", bad);
  run.find("selection")->push_back(row);
  base::Value pics = base::Value::object(
      {{"document", base::Value::object(
                        {{"profiles", base::Value::list({"Core"})},
                         {"product", base::Value::object({{"vendor", bad}, {"designation", bad}})},
                         {"features", base::Value::object({{"C-01", bad}})}})}});
  run.set("pics", pics);
  journal.add_value(run);
  journal.add_value(base::Value::object(
      {{"kind", "case"}, {"id", "TC_001_CS"}, {"case", "TC_001_CS"}, {"requirement", bad}}));
  journal.add_value(base::Value::object({{"kind", "note"}, {"case", "TC_001_CS"}, {"text", bad}}));
  journal.add_value(base::Value::object({{"kind", "finding"},
                                         {"case", "TC_001_CS"},
                                         {"monitor", bad},
                                         {"severity", "remark"},
                                         {"message", bad}}));
  const std::int64_t frame = journal.add_value(
      base::Value::object({{"kind", "in"}, {"case", "TC_001_CS"}, {"dut", bad}, {"text", bad}}));
  const base::Value failure = base::Value::object({{"check", bad},
                                                   {"kind", bad},
                                                   {"message", bad},
                                                   {"field", bad},
                                                   {"expected", bad},
                                                   {"actual", bad},
                                                   {"frame", frame}});
  journal.add_value(base::Value::object({{"kind", "verdict"},
                                         {"id", "TC_001_CS"},
                                         {"case", "TC_001_CS"},
                                         {"verdict", "fail"},
                                         {"reason", bad},
                                         {"failures", base::Value::list({failure})}}));
  journal.add_value(
      base::Value::object({{"kind", "audit"}, {"id", bad}, {"claimed", bad}, {"reported", bad}}));
  return journal.text();
}

TEST(ResultsJson, EverySample__ValidAgainstTheSchema) {
  for (const auto& journal : {sample_2019(), sample_2024(), sample_2025(), hostile_journal()})
    EXPECT_EQ(schema_problem(render_json(RunFolder(journal).results())), "");
}

TEST(ResultsJson, UnknownMember__RefusedByTheSchema) {
  std::string json = render_json(RunFolder(sample_2025()).results());
  json.replace(json.find("\"format\""), 8, "\"fromat\"");
  EXPECT_NE(schema_problem(json), "");
}

TEST(ResultsJson, SameJournalTwice__SameBytes) {
  EXPECT_EQ(render_json(RunFolder(sample_2025()).results()),
            render_json(RunFolder(sample_2025()).results()));
}

TEST(Junit, EverySample__ValidAgainstTheCommonForm) {
  for (const auto& journal : {sample_2019(), sample_2024(), sample_2025(), hostile_journal()})
    EXPECT_EQ(xmllint(render_junit(RunFolder(journal).results())), 0);
}

TEST(Junit, Sample2025__OutcomesInTheirElements) {
  const std::string text = render_junit(RunFolder(sample_2025()).results());
  EXPECT_TRUE(has(text, "<testsuites name=\"bench-7\" tests=\"10\" failures=\"2\" errors=\"2\""))
      << text;
  EXPECT_TRUE(
      has(text, "<failure type=\"check\" message=\"StopTransaction names another transaction"));
  EXPECT_TRUE(has(text, "<error type=\"bench\" message=\"the rig has no lock on connector 1\">"));
  EXPECT_TRUE(has(text, "<skipped message=\"not_applicable (AQ-7.1): AQ-7.1 is no\"/>"));
  EXPECT_TRUE(has(text, "classname=\"plugproof.core.remote\""));
}

TEST(Junit, KilledRun__CasesNotReachedAreErrors) {
  const std::string text = render_junit(RunFolder(sample_2019()).results());
  EXPECT_TRUE(has(text, "<error type=\"not_run\" message=\"the run ended before it\">")) << text;
}

TEST(Tap, Sample2025__PlanAndLines) {
  const std::string text = render_tap(RunFolder(sample_2025()).results());
  EXPECT_EQ(text.rfind("TAP version 13\n1..10\nok 1 - TC_001_CS Cold boot\n", 0), 0U) << text;
  EXPECT_TRUE(has(text, "not ok 3 - TC_012_CS Remote stop of a session\n  ---\n  verdict: fail\n"));
  EXPECT_TRUE(has(text,
                  "ok 6 - TC_032_1_CS Power failure, stop reported before # SKIP not_applicable: "
                  "AQ-7.1 is no\n"));
}

TEST(EveryFormat, HostileTexts__NoControlsNoMarkup) {
  const RunFolder run(hostile_journal());
  const Results results = run.results();
  for (const Format format : {Format::junit, Format::abstract, Format::abstract_html,
                              Format::markdown, Format::tap, Format::html, Format::github}) {
    const std::string text = render(results, format);
    for (const char c : text)
      EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << file_name(format);
    EXPECT_FALSE(has(text, "\xE2\x80\xAE")) << file_name(format);
    if (format == Format::junit || format == Format::html || format == Format::abstract_html) {
      EXPECT_FALSE(has(text, "<x>"));
    }
  }
  // In Markdown only the code blocks may hold markup unescaped: there it is text.
  EXPECT_FALSE(has(render(results, Format::abstract), "<x>"));
}

TEST(WriteReports, NoFormatNamed__DefaultFilesBesideTheJournal) {
  const RunFolder run(sample_2025());
  const Results results = write_reports(run.path());
  EXPECT_EQ(results.counts().fail, 2U);
  for (const auto& name : format_names()) {
    const Format format = *parse_format(name);
    if (written_by_default(format))
      EXPECT_EQ(read_text(run.file(file_name(format))), render(results, format)) << name;
    else
      EXPECT_FALSE(std::filesystem::exists(run.file(file_name(format)))) << name;
  }
  EXPECT_EQ(read_text(run.journal()), sample_2025());
}

TEST(WriteReports, OneFormat__OnlyThatFile) {
  const RunFolder run(sample_2025());
  write_reports(run.path(), {Format::junit});
  EXPECT_TRUE(std::filesystem::exists(run.file("junit.xml")));
  EXPECT_FALSE(std::filesystem::exists(run.file("results.json")));
}

TEST(WriteReports, PlaceThatCannotBeWritten__RefusedWithRemedy) {
  const RunFolder run(sample_2025());
  std::filesystem::create_directory(run.file("junit.xml"));
  EXPECT_THROW(write_reports(run.path(), {Format::junit}), base::InputError);
  EXPECT_FALSE(std::filesystem::exists(run.file("junit.xml.part")));
}

TEST(ParseFormat, UnknownName__Nothing) {
  EXPECT_FALSE(parse_format("pdf"));
  EXPECT_EQ(parse_format("tap"), Format::tap);
}

TEST(AlteredJournal, EveryReport__SaysSo) {
  std::string text = sample_2025();
  text.replace(text.find("\"bench-7\""), 9, "\"bench-8\"");
  const RunFolder run(text);
  const Results results = run.results();
  EXPECT_EQ(results.chain_broken_at, 2);
  for (const auto& name : format_names()) {
    if (name == "trace") continue;  // nothing but frames
    EXPECT_TRUE(
        has(render(results, *parse_format(name)), "its chain of digests is broken at line 2"))
        << name;
  }
}

}  // namespace
}  // namespace plugproof::reports
