// Files: what the bench offers, what its servers saw, and what must not be written down.
#include "run_bench.hpp"

#include "engine/base/sha256.hpp"

namespace plugproof::run {
namespace {

constexpr const char* kUpdate =
    "  - send: UpdateFirmware\n    payload: {location: $image.location, retrieveDate: $now}\n";
constexpr const char* kDiagnostics =
    "  - send: GetDiagnostics\n    payload: {location: $box.location}\n";

class FileStep : public RunBench {
 protected:
  // The charge point downloads or uploads when it is told to, so many seconds later, and then says
  // so by a Heartbeat.
  void act_on_requests(Nanos delay = 1s) {
    const auto fetch = [this, delay](bool up) {
      return [this, delay, up](const std::string& id, const Value& payload) {
        dut->result(id, "{}");
        locations.push_back(payload.string_or("location", ""));
        dut->after(delay, [this, up, url = locations.back()] {
          clients.push_back(files.clients()());
          const auto told = [this](transfer::Fetched result) {
            fetched.push_back(std::move(result));
            dut->call("Heartbeat", "{}");
          };
          if (up)
            clients.back()->upload(url, "log.txt", upload, told);
          else
            clients.back()->download(url, told);
        });
      };
    };
    dut->on("UpdateFirmware", fetch(false));
    dut->on("GetDiagnostics", fetch(true));
  }
  static std::string password_of(const std::string& url) { return password_in(url); }

  std::string upload = "what happened";
  std::vector<std::string> locations;
  std::vector<std::unique_ptr<transfer::FileClient>> clients;
  std::vector<transfer::Fetched> fetched;
};

TEST_F(FileStep, CompleteDownload__SeenWithItsFacts) {
  act_on_requests();
  EXPECT_VERDICT(
      "pass", play("  - offer: firmware\n    into: image\n" + std::string(kUpdate) +
                   "  - transfer: download\n    of: image\n    within: 5\n    check: {sha256: "
                   "$image.sha256, bytes: $image.size, name: good.bin, protocol: FTP}\n"
                   "  - expect: image.name == 'good.bin' and image.size == 3000\n    says: x\n"));
  ASSERT_EQ(fetched.size(), 1u);
  EXPECT_EQ(fetched[0].content, std::string(3000, 'g'));
  // ORS-16 of this charge point claims FTP alone.
  EXPECT_EQ(locations[0].rfind("ftp://", 0), 0u);
  const auto offer = records("offer").at(0);
  EXPECT_EQ(offer.string_or("way", ""), "download");
  EXPECT_EQ(offer.string_or("image", ""), "valid");
  EXPECT_EQ(offer.string_or("sha256", ""), base::sha256_hex(std::string(3000, 'g')));
  EXPECT_EQ(offer.string_or("step", ""), "offer firmware");
  const auto transfers = records("transfer");
  ASSERT_EQ(transfers.size(), 2u);
  EXPECT_EQ(transfers[0].string_or("event", ""), "started");
  EXPECT_EQ(transfers[1].string_or("event", ""), "done");
  EXPECT_EQ(transfers[1].int_or("bytes", 0), 3000);
  EXPECT_EQ(transfers[1].int_or("place", 0), offer.int_or("place", -1));
  EXPECT_EQ(transfers[1].string_or("case", ""), "T_1");
}

TEST_F(FileStep, CompleteUpload__KeptAndNamed) {
  act_on_requests();
  EXPECT_VERDICT("pass", play("  - offer: folder\n    into: box\n" + std::string(kDiagnostics) +
                              "  - transfer: upload\n    of: box\n    check: {name: log.txt, "
                              "bytes: {at_least: 1}, kept: {matches: 'uploads/.*'}}\n"));
  EXPECT_EQ(records("transfer").back().string_or("kept", ""), "uploads/1/log.txt");
  EXPECT_EQ(files.uploads().at("uploads/1/log.txt"), "what happened");
}

TEST_F(FileStep, WrongFact__FailsAtItsPlace) {
  act_on_requests();
  upload = "";
  const auto& result = play("  - offer: folder\n    into: box\n" + std::string(kDiagnostics) +
                            "  - transfer: upload\n    of: box\n    check: {bytes: {at_least: "
                            "1}}\n");
  EXPECT_VERDICT("fail", result);
  const auto* empty = failure(result, "transfer upload:bytes");
  ASSERT_NE(empty, nullptr);
  EXPECT_EQ(empty->expected, "at least 1");
  EXPECT_EQ(empty->actual, "0");
  EXPECT_EQ(empty->frame, records("transfer").back().int_or("seq", 0));
}

TEST_F(FileStep, TransferBeforeTheMessage__FoundInTheHistory) {
  act_on_requests();
  EXPECT_VERDICT("pass", play("  - offer: firmware\n    into: image\n" + std::string(kUpdate) +
                              "  - receive: Heartbeat\n  - transfer: download\n    of: image\n    "
                              "within: 0\n"));
}

TEST_F(FileStep, OneDownload__CountsOnce) {
  act_on_requests();
  const auto& result =
      play("  - offer: firmware\n    into: image\n" + std::string(kUpdate) +
           "  - transfer: download\n    of: image\n  - transfer: download\n    of: image\n    "
           "within: 5\n");
  EXPECT_VERDICT("fail", result);
  EXPECT_NE(result.reason.find("it was complete before (3000 bytes)"), std::string::npos)
      << result.reason;
}

TEST_F(FileStep, TransferBeforeOurLastAction__DoesNotCount) {
  act_on_requests();
  const auto& result = play("  - offer: firmware\n    into: image\n" + std::string(kUpdate) +
                            "  - receive: Heartbeat\n  - send: ClearCache\n  - transfer: "
                            "download\n    of: image\n    within: 5\n");
  EXPECT_VERDICT("fail", result);
  EXPECT_EQ(kind(result), "missing");
}

TEST_F(FileStep, NobodyComes__SaysSo) {
  dut->on("UpdateFirmware", [this](const std::string& id, const Value&) { dut->result(id, "{}"); });
  const auto& result = play("  - offer: firmware\n    into: image\n" + std::string(kUpdate) +
                            "  - transfer: download\n    of: image\n    within: 30\n");
  EXPECT_VERDICT("fail", result);
  EXPECT_EQ(result.reason,
            "the file servers saw no complete download within 30 s: expected a complete download, "
            "got nobody came");
}

TEST_F(FileStep, BrokenDownload__SaysHowFarItCame) {
  act_on_requests();
  const auto& result =
      play("  - offer: firmware\n    with: {conduct: broken, after: 100}\n    into: image\n" +
           std::string(kUpdate) + "  - transfer: download\n    of: image\n    within: 30\n");
  EXPECT_VERDICT("fail", result);
  EXPECT_NE(result.reason.find("it ended after 100 bytes: the connection was dropped on purpose"),
            std::string::npos)
      << result.reason;
}

TEST_F(FileStep, MissingFileWithAPrefix__OfferedButNotThere) {
  act_on_requests();
  EXPECT_VERDICT(
      "pass", play("  - offer: firmware\n    with: {conduct: missing, prefix: no_such_}\n    into: "
                   "image\n" +
                   std::string(kUpdate) + "  - receive: Heartbeat\n"));
  EXPECT_FALSE(fetched.at(0).ok);
  EXPECT_NE(locations[0].find("/no_such_good.bin"), std::string::npos) << locations[0];
  EXPECT_EQ(records("offer").at(0).string_or("conduct", ""), "missing");
}

TEST_F(FileStep, ChargePointThatIsGone__Inconclusive) {
  act = [this](const std::string&, const Value&) {
    dut->client().drop();
    return rig::Result{};
  };
  EXPECT_VERDICT("inconc", play("  - offer: firmware\n    into: image\n  - rig: power_cycle\n  - "
                                "transfer: download\n    of: image\n    within: 30\n"));
}

TEST_F(FileStep, RebootWithoutClosing__DownloadAndMessagesStillCount) {
  act_on_requests();
  dut->after(60s, [this] { dut->connect(); });  // the old connection is never closed
  EXPECT_VERDICT("pass", play("  - offer: firmware\n    into: image\n" + std::string(kUpdate) +
                              "  - receive: Heartbeat\n  - receive: BootNotification\n    within: "
                              "120\n  - transfer: download\n    of: image\n"));
}

TEST_F(FileStep, NoServers__Inconclusive) {
  serves_files = false;
  const auto& result = play("  - offer: folder\n    into: box\n");
  EXPECT_VERDICT("inconc", result);
  EXPECT_EQ(kind(result), "bench");
  EXPECT_NE(result.reason.find("no file servers"), std::string::npos) << result.reason;
}

TEST_F(FileStep, NoImage__InconclusiveWithTheRemedy) {
  const auto& result = play("  - offer: firmware\n    with: {image: invalid}\n    into: image\n");
  EXPECT_VERDICT("inconc", result);
  EXPECT_EQ(result.reason, "the bench has no invalid firmware image; the PIXIT must name one");
}

TEST_F(FileStep, ProtocolOfThePixitOrTheCase__BeforeTheClaim) {
  pixit.values["transfer_protocol"] = "https";
  add("T_1",
      "  - offer: folder\n    into: box\n  - expect: box.protocol == 'HTTPS'\n    says: x\n");
  add("T_2",
      "  - offer: folder\n    with: {protocol: FTPS}\n    into: box\n  - expect: box.protocol == "
      "'FTPS'\n    says: x\n");
  run();
  EXPECT_VERDICT("pass", result(0));
  EXPECT_VERDICT("pass", result(1));
}

// Files in memory, with a server to whom every failure is its own.
class FaultyHost final : public transfer::FileHost {
 public:
  explicit FaultyHost(transfer::MemoryFiles& files) : files_(files) {}
  void on_event(Handler handler) override {
    files_.on_event([handler = std::move(handler)](transfer::Event event) {
      event.bench = event.kind == transfer::EventKind::failed;
      handler(event);
    });
  }
  std::vector<transfer::Protocol> protocols() const override { return files_.protocols(); }
  transfer::Opened offer(const transfer::Offer& offer) override { return files_.offer(offer); }
  transfer::Opened receive(const transfer::Inbox& inbox) override { return files_.receive(inbox); }
  void close(transfer::PlaceId place) override { files_.close(place); }

 private:
  transfer::MemoryFiles& files_;
};

class FaultOfTheBench : public FileStep {
 protected:
  FaultOfTheBench() {
    serves_files = false;
    host = &faulty_;
  }
  static constexpr const char* kBroken =
      "  - offer: firmware\n    with: {conduct: broken, after: 100}\n    into: image\n";

 private:
  FaultyHost faulty_{files};
};

TEST_F(FaultOfTheBench, MissingTransfer__InconclusiveWithTheReasonFirst) {
  act_on_requests();
  const auto& result = play(kBroken + std::string(kUpdate) +
                            "  - transfer: download\n    of: image\n    within: 30\n");
  EXPECT_VERDICT("inconc", result);
  EXPECT_EQ(result.reason,
            "the bench's file server broke down in the download: the connection was dropped on "
            "purpose");
  ASSERT_EQ(result.failures.size(), 2u);
  EXPECT_EQ(result.failures[1].kind, "missing");
  EXPECT_EQ(result.failures[0].frame, result.failures[1].frame);
}

TEST_F(FaultOfTheBench, StatusThatFollowsFromIt__Inconclusive) {
  act_on_requests();
  const auto& result = play(kBroken + std::string(kUpdate) +
                            "  - receive: Heartbeat\n  - expect: false\n    says: x\n");
  EXPECT_VERDICT("inconc", result);
}

TEST_F(FaultOfTheBench, FrameAgainstTheSpecification__FailsAllTheSame) {
  act_on_requests();
  dut->after(3s, [this] { dut->call("Heartbeat", R"({"unknown":1})"); });
  const auto& result = play(kBroken + std::string(kUpdate) +
                            "  - transfer: download\n    of: image\n    within: 30\n");
  EXPECT_VERDICT("fail", result);
}

TEST_F(FaultOfTheBench, EverythingWentWellAllTheSame__Pass) {
  act_on_requests();
  EXPECT_VERDICT("pass", play(kBroken + std::string(kUpdate) + "  - receive: Heartbeat\n"));
}

TEST_F(FaultOfTheBench, InTheCaseBefore__DoesNotExcuse) {
  act_on_requests();
  add("T_1", kBroken + std::string(kUpdate) + "  - receive: Heartbeat\n");
  add("T_2", "  - expect: false\n    says: x\n");
  run();
  EXPECT_VERDICT("pass", result(0));
  EXPECT_VERDICT("fail", result(1));
}

class OneProtocol : public FileStep {
 protected:
  OneProtocol() { serves_files = false; }
  void serve(std::vector<transfer::Protocol> protocols) {
    files_ = std::make_unique<transfer::MemoryFiles>(
        clock, transfer::MemoryFiles::Options{1ms, 1000, std::move(protocols), 1});
    host = files_.get();
  }
  std::unique_ptr<transfer::MemoryFiles> files_;
};

TEST_F(OneProtocol, ProtocolThatIsNotServed__InconclusiveWithBoth) {
  serve({transfer::Protocol::http});
  const auto& result = play("  - offer: folder\n    into: box\n");
  EXPECT_VERDICT("inconc", result);
  EXPECT_EQ(result.reason,
            "the charge point claims FTP, but the file servers of the bench speak HTTP");
}

TEST_F(FileStep, PlaceOfACase__ClosedWithIt) {
  dut->on("UpdateFirmware", [this](const std::string& id, const Value& payload) {
    dut->result(id, "{}");
    locations.push_back(payload.string_or("location", ""));
  });
  add("T_1", "  - offer: firmware\n    into: image\n" + std::string(kUpdate));
  add("T_2", "  - send: ClearCache\n  - wait: 10\n");
  dut->on("ClearCache", [this](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    clients.push_back(files.clients()());
    clients.back()->download(locations.at(0),
                             [this](transfer::Fetched f) { fetched.push_back(f); });
  });
  run();
  ASSERT_EQ(fetched.size(), 1u);
  EXPECT_FALSE(fetched[0].ok);
}

TEST_F(FileStep, Password__NeverInTheJournalAndStillComparable) {
  act_on_requests();
  // The charge point repeats the URL, as it was sent and in pieces.
  dut->on("ClearCache", [this](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    const std::string password = password_of(locations.at(0));
    dut->call("DataTransfer", R"({"vendorId":"V","data":")" + locations.at(0) + "\"}");
    dut->call("DataTransfer", R"({"vendorId":"V","data":"PASS )" + password + "\"}");
    dut->raw("no JSON but " + locations.at(0));
  });
  const auto& result =
      play("  - offer: firmware\n    into: image\n" + std::string(kUpdate) +
           "  - transfer: download\n    of: image\n  - send: ClearCache\n  - receive: "
           "DataTransfer\n    check: {data: $image.location}\n  - receive: DataTransfer\n    "
           "check: {data: other}\n");
  EXPECT_VERDICT("fail", result);
  const std::string password = password_of(locations.at(0));
  ASSERT_GE(password.size(), 16u);
  EXPECT_EQ(sink.text().find(password), std::string::npos);
  for (const auto& f : result.failures) EXPECT_EQ(f.actual.find(password), std::string::npos);
  EXPECT_EQ(failure(result, "receive DataTransfer:data"), nullptr);  // it is what was sent
  const std::string shown = records("offer").at(0).string_or("url", "");
  EXPECT_NE(shown.find(":hmac:"), std::string::npos) << shown;
  int seen = 0;
  for (const auto& kind : {"in", "out"})
    for (const auto& record : records(kind))
      seen += record.string_or("text", "").find(shown) != std::string::npos ? 1 : 0;
  EXPECT_EQ(seen, 3);  // our request, the repetition, and the rubbish
}

TEST_F(FileStep, PasswordOfThePixit__HiddenFromTheFirstRecord) {
  pixit.values["failing_firmware_location"] = "ftp://me:pw@bench/none.bin";
  play(
      "  - send: UpdateFirmware\n    payload: {location: $failing_firmware_location, "
      "retrieveDate: $now}\n");
  EXPECT_EQ(sink.text().find("me:pw@"), std::string::npos);
  EXPECT_NE(records("run").at(0).find("pixit"), nullptr);
  EXPECT_NE(sink.text().find("me:hmac:"), std::string::npos);
}

TEST(PixitOfFiles, ProtocolAndTimes__ReadOrRefusedWithTheirPlace) {
  const pics::Pics pics = RunBench::load_pics();
  suite::SuiteFolder folder;
  folder.write("good.yaml", "transfer_protocol: ftps\nfirmware_timeout: 1800\n");
  base::Diagnostics diagnostics;
  const auto good = Pixit::load(folder.path("good.yaml"), pics, diagnostics);
  ASSERT_TRUE(good) << diagnostics.render();
  EXPECT_EQ(good->text("transfer_protocol"), "ftps");
  EXPECT_EQ(good->seconds("firmware_timeout"), Nanos(1800s));
  EXPECT_EQ(good->seconds("transfer_timeout"), Nanos(300s));
  folder.write("bad.yaml", "transfer_protocol: SFTP\ntransfer_timeout: -1\n");
  EXPECT_FALSE(Pixit::load(folder.path("bad.yaml"), pics, diagnostics));
  const std::string said = diagnostics.render();
  EXPECT_NE(said.find("bad.yaml:1:20"), std::string::npos) << said;
  EXPECT_NE(said.find("'transfer_protocol' must be HTTP, HTTPS, FTP or FTPS"), std::string::npos);
  EXPECT_NE(said.find("'transfer_timeout' must be a number of seconds"), std::string::npos);
}

TEST(PasswordIn, Url__OnlyWhatStandsBetweenColonAndAt) {
  EXPECT_EQ(password_in("ftp://u:secret@host:21/a"), "secret");
  EXPECT_EQ(password_in("ftp://u:a@b@host/a"), "a@b");
  EXPECT_EQ(password_in("https://host:443/a@b:c"), "");
  EXPECT_EQ(password_in("ftp://user@host/"), "");
  EXPECT_EQ(password_in("no url"), "");
}

}  // namespace
}  // namespace plugproof::run
