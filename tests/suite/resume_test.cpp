// A run that is cut off at any byte goes on: what was judged stays, the rest has the verdicts that
// it has without the interruption. The charge point is a new one after each cut, as after a power
// cut that took both; tests/e2e/resume.test.js has one that lives on.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <regex>
#include <set>
#include <sstream>

#include "cli/interrupted_run.hpp"
#include "cli/simulated_bench.hpp"
#include "engine/base/json.hpp"
#include "reports/journal_reader.hpp"
#include "reports/results.hpp"
#include "tests/suite/rejudging.hpp"
#include "tests/suite/suite_bench.hpp"

namespace plugproof::suite_tests {
namespace {

namespace fs = std::filesystem;
using base::Value;

pics::Pics load(const std::string& file) {
  base::Diagnostics diagnostics;
  auto pics = pics::Pics::load(file, diagnostics);
  if (!pics) throw std::runtime_error(diagnostics.render());
  return *std::move(pics);
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<Value> records_of(const std::string& journal) {
  std::vector<Value> records;
  std::istringstream lines(journal);
  for (std::string line; std::getline(lines, line);)
    if (auto record = base::read_json(line).value) records.push_back(std::move(*record));
  return records;
}

// Verdict, reason and failures of each case, failures without the number of the frame. Transaction
// ids of five and more digits are drawn anew in each attempt, and how many periodic messages a
// window catches, each of them checked, hangs on when the charge point was switched on.
std::map<std::string, std::string> verdicts_of(const std::string& journal) {
  std::map<std::string, std::string> verdicts;
  for (const auto& record : records_of(journal)) {
    if (record.string_or("kind", "") != "verdict") continue;
    Value failures = *record.find("failures");
    for (auto& failure : failures.as_list()) failure.erase("frame");
    static const std::regex drawn(R"(\b\d{5,6}\b|all \d+ checks)");
    verdicts[record.string_or("id", "")] =
        std::regex_replace(record.string_or("verdict", "") + ": " + record.string_or("reason", "") +
                               " " + failures.to_display(),
                           drawn, "#");
  }
  return verdicts;
}

void expect_same_verdicts(const std::string& journal, const std::string& whole) {
  const auto got = verdicts_of(journal), wanted = verdicts_of(whole);
  EXPECT_EQ(got.size(), wanted.size());
  for (const auto& [id, verdict] : wanted) {
    const auto it = got.find(id);
    EXPECT_EQ(it == got.end() ? "none" : it->second, verdict) << id;
  }
}

class Resuming : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("plugproof_resume_" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  // Leaves in the run's folder what a process leaves that is killed there.
  void cut(const std::string& journal, std::size_t bytes) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    std::ofstream(folder_ / "journal.jsonl", std::ios::binary) << journal.substr(0, bytes);
  }

  // Goes on with the run in the folder; the whole journal.
  std::string resume(const pics::Pics& pics) {
    auto interrupted = cli::open_interrupted_run(folder_.string());
    const auto before = interrupted.resumption;
    base::Diagnostics diagnostics;
    const auto pixit = run::Pixit::load("", pics, diagnostics);
    cli::SimulatedRun settings;
    settings.edition = before->run.string_or("edition", "");
    settings.seed = static_cast<std::uint64_t>(before->run.int_or("seed", 1));
    for (const auto& defect : before->run.find("simulator")->find("defects")->as_list())
      settings.defects.push_back(defect.as_string());
    settings.resumption = before;
    interrupted.cut_torn_record();
    run::RunObserver silent;
    const auto& suite = the_suite();
    cli::run_simulated(pics, *pixit, suite, run::selection_of(*before, suite), settings,
                       *interrupted.file, silent);
    interrupted.file.reset();
    return read(folder_ / "journal.jsonl");
  }

  fs::path folder_;
};

// Everything that must hold of a journal of several attempts, whatever was cut where.
void expect_sound(const fs::path& folder, const std::string& journal) {
  const auto state = reports::inspect_journal((folder / "journal.jsonl").string());
  EXPECT_EQ(state.broken_at, 0) << state.broken_reason;
  EXPECT_FALSE(state.torn);
  std::set<std::string> ids;
  std::map<std::string, std::set<std::int64_t>> attempts_of;
  std::int64_t latest = 0, least = 0, attempt = 1;
  for (const auto& record : records_of(journal)) {
    const std::string kind = record.string_or("kind", "");
    const std::int64_t t = record.int_or("t", 0);
    if (kind == "resume") {
      least = latest;
      attempt = record.int_or("attempt", 0);
    }
    EXPECT_GE(t, least) << "record " << record.int_or("seq", 0) << " lies before the interruption";
    latest = std::max(latest, t);
    if (kind != "out") continue;
    const std::string id = record.string_or("id", "");
    if (record.string_or("type", "") == "call") {
      EXPECT_TRUE(ids.insert(id).second) << "the message id " << id << " was used twice";
    }
    if (record.string_or("action", "") != "StartTransaction") continue;
    const auto frame = base::read_json(record.string_or("text", ""));
    const std::int64_t transaction = frame.value->as_list().at(2).int_or("transactionId", 0);
    auto& attempts = attempts_of[std::to_string(transaction)];
    attempts.insert(attempt);
    EXPECT_EQ(attempts.size(), 1u) << "the transaction " << transaction << " was given twice";
  }
}

// From the journal alone, over all attempts.
void expect_judged_alike(const std::string& journal) {
  EXPECT_EQ(difference(journal, "testcases"), "");
  EXPECT_EQ(changes(journal, "testcases"), "");
}

constexpr const char* kSmall = "pics/certified/CSC-14000B7.yaml";
const std::vector<std::string> kSelection{"TC_003_CS", "TC_010_CS",   "TC_012_CS",  "TC_017_1_CS",
                                          "TC_019_CS", "TC_021_CS",   "TC_026_CS",  "TC_031_CS",
                                          "TC_061_CS", "TC_040_1_CS", "TC_046_2_CS"};

TEST_F(Resuming, TwoHundredCuts__VerdictsOfTheUninterruptedRun) {
  const auto pics = load(kSmall);
  PlaySettings settings;
  settings.only = kSelection;
  std::vector<Play> plays;
  for (const auto& defects : std::vector<std::vector<std::string>>{
           {}, {"refuse-remote-stop"}, {R"(alter:StopTransaction.reason="Other")"}}) {
    settings.defects = defects;
    plays.push_back(play(kSmall, settings));
  }
  std::mt19937_64 random(1);
  int resumed = 0, failed = 0;
  for (int i = 0; i < 200; ++i) {
    const std::string& whole = plays[static_cast<std::size_t>(i) % plays.size()].journal;
    const std::size_t bytes = random() % (whole.size() - 400);  // before the end record
    SCOPED_TRACE("play " + std::to_string(i % 3) + " cut at byte " + std::to_string(bytes));
    cut(whole, bytes);
    if (bytes <= whole.find('\n')) {
      EXPECT_THROW(cli::open_interrupted_run(folder_.string()), base::InputError);
      continue;
    }
    const std::string journal = resume(pics);
    expect_same_verdicts(journal, whole);
    expect_sound(folder_, journal);
    if (i % 4 == 0) expect_judged_alike(journal);
    ++resumed;
    failed += verdicts_of(whole).at("TC_012_CS").rfind("fail", 0) == 0;
    if (HasFailure()) return;
  }
  EXPECT_GE(resumed, 150);
  EXPECT_GE(failed, 30) << "no run had anything that fails";
}

TEST_F(Resuming, WholeSuite__CutInEveryTenthCase__VerdictsStay) {
  for (const auto& file :
       {"pics/certified/CHQ-S-07SR.yaml", "tests/suite/pics/two-connectors.yaml"}) {
    const auto pics = load(file);
    const Play whole = play(file, {});
    std::mt19937_64 random(2);
    for (int i = 0; i < 10; ++i) {
      const std::size_t bytes = 60'000 + random() % (whole.journal.size() - 60'400);
      SCOPED_TRACE(std::string(file) + " cut at byte " + std::to_string(bytes));
      cut(whole.journal, bytes);
      const std::string journal = resume(pics);
      expect_same_verdicts(journal, whole.journal);
      expect_sound(folder_, journal);
      expect_judged_alike(journal);
      if (HasFailure()) return;
    }
  }
}

TEST_F(Resuming, CutAgainAndAgain__EveryAttemptIsToldOfAndNothingIsJudgedTwice) {
  const auto pics = load(kSmall);
  PlaySettings settings;
  settings.only = kSelection;
  const Play whole = play(kSmall, settings);
  std::string journal = whole.journal.substr(0, 50'000);
  std::mt19937_64 random(3);
  for (int attempt = 2; attempt <= 6; ++attempt) {
    const std::size_t before = journal.size();
    cut(journal, before);
    journal = resume(pics);
    // The next attempt begins within what this one added.
    if (attempt < 6) journal = journal.substr(0, before + 5'000 + random() % 8'000);
  }
  expect_same_verdicts(journal, whole.journal);
  expect_sound(folder_, journal);
  expect_judged_alike(journal);
  const auto results = reports::read_results((folder_ / "journal.jsonl").string());
  ASSERT_EQ(results.resumed.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_EQ(results.resumed[i].attempt, static_cast<std::int64_t>(i) + 2);
  std::map<std::string, int> judged;
  for (const auto& record : records_of(journal))
    if (record.string_or("kind", "") == "verdict") ++judged[record.string_or("id", "")];
  for (const auto& [id, times] : judged) EXPECT_EQ(times, 1) << id;
  EXPECT_EQ(results.outcome, "complete");
}

TEST_F(Resuming, VerdictEditedInALaterAttempt__ComesOutOtherwise) {
  PlaySettings settings;
  settings.only = kSelection;
  settings.defects = {"refuse-remote-stop"};
  const Play whole = play(kSmall, settings);
  cut(whole.journal, 50'000);
  std::string journal = resume(load(kSmall));
  const std::string failed = R"("verdict":"fail")";
  const std::size_t at = journal.find(failed, journal.find(R"("kind":"resume")"));
  ASSERT_NE(at, std::string::npos);
  journal.replace(at, failed.size(), R"("verdict":"pass")");
  const std::string line = std::to_string(
      1 + std::count(journal.begin(), journal.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  EXPECT_EQ(difference(journal, "testcases").rfind("journal.jsonl:" + line + ":", 0), 0u);
  EXPECT_NE(changes(journal, "testcases").find(": pass -> fail"), std::string::npos);
}

TEST_F(Resuming, TornRecord__KeptBesideTheJournalAndNamed) {
  const auto pics = load(kSmall);
  PlaySettings settings;
  settings.only = kSelection;
  const Play whole = play(kSmall, settings);
  const std::size_t line = whole.journal.find('\n', 80'000) + 1;
  cut(whole.journal, line + 37);
  const std::string journal = resume(pics);
  EXPECT_EQ(read(folder_ / "torn-1.bin"), whole.journal.substr(line, 37));
  const auto results = reports::read_results((folder_ / "journal.jsonl").string());
  ASSERT_EQ(results.resumed.size(), 1u);
  EXPECT_EQ(results.resumed[0].torn_bytes, 37);
  EXPECT_EQ(results.resumed[0].torn_file, "torn-1.bin");
  EXPECT_EQ(journal.substr(0, line), whole.journal.substr(0, line));
}

TEST_F(Resuming, WholeLineWithoutItsEnd__IsTornToo) {
  const auto pics = load(kSmall);
  PlaySettings settings;
  settings.only = kSelection;
  const Play whole = play(kSmall, settings);
  const std::size_t line = whole.journal.find('\n', 80'000);
  cut(whole.journal, line);
  expect_same_verdicts(resume(pics), whole.journal);
  EXPECT_TRUE(fs::exists(folder_ / "torn-1.bin"));
}

TEST_F(Resuming, DamageInTheMiddle__RefusedWithTheLineAndNothingChanged) {
  PlaySettings settings;
  settings.only = {"TC_010_CS"};
  std::string journal = play(kSmall, settings).journal;
  journal.resize(journal.size() / 2);
  std::size_t line = 0;
  for (int i = 0; i < 9; ++i) line = journal.find('\n', line) + 1;
  for (const auto& [what, changed] : std::map<std::string, std::string>{
           {"does not carry the SHA-256",
            std::string(journal).replace(journal.find("\"kind\"", line) - 6, 1, "9")},
           {"cannot be read", std::string(journal).replace(line, 1, "x")}}) {
    cut(changed, changed.size());
    try {
      cli::open_interrupted_run(folder_.string());
      ADD_FAILURE() << what << " was not refused";
    } catch (const base::InputError& e) {
      const std::string text = e.what();
      EXPECT_NE(text.find("journal.jsonl:1"), std::string::npos) << text;
      EXPECT_NE(text.find(what), std::string::npos) << text;
    }
    EXPECT_EQ(read(folder_ / "journal.jsonl"), changed);
  }
}

TEST_F(Resuming, SamplesOfACaseBegunAgain__CountOnce) {
  const auto pics = load(kSmall);
  PlaySettings settings;
  settings.only = {"TC_010_CS"};
  const Play whole = play(kSmall, settings);
  const std::size_t last = whole.journal.rfind("\"kind\":\"sample\"");
  cut(whole.journal, whole.journal.find('\n', last) + 1);
  const std::string journal = resume(pics);
  const auto results = reports::read_results((folder_ / "journal.jsonl").string());
  int recorded = 0;
  for (const auto& record : records_of(journal))
    recorded +=
        record.string_or("kind", "") == "sample" && record.string_or("kpi", "") == "remote_start";
  EXPECT_EQ(recorded, 2);
  EXPECT_EQ(results.kpi("remote_start").count, 1);
}

}  // namespace
}  // namespace plugproof::suite_tests
