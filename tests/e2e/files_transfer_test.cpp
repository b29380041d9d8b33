// What every protocol must do: files down and up byte for byte, and what goes wrong told.
#include "tests/e2e/files_fixture.hpp"

namespace plugproof::transfer {
namespace {

class EveryProtocol : public ByProtocol {};

INSTANTIATE_TEST_SUITE_P(Files, EveryProtocol,
                         ::testing::Values(Protocol::http, Protocol::https, Protocol::ftp,
                                           Protocol::ftps, Protocol::ftps_implicit),
                         [](const auto& tested) { return name_of(tested.param); });

TEST_P(EveryProtocol, Download__ByteForByteAndTold) {
  for (const std::size_t size : {1000U, 0U, 5'000'000U}) {
    SCOPED_TRACE(size);
    events.clear();
    const std::string content = some_bytes(size);
    const Opened place = offer(protocol(), content);
    const base::Nanos before = loop.now();
    const CurlResult result = curl(protocol(), in_quotes(place.url) + " -o " + local("got"));
    EXPECT_EQ(result.status, 0) << result.output;
    EXPECT_EQ(read_file(folder / "got"), content);
    ASSERT_TRUE(wait_for_event(EventKind::done));
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].kind, EventKind::started);
    EXPECT_EQ(events[1].kind, EventKind::done);
    for (const Event& event : events) {
      EXPECT_EQ(event.way, Way::download);
      EXPECT_EQ(event.place, place.id);
      EXPECT_EQ(event.protocol, protocol());
      EXPECT_EQ(event.name, "image.bin");
      EXPECT_EQ(event.remote, "127.0.0.1");
      EXPECT_GE(event.at, before);
      EXPECT_LE(event.at, loop.now());
    }
    EXPECT_EQ(events[1].bytes, size);
    EXPECT_EQ(events[1].sha256, base::sha256_hex(content));
    fs::remove(folder / "got");
  }
}

TEST_P(EveryProtocol, Upload__ByteForByteAndKept) {
  int number = 0;
  for (const std::size_t size : {1000U, 0U, 5'000'000U}) {
    SCOPED_TRACE(size);
    events.clear();
    const std::string content = some_bytes(size);
    write_file(folder / "diagnostics.log", content);
    const Opened place = inbox(protocol());
    EXPECT_EQ(place.url.back(), '/');
    const CurlResult result =
        curl(protocol(), "-T " + local("diagnostics.log") + " " + in_quotes(place.url));
    EXPECT_EQ(result.status, 0) << result.output;
    ASSERT_TRUE(wait_for_event(EventKind::done));
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].kind, EventKind::started);
    EXPECT_EQ(events[0].way, Way::upload);
    EXPECT_EQ(events[1].name, "diagnostics.log");
    EXPECT_EQ(events[1].place, place.id);
    expect_kept(events[1], content);
    EXPECT_EQ(events[1].kept, "uploads/0" + std::to_string(++number) + "-diagnostics.log");
  }
}

TEST_P(EveryProtocol, WrongPassword__RefusedAndNoEvent) {
  const Opened place = offer(protocol(), "content");
  std::string url = place.url;
  url.insert(url.find('@'), "x");
  const CurlResult result = curl(protocol(), "-f " + in_quotes(url));
  EXPECT_EQ(result.status, is_ftp() ? 67 : 22) << result.output;
  const CurlResult without = curl(protocol(), "-f " + in_quotes(url.substr(0, url.find("//") + 2) +
                                                                url.substr(url.find('@') + 1)));
  EXPECT_EQ(without.status, is_ftp() ? 67 : 22) << without.output;
  settle();
  EXPECT_TRUE(events.empty());
}

TEST_P(EveryProtocol, Missing__RefusedAndTold) {
  const Opened file = offer(protocol(), "content", Conduct::missing);
  EXPECT_NE(curl(protocol(), "-f " + in_quotes(file.url)).status, 0);
  ASSERT_TRUE(wait_for_event(EventKind::failed));
  EXPECT_EQ(events[0].reason, "there is no such file");
  EXPECT_EQ(events[0].place, file.id);

  events.clear();
  const Opened takes_nothing = inbox(protocol(), Conduct::missing);
  write_file(folder / "up.log", "content");
  EXPECT_NE(
      curl(protocol(), "-f -T " + local("up.log") + " " + in_quotes(takes_nothing.url)).status, 0);
  ASSERT_TRUE(wait_for_event(EventKind::failed));
  settle();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].reason, "the folder takes nothing");
  EXPECT_EQ(events[0].name, "up.log");
  EXPECT_FALSE(fs::exists(run_folder / "uploads"));
}

TEST_P(EveryProtocol, BrokenDownload__CutAfterSoManyBytes) {
  const Opened place = offer(protocol(), some_bytes(1'000'000), Conduct::broken, 500'000);
  const CurlResult result = curl(protocol(), in_quotes(place.url) + " -o " + local("got"));
  EXPECT_NE(result.status, 0);
  ASSERT_TRUE(wait_for_event(EventKind::failed));
  const auto got = fs::file_size(folder / "got");
  EXPECT_LE(got, 500'000U);
  EXPECT_GE(got, 490'000U);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].reason, "the connection was dropped on purpose");
  EXPECT_EQ(events[1].bytes, got);
}

TEST_P(EveryProtocol, BrokenUpload__CutAfterSoManyBytes) {
  write_file(folder / "up.log", some_bytes(3'000'000));
  const Opened place = inbox(protocol(), Conduct::broken, 500'000);
  const CurlResult result = curl(protocol(), "-T " + local("up.log") + " " + in_quotes(place.url));
  EXPECT_NE(result.status, 0);
  ASSERT_TRUE(wait_for_event(EventKind::failed));
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].reason, "the connection was dropped on purpose");
  EXPECT_LE(events[1].bytes, 500'000U);
  EXPECT_GE(events[1].bytes, 490'000U);
  host.reset();
  EXPECT_FALSE(fs::exists(run_folder / "uploads"));
}

TEST_P(EveryProtocol, StalledDownload__NothingMovesUntilTheClientLeaves) {
  const Opened place = offer(protocol(), some_bytes(1'000'000), Conduct::stalled, 100'000);
  const CurlResult result =
      curl(protocol(), "--max-time 3 " + in_quotes(place.url) + " -o " + local("got"));
  EXPECT_EQ(result.status, 28) << result.output;  // timed out, with the connection open
  EXPECT_LE(fs::file_size(folder / "got"), 100'000U);
  EXPECT_GE(fs::file_size(folder / "got"), 90'000U);
  ASSERT_TRUE(wait_for_event(EventKind::failed));
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].reason, "the client gave the transfer up");
}

TEST_P(EveryProtocol, StalledUpload__NothingMovesUntilThePlaceCloses) {
  write_file(folder / "up.log", some_bytes(20'000'000));
  const Opened place = inbox(protocol(), Conduct::stalled, 100'000);
  const auto command =
      curl_beside(protocol(), "-T " + local("up.log") + " " + in_quotes(place.url));
  ASSERT_TRUE(wait_for_event(EventKind::started));
  loop.run_for(std::chrono::milliseconds(1000));
  EXPECT_FALSE(command->ended());
  ASSERT_EQ(events.size(), 1U);
  host->close(place.id);
  ASSERT_TRUE(wait_for_event(EventKind::failed));
  EXPECT_EQ(events[1].reason, "the server ended the transfer");
  EXPECT_LE(events[1].bytes, 100'000U);
  ASSERT_TRUE(wait([&] { return command->ended(); }));
  EXPECT_NE(command->status(), 0);
}

TEST_P(EveryProtocol, ClientDiesInItsDownload__Failed) {
  const Opened place = offer(protocol(), some_bytes(30'000'000));
  const std::string line =
      command_line(protocol(), "--limit-rate 500k " + in_quotes(place.url) + " -o " + local("got"));
  const Command command(loop, "echo $$ > " + local("pid") + "; " + line);
  ASSERT_TRUE(wait_for_event(EventKind::started));
  ::kill(std::stoi(read_file(folder / "pid")), SIGKILL);
  ASSERT_TRUE(wait([&] { return command.ended(); }));
  ASSERT_TRUE(wait_for_event(EventKind::failed));
  EXPECT_EQ(events.size(), 2U);
}

TEST_P(EveryProtocol, DownloadOfTheEndAlone__NotDone) {
  const std::string content = some_bytes(1'000'000);
  const Opened place = offer(protocol(), content);
  write_file(folder / "got", content.substr(0, 400'000));
  EXPECT_EQ(curl(protocol(), "-C - " + in_quotes(place.url) + " -o " + local("got")).status, 0);
  EXPECT_EQ(read_file(folder / "got"), content);
  settle();
  EXPECT_EQ(of_kind(EventKind::started).size(), 1U);
  EXPECT_TRUE(of_kind(EventKind::done).empty());
}

// Large enough that it does not fit into the buffers between server and client.
TEST_P(EveryProtocol, Close__PlaceIsGone) {
  const Opened first = offer(protocol(), "one");
  const Opened second = offer(protocol(), "two");
  host->close(first.id);
  EXPECT_NE(curl(protocol(), "-f " + in_quotes(first.url)).status, 0);
  EXPECT_EQ(curl(protocol(), "-f " + in_quotes(second.url)).output, "two");
  ASSERT_TRUE(wait_for_event(EventKind::done));
  EXPECT_EQ(events.size(), 2U);
}

TEST_P(EveryProtocol, PathsOutOfThePlace__Refused) {
  write_file(run_folder / "secret", "secret");
  write_file(folder / "up.log", "content");
  const Opened file = offer(protocol(), "content");
  const Opened up = inbox(protocol());
  const std::string base = file.url.substr(0, file.url.find('/', file.url.find('@')));
  for (const std::string path :
       {"/../secret", "/../../secret", "/%2e%2e/secret", "/%2e%2e%2fsecret", "//etc/passwd",
        "/%2Fetc/passwd", "/..%5csecret"}) {
    const CurlResult result = curl(protocol(), "-f --path-as-is " + in_quotes(base + path));
    EXPECT_NE(result.status, 0) << path;
    EXPECT_EQ(result.output.find("root:"), std::string::npos) << path;
  }
  for (const std::string path : {"../out", "%2e%2e/out", "../../out", "sub/out", "%2Ftmp/out"})
    EXPECT_NE(
        curl(protocol(), "-f --path-as-is -T " + local("up.log") + " " + in_quotes(up.url + path))
            .status,
        0)
        << path;
  // An offer takes nothing, an inbox gives nothing.
  EXPECT_NE(curl(protocol(), "-f -T " + local("up.log") + " " + in_quotes(file.url)).status, 0);
  EXPECT_EQ(curl(protocol(), "-T " + local("up.log") + " " + in_quotes(up.url)).status, 0);
  EXPECT_NE(curl(protocol(), "-f " + in_quotes(up.url + "up.log")).status, 0);
  ASSERT_TRUE(wait_for_event(EventKind::done));
  EXPECT_EQ(curl(protocol(), "-f " + in_quotes(file.url)).output, "content");
}

TEST_P(EveryProtocol, HostileNames__KeptUnderSafeOnes) {
  write_file(folder / "up.log", "content");
  const Opened up = inbox(protocol());
  const std::string long_name(200, 'n');
  const std::vector<std::pair<std::string, std::string>> names{
      {"a%20b%3B%24%28id%29.log", "uploads/01-a_b___id_.log"},
      {"%c3%a4.log", "uploads/02-__.log"},
      {"...", "uploads/03-unnamed"},
      {"bell%07.log", "uploads/04-bell_.log"},
      {long_name + ".log", "uploads/05-" + std::string(50, 'n') + std::string(46, 'n') + ".log"}};
  // curl itself refuses to say a control character on a control connection of FTP.
  const bool says_controls = protocol() == Protocol::http || protocol() == Protocol::https;
  for (auto [name, kept] : names) {
    if (!says_controls && name == "bell%07.log") name = "bell!.log";
    events.clear();
    EXPECT_EQ(curl(protocol(), "-T " + local("up.log") + " " + in_quotes(up.url + name)).status, 0)
        << name;
    ASSERT_TRUE(wait_for_event(EventKind::done)) << name;
    EXPECT_EQ(events.back().kept, kept);
  }
}

TEST_P(EveryProtocol, HostDestroyedWithTransfersUnderWay__NothingLeft) {
  const Opened stalled = offer(protocol(), some_bytes(1'000'000), Conduct::stalled, 100'000);
  const auto command = curl_beside(protocol(), in_quotes(stalled.url) + " -o " + local("got"));
  ASSERT_TRUE(wait_for_event(EventKind::started));
  const base::Nanos before = loop.now();
  host.reset();
  EXPECT_LT(loop.now() - before, std::chrono::seconds(2));
  ASSERT_TRUE(wait([&] { return command->ended(); }));
  EXPECT_NE(command->status(), 0);
  EXPECT_FALSE(fs::exists(run_folder / "files"));
}

TEST_P(EveryProtocol, FolderOfAKilledProcess__ServedAgainAndItsEvidenceStays) {
  host.reset();
  fs::create_directories(run_folder / "uploads");
  fs::create_directories(run_folder / "files" / "places" / "1");
  write_file(run_folder / "uploads" / "07-old.log", "evidence");
  write_file(run_folder / "uploads" / ".incoming-1", "half");
  write_file(run_folder / "files" / "log", "where the servers make a pipe");
  write_file(run_folder / "files" / "key.pem", "a secret of the dead");
  fs::rename(run_folder / "files-certificate.pem", folder / "first.pem");
  write_file(run_folder / "files-certificate.pem", "the one that was handed out");
  host = std::make_unique<ServedFiles>(loop, options);
  host->on_event([this](const Event& event) { events.push_back(event); });
  ASSERT_EQ(host->notes().size(), 1U);
  EXPECT_NE(host->notes()[0].find("files-certificate-2.pem"), std::string::npos);
  EXPECT_EQ(read_file(run_folder / "files-certificate.pem"), "the one that was handed out");
  // Where this test's client looks for it.
  fs::rename(run_folder / "files-certificate-2.pem", run_folder / "files-certificate.pem");

  write_file(folder / "up.log", "new");
  const Opened place = inbox(protocol());
  EXPECT_EQ(curl(protocol(), "-T " + local("up.log") + " " + in_quotes(place.url)).status, 0);
  ASSERT_TRUE(wait_for_event(EventKind::done));
  EXPECT_EQ(events.back().kept, "uploads/08-up.log");
  EXPECT_EQ(read_file(run_folder / "uploads" / "07-old.log"), "evidence");
  EXPECT_FALSE(fs::exists(run_folder / "uploads" / ".incoming-1"));
  host.reset();
  EXPECT_TRUE(fs::exists(run_folder / "uploads" / "07-old.log"));
}

}  // namespace
}  // namespace plugproof::transfer
