// The HTML report as a whole: what it says, that it is one file, and that it stays text whatever a
// device sends.
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "engine/base/sha256.hpp"
#include "reports_fixture.hpp"

namespace plugproof::reports {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

std::string page(const std::string& journal) {
  return rendered(journal, Format::html);
}

std::string section_of(const std::string& html, const std::string& id) {
  const std::size_t begin = html.find("id=\"" + id + "\"");
  if (begin == std::string::npos) return {};
  return html.substr(begin, html.find("</section>", begin) - begin);
}

std::multiset<std::string> attribute(const std::string& html, const std::string& name) {
  std::multiset<std::string> out;
  const std::regex pattern(" " + name + "=\"([^\"]*)\"");
  for (std::sregex_iterator it(html.begin(), html.end(), pattern), end; it != end; ++it)
    out.insert((*it)[1].str());
  return out;
}

TEST(HtmlReport, SameJournalInTwoFolders__SameBytes) {
  EXPECT_EQ(page(sample_2025()), page(sample_2025()));
}

TEST(HtmlReport, EverySample__EveryLinkLeadsSomewhereInThePage) {
  for (const auto& journal : {sample_2019(), sample_2024(), sample_2025()}) {
    const std::string html = page(journal);
    const auto ids = attribute(html, "id");
    for (const auto& id : ids) EXPECT_EQ(ids.count(id), 1U) << id;
    for (const auto& target : attribute(html, "href")) {
      if (target == "data:,") continue;
      ASSERT_EQ(target.substr(0, 1), "#") << target;
      EXPECT_TRUE(ids.contains(target.substr(1))) << target;
    }
    EXPECT_TRUE(attribute(html, "src").empty());
  }
}

TEST(HtmlReport, EveryId__InTheSelectionWithItsReason) {
  const RunFolder run(sample_2025());
  const Results results = run.results();
  const std::string html = render(results, Format::html);
  const std::string selection = html.substr(html.find("id=\"selection\""));
  for (const auto& result : results.cases) {
    EXPECT_TRUE(has(selection, result.id)) << result.id;
    EXPECT_TRUE(has(selection, result.decision_reason)) << result.id;
  }
}

TEST(HtmlReport, FailedCase__ExplainedWithTheFieldTheFramesTheRuleAndTheAdvice) {
  const std::string html = page(sample_2025());
  const std::string section = section_of(html, "TC_012_CS");
  for (const char* part :
       {"A remote stop ends the transaction that it names.", "Field <code>transactionId</code>",
        "<mark>17</mark>", "<mark>18</mark>", "wait for StopTransaction of the session",
        "at most 5 s", "OCPP 1.6 section 4.8", "testcases/core/remote/TC_012_CS.yaml:31:9",
        "Where the charge point keeps the transaction id", "this frame"})
    EXPECT_TRUE(has(section, part)) << part << "\n" << section;
}

TEST(HtmlReport, MessageThatDidNotCome__MarkedInTheLadder) {
  const std::string section = section_of(page(sample_2025()), "TC_014_CS");
  EXPECT_TRUE(has(section, "class=\"row judged problem\"")) << section;
  EXPECT_TRUE(has(section, "✗ no BootNotification arrived within 60 s of the reset")) << section;
}

TEST(HtmlReport, MissingMessageWithoutACheckRecord__RungWhereTheWaitEnded) {
  JournalText journal;
  journal.add(kRunRecord);
  journal.add(R"({"kind":"case","id":"TC_001_CS","case":"TC_001_CS"})", 1);
  journal.add(R"({"kind":"phase","case":"TC_001_CS","phase":"scenario"})", 1);
  journal.add(
      R"({"kind":"step","case":"TC_001_CS","label":"3","step":3,"summary":"receive Heartbeat","deadline":31000000000})",
      1);
  const auto frame = journal.add(
      R"({"kind":"in","case":"TC_001_CS","text":"[2,\"a\",\"Authorize\",{}]","type":"call","id":"a","action":"Authorize"})",
      5);
  journal.add(R"({"kind":"phase","case":"TC_001_CS","phase":"cleanup"})", 31);
  journal.add(
      R"({"kind":"verdict","case":"TC_001_CS","id":"TC_001_CS","verdict":"fail","reason":"r","failures":[{"check":"3:arrives","kind":"missing","message":"Heartbeat.req did not come","expected":"Heartbeat.req","actual":"nothing","frame":)" +
          std::to_string(frame) + "}]}",
      31);
  const std::string section = section_of(page(journal.text()), "TC_001_CS");
  const std::size_t rung = section.find("class=\"row missing problem\"");
  ASSERT_NE(rung, std::string::npos) << section;
  EXPECT_LT(section.find("<span>Scenario</span>"), rung);
  EXPECT_GT(section.find("<span>Cleanup</span>"), rung);
  EXPECT_NE(section.find("00:00:31.000", rung), std::string::npos);
  EXPECT_TRUE(has(section, "the last before the time was up"));
}

TEST(HtmlReport, CasesThatDidNotPass__BeforeThoseThatDid) {
  const std::string html = page(sample_2025());
  const std::string cases = html.substr(html.find("id=\"cases\""));
  const auto at = [&](const char* id) {
    return cases.find("class=\"case") == std::string::npos
               ? std::string::npos
               : cases.find("id=\"" + std::string(id) + "\"");
  };
  EXPECT_LT(at("TC_012_CS"), at("TC_001_CS"));
  EXPECT_LT(at("TC_030_CS"), at("TC_001_CS"));
  EXPECT_LT(at("TC_056_CS"), at("TC_001_CS"));
}

TEST(HtmlReport, SimulatedRun__MarkedInEverySectionAndOnEveryPage) {
  const std::string html = page(sample_2024());
  const std::size_t headings = count_of(html, "<h2 ") + count_of(html, "<section class=\"case");
  EXPECT_GE(count_of(html, ">Simulated device, virtual clock</p>"), headings);
  EXPECT_TRUE(has(html, "@top-right { content: \"Simulated device, virtual clock\""));
  EXPECT_TRUE(has(html, "class=\"watermark\""));
  EXPECT_TRUE(has(html, "(Simulated device, virtual clock)</title>"));
}

TEST(HtmlReport, RealDevice__NoSimulationMentionedAndStillNoCertificate) {
  const std::string html = page(sample_2025());
  EXPECT_FALSE(has(html, "imulat"));
  EXPECT_FALSE(has(html, "class=\"watermark\""));
  EXPECT_TRUE(has(html, "This is not a certificate"));
}

TEST(HtmlReport, Evidence__DigestsOfJournalLastRecordSuiteAndPics) {
  const RunFolder run(sample_2025());
  const Results results = run.results();
  const std::string html = render(results, Format::html);
  for (const auto& digest : {base::sha256_hex(sample_2025()), results.head,
                             results.run.suite_sha256, results.run.pics_sha256})
    EXPECT_TRUE(has(html, "<code class=\"hash\">" + digest + "</code>")) << digest;
}

TEST(HtmlReport, TimingAboveTheDeclaredMaximum__SaidInWordsAndDrawn) {
  const std::string html = page(sample_2025());
  EXPECT_TRUE(has(html, "! above</span>"));
  EXPECT_TRUE(has(html, "class=\"cross\""));
  EXPECT_TRUE(has(html, "some above the declared maximum of 5 s"));
}

TEST(HtmlReport, ContradictedClaim__Marked) {
  EXPECT_TRUE(has(page(sample_2025()), "✗ contradicts"));
}

TEST(HtmlReport, KilledRun__CaseUnderWayHasItsSection) {
  const std::string html = page(sample_2019());
  EXPECT_TRUE(has(html, "interrupted while the case was under way"));
  EXPECT_TRUE(has(html, ">Run interrupted</p>"));
}

// Frames in which a charge point tries everything.
std::string hostile_frames() {
  JournalText journal;
  journal.add(kRunRecord);
  journal.add(R"({"kind":"case","id":"TC_001_CS","case":"TC_001_CS"})");
  const std::string bad =
      "<script>alert(1)</script><img src=x onerror=alert(2)>\" autofocus onfocus=\"alert(3)' "
      "</code></pre></style></title><!-- ]]> {{{js}}} {{#x}} \xE2\x80\xAE\xE2\x80\x8B" +
      std::string("\0", 1) + "\x1b[31m\n";
  for (const char* kind : {"in", "out", "note", "finding", "rig"})
    journal.add_value(base::Value::object({{"kind", kind},
                                           {"case", "TC_001_CS"},
                                           {"dut", bad},
                                           {"text", bad},
                                           {"action", bad},
                                           {"type", "call"},
                                           {"id", bad},
                                           {"step", bad},
                                           {"monitor", bad},
                                           {"message", bad},
                                           {"arguments", base::Value::object({{bad, bad}})}}));
  journal.add_value(base::Value::object(
      {{"kind", "in"}, {"case", "TC_001_CS"}, {"text", std::string(1'000'000, '<')}}));
  return journal.text();
}

TEST(HtmlReport, HostileFrames__TextAndNeverMarkup) {
  const std::string html = page(hostile_frames());
  EXPECT_EQ(count_of(html, "<script"), 1U);
  EXPECT_EQ(count_of(html, "<style"), 2U);  // our own and the page rule
  EXPECT_EQ(count_of(html, "<img"), 0U);
  EXPECT_EQ(count_of(html, "<!--"), 0U);
  EXPECT_TRUE(has(html, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_TRUE(has(html, "{{{js}}}"));
  EXPECT_FALSE(has(html, "\xE2\x80\xAE"));
  EXPECT_FALSE(has(html, std::string("\0", 1)));
  EXPECT_FALSE(has(html, "\x1b"));
  const std::regex handler("<[a-z][^>]* on[a-z]+=");
  EXPECT_FALSE(std::regex_search(html, handler));
}

TEST(HtmlReport, FrameOfAMegabyte__ItsBeginningAndWhereTheRestIs) {
  const std::string html = page(hostile_frames());
  EXPECT_LT(html.size(), 400'000U);
  EXPECT_TRUE(
      has(html, "the first 16384 of 1000000 bytes; the journal has all of them in record 8"));
}

TEST(HtmlReport, FloodInOneCase__BoundedAndTheGapSaid) {
  JournalText journal;
  journal.add(kRunRecord);
  journal.add(R"({"kind":"case","id":"TC_001_CS","case":"TC_001_CS"})");
  for (int i = 0; i < 5000; ++i)
    journal.add(
        R"({"kind":"in","case":"TC_001_CS","text":"[2,\"1\",\"Heartbeat\",{}]","type":"call","id":"1","action":"Heartbeat"})");
  const std::string html = page(journal.text());
  EXPECT_LT(html.size(), 600'000U);
  EXPECT_TRUE(has(html, "4760 events left out here; the journal has them all"));
}

}  // namespace
}  // namespace plugproof::reports
