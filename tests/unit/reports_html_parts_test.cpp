// The pieces that the HTML report is made of: template, escape, differences, plots.
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>

#include "reports/html/pieces.hpp"
#include "reports/html/plot.hpp"
#include "reports/html/template.hpp"
#include "reports_fixture.hpp"

namespace plugproof::reports::html {
namespace {

using base::Value;

std::string render_text(const char* text, const Value& data) {
  std::ostringstream out;
  Template(text).render(data, out);
  return out.str();
}

TEST(HtmlTemplate, HostileText__TextOnly) {
  const Value data = Value::object({{"x", "<script>alert('1')</script>\" onload=\"&amp;"}});
  EXPECT_EQ(render_text("<p title=\"{{x}}\">", data),
            "<p title=\"&lt;script&gt;alert(&apos;1&apos;)&lt;/script&gt;&quot; onload=&quot;"
            "&amp;amp;\">");
}

TEST(HtmlTemplate, ControlsAndDirectionMarks__Visible) {
  const std::string raw = std::string("a\0b", 3) + "\n\x1b[2J\xE2\x80\xAE";
  EXPECT_EQ(render_text("{{x}}", Value::object({{"x", raw}})), "a\\x00b\\n\\x1b[2J\\u{202e}");
}

TEST(HtmlTemplate, TextThatLooksLikeATemplate__NotRead) {
  EXPECT_EQ(render_text("{{x}}", Value::object({{"x", "{{y}} {{{y}}}"}, {"y", "secret"}})),
            "{{y}} {{{y}}}");
}

TEST(HtmlTemplate, EmptyTextFalseAndNothing__SectionLeftOut) {
  for (const Value& nothing : {Value(""), Value(false), Value(), Value(Value::List{})})
    EXPECT_EQ(render_text("{{#x}}shown{{/x}}{{^x}}not{{/x}}", Value::object({{"x", nothing}})),
              "not");
}

TEST(HtmlTemplate, SectionThatIsNotClosed__Refused) {
  EXPECT_THROW(Template("{{#x}}"), std::logic_error);
  EXPECT_THROW(part("nonsense"), std::logic_error);
}

// Whatever is not ours goes through the escape: three braces have no other use.
TEST(HtmlTemplate, UnescapedPlaces__OwnStyleRuleAndScriptOnly) {
  const std::string text(embedded_template());
  std::multiset<std::string> found;
  const std::regex unescaped(R"(\{\{\{\s*(\w+)\s*\}\}\}|\{\{&\s*(\w+))");
  for (std::sregex_iterator it(text.begin(), text.end(), unescaped), end; it != end; ++it)
    found.insert((*it)[1].str() + (*it)[2].str());
  EXPECT_EQ(found, (std::multiset<std::string>{"css", "js", "page_rule"}));
}

TEST(HtmlTemplate, OwnFiles__NothingFromOutside) {
  for (const auto text : {embedded_template(), embedded_style(), embedded_script()})
    for (const char* word :
         {"http:", "https:", "//cdn", "@import", "url(", "src=", "fetch(", "XMLHttp"})
      EXPECT_EQ(text.find(word), std::string_view::npos) << word;
}

TEST(PolicyDigest, EmptyText__AsABrowserComputesIt) {
  EXPECT_EQ(policy_digest(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

TEST(PageRule, HostileMark__LettersDigitsCommasAndSpacesOnly) {
  EXPECT_EQ(page_rule(""), "");
  const std::string rule = page_rule("Run \"} body{x:url(</style>\\, simulated");
  EXPECT_NE(rule.find("{ content: \"Run  bodyxurlstyle, simulated\"; "), std::string::npos) << rule;
}

TEST(AnchorOf, IdThatCannotBeOne__NumberedInstead) {
  CaseResult result;
  result.id = "TC_012_CS";
  EXPECT_EQ(anchor_of(result, 4), "TC_012_CS");
  for (const char* id : {"", "a b", "x\" onclick=", "result", "TC\n"}) {
    result.id = id;
    EXPECT_EQ(anchor_of(result, 4), "case-5");
  }
}

TEST(Difference, MuchInCommon__OnlyTheMiddleDiffers) {
  const Value d = difference("\"2026-01-01T00:00:00Z\"", "\"2026-01-02T00:00:00Z\"");
  EXPECT_EQ(d.find("expected")->string_or("differs", ""), "1");
  EXPECT_EQ(d.find("actual")->string_or("differs", ""), "2");
  EXPECT_EQ(d.find("actual")->string_or("head", ""), "\"2026-01-0");
  EXPECT_EQ(d.find("actual")->string_or("tail", ""), "T00:00:00Z\"");
}

TEST(Difference, OneIsTheBeginningOfTheOther__TheRestDiffers) {
  const Value d = difference("aaaaaaaaaaaa", "aaaaaaaaaaaaaaa");
  EXPECT_EQ(d.find("expected")->string_or("differs", "?"), "");
  EXPECT_EQ(d.find("actual")->string_or("differs", ""), "aaa");
}

TEST(Difference, LittleInCommon__TheWholeDiffers) {
  const Value d = difference("\"SoftReset\"", "\"Local\"");
  EXPECT_EQ(d.find("expected")->string_or("differs", ""), "\"SoftReset\"");
  EXPECT_EQ(d.find("actual")->string_or("head", "?"), "");
}

TEST(Difference, CharactersOfSeveralBytes__NotCut) {
  const Value d = difference("Straßenbahn ä Haltestelle", "Straßenbahn ö Haltestelle");
  EXPECT_EQ(d.find("expected")->string_or("differs", ""), "ä");
  EXPECT_EQ(d.find("actual")->string_or("differs", ""), "ö");
}

TEST(Plot, SampleAboveTheDeclaredMaximum__CrossAboveTheLine) {
  Kpi kpi{"remote_stop", 2, 1, 6.5, 7.5, 5.0};
  SampleSeries series;
  series.columns = {{1, 1, true}, {6.5, 6.5, true}};
  const Value drawing = plot(kpi, series);
  EXPECT_EQ(drawing.find("dots")->as_list().size(), 1U);
  ASSERT_EQ(drawing.find("crosses")->as_list().size(), 1U);
  const double cross = std::stod(drawing.find("crosses")->as_list()[0].string_or("y", ""));
  EXPECT_LT(cross, std::stod(drawing.find("line")->string_or("y", "")));
  EXPECT_NE(drawing.string_or("words", "").find("some above the declared maximum of 5 s"),
            std::string::npos);
}

TEST(Plot, FiguresOfAnySize__InsideTheDrawing) {
  for (const double seconds : {0.0, 1e-9, 0.37, 14.99, 15.0, 1e6, 1e300}) {
    Kpi kpi{"response", 1, seconds, seconds, seconds, 15.0};
    SampleSeries series;
    series.columns = {{seconds, seconds, true}};
    const Value drawing = plot(kpi, series);
    for (const char* marks : {"dots", "crosses"})
      for (const auto& mark : drawing.find(marks)->as_list()) {
        EXPECT_GE(std::stod(mark.string_or("y", "")), 0) << seconds;
        EXPECT_LE(std::stod(mark.string_or("y", "")), 170) << seconds;
      }
    EXPECT_LE(drawing.find("ticks")->as_list().size(), 11U);
  }
}

TEST(Plot, NoSample__Nothing) {
  EXPECT_TRUE(plot(Kpi{"response", 0, 0, 0, 0, 15.0}, {}).is_null());
}

}  // namespace
}  // namespace plugproof::reports::html
