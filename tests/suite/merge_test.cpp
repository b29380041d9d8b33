// Shards played and joined again: the joint report says what that of the undivided run says.
#include <set>

#include "evidence/bundle.hpp"
#include "evidence/verification.hpp"
#include "tests/suite/merge_fixture.hpp"

namespace plugproof::suite_tests {
namespace {

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
                               "error-response:GetLocalListVersion=InternalError"}}));

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

TEST_F(Merge, TimesWithinRecords__MoveLikeTheRecord) {
  const std::int64_t later = 1'000'000'000;
  Runs runs;
  for (const char* id : {"TC_010_CS", "TC_012_CS"}) {
    PlaySettings settings;
    settings.only = {id};
    runs.add(rechained(play(kPics, settings).journal, [&](Value& record) {
      for (const char* key : {"deadline", "handled"})
        if (record.string_or("kind", "") == "step") record.set(key, record.int_or("t", 0) + later);
    }));
  }
  const std::string joint = reports::merged_journal(read_merge_sources(runs.paths()), "n");
  std::istringstream lines(joint);
  std::size_t seen = 0;
  for (std::string line; std::getline(lines, line);) {
    const Value record = *base::read_json(line).value;
    if (record.string_or("kind", "") != "step") continue;
    ++seen;
    const std::int64_t t = record.int_or("t", 0);
    EXPECT_EQ(record.int_or("deadline", 0), t + later);
    EXPECT_EQ(record.int_or("handled", 0), t + later);
  }
  EXPECT_GT(seen, 10U);
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
    const std::pair<const char*, const char*> changes[] = {{"1.01.01", "1.01.02"},
                                                           {"\"CP001\"", "\"SN-77\""}};
    for (const auto& [before, after] : changes) {
      const auto at = text.find(before);
      ASSERT_NE(at, std::string::npos) << text;
      text.replace(at, std::string(before).size(), after);
    }
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
