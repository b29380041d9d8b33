// A recorded run judged with a changed suite or another edition: what follows from the record is
// judged, what does not needs a new run, and no case is the worse for another.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "engine/replay/by_case.hpp"
#include "tests/suite/suite_bench.hpp"

namespace plugproof::suite_tests {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPics = "pics/certified/CHQ-S-07SR.yaml";
const std::vector<std::string> kCases{"TC_003_CS", "TC_017_2_CS", "TC_021_CS", "TC_004_2_CS",
                                      "TC_012_CS"};

// One piece of one file of the suite, replaced.
struct Change {
  std::string file, from, to;
};

class ChangedSuite : public testing::Test {
 protected:
  ~ChangedSuite() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  std::vector<replay::CaseAgain> judge(const Play& recorded, const std::vector<Change>& changes,
                                       const std::string& edition = {}) {
    fs::copy("testcases", folder_, fs::copy_options::recursive);
    for (const auto& change : changes) {
      const fs::path path = folder_ / change.file;
      std::ostringstream bytes;
      bytes << std::ifstream(path).rdbuf();
      std::string text = bytes.str();
      const auto at = text.find(change.from);
      EXPECT_NE(at, std::string::npos) << change.file << " no longer holds: " << change.from;
      if (at != std::string::npos) text.replace(at, change.from.size(), change.to);
      std::ofstream(path) << text;
    }
    base::Diagnostics diagnostics;
    const auto suite = suite::Suite::load(folder_.string(), diagnostics);
    if (!suite) {
      ADD_FAILURE() << diagnostics.render();
      return {};
    }
    const auto recording = replay::Recording::read(recorded.journal, "journal.jsonl");
    return replay::judge_by_case(recording, *suite,
                                 edition.empty() ? recording.run().edition : edition);
  }

  // "TC_003_CS pass -> fail", one a line; only what is not as it was.
  static std::string told(const std::vector<replay::CaseAgain>& cases) {
    std::string text;
    for (const auto& c : cases) {
      const std::string now = c.divergence ? "needs a new run"
                              : c.again    ? run::to_string(c.again->verdict)
                                           : "dropped";
      if (c.recorded != now)
        text += c.id + " " + (c.recorded.empty() ? "not run" : c.recorded) + " -> " + now + "\n";
    }
    return text;
  }
  static replay::CaseAgain find(const std::vector<replay::CaseAgain>& cases,
                                const std::string& id) {
    const auto it =
        std::find_if(cases.begin(), cases.end(), [&](const auto& c) { return c.id == id; });
    if (it != cases.end()) return *it;
    throw std::runtime_error(id + " was not judged");
  }
  static Play record(std::vector<std::string> defects = {},
                     std::vector<std::string> only = kCases) {
    PlaySettings settings;
    settings.only = std::move(only);
    settings.defects = std::move(defects);
    return play(kPics, settings);
  }

  fs::path folder_ = fs::path(testing::TempDir()) /
                     ("plugproof-changed-" + std::to_string(::getpid()) + "-" +
                      testing::UnitTest::GetInstance()->current_test_info()->name());
};

const Change kUnlockMayWork{"core/TC_017_2_CS.yaml", "result: {status: NotSupported}",
                            "result: {status: Unlocked}"};

TEST_F(ChangedSuite, NothingChanged__AllAsRecorded) {
  const auto cases = judge(record(), {});
  EXPECT_EQ(told(cases), "");
  EXPECT_EQ(cases.size(), kCases.size());
}

TEST_F(ChangedSuite, CheckThatWasTooStrict__FailBecomesPass) {
  EXPECT_EQ(told(judge(record({"unlock-fixed-cable"}), {kUnlockMayWork})),
            "TC_017_2_CS fail -> pass\n");
}

TEST_F(ChangedSuite, StricterCheck__PassBecomesFailWithTheRecordedFrame) {
  const auto recorded = record();
  const auto cases = judge(recorded, {kUnlockMayWork});
  EXPECT_EQ(told(cases), "TC_017_2_CS pass -> fail\n");
  const auto failure = find(cases, "TC_017_2_CS").again.value().failures.at(0);
  EXPECT_EQ(failure.expected, "\"Unlocked\"");
  ASSERT_TRUE(failure.frame);
  const auto recording = replay::Recording::read(recorded.journal, "journal.jsonl");
  const std::string frame(recording.line(*failure.frame));
  EXPECT_NE(frame.find("NotSupported"), std::string::npos) << frame;
  EXPECT_NE(frame.find("\"kind\":\"in\""), std::string::npos) << frame;
}

TEST_F(ChangedSuite, OneMoreCheckAndOneLess__JudgedOnTheRecord) {
  EXPECT_EQ(
      told(judge(
          record(),
          {{"core/TC_003_CS.yaml", "check: {idTag: $valid_id_tag}\n", "check: {idTag: OTHER}\n"},
           {"core/TC_021_CS.yaml", "      'configurationKey[0].value': $wanted\n", ""}})),
      "TC_003_CS pass -> fail\n");
}

TEST_F(ChangedSuite, OneMoreStepThatSends__NeedsANewRunAndSaysWhere) {
  const auto recorded = record();
  const auto cases =
      judge(recorded, {{"core/TC_021_CS.yaml", "  - send: ChangeConfiguration\n",
                        "  - send: GetConfiguration\n    payload: {key: [HeartbeatInterval]}\n"
                        "  - send: ChangeConfiguration\n"}});
  EXPECT_EQ(told(cases), "TC_021_CS pass -> needs a new run\n");
  const auto divergence = find(cases, "TC_021_CS").divergence.value();
  EXPECT_NE(divergence.recorded.find("ChangeConfiguration.req"), std::string::npos)
      << divergence.recorded;
  EXPECT_NE(divergence.wanted.find("GetConfiguration.req {\"key\":[\"HeartbeatInterval\"]}"),
            std::string::npos)
      << divergence.wanted;
  const auto recording = replay::Recording::read(recorded.journal, "journal.jsonl");
  EXPECT_NE(recording.line(divergence.line).find("ChangeConfiguration"), std::string_view::npos);
}

TEST_F(ChangedSuite, OtherValueInARequest__NeedsANewRun) {
  EXPECT_EQ(told(judge(record(),
                       {{"core/TC_017_2_CS.yaml", "connectorId: $connector", "connectorId: 2"}})),
            "TC_017_2_CS pass -> needs a new run\n");
}

TEST_F(ChangedSuite, OtherAnswer__NeedsANewRun) {
  EXPECT_EQ(told(judge(record(), {{"core/TC_003_CS.yaml", "reply: {idTagInfo: {status: Accepted}}",
                                   "reply: {idTagInfo: {status: Blocked}}"}})),
            "TC_003_CS pass -> needs a new run\n");
}

TEST_F(ChangedSuite, StepLessThatSends__NeedsANewRun) {
  EXPECT_EQ(told(judge(record(), {{"core/TC_003_CS.yaml",
                                   "  - rig: present_id\n    with: {id_tag: $valid_id_tag, "
                                   "connector: $connector}\n",
                                   ""}})),
            "TC_003_CS pass -> needs a new run\n");
}

TEST_F(ChangedSuite, StepsLessAtTheEnd__Judged) {
  EXPECT_EQ(
      told(judge(record({"known-as-unknown"}),
                 {{"core/TC_021_CS.yaml",
                   "  - send: GetConfiguration\n    step: 3\n    payload: {key: "
                   "[MeterValueSampleInterval]}\n    result:\n      'configurationKey[0].key': "
                   "MeterValueSampleInterval\n      'configurationKey[0].value': $wanted\n",
                   ""}})),
      "TC_021_CS fail -> pass\n");
}

TEST_F(ChangedSuite, OneMoreMessageThatCame__Judged) {
  EXPECT_EQ(told(judge(record(), {{"core/TC_003_CS.yaml", "  - rig: present_id\n",
                                   "  - never: Authorize\n    for: 0\n  - rig: present_id\n"}})),
            "");
}

TEST_F(ChangedSuite, LongerWatchAtTheEnd__NeedsANewRun) {
  const auto cases =
      judge(record(), {{"core/TC_017_2_CS.yaml", "result: {status: NotSupported}",
                        "result: {status: NotSupported}\n  - never: StatusNotification\n"
                        "    for: 20"}});
  EXPECT_EQ(told(cases), "TC_017_2_CS pass -> needs a new run\n");
  const auto divergence = find(cases, "TC_017_2_CS").divergence.value();
  EXPECT_EQ(divergence.recorded, "the end of the scenario");
  EXPECT_NE(divergence.wanted.find("never StatusNotification"), std::string::npos)
      << divergence.wanted;
}

TEST_F(ChangedSuite, ShorterWaitBeforeAnAction__NeedsANewRun) {
  const auto cases = judge(record({}, {"TC_037_1_CS", "TC_021_CS"}),
                           {{"core/TC_037_1_CS.yaml", "wait: $triggered_timeout", "wait: 5"}});
  EXPECT_EQ(told(cases), "TC_037_1_CS pass -> needs a new run\n");
  const std::string wanted = find(cases, "TC_037_1_CS").divergence.value().wanted;
  EXPECT_NE(wanted.find("the fault 'restore'"), std::string::npos) << wanted;
  EXPECT_NE(wanted.find(" earlier"), std::string::npos) << wanted;
}

const Change kShorter{"core/TC_004_2_CS.yaml", "within: $connection_timeout + triggered_timeout",
                      "within: 3"};

TEST_F(ChangedSuite, ShorterTimeLimit__WhatDidNotComeByThenFails) {
  const auto cases = judge(record(), {kShorter});
  EXPECT_EQ(told(cases), "TC_004_2_CS pass -> fail\n");
  EXPECT_EQ(find(cases, "TC_004_2_CS").again.value().failures.at(0).kind, "missing");
}

TEST_F(ChangedSuite, LongerTimeLimit__WhatDidNotComeNeedsANewRun) {
  EXPECT_EQ(told(judge(record({"omit:Authorize"}), {{"core/TC_003_CS.yaml", "    step: 3\n",
                                                     "    step: 3\n    within: 500\n"}})),
            "TC_003_CS fail -> needs a new run\n");
}

TEST_F(ChangedSuite, LongerTimeLimit__WhatCameIsJudged) {
  EXPECT_EQ(told(judge(record(), {{"core/TC_003_CS.yaml", "    step: 3\n",
                                   "    step: 3\n    within: 500\n"}})),
            "");
}

TEST_F(ChangedSuite, CaseThatKeepsItsStateFails__TheNextIsJudgedInIt) {
  // TC_028 shares the session of TC_010; with another verdict it would not be handed over any more.
  const std::vector<std::string> shared{"TC_010_CS", "TC_028_CS", "TC_012_CS"};
  const auto recorded = record({}, shared);
  ASSERT_NE(recorded.journal.find("\"kind\":\"shared\""), std::string::npos);
  EXPECT_EQ(
      told(judge(recorded, {{"core/TC_028_CS.yaml", "status: Rejected", "status: Accepted"}})),
      "TC_028_CS pass -> fail\n");
}

TEST_F(ChangedSuite, CaseTakenOut__DroppedAndNothingElse) {
  const std::string programme =
      "  - id: TC_003_CS\n    title: Session with the cable plugged in first\n    group: "
      "core/start\n"
      "    editions: ['2024-04', '2025-11']\n    profile: Core\n    applies:\n      '2019': "
      "'true'\n"
      "      '2024': C-07 and ";
  EXPECT_EQ(told(judge(record(), {{"core/TC_003_CS.yaml", "'2024': 'C-07 and not AQ-2'",
                                   "'2024': 'C-07 and AQ-2'"},
                                  {"programme.yaml", programme + "not AQ-2", programme + "AQ-2"}})),
            "TC_003_CS pass -> dropped\n");
}

TEST_F(ChangedSuite, OtherEdition__CasesThatItHasNotAreDropped) {
  const auto recorded = play(kPics, {});
  const auto cases = judge(recorded, {}, "2025-11");
  std::size_t dropped = 0, added = 0;
  for (const auto& c : cases) {
    dropped += c.dropped.empty() ? 0 : 1;
    added += c.recorded.empty() ? 1 : 0;
    EXPECT_TRUE(c.dropped.empty() || c.dropped.find("2025-11") != std::string::npos) << c.dropped;
    EXPECT_TRUE(!c.again || c.recorded == run::to_string(c.again->verdict)) << c.id;
  }
  EXPECT_GT(dropped, 0u);
  EXPECT_GT(added, 0u);
  EXPECT_EQ(recorded.results.size() + added, cases.size());
}

}  // namespace
}  // namespace plugproof::suite_tests
