#include <gtest/gtest.h>

#include "engine/base/diagnostics.hpp"
#include "reports_fixture.hpp"

namespace plugproof::reports {
namespace {

std::string three_records() {
  JournalText journal;
  journal.add(kRunRecord);
  journal.add(R"({"kind":"note","text":"one"})");
  journal.add(R"({"kind":"note","text":"two"})");
  return journal.text();
}

std::string error_of(const std::string& journal, Chain chain) {
  const RunFolder run(journal);
  try {
    JournalReader reader(run.journal(), chain);
    while (reader.next()) {
    }
  } catch (const base::InputError& error) {
    return error.what();
  }
  return {};
}

TEST(JournalReader, WholeJournal__AllRecordsAndChainHolds) {
  const RunFolder run(three_records());
  JournalReader reader(run.journal(), Chain::refuse);
  EXPECT_EQ(reader.next()->string_or("kind", ""), "run");
  EXPECT_EQ(reader.next()->string_or("text", ""), "one");
  EXPECT_EQ(reader.line(), 2);
  EXPECT_EQ(reader.next()->string_or("text", ""), "two");
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.records(), 3);
  EXPECT_FALSE(reader.torn());
  EXPECT_EQ(reader.broken_at(), 0);
}

TEST(JournalReader, CutAtEveryByteOfTheLastRecord__TornAndIgnored) {
  const std::string whole = three_records();
  const std::size_t last = whole.rfind('\n', whole.size() - 2) + 1;
  for (std::size_t size = last + 1; size < whole.size(); ++size) {
    const RunFolder run(whole.substr(0, size));
    const JournalState state = inspect_journal(run.journal());
    ASSERT_EQ(state.records, 2) << size;
    ASSERT_TRUE(state.torn) << size;
    ASSERT_EQ(state.broken_at, 0) << size;
  }
}

TEST(JournalReader, LastLineWithNewlineDoesNotParse__Torn) {
  const RunFolder run(three_records() + "{\"seq\":4,\n");
  const JournalState state = inspect_journal(run.journal());
  EXPECT_EQ(state.records, 3);
  EXPECT_TRUE(state.torn);
}

TEST(JournalReader, DamagedLineInTheMiddle__RefusedWithItsLine) {
  std::string text = three_records();
  const std::size_t second = text.find('\n') + 1;
  text[second] = 'x';
  const std::string error = error_of(text, Chain::note);
  EXPECT_NE(error.find("journal.jsonl:2: the record cannot be read"), std::string::npos) << error;
}

TEST(JournalReader, LineThatIsNoObject__RefusedWithItsLine) {
  const std::string error = error_of("[1]\n" + three_records(), Chain::note);
  EXPECT_NE(error.find("journal.jsonl:1: the record is no JSON object"), std::string::npos)
      << error;
}

TEST(JournalReader, ChangedText__ChainBrokenAtTheNextRecord) {
  std::string text = three_records();
  text.replace(text.find("\"one\""), 5, "\"two\"");
  const std::string error = error_of(text, Chain::refuse);
  EXPECT_NE(error.find("journal.jsonl:3: "), std::string::npos) << error;
  const RunFolder run(text);
  EXPECT_EQ(inspect_journal(run.journal()).broken_at, 3);
}

TEST(JournalReader, RecordTakenOut__ChainBroken) {
  std::string text = three_records();
  const std::size_t second = text.find('\n') + 1;
  text.erase(second, text.find('\n', second) + 1 - second);
  const RunFolder run(text);
  EXPECT_EQ(inspect_journal(run.journal()).broken_at, 2);
}

TEST(JournalReader, LastRecordsTakenOut__OtherHead) {
  const RunFolder whole(three_records());
  const std::string text = three_records();
  const RunFolder shorter(text.substr(0, text.rfind('\n', text.size() - 2) + 1));
  EXPECT_NE(inspect_journal(whole.journal()).head, inspect_journal(shorter.journal()).head);
  EXPECT_EQ(inspect_journal(shorter.journal()).broken_at, 0);
}

TEST(JournalReader, NoFile__RefusedWithRemedy) {
  EXPECT_THROW(JournalReader("/nonexistent/journal.jsonl"), base::InputError);
}

TEST(JournalReader, EmptyFile__NoRecord) {
  const RunFolder run("");
  EXPECT_EQ(inspect_journal(run.journal()).records, 0);
  EXPECT_THROW(run.results(), base::InputError);
}

TEST(JournalReader, PlaceOfARecord__ReadsTheSameRecordAgain) {
  const RunFolder run(three_records());
  JournalReader reader(run.journal());
  reader.next();
  const auto first = reader.next();
  std::ifstream file(run.journal(), std::ios::binary);
  const auto again = read_record_at(file, reader.offset(), reader.length());
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, *first);
}

}  // namespace
}  // namespace plugproof::reports
