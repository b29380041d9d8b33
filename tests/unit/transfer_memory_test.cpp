// File servers and clients in memory, on virtual time.
#include <gtest/gtest.h>

#include "engine/base/sha256.hpp"
#include "engine/transfer/memory_files.hpp"

namespace plugproof::transfer {
namespace {

using namespace std::chrono_literals;

class MemoryFilesTest : public testing::Test {
 protected:
  MemoryFilesTest() { connect(); }
  // Anew, on servers that keep uploads so.
  void start(MemoryFiles::Keep keep_upload) {
    files = std::make_unique<MemoryFiles>(
        clock, MemoryFiles::Options{10ms, 1000, {Protocol::http}, 7, std::move(keep_upload)});
    connect();
  }
  void connect() {
    files->on_event([this](const Event& event) { events.push_back(event); });
    client = files->clients()();
  }
  std::string offer(Conduct conduct = Conduct::whole, std::uint64_t after = 0) {
    const Opened opened = files->offer(
        {"image.bin", Protocol::ftp, std::make_shared<std::string>(2000, 'x'), conduct, after});
    EXPECT_NE(opened.id, 0u) << opened.reason;
    place = opened.id;
    return opened.url;
  }
  std::string folder(Conduct conduct = Conduct::whole, std::uint64_t after = 0) {
    const Opened opened = files->receive({Protocol::http, conduct, after});
    EXPECT_NE(opened.id, 0u) << opened.reason;
    place = opened.id;
    return opened.url;
  }
  FileClient::Done keep() {
    return [this](Fetched result) {
      ++answers;
      fetched = std::move(result);
    };
  }
  void download(const std::string& url) {
    client->download(url, keep());
    clock.advance(60s);
  }
  void upload(const std::string& url, const std::string& content) {
    client->upload(url, "log.txt", content, keep());
    clock.advance(60s);
  }
  std::vector<EventKind> kinds() const {
    std::vector<EventKind> out;
    for (const auto& event : events) out.push_back(event.kind);
    return out;
  }

  base::VirtualClock clock;
  std::unique_ptr<MemoryFiles> files = std::make_unique<MemoryFiles>(
      clock, MemoryFiles::Options{10ms, 1000, {Protocol::http, Protocol::ftp}, 7});
  std::vector<Event> events;
  std::unique_ptr<FileClient> client;
  PlaceId place = 0;
  int answers = 0;
  Fetched fetched;
};

using Kinds = std::vector<EventKind>;

TEST_F(MemoryFilesTest, WholeFile__ArrivesAtItsRate) {
  const std::string url = offer();
  EXPECT_EQ(url.rfind("ftp://plugproof:", 0), 0u);
  EXPECT_NE(url.find("@memory/1/image.bin"), std::string::npos);
  client->download(url, keep());
  EXPECT_EQ(answers, 0);
  clock.advance(2010ms);
  EXPECT_EQ(answers, 0);
  clock.advance(10ms);
  EXPECT_EQ(answers, 1);
  EXPECT_TRUE(fetched.ok);
  EXPECT_EQ(fetched.content, std::string(2000, 'x'));
  ASSERT_EQ(kinds(), (Kinds{EventKind::started, EventKind::done}));
  EXPECT_EQ(events[0].at, base::Nanos(10ms));
  EXPECT_EQ(events[1].at, base::Nanos(2010ms));
  EXPECT_EQ(events[1].bytes, 2000u);
  EXPECT_EQ(events[1].sha256, base::sha256_hex(std::string(2000, 'x')));
  EXPECT_EQ(events[1].name, "image.bin");
  EXPECT_EQ(events[1].place, place);
}

TEST_F(MemoryFilesTest, Upload__KeptUnderItsName) {
  upload(folder(), "what happened");
  EXPECT_TRUE(fetched.ok);
  ASSERT_EQ(kinds(), (Kinds{EventKind::started, EventKind::done}));
  EXPECT_EQ(events[1].kept, "uploads/1/log.txt");
  EXPECT_EQ(events[1].way, Way::upload);
  EXPECT_EQ(files->uploads().at("uploads/1/log.txt"), "what happened");
}

TEST_F(MemoryFilesTest, UploadThatSomebodyKeeps__ToldWhere) {
  std::string kept;
  start([&](const std::string& name, const std::string& content) {
    kept = content;
    return MemoryFiles::Kept{"evidence/" + name, {}};
  });
  upload(folder(), "what happened");
  EXPECT_TRUE(fetched.ok);
  EXPECT_EQ(kept, "what happened");
  EXPECT_EQ(events[1].kept, "evidence/log.txt");
  EXPECT_TRUE(files->uploads().empty());
}

TEST_F(MemoryFilesTest, UploadThatCannotBeKept__FailsWithTheReason) {
  start([](const std::string&, const std::string&) {
    return MemoryFiles::Kept{{}, "the disk is full"};
  });
  upload(folder(), "what happened");
  EXPECT_FALSE(fetched.ok);
  ASSERT_EQ(kinds(), (Kinds{EventKind::started, EventKind::failed}));
  EXPECT_EQ(events[1].reason, "the disk is full");
  EXPECT_EQ(events[1].kept, "");
}

TEST_F(MemoryFilesTest, EmptyUpload__DoneWithNoBytes) {
  upload(folder(), "");
  EXPECT_TRUE(fetched.ok);
  EXPECT_EQ(events.back().kind, EventKind::done);
  EXPECT_EQ(events.back().bytes, 0u);
}

TEST_F(MemoryFilesTest, Missing__FailsOnBothWays) {
  download(offer(Conduct::missing));
  EXPECT_FALSE(fetched.ok);
  EXPECT_EQ(fetched.reason, "there is no such file");
  upload(folder(Conduct::missing), "x");
  EXPECT_FALSE(fetched.ok);
  EXPECT_EQ(fetched.reason, "the folder takes nothing");
  EXPECT_EQ(kinds(), (Kinds{EventKind::failed, EventKind::failed}));
}

TEST_F(MemoryFilesTest, Broken__CutAfterSoManyBytes) {
  download(offer(Conduct::broken, 500));
  EXPECT_FALSE(fetched.ok);
  ASSERT_EQ(kinds(), (Kinds{EventKind::started, EventKind::failed}));
  EXPECT_EQ(events[1].bytes, 500u);
  EXPECT_EQ(events[1].at, base::Nanos(510ms));
}

TEST_F(MemoryFilesTest, Stalled__NothingMoreUntilTheClientGivesUp) {
  download(offer(Conduct::stalled, 500));
  EXPECT_EQ(answers, 0);
  EXPECT_EQ(kinds(), Kinds{EventKind::started});
  client->cancel();
  clock.advance(1s);
  EXPECT_EQ(answers, 0);
  ASSERT_EQ(kinds(), (Kinds{EventKind::started, EventKind::failed}));
  EXPECT_EQ(events[1].bytes, 500u);
  EXPECT_EQ(events[1].reason, "the client gave the transfer up");
}

TEST_F(MemoryFilesTest, UnknownUrl__NobodyAnswers) {
  const std::string url = offer();
  for (const std::string& wrong : {std::string("ftp://127.0.0.1:21/image.bin"), url + "x",
                                   "ftp://memory/1/image.bin" + std::string()}) {
    answers = 0;
    download(wrong);
    EXPECT_EQ(answers, 1);
    EXPECT_FALSE(fetched.ok) << wrong;
    EXPECT_EQ(fetched.reason, "nobody answers there");
  }
  upload(url, "the wrong way");
  EXPECT_FALSE(fetched.ok);
  EXPECT_TRUE(events.empty());
}

TEST_F(MemoryFilesTest, ClosedPlace__CutsItsTransfersAndIsGone) {
  const std::string url = offer();
  client->download(url, keep());
  clock.advance(1s);
  files->close(place);
  clock.advance(1s);
  EXPECT_EQ(answers, 1);
  EXPECT_FALSE(fetched.ok);
  EXPECT_EQ(events.back().kind, EventKind::failed);
  EXPECT_EQ(events.back().bytes, 990u);
  download(url);
  EXPECT_EQ(fetched.reason, "nobody answers there");
}

TEST_F(MemoryFilesTest, ClientDestroyed__CallsNothing) {
  client->download(offer(), keep());
  clock.advance(1s);
  client.reset();
  clock.advance(60s);
  EXPECT_EQ(answers, 0);
  EXPECT_EQ(kinds(), (Kinds{EventKind::started, EventKind::failed}));
}

TEST_F(MemoryFilesTest, HostDestroyed__ClientIsToldAndNobodyElse) {
  client->download(offer(), keep());
  clock.advance(1s);
  files.reset();
  clock.advance(60s);
  EXPECT_EQ(answers, 1);
  EXPECT_FALSE(fetched.ok);
  EXPECT_EQ(kinds(), Kinds{EventKind::started});
  client->download("ftp://memory/1/image.bin", keep());
  clock.advance(1s);
  EXPECT_EQ(answers, 2);
}

TEST_F(MemoryFilesTest, ProtocolNotServed__SaysSo) {
  const Opened opened = files->receive({Protocol::https, Conduct::whole, 0});
  EXPECT_EQ(opened.id, 0u);
  EXPECT_EQ(opened.reason, "the servers in memory do not speak HTTPS");
}

TEST(MemoryFilesSeed, Credentials__FollowTheSeed) {
  base::VirtualClock clock;
  const auto url = [&clock](std::uint64_t seed) {
    MemoryFiles files(clock, {1ms, 1000, {Protocol::ftps_implicit}, seed});
    return files.receive({Protocol::ftps_implicit, Conduct::whole, 0}).url;
  };
  EXPECT_EQ(url(1), url(1));
  EXPECT_NE(url(1), url(2));
  EXPECT_EQ(url(1).rfind("ftps://", 0), 0u);
}

}  // namespace
}  // namespace plugproof::transfer
