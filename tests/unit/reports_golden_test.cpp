// The abstracts of the three generations, compared with the files that a person has looked through.
// After an intended change: PLUGPROOF_UPDATE_GOLDEN=1 writes them anew; then look at the
// difference.
#include <gtest/gtest.h>

#include <cctype>
#include <cstdlib>

#include "engine/base/diagnostics.hpp"
#include "pics/pics.hpp"
#include "reports/abstract_markdown.hpp"
#include "reports/abstract_parts.hpp"
#include "reports/markdown_table.hpp"
#include "reports_fixture.hpp"

namespace plugproof::reports {
namespace {

void expect_golden(const std::string& text, const std::string& name) {
  const std::string path = kReportsData + name;
  if (std::getenv("PLUGPROOF_UPDATE_GOLDEN")) std::ofstream(path, std::ios::binary) << text;
  EXPECT_EQ(text, read_text(path)) << "see " << path;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Abstract, Generation2019__AsGolden) {
  expect_golden(render_abstract(RunFolder(sample_2019()).results()), "abstract-2019.md");
}

TEST(Abstract, Generation2024__AsGolden) {
  expect_golden(render_abstract(RunFolder(sample_2024()).results()), "abstract-2024.md");
}

TEST(Abstract, Generation2025__AsGolden) {
  expect_golden(render_abstract(RunFolder(sample_2025()).results()), "abstract-2025.md");
}

TEST(FullReport, Generation2025__AsGolden) {
  expect_golden(render(RunFolder(sample_2025()).results(), Format::markdown), "report-2025.md");
}

TEST(Abstract, Settings2025__InPrintedOrder) {
  const std::string text = render_abstract(RunFolder(sample_2025()).results());
  std::size_t last = 0;
  for (const char* id :
       {"ORS-1 ", "ORS-13", "ORS-17", "ORS-18", "ORS-14", "ORS-15", "ORS-19", "ORS-16"}) {
    const std::size_t at = text.find(std::string("| ") + id);
    ASSERT_NE(at, std::string::npos) << id;
    EXPECT_GT(at, last) << id;
    last = at;
  }
}

TEST(Abstract, SimulatedDevice__EverySectionSaysSo) {
  const std::string text = render_abstract(RunFolder(sample_2024()).results());
  std::size_t sections = 0;
  for (std::size_t at = text.find("\n## "); at != std::string::npos;
       at = text.find("\n## ", at + 1)) {
    const std::size_t end = text.find("\n\n", at);
    EXPECT_EQ(text.substr(end + 2, 35), "*Simulated device, virtual clock.*\n")
        << text.substr(at, 40);
    ++sections;
  }
  EXPECT_GE(sections, 8U);
  EXPECT_LT(text.find("> **Simulated device"), text.find("\n## "));
  EXPECT_GT(text.rfind("> **Simulated device"), text.rfind("\n## "));
}

TEST(Abstract, RealDevice__NoSimulationMentioned) {
  EXPECT_FALSE(has(render_abstract(RunFolder(sample_2025()).results()), "imulat"));
}

// A journal of a run with this PICS file and no case at all.
Results results_for(const std::string& pics_file) {
  base::Diagnostics diagnostics;
  const auto pics = pics::Pics::load(pics_file, diagnostics);
  EXPECT_TRUE(pics) << diagnostics.render();
  JournalText journal;
  journal.add_value(base::Value::object(
      {{"kind", "run"},
       {"generation", pics ? pics::to_string(pics->generation()) : "2025"},
       {"pics", base::Value::object({{"document", pics ? pics->document() : base::Value()}})}}));
  return RunFolder(journal.text()).results();
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string row(const std::vector<std::string>& cells) {
  MarkdownTable table(cells);
  return table.text().substr(0, table.text().find('\n'));
}

TEST(Abstract, CertifiedChargePointsWithIds__EveryAnswerPrinted) {
  for (const char* name : {"TSCT-2007CP", "CHQ-S-07SR", "CSC-07A7-1"}) {
    const std::string file = "pics/certified/" + std::string(name) + ".yaml";
    base::Diagnostics diagnostics;
    const auto pics = pics::Pics::load(file, diagnostics);
    ASSERT_TRUE(pics) << diagnostics.render();
    const std::string text = render_abstract(results_for(file));
    for (const auto& table : pics::printed_tables(pics->generation())) {
      if (!table.profile.empty() && !pics->claims(table.profile)) continue;
      for (const auto& id : table.ids) {
        const pics::IdInfo& info = *pics::find_id(id);
        const std::string expected = info.type == pics::IdType::measurands
                                         ? row({id, info.name, "-", pics->printed(id)})
                                         : row({id, info.name, pics->printed(id)});
        // A file may write `ftp` as its certificate does.
        EXPECT_TRUE(has(lower(text), lower(expected))) << name << ": " << expected;
      }
    }
    for (const auto& connector : pics->connectors())
      EXPECT_TRUE(
          has(text, row({std::to_string(connector.id), connector.current,
                         std::to_string(connector.phases), connector.type, connector.cable_type})))
          << name;
    EXPECT_TRUE(has(text, row({"Vendor name", pics->product().vendor}))) << name;
    EXPECT_TRUE(has(text, row({"Test laboratory", pics->laboratory().name}))) << name;
  }
}

TEST(Abstract, CertifiedChargePointsOf2019__EveryConfigurationKeyPrinted) {
  for (const char* name : {"CSC-14000B7", "EVSP007-1CHB"}) {
    const Results results = results_for("pics/certified/" + std::string(name) + ".yaml");
    const std::string text = render_abstract(results);
    for (const auto& key : pics::configuration_keys_2019())
      EXPECT_TRUE(has(text, "\n| " + key + " | ")) << name << ": " << key;
    EXPECT_TRUE(has(text, row({"Fixed cable", "Yes"}))) << name;
    EXPECT_TRUE(has(text, row({"SupportedFeatureProfiles", "Core"}))) << name;
    EXPECT_TRUE(results.kpi("remote_start_response").declared) << name;
    EXPECT_FALSE(results.kpi("remote_start").declared) << name;
  }
}

TEST(Abstract, ConfigId__FollowsPicsAndPixit) {
  RunInfo run;
  run.pics = base::Value::object({{"a", 1}});
  run.pixit = base::Value::object({});
  const std::string id = config_id(run);
  ASSERT_EQ(id.size(), 17U);
  EXPECT_EQ(id[8], '-');
  EXPECT_EQ(id, config_id(run));
  run.pixit.set("b", 2);
  EXPECT_NE(id, config_id(run));
}

}  // namespace
}  // namespace plugproof::reports
