// What is kept of each case for the reports that show frames, and what is left out.
#include "reports/history.hpp"

#include <gtest/gtest.h>

#include "engine/base/sha256.hpp"
#include "reports/event_tape.hpp"
#include "reports_fixture.hpp"

namespace plugproof::reports {
namespace {

Event numbered(std::int64_t seq, std::string text = "x") {
  Event event;
  event.seq = seq;
  event.text = std::move(text);
  return event;
}

std::vector<std::int64_t> numbers(const std::vector<Event>& events) {
  std::vector<std::int64_t> out;
  for (const auto& event : events) out.push_back(event.seq);
  return out;
}

TEST(EventTape, FewEvents__AllKept) {
  EventTape tape(9);
  for (int i = 1; i <= 9; ++i) tape.add(numbered(i));
  std::vector<Event> kept;
  EXPECT_EQ(tape.finish(kept), 0U);
  EXPECT_EQ(numbers(kept), (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(EventTape, ManyEvents__BeginningAndEndWithTheGapCounted) {
  EventTape tape(9);
  for (int i = 1; i <= 1000; ++i) tape.add(numbered(i));
  std::vector<Event> kept;
  EXPECT_EQ(tape.finish(kept), 991U);
  EXPECT_EQ(numbers(kept), (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 998, 999, 1000}));
  EXPECT_EQ(kept[6].left_out_before, 991U);
}

TEST(EventTape, ImportantMomentInTheMiddle__ItsSurroundingsKept) {
  EventTape tape(60);
  for (int i = 1; i <= 500; ++i) {
    tape.add(numbered(i));
    if (i == 300) tape.keep_around();
  }
  std::vector<Event> kept;
  tape.finish(kept);
  const auto at =
      std::find_if(kept.begin(), kept.end(), [](const Event& e) { return e.seq == 300; });
  ASSERT_NE(at, kept.end());
  EXPECT_EQ((at - 9)->seq, 291);
  EXPECT_EQ((at - 9)->left_out_before, 250U);
  EXPECT_EQ((at + 10)->seq, 310);
  EXPECT_EQ(kept.back().seq, 500);
}

TEST(EventTape, EveryEventImportant__StillBounded) {
  EventTape tape(60);
  for (int i = 1; i <= 100'000; ++i) {
    tape.add(numbered(i));
    tape.keep_around();
  }
  std::vector<Event> kept;
  const std::size_t left_out = tape.finish(kept);
  EXPECT_LE(kept.size(), 150U);
  EXPECT_EQ(kept.size() + left_out, 100'000U);
}

TEST(EventTape, LongFrames__CutShortOnceTheCaseHasHadItsShare) {
  EventTape tape(100);
  for (int i = 1; i <= 100; ++i) tape.add(numbered(i, std::string(16'000, 'y')));
  std::vector<Event> kept;
  tape.finish(kept);
  std::size_t bytes = 0;
  for (const auto& event : kept) bytes += event.text.size();
  EXPECT_LT(bytes, 400'000U);
  EXPECT_EQ(kept.front().text.size(), 16'000U);
}

TEST(Histories, Sample2025__FramesWithTheirStepsChecksAndAnswers) {
  const RunFolder run(sample_2025());
  const Histories histories = read_histories(run.results());
  const CaseHistory& history = histories.cases.at("TC_012_CS");
  EXPECT_EQ(history.frames, 5U);
  ASSERT_EQ(history.rig.size(), 1U);
  EXPECT_EQ(history.rig[0].outcome, "done");
  const auto stop =
      std::find_if(history.events.begin(), history.events.end(),
                   [](const Event& event) { return event.action == "StopTransaction"; });
  ASSERT_NE(stop, history.events.end());
  EXPECT_EQ(stop->label, "3");
  ASSERT_EQ(stop->checks.size(), 1U);
  EXPECT_FALSE(stop->checks[0].passed);
  EXPECT_EQ(stop->checks[0].actual, "18");
  ASSERT_EQ(stop->findings.size(), 1U);
  const auto answer =
      std::find_if(history.events.begin(), history.events.end(),
                   [](const Event& event) { return event.type == "result" && event.kind == "in"; });
  ASSERT_NE(answer, history.events.end());
  EXPECT_NEAR(answer->answered_in.value_or(0), 0.12, 1e-6);
  ASSERT_FALSE(histories.outside.events.empty());
  EXPECT_EQ(histories.outside.events[0].kind, "connected");
  EXPECT_EQ(histories.journal_sha256, base::sha256_hex(sample_2025()));
}

TEST(Histories, CaseBegunTwice__OnlyTheLastAttempt) {
  JournalText journal;
  journal.add(kRunRecord);
  for (const char* id : {"first", "second"}) {
    journal.add(R"({"kind":"case","id":"TC_001_CS","case":"TC_001_CS"})");
    journal.add(std::string(R"({"kind":"in","case":"TC_001_CS","text":")") + id + R"("})");
  }
  const RunFolder run(journal.text());
  const Histories histories = read_histories(run.results());
  const auto& events = histories.cases.at("TC_001_CS").events;
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].text, "second");
}

TEST(Histories, MoreSamplesThanColumns__LeastAndGreatestOfEach) {
  JournalText journal;
  journal.add(kRunRecord);
  for (int i = 0; i < 2400; ++i)
    journal.add(R"({"kind":"sample","kpi":"response","seconds":)" +
                std::string(i == 1005 ? "9.5" : "0.1") + "}");
  const RunFolder run(journal.text());
  const Histories histories = read_histories(run.results());
  const SampleSeries& series = histories.samples.at("response");
  ASSERT_EQ(series.columns.size(), 240U);
  EXPECT_EQ(series.columns[100].min, 0.1);
  EXPECT_EQ(series.columns[100].max, 9.5);
  EXPECT_EQ(series.columns[101].max, 0.1);
  ASSERT_EQ(series.slowest.size(), 5U);
  EXPECT_EQ(series.slowest[0].seconds, 9.5);
}

CaseHistory with_steps() {
  CaseHistory history;
  history.steps["1"].number = 1;
  history.steps["Charging/5"].number = 5;
  history.steps["9[connector=1]"].number = 9;
  history.steps["never StartTransaction"];
  return history;
}

TEST(StepOfCheck, NameOfTheStepOrOfItsAnswer__TheStep) {
  const CaseHistory history = with_steps();
  const auto label = [&](const char* check) {
    const auto* step = step_of_check(history, check);
    return step ? step->first : std::string("none");
  };
  EXPECT_EQ(label("1:status"), "1");
  EXPECT_EQ(label("2:status"), "1");
  EXPECT_EQ(label("Charging/6:answered"), "Charging/5");
  EXPECT_EQ(label("10[connector=1]:status"), "9[connector=1]");
  EXPECT_EQ(label("never StartTransaction:absent"), "never StartTransaction");
  EXPECT_EQ(label("monitor:schema"), "none");
  EXPECT_EQ(label(""), "none");
}

}  // namespace
}  // namespace plugproof::reports
