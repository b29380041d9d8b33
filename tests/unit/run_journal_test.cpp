#include <filesystem>
#include <fstream>

#include "engine/base/sha256.hpp"
#include "engine/run/journal_file.hpp"
#include "run_bench.hpp"

namespace plugproof::run {
namespace {

// A run that is no test of its own: for tests that need several.
class Bench final : public RunBench {
 public:
  using RunBench::RunBench;
  void TestBody() override {}
  void two_cases() {
    add("T_1",
        "  - send: ClearCache\n  - receive: Heartbeat\n  - rig: plug_in\n    with: {connector: "
        "1}\n");
    add("T_2",
        "  - any_order:\n      - send: Reset\n        payload: {type: Soft}\n      - receive: "
        "Heartbeat\n");
    dut->on("ClearCache", [this](const std::string& id, const Value&) {
      dut->result(id, R"({"status":"Accepted"})");
      dut->after(2s, [this] { dut->call("Heartbeat", "{}"); });
      dut->after(4s, [this] { dut->call("Heartbeat", "{}"); });
    });
  }
};

// Sequence without a gap, each record with the digest of the one before.
void expect_chain(const std::string& text) {
  std::string previous(64, '0');
  std::int64_t sequence = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    ASSERT_NE(end, std::string_view::npos);
    const std::string_view line = rest.substr(0, end);
    const auto record = base::read_json(line);
    ASSERT_TRUE(record.value) << line;
    EXPECT_EQ(record.value->int_or("seq", 0), ++sequence);
    EXPECT_EQ(record.value->as_object().back().first, "prev");
    EXPECT_EQ(record.value->string_or("prev", ""), previous) << "record " << sequence;
    previous = base::sha256_hex(line);
    rest.remove_prefix(end + 1);
  }
}

using JournalOfARun = RunBench;

TEST(JournalRecord, Written__MembersInOrder) {
  MemorySink sink;
  Journal journal(sink, base::VirtualClock::kDefaultStart);
  journal.set_dut("CP\"1");
  journal.set_case("T_1");
  EXPECT_EQ(journal.write(1500us, "note", {{"text", "a\nb"}}), 1);
  EXPECT_EQ(
      sink.text(),
      R"({"seq":1,"t":1500000,"utc":"2026-01-01T00:00:00.001500Z","kind":"note","dut":"CP\"1","case":"T_1","text":"a\nb","prev":")" +
          std::string(64, '0') + "\"}\n");
}

TEST(JournalOfTwoCases, Run__ChainedWithOneVerdictEach) {
  Bench bench;
  bench.two_cases();
  bench.run();
  expect_chain(bench.sink.text());
  const auto all = bench.records("");
  EXPECT_EQ(all.front().string_or("kind", ""), "run");
  EXPECT_EQ(all.back().string_or("kind", ""), "end");
  EXPECT_EQ(all.back().string_or("outcome", ""), "complete");
  ASSERT_EQ(bench.records("verdict").size(), 2u);
  EXPECT_EQ(bench.records("verdict")[1].string_or("case", ""), "T_2");
  for (const auto& match : bench.records("match")) {
    const auto frame = all.at(static_cast<std::size_t>(match.int_or("frame", 0)) - 1);
    EXPECT_EQ(frame.string_or("kind", ""), "in");
    EXPECT_EQ(frame.string_or("action", ""), "Heartbeat");
  }
}

TEST(JournalOfTwoCases, SameSeed__SameBytes) {
  std::string texts[2];
  for (auto& text : texts) {
    Bench bench("same");
    bench.two_cases();
    bench.run();
    text = bench.sink.text();
  }
  EXPECT_FALSE(texts[0].empty());
  EXPECT_EQ(texts[0], texts[1]);
}

TEST(JournalOfTwoCases, InterruptedAnywhere__EndsWithItsReason) {
  for (int steps = 0; steps < 400; steps += 3) {
    Bench bench("interrupt");
    bench.two_cases();
    bench.prepare();
    bench.dut->connect();
    for (int i = 0; i < steps && !bench.done; ++i) bench.clock.step();
    const bool complete = bench.runner->finished();
    bench.runner->interrupt("on request");
    bench.dut->call("Heartbeat", "{}");
    bench.clock.advance(60s);
    EXPECT_TRUE(bench.done);
    expect_chain(bench.sink.text());
    const auto end = bench.records("").back();
    EXPECT_EQ(end.string_or("kind", ""), "end") << steps;
    EXPECT_EQ(end.string_or("outcome", ""), complete ? "complete" : "interrupted");
    EXPECT_EQ(bench.runner->exit_status(), complete ? 0 : 130);
    EXPECT_EQ(bench.records("end").size(), 1u);
    if (complete) return;
  }
  FAIL() << "the run never ended by itself";
}

// A disk that is full after some records.
class FullSink final : public JournalSink {
 public:
  explicit FullSink(int records) : left_(records) {}
  void append(std::string_view) override {
    if (left_-- <= 0) throw JournalError("no space left on device");
  }
  void sync() override {}

 private:
  int left_;
};

TEST(JournalOfTwoCases, DiskFullAtAnyRecord__ErrorReachesTheLoop) {
  for (int room = 0; room < 200; ++room) {
    Bench bench("full");
    FullSink full(room);
    Journal journal(full, bench.clock.utc());
    bench.two_cases();
    bench.suite = bench.folder.load(bench.diagnostics);
    ASSERT_TRUE(bench.suite);
    auto selection = suite::select(*bench.suite, bench.pics, "2025-11", {}, bench.diagnostics);
    bool done = false;
    try {
      Runner runner(bench.clock, bench.link, journal, bench.pics, bench.pixit, *bench.suite,
                    std::move(selection), *bench.rig, bench.observer, {});
      runner.start([&] { done = true; });
      bench.dut->connect();
      EXPECT_TRUE(bench.clock.run_until([&] { return done; }))
          << "the run neither ended nor said why, at record " << room;
      EXPECT_GT(room, 30);
      return;
    } catch (const JournalError& e) {
      EXPECT_STREQ(e.what(), "no space left on device");
      EXPECT_FALSE(done);
    }
  }
  FAIL() << "200 records are not enough for the run";
}

TEST(JournalFile, Existing__Refused) {
  const auto path = std::filesystem::path(testing::TempDir()) /
                    ("plugproof_journal_" + std::to_string(::getpid()));
  std::filesystem::remove(path);
  {
    const auto sink = JournalFile::create(path.string());
    Journal journal(*sink, base::Micros(0));
    for (int i = 0; i < 2000; ++i)
      journal.write(Nanos(i), "note", {{"text", std::string(100, 'x')}});
    journal.sync();
    EXPECT_THROW(JournalFile::create(path.string()), JournalError);
    journal.write(Nanos(1), "note", {});
  }
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  expect_chain(text.str());
  std::filesystem::remove(path);
}

TEST(JournalFile, FolderThatIsNotThere__SaysWhatToDo) {
  try {
    JournalFile::create("/no/such/folder/journal.jsonl");
    FAIL();
  } catch (const JournalError& e) {
    EXPECT_NE(std::string(e.what()).find("cannot create /no/such/folder/journal.jsonl"),
              std::string::npos);
    EXPECT_NE(std::string(e.what()).find("--out"), std::string::npos);
  }
}

TEST_F(JournalOfARun, Authorization__OnlyAsADigest) {
  add("T_1", "  - send: ClearCache\n");
  prepare();
  auto client = link.make_client();
  client->connect({"ws://memory/CP001", {"ocpp1.6"}, "Basic c2VjcmV0"});
  clock.advance(1s);
  runner->interrupt("enough");
  EXPECT_EQ(sink.text().find("c2VjcmV0"), std::string::npos);
  EXPECT_EQ(records("connected").at(0).string_or("authorization", "").rfind("hmac:", 0), 0u);
}

// Too short to be looked for in every text; an empty one is none.
TEST_F(JournalOfARun, ShortAuthorizationKey__JudgedAsTheRecordShowsIt) {
  const std::string scenario = R"(  - send: GetConfiguration
    payload: {key: [AuthorizationKey]}
    result: {"configurationKey[0].value": nothing}
)";
  dut->configuration = {{"AuthorizationKey", "xyz"}};
  EXPECT_VERDICT("fail", play(scenario));
  EXPECT_EQ(sink.text().find("xyz"), std::string::npos);
  EXPECT_NE(result().failures.at(0).actual.find("hmac:"), std::string::npos);
}

TEST_F(JournalOfARun, EmptyAuthorizationKey__Shown) {
  dut->configuration = {{"AuthorizationKey", ""}};
  EXPECT_VERDICT("pass", play(R"(  - send: GetConfiguration
    payload: {key: [AuthorizationKey]}
    result: {"configurationKey[0].value": ""}
)"));
  EXPECT_EQ(sink.text().find("hmac:"), std::string::npos);
}

// A charge point must not tell it, but this one does: what is judged of it names it nowhere.
TEST_F(JournalOfARun, AuthorizationKey__InNoRecordOfAnyKind) {
  const std::string secret = R"(it's 'a' "secret" of 26 \)";
  dut->configuration["AuthorizationKey"] = R"(it's 'a' \"secret\" of 26 \\)";
  const auto& result = play(R"(  - send: GetConfiguration
    payload: {key: [AuthorizationKey]}
    result: {"configurationKey[0].value": nothing}
    capture: {told: "configurationKey[0].value"}
  - expect: told == 'other'
    says: a sentence about {told}
  - send: ChangeConfiguration
    payload: {key: AuthorizationKey, value: $told}
    result: {status: Rejected}
  - send: DataTransfer
    payload: {vendorId: plugproof, data: "key={told}"}
)");
  EXPECT_VERDICT("fail", result);
  ASSERT_GE(result.failures.size(), 1U);
  for (const std::string kind : {"check", "out", "in", "verdict"})
    EXPECT_FALSE(records(kind).empty()) << kind;
  EXPECT_EQ(sink.text().find("secret"), std::string::npos)
      << sink.text().substr(sink.text().find("secret") - 400, 500);
  EXPECT_NE(sink.text().find("hmac:"), std::string::npos);
}

}  // namespace
}  // namespace plugproof::run
