// Firmware updates of the reference charge point (OCPP 1.6 sections 4.5, 5.19, 7.25).
#include "simulator_tour.hpp"

namespace plugproof::simulator {
namespace {

// The words of the firmware update alone: its statuses and the boots.
Words stages(const Bench& bench) {
  Words out;
  for (const auto& word : bench.words())
    if (word.starts_with("FirmwareStatus") || word == "BootNotification")
      out.push_back(word.substr(word.find(':') + 1));
  return out;
}

class FirmwareUpdateTest : public testing::Test {
 protected:
  Bench bench{pics_of(k2024All, detachable())};
  void SetUp() override { bench.boot().forget(); }
  void TearDown() override { EXPECT_TRUE(bench.problems().empty()) << bench.problems().front(); }
  void update(const std::string& location, const std::string& more = "") {
    EXPECT_EQ(bench.ask("UpdateFirmware", update_request(location, more)), Value(Value::Object{}));
  }
  std::string triggered() {
    bench.forget();
    EXPECT_EQ(
        bench.status_of("TriggerMessage", R"({"requestedMessage":"FirmwareStatusNotification"})"),
        "Accepted");
    const Value* last = bench.last("FirmwareStatusNotification");
    return last ? last->string_or("status", "") : "nothing";
  }
  void charge() {
    bench.act("plug_in");
    present(bench, "TAG");
  }
};

TEST_F(FirmwareUpdateTest, ValidImage__EveryStageAndTheNewVersion) {
  update(bench.offer(make_firmware_image("2.0.1", 4000)));
  bench.pass(60s);
  EXPECT_EQ(stages(bench),
            (Words{"Downloading", "Downloaded", "Installing", "BootNotification", "Installed"}));
  EXPECT_EQ(bench.last("BootNotification")->string_or("firmwareVersion", ""), "2.0.1");
  EXPECT_EQ(bench.count("StatusNotification:Unavailable"), 1);
  EXPECT_EQ(bench.last("StatusNotification")->string_or("status", ""), "Available");
  bench.act("power_cycle");
  bench.pass(60s);
  EXPECT_EQ(bench.last("BootNotification")->string_or("firmwareVersion", ""), "2.0.1");
}

TEST_F(FirmwareUpdateTest, DamagedImage__FailsAndKeepsTheVersion) {
  update(bench.offer(make_damaged_image("2.0.1", 4000)));
  bench.pass(60s);
  EXPECT_EQ(stages(bench), (Words{"Downloading", "Downloaded", "Installing", "BootNotification",
                                  "InstallationFailed"}));
  EXPECT_EQ(bench.last("BootNotification")->string_or("firmwareVersion", ""), "1.01.01");
}

TEST_F(FirmwareUpdateTest, FileThatIsNoImage__InstallationFails) {
  update(bench.offer("a letter to nobody"));
  bench.pass(60s);
  EXPECT_EQ(stages(bench).back(), "InstallationFailed");
}

TEST_F(FirmwareUpdateTest, DownloadThatFails__TriedAgainAsOftenAsTold) {
  update("ftp://127.0.0.1:21/none.bin", R"(,"retries":2,"retryInterval":10)");
  bench.pass(60s);
  EXPECT_EQ(stages(bench), (Words{"Downloading", "Downloading", "Downloading", "DownloadFailed"}));
  EXPECT_EQ(bench.last("StatusNotification")->string_or("status", ""), "Available");
  bench.forget();
  update(bench.offer("x", transfer::Conduct::missing), R"(,"retries":0)");
  bench.pass(60s);
  EXPECT_EQ(stages(bench), (Words{"Downloading", "DownloadFailed"}));
}

TEST_F(FirmwareUpdateTest, DownloadThatStalls__GivenUp) {
  update(bench.offer(std::string(1000, 'x'), transfer::Conduct::stalled), R"(,"retries":0)");
  bench.pass(200s);
  EXPECT_EQ(triggered(), "Downloading");
  bench.pass(200s);
  EXPECT_EQ(stages(bench).back(), "DownloadFailed");
}

TEST_F(FirmwareUpdateTest, RetrieveDateInTheFuture__NotBefore) {
  const auto later = base::format_utc_millis(bench.clock().utc() + std::chrono::hours(1));
  bench.ask("UpdateFirmware", R"({"location":")" + bench.offer(make_firmware_image("2", 10)) +
                                  R"(","retrieveDate":")" + later + R"("})");
  bench.pass(3500s);
  EXPECT_TRUE(stages(bench).empty());
  EXPECT_EQ(triggered(), "Idle");
  bench.pass(200s);
  EXPECT_EQ(stages(bench).back(), "Installed");
}

TEST_F(FirmwareUpdateTest, SecondRequest__NotFollowedWhileOneIsUnderWay) {
  update(bench.offer(make_firmware_image("2.0", 10)));
  update(bench.offer(make_firmware_image("3.0", 10)));
  bench.pass(60s);
  EXPECT_EQ(stages(bench),
            (Words{"Downloading", "Downloaded", "Installing", "BootNotification", "Installed"}));
  EXPECT_EQ(bench.last("BootNotification")->string_or("firmwareVersion", ""), "2.0");
}

TEST_F(FirmwareUpdateTest, Trigger__TellsTheRealStatus) {
  EXPECT_EQ(triggered(), "Idle");
  bench.settle = 1s;
  update(bench.offer(make_firmware_image("2.0", 10)));
  bench.pass(1s);
  EXPECT_EQ(triggered(), "Installing");
  bench.pass(60s);
  EXPECT_EQ(triggered(), "Idle");
}

TEST_F(FirmwareUpdateTest, DuringATransaction__WaitsForItsEnd) {
  charge();
  bench.forget();
  update(bench.offer(make_firmware_image("2.0", 10)));
  bench.pass(600s);
  EXPECT_TRUE(stages(bench).empty());
  bench.act("press_stop");
  bench.act("plug_out");
  bench.pass(60s);
  EXPECT_EQ(stages(bench).back(), "Installed");
}

TEST(FirmwareUpdateAq4, DuringATransaction__DownloadsAndInstallsAfterIt) {
  Edits edits = detachable();
  edits.emplace_back("AQ-4: no", "AQ-4: yes");
  Bench bench(pics_of(k2024All, edits));
  bench.boot();
  bench.act("plug_in");
  present(bench, "TAG");
  bench.forget();
  bench.ask("UpdateFirmware", update_request(bench.offer(make_firmware_image("2.0", 10))));
  bench.pass(600s);
  EXPECT_EQ(stages(bench), (Words{"Downloading", "Downloaded"}));
  // The other connector is out of use, and nothing starts there.
  EXPECT_EQ(bench.count("StatusNotification:Unavailable@2"), 1);
  EXPECT_EQ(bench.status_of("RemoteStartTransaction", R"({"connectorId":2,"idTag":"TAG"})"),
            "Rejected");
  bench.act("press_stop");
  bench.pass(60s);
  EXPECT_EQ(stages(bench).back(), "Installed");
}

TEST_F(FirmwareUpdateTest, PowerLostAtAnyTime__GoesOnAndEndsInstalled) {
  for (const auto moment : {1s, 3s, 6s, 8s, 12s}) {
    bench.forget();
    bench.settle = 0s;
    update(bench.offer(make_firmware_image("2.0", 200'000)));
    bench.pass(moment);
    bench.act("power", R"({"on":false})");
    bench.pass(10s);
    bench.act("power", R"({"on":true})");
    bench.pass(120s);
    EXPECT_EQ(bench.count("FirmwareStatusNotification:Installed"), 1) << moment.count();
    EXPECT_EQ(bench.last("StatusNotification")->string_or("status", ""), "Available");
  }
}

TEST_F(FirmwareUpdateTest, OutcomeWhileOffline__ToldAfterwards) {
  bench.settle = 0s;
  update("ftp://127.0.0.1:21/none.bin", R"(,"retries":1,"retryInterval":20)");
  bench.pass(5s);
  bench.act("network", R"({"on":false})");
  bench.pass(60s);
  EXPECT_EQ(stages(bench), Words{"Downloading"});
  bench.act("network", R"({"on":true})");
  bench.pass(60s);
  EXPECT_EQ(stages(bench).back(), "DownloadFailed");
}

TEST(FirmwareUpdateProtocol, NotSupported__DownloadFails) {
  Bench bench(pics_of(k2024));  // FTP alone
  bench.boot().forget();
  bench.ask("UpdateFirmware",
            update_request(bench.offer(make_firmware_image("2.0", 10), transfer::Conduct::whole,
                                       transfer::Protocol::https),
                           R"(,"retries":0)"));
  bench.pass(60s);
  EXPECT_EQ(stages(bench), (Words{"Downloading", "DownloadFailed"}));
  EXPECT_EQ(std::count(bench.raw().begin(), bench.raw().end(), "download started image.bin 0"), 0);
}

TEST(FirmwareUpdateUnclaimed, Request__NotSupported) {
  Bench bench(pics_of(k2019));
  bench.boot();
  EXPECT_EQ(bench.ask("UpdateFirmware", update_request("ftp://a/b")).string_or("error", ""),
            "NotSupported");
  EXPECT_EQ(bench.ask("GetDiagnostics", R"({"location":"ftp://a/"})").string_or("error", ""),
            "NotSupported");
}

TEST(FirmwareImage, HeaderAndDigest__DecideWhatIsInstalled) {
  const std::string image = make_firmware_image("1.2", 100);
  EXPECT_EQ(read_firmware_image(image).version, "1.2");
  EXPECT_EQ(read_firmware_image(image).problem, "");
  EXPECT_EQ(read_firmware_image(make_damaged_image("1.2", 100)).problem,
            "the firmware image is damaged");
  EXPECT_EQ(make_damaged_image("1.2", 100).size(), image.size());
  for (std::size_t size = 0; size < image.size(); ++size)
    EXPECT_NE(read_firmware_image(std::string_view(image).substr(0, size)).problem, "") << size;
  EXPECT_EQ(read_firmware_image("").problem, "this is no firmware image");
  EXPECT_EQ(read_firmware_image("plugproof-firmware 1\nversion: \n").problem,
            "the firmware image states no version");
}

}  // namespace
}  // namespace plugproof::simulator
