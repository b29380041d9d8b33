#include <gtest/gtest.h>

#include "engine/base/diagnostics.hpp"
#include "reports/measurands.hpp"
#include "reports_fixture.hpp"

namespace plugproof::reports {
namespace {

using Names = std::vector<std::string>;

TEST(Results, Sample2025__RunAndCounts) {
  const Results results = RunFolder(sample_2025()).results();
  EXPECT_EQ(results.run.tool, "plugproof 0.1.0");
  EXPECT_EQ(results.run.command_line, "plugproof run --pics box-one.yaml");
  EXPECT_EQ(results.run.started, "2026-01-01T00:00:00.000000Z");
  EXPECT_EQ(results.run.ended, "2026-01-01T00:01:26.000000Z");
  EXPECT_DOUBLE_EQ(results.run.seconds, 86);
  EXPECT_EQ(results.outcome, "complete");
  EXPECT_EQ(results.exit_status, 1);
  EXPECT_EQ(results.duts, Names{"CP-1"});
  const Counts counts = results.counts();
  EXPECT_EQ(counts.pass, 2U);
  EXPECT_EQ(counts.fail, 2U);
  EXPECT_EQ(counts.inconc, 1U);
  EXPECT_EQ(counts.error, 1U);
  EXPECT_EQ(counts.not_run, 1U);
  EXPECT_EQ(counts.not_applicable, 3U);
  EXPECT_EQ(results.chain_broken_at, 0);
}

TEST(Results, FailureWithFrame__TwoFramesBeforeAndAfterAndWhatHappenedBetween) {
  const Results results = RunFolder(sample_2025()).results();
  const CaseResult& result = case_of(results, "TC_012_CS");
  ASSERT_EQ(result.failures.size(), 2U);
  const Failure& failure = result.failures[0];
  ASSERT_EQ(failure.context.size(), 5U);
  EXPECT_EQ(failure.context[0].kind, "out");
  EXPECT_NE(failure.context[0].text.find("RemoteStopTransaction"), std::string::npos);
  EXPECT_TRUE(failure.context[2].subject);
  EXPECT_EQ(failure.context[2].seq, failure.frame);
  EXPECT_NE(failure.context[4].text.find("StatusNotification"), std::string::npos);
  EXPECT_EQ(failure.step, "wait for StopTransaction of the session");
  EXPECT_DOUBLE_EQ(failure.waited.value_or(0), 5);
}

TEST(Results, FailureWithoutFrame__FramesBeforeTheMoment) {
  const Results results = RunFolder(sample_2025()).results();
  const Failure& failure = case_of(results, "TC_014_CS").failures.at(0);
  ASSERT_EQ(failure.context.size(), 3U);
  EXPECT_EQ(failure.context[2].kind, "closed");
  EXPECT_EQ(failure.context[2].text, "connection closed (dropped, code 1006): no close frame");
  EXPECT_FALSE(failure.context[2].subject);
}

TEST(Results, FailureOfATransfer__ToldWithWhatTheServersSaw) {
  JournalText journal;
  journal.add(kRunRecord);
  journal.add(R"({"kind":"case","case":"TC_001_CS","id":"TC_001_CS"})");
  journal.add(
      R"({"kind":"offer","case":"TC_001_CS","place":1,"way":"download","url":"ftp://h/1/a"})");
  journal.add(
      R"({"kind":"transfer","case":"TC_001_CS","place":1,"way":"download","event":"failed",)"
      R"("name":"a","bytes":7,"reason":"no more"})");
  journal.add(
      R"({"kind":"verdict","case":"TC_001_CS","id":"TC_001_CS","verdict":"fail","reason":"r",)"
      R"("failures":[{"check":"transfer download:arrives","kind":"missing","message":"m"}]})");
  const Results results = RunFolder(journal.text()).results();
  const Failure& failure = case_of(results, "TC_001_CS").failures.at(0);
  ASSERT_EQ(failure.context.size(), 2U);
  EXPECT_EQ(failure.context[0].text, "bench: a place for a file download, ftp://h/1/a");
  EXPECT_EQ(failure.context[1].text, "file server: download of a failed, 7 bytes: no more");
}

TEST(Results, EqualFindings__CountedOnce) {
  const Results results = RunFolder(sample_2025()).results();
  const CaseResult& result = case_of(results, "TC_001_CS");
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].count, 2);
  EXPECT_EQ(remarks(results), 1U);
}

TEST(Results, Samples__StatisticsAndDeclared) {
  const Results results = RunFolder(sample_2025()).results();
  const Kpi& response = results.kpi("response");
  EXPECT_EQ(response.count, 2);
  EXPECT_DOUBLE_EQ(response.min, 0.12);
  EXPECT_DOUBLE_EQ(response.max, 0.42);
  EXPECT_DOUBLE_EQ(response.average(), 0.27);
  EXPECT_DOUBLE_EQ(response.declared.value_or(0), 30);
  EXPECT_FALSE(response.beyond_declared());
  EXPECT_TRUE(results.kpi("remote_stop").beyond_declared());
  EXPECT_EQ(results.kpi("triggered").count, 0);
}

TEST(Results, MeterValues__MeasurandsByContext) {
  const Results results = RunFolder(sample_2025()).results();
  EXPECT_EQ(results.sampled_measurands, Names{"Energy.Active.Import.Register"});
  EXPECT_EQ(results.aligned_measurands, Names{"Voltage"});
}

TEST(Results, StopTransactionData__MeasurandsByContext) {
  const Results results = RunFolder(sample_2024()).results();
  EXPECT_EQ(results.sampled_measurands, Names{"Energy.Active.Import.Register"});
  EXPECT_EQ(results.aligned_measurands, Names{"Energy.Active.Import.Register"});
}

TEST(Measurands, FramesThatAreNoMeterValues__PassedOver) {
  SeenMeasurands seen;
  for (const char* text :
       {"", "[", "{}", "[2]", "[2,1,2,3]", R"([2,"1","MeterValues",null])",
        R"([2,"1","MeterValues",{"meterValue":{"sampledValue":[]}}])",
        R"([2,"1","MeterValues",{"meterValue":[1,[],{"sampledValue":[1,"x",{"measurand":7}]}]}])",
        R"([2,"1","Heartbeat",{"meterValue":[{"sampledValue":[{"value":"1"}]}]}])"}) {
    collect_measurands(text, seen);
  }
  // A measurand of the wrong type says nothing but the default.
  EXPECT_EQ(seen.sampled, Names{"Energy.Active.Import.Register"});
  EXPECT_TRUE(seen.aligned.empty());
}

TEST(Results, Audit__ContradictionsCounted) {
  const Results results = RunFolder(sample_2025()).results();
  ASSERT_EQ(results.audit.size(), 2U);
  EXPECT_EQ(results.audit[0].claimed, "20");
  EXPECT_EQ(contradictions(results), 1U);
}

TEST(Profiles, FailedAndNotBuilt__FailWithFigures) {
  const Results results = RunFolder(sample_2025()).results();
  const ProfileResult* core = results.profile("Core");
  ASSERT_TRUE(core);
  EXPECT_EQ(core->verdict, ProfileVerdict::fail);
  EXPECT_EQ(core->printed, "Fail: 2 of 6 applicable cases failed, 1 inconclusive, 1 not built");
  EXPECT_EQ(results.profile("SmartCharging")->printed,
            "Inconclusive: 1 of 1 applicable case stopped by an error of the harness");
  EXPECT_EQ(results.profile("AdvancedSecurity")->printed, "Not Tested");
}

TEST(Profiles, EverythingPassed__PassAndTheRestInItsWords) {
  const Results results = RunFolder(sample_2024()).results();
  EXPECT_EQ(results.profile("Core")->printed, "Pass");
  EXPECT_EQ(results.profile("FirmwareManagement")->printed, "Pass");
  EXPECT_EQ(results.profile("SmartCharging")->printed,
            "Incomplete: 1 of 1 applicable case not run");
  EXPECT_EQ(results.profile("Reservation")->printed, "Not Tested");
  EXPECT_EQ(results.profile("Security")->printed, "Incomplete: 1 of 1 applicable case not built");
}

TEST(Profiles, Generation2019__UnclaimedIsNotApplicable) {
  const Results results = RunFolder(sample_2019()).results();
  EXPECT_EQ(results.profile("SmartCharging")->printed, "N/A");
  EXPECT_EQ(results.profile("Security"), nullptr);
}

TEST(Profiles, NothingSelected__NoPass) {
  JournalText journal;
  journal.add(
      R"({"kind":"run","generation":"2025","pics":{"document":{"profiles":["Core"]}},"selection":[]})");
  journal.add(R"({"kind":"end","outcome":"complete"})");
  const Results results = RunFolder(journal.text()).results();
  EXPECT_EQ(results.profile("Core")->verdict, ProfileVerdict::not_tested);
}

TEST(Results, KilledRun__InterruptedAndNoPass) {
  const Results results = RunFolder(sample_2019()).results();
  EXPECT_TRUE(results.torn);
  EXPECT_EQ(results.outcome, "interrupted");
  const CaseResult& under_way = case_of(results, "TC_003_CS");
  EXPECT_EQ(under_way.verdict, Verdict::not_run);
  EXPECT_EQ(under_way.reason, "interrupted while the case was under way");
  const CaseResult& never = case_of(results, "TC_004_1_CS");
  EXPECT_TRUE(never.missed());
  EXPECT_EQ(never.reason, "the run ended before it");
  EXPECT_EQ(results.profile("Core")->verdict, ProfileVerdict::incomplete);
}

TEST(Results, ResumedRun__SecondAttemptCountsAlone) {
  JournalText journal;
  journal.add(kRunRecord);
  journal.add(R"({"kind":"case","id":"TC_001_CS","case":"TC_001_CS","requirement":"It boots."})");
  journal.add(R"({"kind":"note","case":"TC_001_CS","text":"first"})");
  journal.add(R"({"kind":"end","outcome":"interrupted","exit_status":130})");
  journal.add(R"({"kind":"case","id":"TC_001_CS","case":"TC_001_CS","requirement":"It boots."})");
  journal.add(
      R"({"kind":"verdict","id":"TC_001_CS","case":"TC_001_CS","verdict":"pass","reason":"ok","checks":1})");
  const Results results = RunFolder(journal.text()).results();
  const CaseResult& result = case_of(results, "TC_001_CS");
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_EQ(result.attempts, 2);
  EXPECT_TRUE(result.notes.empty());
  EXPECT_EQ(result.title, "Boot");
  EXPECT_EQ(results.outcome, "interrupted");
  EXPECT_FALSE(results.exit_status);
}

TEST(Results, UndecidedAtTheStart__DecidedByTheLaterRecord) {
  JournalText journal;
  base::Value run = *base::read_json(kRunRecord).value;
  run.find("selection")->as_list()[0].set("decision", "undecided");
  journal.add_value(run);
  EXPECT_TRUE(case_of(RunFolder(journal.text()).results(), "TC_001_CS").applies());
  journal.add(
      R"({"kind":"decision","id":"TC_001_CS","decision":"not_applicable","reason":"the key is read-only"})");
  const Results results = RunFolder(journal.text()).results();
  const CaseResult& result = case_of(results, "TC_001_CS");
  EXPECT_EQ(result.verdict, Verdict::not_applicable);
  EXPECT_EQ(result.reason, "the key is read-only");
  EXPECT_FALSE(result.applies());
}

TEST(Results, UndecidedCaseThatRan__WasSelected) {
  JournalText journal;
  base::Value run = *base::read_json(kRunRecord).value;
  run.find("selection")->as_list()[0].set("decision", "undecided");
  journal.add_value(run);
  journal.add(R"({"kind":"case","id":"TC_001_CS","case":"TC_001_CS"})");
  EXPECT_TRUE(case_of(RunFolder(journal.text()).results(), "TC_001_CS").missed());
}

TEST(Results, UnknownVerdict__Error) {
  JournalText journal;
  journal.add(kRunRecord);
  journal.add(R"({"kind":"verdict","id":"TC_001_CS","verdict":"passed"})");
  EXPECT_EQ(case_of(RunFolder(journal.text()).results(), "TC_001_CS").verdict, Verdict::error);
}

TEST(Results, WrongTypesEverywhere__ReadWithoutHarm) {
  JournalText journal;
  journal.add(
      R"({"kind":"run","format":1,"tool":7,"name":[],"suite":3,"pics":[],"pixit":"x","simulator":1,)"
      R"("selection":{"id":1},"command_line":{}})");
  for (
      const char* record :
      {R"({"kind":7})", R"({"kind":"in","text":5,"type":[],"action":{}})",
       R"({"kind":"case","id":null})", R"({"kind":"step","case":3,"label":[],"deadline":"x"})",
       R"({"kind":"check","passed":"no"})",
       R"({"kind":"verdict","id":{},"failures":[1,"x",{"frame":"y","check":9}],"seconds":"a","checks":[]})",
       R"({"kind":"finding","monitor":1})", R"({"kind":"sample","kpi":"response","seconds":"1"})",
       R"({"kind":"audit","agrees":1})", R"({"kind":"note"})",
       R"({"kind":"end","outcome":[],"exit_status":"0"})"})
    journal.add(record);
  const RunFolder run(journal.text());
  const Results results = run.results();
  EXPECT_EQ(results.kpi("response").count, 0);
  // There is no frame that a trace could hold.
  for (const auto& name : format_names())
    EXPECT_EQ(render(results, *parse_format(name)).empty(), name == "trace") << name;
}

TEST(Results, NotAJournal__Refused) {
  JournalText journal;
  journal.add(R"({"kind":"note","text":"x"})");
  EXPECT_THROW(RunFolder(journal.text()).results(), base::InputError);
  JournalText other;
  other.add(R"({"kind":"run","format":2})");
  EXPECT_THROW(RunFolder(other.text()).results(), base::InputError);
}

TEST(Results, FloodOfFailuresAndFindings__KeptToALimitAndCounted) {
  JournalText journal;
  journal.add(kRunRecord);
  journal.add(R"({"kind":"case","id":"TC_001_CS","case":"TC_001_CS"})");
  std::string failures;
  for (int i = 0; i < 150; ++i) {
    journal.add(
        R"({"kind":"finding","case":"TC_001_CS","monitor":"m","severity":"fail","message":"no )" +
        std::to_string(i) + "\"}");
    failures += std::string(i ? "," : "") + R"({"check":"c","kind":"check","message":"m"})";
  }
  journal.add(
      R"({"kind":"verdict","id":"TC_001_CS","case":"TC_001_CS","verdict":"fail","failures":[)" +
      failures + "]}");
  const Results results = RunFolder(journal.text()).results();
  const CaseResult& result = case_of(results, "TC_001_CS");
  EXPECT_EQ(result.findings.size(), 100U);
  EXPECT_EQ(result.findings_left_out, 50);
  EXPECT_EQ(result.failures.size(), 100U);
  EXPECT_EQ(result.failures_left_out, 50);
}

TEST(Results, HundredThousandFrames__ContextOfTheFailureFound) {
  JournalText journal;
  journal.add(kRunRecord);
  journal.add(R"({"kind":"case","id":"TC_001_CS","case":"TC_001_CS"})");
  std::int64_t at_fault = 0;
  for (int i = 0; i < 100'000; ++i) {
    const std::int64_t seq = journal.add_value(
        base::Value::object({{"kind", "in"},
                             {"case", "TC_001_CS"},
                             {"type", "call"},
                             {"action", "Heartbeat"},
                             {"text", "[2,\"" + std::to_string(i) + "\",\"Heartbeat\",{}]"}}),
        i * 0.001);
    if (i == 50'000) at_fault = seq;
  }
  journal.add(
      R"({"kind":"verdict","id":"TC_001_CS","case":"TC_001_CS","verdict":"fail","reason":"r",)"
      R"("failures":[{"check":"c","kind":"check","message":"m","frame":)" +
      std::to_string(at_fault) + "}]}");
  const Results results = RunFolder(journal.text()).results();
  EXPECT_EQ(results.records, 100'003);
  const auto& context = case_of(results, "TC_001_CS").failures.at(0).context;
  ASSERT_EQ(context.size(), 5U);
  EXPECT_EQ(context[2].seq, at_fault);
  EXPECT_TRUE(context[2].subject);
}

}  // namespace
}  // namespace plugproof::reports
