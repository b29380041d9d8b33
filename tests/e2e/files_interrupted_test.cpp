// Transfers that break off: clients that die, and clients that come back for the rest.
#include <sys/stat.h>

#include "tests/e2e/files_fixture.hpp"

namespace plugproof::transfer {
namespace {

class Interrupted : public ByProtocol {
 protected:
  // A client that takes so many bytes, appends them to `got` and breaks off.
  void take(const Opened& place, std::size_t count, const std::string& arguments = "") {
    const std::string line = command_line(protocol(), arguments + " " + in_quotes(place.url));
    Command command(loop, line + " | head -c " + std::to_string(count) + " >> " + local("got"));
    ASSERT_TRUE(wait([&] { return command.ended(); }));
  }
  void take_the_rest(const Opened& place) {
    const CurlResult result =
        curl(protocol(), "-C - -o " + local("got") + " " + in_quotes(place.url));
    EXPECT_EQ(result.status, 0) << result.output;
  }
  void expect_done() {
    ASSERT_TRUE(wait_for_event(EventKind::done));
    const Event done = of_kind(EventKind::done).front();
    EXPECT_EQ(done.bytes, content.size());
    EXPECT_EQ(done.sha256, base::sha256_hex(content));
    EXPECT_EQ(base::sha256_hex(read_file(folder / "got")), done.sha256);
  }
  std::vector<EventKind> kinds() const {
    std::vector<EventKind> out;
    for (const auto& event : events) out.push_back(event.kind);
    return out;
  }
  using Kinds = std::vector<EventKind>;

  // More than fits into the buffers between server and client.
  std::string content = some_bytes(20'000'000);
};

INSTANTIATE_TEST_SUITE_P(Files, Interrupted,
                         ::testing::Values(Protocol::http, Protocol::https, Protocol::ftp,
                                           Protocol::ftps, Protocol::ftps_implicit),
                         [](const auto& tested) { return name_of(tested.param); });

TEST_P(Interrupted, ClientDiesInItsUpload__FailedAndNothingKept) {
  write_file(folder / "up.log", content);
  const Opened place = inbox(protocol());
  const std::string line = command_line(
      protocol(), "--limit-rate 100k -T " + local("up.log") + " " + in_quotes(place.url));
  const Command command(loop, "echo $$ > " + local("pid") + "; " + line);
  ASSERT_TRUE(wait_for_event(EventKind::started));
  ::kill(std::stoi(read_file(folder / "pid")), SIGKILL);
  ASSERT_TRUE(wait([&] { return command.ended(); }));
  ASSERT_TRUE(wait_for_event(EventKind::failed));
  EXPECT_EQ(kinds(), (Kinds{EventKind::started, EventKind::failed}));
  EXPECT_LT(events.back().bytes, content.size());
  EXPECT_TRUE(events.back().kept.empty());
  host.reset();
  EXPECT_FALSE(fs::exists(run_folder / "uploads"));
}

TEST_P(Interrupted, DownloadTakenUpAgain__Done) {
  const Opened place = offer(protocol(), content);
  take(place, 100'000);
  ASSERT_TRUE(wait_for_event(EventKind::failed));
  take_the_rest(place);
  expect_done();
  EXPECT_EQ(kinds(),
            (Kinds{EventKind::started, EventKind::failed, EventKind::started, EventKind::done}));
}

TEST_P(Interrupted, DownloadBrokenOffTwice__DoneWithTheThirdPiece) {
  // Both pieces are more than what the server may have sent beyond them.
  content = some_bytes(36'000'000);
  const Opened place = offer(protocol(), content);
  take(place, 12'000'000);
  ASSERT_TRUE(wait_for_event(EventKind::failed));
  take(place, 12'000'000, "-C 12000000");
  ASSERT_TRUE(wait_for_event(EventKind::failed, 2));
  EXPECT_TRUE(of_kind(EventKind::done).empty());
  take_the_rest(place);
  expect_done();
  EXPECT_EQ(of_kind(EventKind::done).size(), 1U);
}

// As over a radio link: the client is gone and back before the server knows that it was gone.
TEST_P(Interrupted, DownloadTakenUpAgainBesideTheOldConnection__Done) {
  for (const char* fifo : {"ready", "end"}) ASSERT_EQ(::mkfifo((folder / fifo).c_str(), 0600), 0);
  const Opened place = offer(protocol(), content);
  Command old(loop, command_line(protocol(), in_quotes(place.url)) + " | { head -c 100000 > " +
                        local("got") + "; echo > " + local("ready") + "; cat " + local("end") +
                        "; }");
  Command ready(loop, "cat " + local("ready"));
  ASSERT_TRUE(wait([&] { return ready.ended(); }));
  ASSERT_TRUE(wait_for_event(EventKind::started));
  take_the_rest(place);
  expect_done();
  Command end(loop, "echo > " + local("end"));
  ASSERT_TRUE(wait([&] { return end.ended() && old.ended(); }));
  ASSERT_TRUE(wait_for_event(EventKind::failed));
  EXPECT_EQ(of_kind(EventKind::started).size(), 2U);
  EXPECT_EQ(events.size(), 4U);
  if (is_ftp()) {
    EXPECT_EQ(of_kind(EventKind::failed).front().reason,
              "the client took the download up again in another session");
  }
}

TEST_P(Interrupted, DownloadOfTheEndAfterADownload__CountsOnce) {
  const Opened place = offer(protocol(), content);
  take_the_rest(place);
  expect_done();
  fs::resize_file(folder / "got", 15'000'000);
  take_the_rest(place);
  ASSERT_TRUE(wait_for_event(EventKind::started, 2));
  if (is_ftp()) {
    ASSERT_TRUE(wait_for_event(EventKind::failed));
    EXPECT_EQ(events.back().reason, "the client took only the end of the file");
  }
  settle();
  EXPECT_EQ(of_kind(EventKind::done).size(), 1U);
}

}  // namespace
}  // namespace plugproof::transfer
