// Runs that do not fit together, and journals that were not written by a run.
#include "tests/suite/merge_fixture.hpp"

namespace plugproof::suite_tests {
namespace {

void expect_refused(const std::vector<std::string>& folders, const std::string& message) {
  try {
    read_merge_sources(folders);
    ADD_FAILURE() << "not refused; expected: " << message;
  } catch (const base::InputError& e) {
    EXPECT_NE(std::string(e.what()).find(message), std::string::npos) << e.what();
  }
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

}  // namespace
}  // namespace plugproof::suite_tests
