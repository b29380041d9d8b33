// The abstracts of the three generations, compared with the files that a person has looked through;
// tests/suite/golden_test.cpp compares them with the certificates.
// After an intended change: PLUGPROOF_UPDATE_GOLDEN=1 writes them anew; then look at the
// difference.
#include <gtest/gtest.h>

#include <cstdlib>

#include "reports/abstract.hpp"
#include "reports/abstract_forms.hpp"
#include "reports/abstract_html.hpp"
#include "reports/abstract_markdown.hpp"
#include "reports/text.hpp"
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
  const std::string mark = "*Not a certificate. Simulated device, virtual clock.";
  std::size_t sections = 0;
  for (std::size_t at = text.find("\n## "); at != std::string::npos;
       at = text.find("\n## ", at + 1)) {
    const std::size_t end = text.find("\n\n", at);
    EXPECT_EQ(text.substr(end + 2, mark.size()), mark) << text.substr(at, 40);
    ++sections;
  }
  EXPECT_GE(sections, 8U);
  EXPECT_LT(text.find("> **Simulated device"), text.find("\n## "));
  EXPECT_GT(text.rfind("> **Simulated device"), text.rfind("\n## "));
}

TEST(Abstract, RealDevice__NoSimulationMentionedButNoCertificateEither) {
  const Results results = RunFolder(sample_2025()).results();
  for (const auto& text : {render_abstract(results), render_abstract_html(results)}) {
    EXPECT_FALSE(has(text, "imulat"));
    EXPECT_TRUE(has(text, "Not a certificate"));
  }
}

// What Markdown and HTML show is the model, all of it.
TEST(Abstract, EveryCell__InMarkdownAndHtml) {
  for (const auto& journal : {sample_2019(), sample_2024(), sample_2025()}) {
    const Results results = RunFolder(journal).results();
    const Abstract abstract = make_abstract(results);
    const std::string text = render_abstract(results), page = render_abstract_html(results);
    for (const auto& section : abstract.sections) {
      EXPECT_TRUE(has(text, "# " + markdown(section.title))) << section.title;
      EXPECT_TRUE(has(page, ">" + xml(section.title) + "</h")) << section.title;
      for (const auto& block : section.blocks) {
        if (const auto* table = std::get_if<AbstractTable>(&block)) {
          for (const auto& row : table->rows) {
            for (const auto& cell : row) {
              EXPECT_TRUE(has(text, "| " + markdown(cell) + " |")) << cell;
              EXPECT_TRUE(has(page, ">" + xml(cell) + "</t")) << cell;
            }
          }
        } else {
          const std::string& words = std::get<AbstractText>(block).text;
          EXPECT_TRUE(has(text, markdown(words)) && has(page, xml(words))) << words;
        }
      }
    }
  }
}

TEST(AbstractHtml, Page__LoadsAndRunsNothing) {
  const std::string page = render_abstract_html(RunFolder(sample_2024()).results());
  EXPECT_TRUE(has(page, "default-src 'none'"));
  EXPECT_TRUE(has(page, "size: A4"));
  EXPECT_TRUE(
      has(page, "@bottom-left { content: \"Not a certificate. Simulated device, virtual clock\""));
  for (const char* foreign :
       {"<script", "<link", "<img", "url(", "@import", "http:", "https:", "src="})
    EXPECT_FALSE(has(page, foreign)) << foreign;
}

TEST(AbstractHtml, HostileOutcome__StaysAText) {
  JournalText journal;
  journal.add(kRunRecord);
  journal.add(R"({"kind":"end","outcome":"</style><b>\"; } x","reason":"r"})");
  const std::string page = render_abstract_html(RunFolder(journal.text()).results());
  EXPECT_EQ(page.find("</style>"), page.rfind("</style>"));
  EXPECT_FALSE(has(page, "<b>"));
  EXPECT_TRUE(has(page, R"(\3c /style>\3c b>\"; } x)")) << page.substr(0, 2000);
}

TEST(Abstract, Dash__KeptApartFromNothing) {
  const std::string text = render_abstract(RunFolder(sample_2019()).results());
  EXPECT_TRUE(has(text, "| BlinkRepeat | - |"));
  EXPECT_TRUE(has(text, "| LightIntensity |  |"));
}

TEST(Abstract, ContradictedClaim__RemarkedWithItsRecord) {
  const std::string text = render_abstract(RunFolder(sample_2025()).results());
  EXPECT_TRUE(has(text, "1 claim confirmed, 1 contradicted, 1 not visible in this run"));
  EXPECT_TRUE(has(
      text, "| HFS-8 | NumberOfConnectors | 2 | 1 | NumberOfConnectors is 1, claimed is 2 | 2 |"))
      << text;
}

TEST(Abstract, RecordOfTheRun__InstanceImageAndEverySetting) {
  const Results results = RunFolder(sample_2025()).results();
  const std::string text = render_abstract(results);
  EXPECT_TRUE(has(text, "| Tool Instance ID | 0123456789abcdef0123456789abcdef |"));
  EXPECT_TRUE(has(text, "| Firmware image | fw-1.7.bin |"));
  ASSERT_TRUE(results.run.pixit.is_object());
  for (const auto& [name, value] : results.run.pixit.as_object())
    EXPECT_TRUE(has(text, "| " + markdown(name) + " | ")) << name;
}

TEST(Abstract, NamedForm__ItsLabels) {
  RunInfo run;
  run.generation = "2024";
  EXPECT_STREQ(form_of(run).name, "2025-04");
  run.pics = base::Value::object({{"form", "2024-09"}});
  EXPECT_STREQ(form_of(run).name, "2024-09");
  run.generation = "2019";
  EXPECT_STREQ(form_of(run).name, "2024-05");
  run.generation = "";
  EXPECT_STREQ(form_of(run).name, "2026-01");
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
