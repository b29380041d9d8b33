#include "reports/text.hpp"

#include <gtest/gtest.h>

namespace plugproof::reports {
namespace {

TEST(Printable, ControlsAndDirectionMarks__Visible) {
  EXPECT_EQ(printable("a\nb\tc\x1b[31m\x7f"), "a\\nb\\tc\\x1b[31m\\x7f");
  EXPECT_EQ(printable("\xE2\x80\xAE"
                      "abc"),
            "\\u{202e}abc");
  EXPECT_EQ(printable("\xC2\x9B"), "\\x9b");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
  EXPECT_EQ(printable("\xEF\xBF\xBE"), "\\u{fffe}");
}

TEST(Printable, OrdinaryCharacters__Unchanged) {
  EXPECT_EQ(printable("Köln 充电 \xF0\x9F\x94\x8C"), "Köln 充电 \xF0\x9F\x94\x8C");
}

TEST(Printable, BrokenUtf8__EveryByteVisible) {
  EXPECT_EQ(printable("\xFF"), "\\xff");
  EXPECT_EQ(printable("\xC0\xAF"), "\\xc0\\xaf");
  EXPECT_EQ(printable("\xE2\x82"), "\\xe2\\x82");
  EXPECT_EQ(printable("\xED\xA0\x80"), "\\xed\\xa0\\x80");
  EXPECT_EQ(printable("\xF4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
}

TEST(Elide, LongText__CutBetweenCharacters) {
  EXPECT_EQ(elide("abcdef", 6), "abcdef");
  EXPECT_EQ(elide("abcdefg", 6), "abc...");
  EXPECT_EQ(elide("ääääääää", 6), "äää...");
  EXPECT_EQ(elide(std::string(1'000'000, 'x'), 10), "xxxxxxx...");
}

TEST(ShortenRaw, LongText__SaysTheWholeLength) {
  EXPECT_EQ(shorten_raw("abc", 3), "abc");
  EXPECT_EQ(shorten_raw("ääbc", 3), "ä... (6 bytes in all)");
}

TEST(Markdown, Markup__Text) {
  EXPECT_EQ(markdown("a|b `c` *d* <b>&amp; [x](y)\n"),
            "a\\|b \\`c\\` \\*d\\* &lt;b&gt;&amp;amp; \\[x\\](y)\\\\n");
  EXPECT_EQ(markdown("TC_012_CS _x_"), "TC_012_CS \\_x\\_");
  EXPECT_EQ(markdown("# not a heading"), "\\# not a heading");
}

TEST(Xml, MarkupAndForbiddenCharacters__Text) {
  EXPECT_EQ(xml("<a b=\"c\">&'\x01\n"), "&lt;a b=&quot;c&quot;&gt;&amp;&apos;\\x01\\n");
  EXPECT_EQ(xml_lines("a<\nb\x02\n"), "a&lt;\nb\\x02\n");
}

TEST(Wrap, LongSentence__LinesOfTheWidth) {
  const std::vector<std::string> lines = wrap("one two three four", 9);
  EXPECT_EQ(lines, (std::vector<std::string>{"one two", "three", "four"}));
}

TEST(SecondsText, ShortAndLong__OneDecimalOrMinutes) {
  EXPECT_EQ(seconds_text(3.44), "3.4 s");
  EXPECT_EQ(seconds_text(125), "2 min 5 s");
}

TEST(Fixed, HugeNumber__StillANumber) {
  EXPECT_FALSE(fixed(1e300, 2).empty());
}

}  // namespace
}  // namespace plugproof::reports
