// The exports for other programs: frames as an Open OCPP Trace, the summary for a build on GitHub.
#include <gtest/gtest.h>

#include <sstream>

#include "reports_fixture.hpp"

namespace plugproof::reports {
namespace {

std::vector<base::Value> trace_of(const std::string& journal) {
  std::vector<base::Value> out;
  std::istringstream lines(rendered(journal, Format::trace));
  for (std::string line; std::getline(lines, line);) {
    const auto read = base::read_json(line);
    EXPECT_TRUE(read.value) << line;
    if (read.value) out.push_back(*read.value);
  }
  return out;
}

TEST(Trace, Sample2025__OneRecordForEachFrame) {
  const auto records = trace_of(sample_2025());
  ASSERT_EQ(records.size(), 13U);
  for (const auto& record : records) {
    EXPECT_EQ(record.string_or("schemaVersion", ""), "1.1");
    EXPECT_EQ(record.string_or("ocppVersion", ""), "1.6");
    EXPECT_EQ(record.string_or("transport", ""), "json");
    EXPECT_EQ(record.string_or("chargePointId", ""), "CP-1");
    const auto frame = base::read_json(record.string_or("raw", ""));
    ASSERT_TRUE(frame.value);
    const std::string type = record.string_or("messageType", "");
    EXPECT_EQ(frame.value->as_list()[0].as_int(), type == "CALL" ? 2 : 3);
    EXPECT_EQ(*record.find("payload"), frame.value->as_list().back());
    EXPECT_EQ(record.string_or("messageId", ""), frame.value->as_list()[1].as_string());
  }
  EXPECT_EQ(records[0].string_or("direction", ""), "cp-to-csms");
  EXPECT_EQ(records[0].string_or("timestamp", ""), "2026-01-01T00:00:01.500000Z");
  EXPECT_EQ(records[1].string_or("direction", ""), "csms-to-cp");
  EXPECT_EQ(records[1].string_or("action", ""), "BootNotification");
  EXPECT_EQ(records[2].int_or("connectorId", -1), 1);
  EXPECT_EQ(records[2].find("meta")->string_or("testCase", ""), "TC_010_CS");
  EXPECT_EQ(records[2].find("meta")->string_or("step", ""), "1");
  EXPECT_EQ(records[2].find("meta")->int_or("journalSeq", 0), 16);
}

TEST(Trace, CallError__ErrorInsteadOfAPayload) {
  JournalText journal;
  journal.add(kRunRecord);
  journal.add(
      R"({"kind":"in","text":"[4,\"7\",\"NotSupported\",\"no such action\",{\"a\":1}]","type":"error","id":"7","action":"ClearCache"})");
  const auto records = trace_of(journal.text());
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].string_or("messageType", ""), "CALLERROR");
  EXPECT_FALSE(records[0].find("payload"));
  const base::Value& error = *records[0].find("error");
  EXPECT_EQ(error.string_or("code", ""), "NotSupported");
  EXPECT_EQ(error.string_or("description", ""), "no such action");
  EXPECT_EQ(error.find("details")->int_or("a", 0), 1);
}

TEST(Trace, FramesThatTheFormatCannotSay__LeftOut) {
  JournalText journal;
  journal.add(kRunRecord);
  journal.add(R"({"kind":"in","text":"hello"})");
  journal.add(R"({"kind":"in","text":"[2,\"1\"","type":"call","id":"1"})");
  journal.add(
      R"({"kind":"in","text":"[2,\"1\",\"Heartbeat\"]","type":"call","id":"1","action":"Heartbeat"})");
  journal.add(R"({"kind":"ping","text":""})");
  EXPECT_TRUE(trace_of(journal.text()).empty());
}

TEST(GithubSummary, Sample2025__VerdictsFailuresAndTimings) {
  const std::string text = rendered(sample_2025(), Format::github);
  for (const char* part :
       {"2 passed, 2 failed, 1 inconclusive, 1 error", "| Core | Fail: ", "| TC_012_CS",
        "transactionId: 17 | transactionId: 18", "above the declared maximum"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST(GithubSummary, HundredsOfFailedCases__ShortAndTheRestCounted) {
  JournalText journal;
  journal.add(kRunRecord);
  for (int i = 0; i < 300; ++i) {
    const std::string id = "TC_" + std::to_string(i);
    journal.add(R"({"kind":"case","id":")" + id + R"(","case":")" + id + R"("})");
    journal.add(R"({"kind":"verdict","verdict":"fail","reason":")" + std::string(3000, 'r') +
                R"(","id":")" + id + R"(","case":")" + id + R"("})");
  }
  const std::string text = rendered(journal.text(), Format::github);
  EXPECT_LT(text.size(), 20'000U);
  EXPECT_NE(text.find("271 further cases: see report.html."), std::string::npos);
}

}  // namespace
}  // namespace plugproof::reports
