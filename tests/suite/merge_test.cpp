// Shards played and joined again: the joint report says what that of the undivided run says.
#include "reports/merge.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>

#include "evidence/bundle.hpp"
#include "evidence/verification.hpp"
#include "tests/suite/suite_bench.hpp"
#include "tests/unit/reports_fixture.hpp"

namespace plugproof::suite_tests {
namespace {

using base::Value;
using reports::CaseResult;
using reports::read_merge_sources;
using reports::Results;
using reports::RunFolder;
using reports::ScratchFolder;

namespace fs = std::filesystem;

constexpr const char* kPics = "pics/certified/CHQ-S-07SR.yaml";
// Quick cases of several groups.
const std::vector<std::string> kQuick{"TC_010_CS",   "TC_012_CS", "TC_017_2_CS",
                                      "TC_040_1_CS", "TC_062_CS", "TC_021_CS"};

class Runs {
 public:
  std::string add(const std::string& journal) {
    folders_.push_back(std::make_unique<RunFolder>(journal));
    paths_.push_back(folders_.back()->path());
    return paths_.back();
  }
  void add_shards(const std::string& pics, PlaySettings settings, int of, int without = 0) {
    for (int index = 1; index <= of; ++index) {
      if (index == without) continue;
      settings.shard = {index, of};
      add(play(pics, settings).journal);
    }
  }
  const std::vector<std::string>& paths() const { return paths_; }
  std::vector<std::string>& paths() { return paths_; }

 private:
  std::vector<std::unique_ptr<RunFolder>> folders_;
  std::vector<std::string> paths_;
};

Results merged(const Runs& runs, ScratchFolder& out) {
  reports::merge_runs(runs.paths(), out.path(), "joint");
  return reports::read_results(reports::journal_of(out.path()));
}

Results merged(const Runs& runs) {
  ScratchFolder out;
  return merged(runs, out);
}

// Verdict, failures and remarks of every case, and the verdicts of the profiles, as text.
std::string verdicts(const Results& results) {
  std::string text;
  for (const auto& profile : results.profiles) text += profile.name + ": " + profile.printed + "\n";
  std::set<std::string> lines;  // the two may begin the cases in another order
  for (const auto& result : results.cases) {
    std::string line = result.id + " " + to_string(result.verdict) + " " + result.decision;
    for (const auto& failure : result.failures)
      line += "\n  " + failure.check + " " + failure.message;
    for (const auto& finding : result.findings)
      line += "\n  " + finding.monitor + " " + finding.message;
    lines.insert(line);
  }
  for (const auto& line : lines) text += line + "\n";
  return text;
}

std::string claims(const Results& results) {
  std::set<std::string> lines;
  for (const auto& row : results.audit)
    lines.insert(row.id + " " + row.compared_with + (row.agrees ? " agrees" : " contradicts"));
  for (const auto& row : results.unseen_claims) lines.insert(row.id + " " + row.compared_with);
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

void expect_refused(const std::vector<std::string>& folders, const std::string& message) {
  try {
    read_merge_sources(folders);
    ADD_FAILURE() << "not refused; expected: " << message;
  } catch (const base::InputError& e) {
    EXPECT_NE(std::string(e.what()).find(message), std::string::npos) << e.what();
  }
}

// Records of a journal, changed and chained again.
std::string rechained(const std::string& journal, const std::function<void(Value&)>& change) {
  reports::JournalText text;
  std::istringstream lines(journal);
  for (std::string line; std::getline(lines, line);) {
    Value record = *base::read_json(line).value;
    change(record);
    const double t = static_cast<double>(record.int_or("t", 0)) / 1e9;
    record.erase("prev");
    record.erase("seq");
    text.add_value(std::move(record), t);
  }
  return text.text();
}

struct Reference {
  const char* pics;
  std::vector<std::string> defects;
};

class MergeReference : public testing::TestWithParam<Reference> {};

TEST_P(MergeReference, FiveShards__SameVerdictsFailuresProfilesAndClaims) {
  PlaySettings settings;
  settings.defects = GetParam().defects;
  const RunFolder whole(play(GetParam().pics, settings).journal);
  Runs runs;
  runs.add_shards(GetParam().pics, settings, 5);
  ScratchFolder out;
  const Results joint = merged(runs, out);
  EXPECT_EQ(verdicts(joint), verdicts(whole.results()));
  EXPECT_EQ(claims(joint), claims(whole.results()));
  EXPECT_EQ(joint.outcome, "complete");
  EXPECT_EQ(joint.exit_status, whole.results().exit_status);
  EXPECT_EQ(joint.chain_broken_at, 0);
  EXPECT_EQ(joint.run.merged.size(), 5U);
  EXPECT_FALSE(reports::check_merged(out.path())) << *reports::check_merged(out.path());
}

INSTANTIATE_TEST_SUITE_P(
    Certified, MergeReference,
    testing::Values(Reference{kPics, {}}, Reference{"pics/certified/TSCT-2007CP.yaml", {}},
                    Reference{kPics,
                              {"alter:StopTransaction.reason=\"Local\"", "repeat-status",
                               "error-response:ClearCache=InternalError"}}));

class Merge : public testing::Test {
 protected:
  PlaySettings quick() const {
    PlaySettings settings;
    settings.only = kQuick;
    return settings;
  }
};

TEST_F(Merge, SameSources__SameBytesInAnyOrder) {
  Runs runs;
  runs.add_shards(kPics, quick(), 3);
  const std::string one = reports::merged_journal(read_merge_sources(runs.paths()), "n");
  std::swap(runs.paths()[0], runs.paths()[2]);
  EXPECT_EQ(reports::merged_journal(read_merge_sources(runs.paths()), "n"), one);
}

TEST_F(Merge, References__NameTheSameFrames) {
  PlaySettings settings = quick();
  settings.defects = {"alter:StopTransaction.reason=\"Local\""};
  Runs runs;
  runs.add_shards(kPics, settings, 2);
  const RunFolder whole(play(kPics, settings).journal);
  const Results joint = merged(runs);
  std::size_t compared = 0;
  for (const auto& expected : whole.results().cases) {
    const CaseResult& got = reports::case_of(joint, expected.id);
    ASSERT_EQ(got.failures.size(), expected.failures.size());
    for (std::size_t i = 0; i < got.failures.size(); ++i) {
      const auto subject = [](const reports::Failure& failure) {
        for (const auto& line : failure.context)
          if (line.subject)
            return line.seq == failure.frame ? line.text.substr(line.text.find(",\"StopT")) : "";
        return std::string("none");
      };
      EXPECT_NE(subject(got.failures[i]), "none");
      EXPECT_NE(subject(got.failures[i]), "");
      ++compared;
    }
  }
  EXPECT_GT(compared, 0U);
}

TEST_F(Merge, Times__GoOnFromSourceToSource) {
  Runs runs;
  runs.add_shards(kPics, quick(), 3);
  double sum = 0;
  std::int64_t records = 0;
  for (const auto& source : read_merge_sources(runs.paths())) {
    sum += source.results.run.seconds;
    records += source.results.records;
  }
  const Results joint = merged(runs);
  EXPECT_NEAR(joint.run.seconds, sum, 1e-6);
  EXPECT_NEAR(joint.time.total(), sum, 1e-6);
  EXPECT_EQ(joint.records, records + 2);  // the run and its end
  EXPECT_GE(joint.time.harness, 0);
  EXPECT_GE(joint.time.charge_point, 0);
}

TEST_F(Merge, MissingShard__ItsCasesAreNotRunAndProfilesIncomplete) {
  Runs runs;
  runs.add_shards(kPics, quick(), 3, 2);
  ScratchFolder out;
  const auto plan = reports::merge_runs(runs.paths(), out.path(), "joint");
  EXPECT_EQ(plan.missing, (std::vector<std::string>{"shard 2 of 3 is missing"}));
  EXPECT_EQ(plan.exit_status, 3);
  const Results joint = reports::read_results(reports::journal_of(out.path()));
  EXPECT_EQ(joint.outcome, "interrupted");
  std::size_t missing = 0;
  for (const auto& result : joint.cases)
    if (result.missed()) {
      ++missing;
      EXPECT_EQ(result.reason, "shard 2 of 3 is missing");
    }
  EXPECT_GT(missing, 0U);
  EXPECT_EQ(joint.profile("Core")->verdict, reports::ProfileVerdict::incomplete);
  // Half a run is never green.
  EXPECT_NE(reports::render(joint, reports::Format::junit).find("shard 2 of 3 is missing"),
            std::string::npos);
  EXPECT_NE(reports::render(joint, reports::Format::tap).find("not ok"), std::string::npos);
}

TEST_F(Merge, MissingShardPlayedByOnly__IsWhole) {
  Runs runs;
  runs.add_shards(kPics, quick(), 3, 2);
  PlaySettings settings = quick();
  settings.shard = {2, 3};
  const RunFolder shard(play(kPics, settings).journal);
  PlaySettings again;
  for (const auto& result : shard.results().cases)
    if (result.attempts > 0) again.only.push_back(result.id);
  runs.add(play(kPics, again).journal);
  const Results joint = merged(runs);
  EXPECT_EQ(joint.outcome, "complete");
  EXPECT_EQ(joint.counts().pass, kQuick.size());
}

TEST_F(Merge, DisjointSelections__Joined) {
  PlaySettings a, b;
  a.only = {"TC_010_CS", "TC_012_CS"};
  b.only = {"TC_021_CS"};
  Runs runs;
  runs.add(play(kPics, a).journal);
  runs.add(play(kPics, b).journal);
  const Results joint = merged(runs);
  EXPECT_EQ(joint.counts().pass, 3U);
  EXPECT_EQ(joint.outcome, "complete");
}

TEST_F(Merge, InterruptedShard__UnfinishedCasesNotRun) {
  Runs runs;
  PlaySettings settings = quick();
  settings.shard = {1, 2};
  std::string journal = play(kPics, settings).journal;
  // Killed within its last case, in the middle of a line.
  journal.resize(journal.rfind("\"kind\":\"verdict\""));
  runs.add(journal);
  settings.shard = {2, 2};
  runs.add(play(kPics, settings).journal);
  ScratchFolder out;
  const auto plan = reports::merge_runs(runs.paths(), out.path(), "joint");
  EXPECT_EQ(plan.exit_status, 3);
  const Results joint = reports::read_results(reports::journal_of(out.path()));
  EXPECT_EQ(joint.counts().pass, kQuick.size() - 1);
  std::size_t unfinished = 0;
  for (const auto& result : joint.cases) unfinished += result.missed();
  EXPECT_EQ(unfinished, 1U);
  EXPECT_NE(reports::warnings(joint).at(2).find("is torn"), std::string::npos);
  EXPECT_FALSE(reports::check_merged(out.path()));
}

TEST_F(Merge, OverlappingCases__RefusedWithTheirIds) {
  PlaySettings a, b;
  a.only = {"TC_010_CS", "TC_012_CS"};
  b.only = {"TC_012_CS", "TC_021_CS"};
  Runs runs;
  runs.add(play(kPics, a).journal);
  runs.add(play(kPics, b).journal);
  expect_refused(runs.paths(), "began too: TC_012_CS;");
}

TEST_F(Merge, ShardsThatDoNotFit__Refused) {
  Runs two, three;
  two.add_shards(kPics, quick(), 2);
  three.add_shards(kPics, quick(), 3);
  expect_refused({two.paths()[0], two.paths()[0]}, "which is there already");
  expect_refused({two.paths()[0], three.paths()[1]}, "join shards of one plan");
  PlaySettings other = quick();
  other.only.push_back("TC_013_CS");
  other.shard = {2, 2};
  const RunFolder divided(play(kPics, other).journal);
  expect_refused({two.paths()[0], divided.path()}, "divided in another way");
}

TEST_F(Merge, OtherSettings__RefusedWithTheirName) {
  PlaySettings a, b;
  a.only = {"TC_010_CS"};
  b.only = {"TC_012_CS"};
  const RunFolder one(play(kPics, a).journal);
  const std::string other = play(kPics, b).journal;
  const auto changed = [&](const std::function<void(Value&)>& change) {
    return rechained(other, [&](Value& record) {
      if (record.string_or("kind", "") == "run") change(record);
    });
  };
  const std::pair<std::string, std::function<void(Value&)>> changes[] = {
      {"version of the tool", [](Value& r) { r.set("tool", "plugproof 9"); }},
      {"kind of clock", [](Value& r) { r.set("clock", "real"); }},
      {"edition of the test cases", [](Value& r) { r.set("edition", "2025-11"); }},
      {"test suite", [](Value& r) { r.find("suite")->set("sha256", "0"); }},
      {"PICS", [](Value& r) { r.find("pics")->set("sha256", "0"); }},
      {"simulated charge point", [](Value& r) { r.find("simulator")->set("variation_seed", 7); }},
      {"firmware image",
       [](Value& r) {
         r.set("firmware_image", Value::object({{"sha256", "ab"}}));
       }},
      {"setting 'quiet_time' of the PIXIT",
       [](Value& r) { r.find("pixit")->find("document")->set("quiet_time", 1); }},
      {"setting 'fresh' of the PIXIT",
       [](Value& r) { r.find("pixit")->find("document")->set("fresh", 1); }}};
  for (const auto& [what, change] : changes) {
    const RunFolder two(changed(change));
    expect_refused({one.path(), two.path()}, "its " + what + " is ");
  }
  // Another bench is no other setting.
  const RunFolder two(changed([](Value& r) {
    Value& pixit = *r.find("pixit")->find("document");
    pixit.set("identity", "CP002");
    pixit.set("address", "192.0.2.7");
    pixit.set("port", 9001);
    r.set("seed", 99);
    r.set("instance", "f00d");
  }));
  EXPECT_EQ(read_merge_sources({one.path(), two.path()}).size(), 2U);
}

TEST_F(Merge, AnotherUnit__NamedInEveryReport) {
  PlaySettings a, b;
  a.only = {"TC_010_CS"};
  b.only = {"TC_012_CS"};
  Runs runs;
  runs.add(play(kPics, a).journal);
  runs.add(rechained(play(kPics, b).journal, [](Value& record) {
    if (record.string_or("action", "") != "BootNotification" ||
        record.string_or("kind", "") != "in")
      return;
    std::string text = record.string_or("text", "");
    const std::string firmware = "\"firmwareVersion\":\"1.01.01\"";
    const auto at = text.find(firmware);
    if (at == std::string::npos) return;
    text.replace(at, firmware.size(),
                 "\"firmwareVersion\":\"1.01.02\",\"chargePointSerialNumber\":\"SN-77\"");
    record.set("text", text);
  }));
  ScratchFolder out;
  const Results joint = merged(runs, out);
  EXPECT_EQ(reports::warnings(joint).at(2),
            "The joined runs met different firmware versions: 1.01.01, 1.01.02.");
  for (const auto format : {reports::Format::json, reports::Format::html, reports::Format::markdown,
                            reports::Format::abstract, reports::Format::abstract_html})
    EXPECT_NE(reports::render(joint, format).find("SN-77"), std::string::npos)
        << reports::file_name(format);
  EXPECT_NE(reports::summarise(joint, {}).find("SN-77"), std::string::npos);
}

TEST_F(Merge, BrokenChainAndMergedSource__Refused) {
  PlaySettings a;
  a.only = {"TC_010_CS"};
  std::string journal = play(kPics, a).journal;
  const auto at = journal.find("\"passed\":true");
  Runs runs;
  runs.add(journal);
  runs.add(journal.replace(at, 13, "\"passed\":fals"));
  EXPECT_THROW(read_merge_sources(runs.paths()), base::InputError);  // no JSON any more
  Runs changed;
  changed.add(journal.replace(at, 13, "\"passed\":null"));
  expect_refused(changed.paths(), "the chain of digests breaks");
  runs.paths().pop_back();
  ScratchFolder out;
  merged(runs, out);
  expect_refused({out.path()}, "it was merged itself");
}

TEST_F(Merge, HostileNumbers__RefusedOrHarmless) {
  PlaySettings a, b;
  a.only = {"TC_010_CS"};
  b.only = {"TC_012_CS"};
  const RunFolder one(play(kPics, a).journal);
  const auto with = [&](const std::function<void(Value&)>& change) {
    return rechained(play(kPics, b).journal, change);
  };
  const RunFolder wild(with([](Value& record) {
    for (const char* key : {"frame", "from", "to", "connection", "place"})
      if (record.find(key)) record.set(key, std::int64_t{INT64_MAX});
  }));
  const std::string joint =
      reports::merged_journal(read_merge_sources({one.path(), wild.path()}), "n");
  const RunFolder folder(joint);
  EXPECT_EQ(folder.results().counts().pass, 2U);
  // A time that no run has; the helper that chains records keeps seconds, so it is put in by hand.
  reports::JournalText text;
  text.add(reports::kRunRecord);
  text.add(R"({"kind":"note","text":"x"})", 9e9);
  const RunFolder late(text.text());
  try {
    reports::merged_journal(read_merge_sources({late.path()}), "n");
    ADD_FAILURE() << "not refused";
  } catch (const base::InputError& e) {
    EXPECT_NE(std::string(e.what()).find("longer than any run"), std::string::npos);
  }
}

TEST_F(Merge, Bundle__HoldsTheSourcesAndNoticesAChangedOne) {
  Runs runs;
  runs.add_shards(kPics, quick(), 2);
  ScratchFolder out;
  merged(runs, out);
  const std::string bundle = evidence::seal(evidence::collect(out.path(), {}), "tool", nullptr, {});
  EXPECT_TRUE(evidence::verify_bundle(bundle, {}).intact());
  EXPECT_NE(bundle.find("shards/2/journal.jsonl"), std::string::npos);
  EXPECT_TRUE(evidence::verify_run(out.path(), "tool").intact());
  std::ofstream(out.file("shards/2/journal.jsonl"), std::ios::app) << "\n";
  EXPECT_FALSE(evidence::verify_run(out.path(), "tool").intact());
  EXPECT_THROW(evidence::collect(out.path(), {}), evidence::Changed);
}

TEST_F(Merge, ChangedAfterwards__Found) {
  Runs runs;
  runs.add_shards(kPics, quick(), 2);
  ScratchFolder out;
  merged(runs, out);
  const auto write = [](const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
  };
  const std::string journal = reports::read_text(out.file("journal.jsonl"));
  // A whole new chain, so that only the sources can tell.
  write(out.file("journal.jsonl"), rechained(journal, [](Value& record) {
          if (record.string_or("verdict", "") == "pass") record.set("reason", "all is well");
        }));
  EXPECT_NE(reports::check_merged(out.path()).value_or("").find("does not follow"),
            std::string::npos);
  write(out.file("journal.jsonl"), journal.substr(0, journal.rfind("\n", journal.size() - 2) + 1));
  EXPECT_TRUE(reports::check_merged(out.path()));
  write(out.file("journal.jsonl"), journal);
  EXPECT_FALSE(reports::check_merged(out.path()));
  const std::string source = reports::read_text(out.file("shards/2/journal.jsonl"));
  write(out.file("shards/2/journal.jsonl"), source + " ");
  EXPECT_EQ(reports::check_merged(out.path()),
            "shards/2/journal.jsonl is not the one from which it was merged");
  fs::remove(out.file("shards/2/journal.jsonl"));
  EXPECT_NE(reports::check_merged(out.path()).value_or("").find("is not there"), std::string::npos);
}

TEST_F(Merge, Uploads__ComeAlongAndLinksDoNot) {
  PlaySettings a;
  a.only = {"TC_010_CS"};
  Runs runs;
  const std::string run = runs.add(play(kPics, a).journal);
  fs::create_directories(run + "/uploads/1");
  std::ofstream(run + "/uploads/1/log.zip") << "bytes";
  fs::create_symlink("/etc/passwd", run + "/uploads/1/link");
  ScratchFolder out;
  merged(runs, out);
  EXPECT_EQ(reports::read_text(out.file("shards/1/uploads/1/log.zip")), "bytes");
  EXPECT_FALSE(fs::exists(fs::symlink_status(out.file("shards/1/uploads/1/link"))));
}

TEST_F(Merge, FolderInUse__RefusedAndLeftAlone) {
  PlaySettings a;
  a.only = {"TC_010_CS"};
  Runs runs;
  runs.add(play(kPics, a).journal);
  ScratchFolder out;
  std::ofstream(out.file("mine.txt")) << "mine";
  EXPECT_THROW(reports::merge_runs(runs.paths(), out.path(), "n"), base::InputError);
  EXPECT_EQ(reports::read_text(out.file("mine.txt")), "mine");
  EXPECT_FALSE(fs::exists(out.file("shards")));
  EXPECT_THROW(reports::merge_runs({out.path()}, out.file("new"), "n"), base::InputError);
  EXPECT_FALSE(fs::exists(out.file("new")));
}

TEST_F(Merge, OneShardAlone__SaysThatItIsOne) {
  PlaySettings settings = quick();
  settings.shard = {1, 2};
  const RunFolder run(play(kPics, settings).journal);
  const Results results = run.results();
  EXPECT_EQ(results.run.shard.text(), "shard 1 of 2");
  EXPECT_EQ(results.profile("Core")->verdict, reports::ProfileVerdict::incomplete);
  EXPECT_EQ(reports::short_warning(results), "Simulated device, virtual clock, shard 1 of 2");
  std::size_t others = 0;
  for (const auto& result : results.cases) others += result.decision == "other_shard";
  EXPECT_GT(others, 0U);
}

}  // namespace
}  // namespace plugproof::suite_tests
