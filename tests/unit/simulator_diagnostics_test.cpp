// Diagnostics of the reference charge point (OCPP 1.6 sections 4.4, 5.9, 7.24).
#include "simulator_tour.hpp"

namespace plugproof::simulator {
namespace {

class DiagnosticsTest : public testing::Test {
 protected:
  Bench bench{pics_of(k2024All)};
  void SetUp() override { bench.boot().forget(); }
  void TearDown() override { EXPECT_TRUE(bench.problems().empty()) << bench.problems().front(); }
  std::string request(const std::string& location, const std::string& more = "") {
    return bench.ask("GetDiagnostics", R"({"location":")" + location + '"' + more + "}")
        .string_or("fileName", "");
  }
};

TEST_F(DiagnosticsTest, Request__LogUploadedUnderTheNameThatWasTold) {
  const std::string name = request(bench.folder());
  EXPECT_EQ(name, "diagnostics-20260101T000040Z.log");
  EXPECT_EQ(bench.words(), (Words{"DiagnosticsStatusNotification:Uploading",
                                  "DiagnosticsStatusNotification:Uploaded"}));
  const std::string log = bench.files().uploads().at("uploads/1/" + name);
  EXPECT_NE(log.find("firmware 1.01.01"), std::string::npos) << log;
  EXPECT_NE(log.find("registration accepted"), std::string::npos) << log;
}

TEST_F(DiagnosticsTest, TimeWindow__OnlyItsLines) {
  bench.pass(60s);
  bench.act("power_cycle");
  bench.pass(60s);
  const std::string name = request(bench.folder(), R"(,"startTime":"2026-01-01T00:00:30Z")");
  const std::string log = bench.files().uploads().at("uploads/1/" + name);
  EXPECT_EQ(log.find("2026-01-01T00:00:0"), std::string::npos) << log;
  EXPECT_NE(log.find("power off"), std::string::npos) << log;
}

TEST_F(DiagnosticsTest, NothingInTheWindow__NoNameAndNoUpload) {
  EXPECT_EQ(request(bench.folder(), R"(,"startTime":"2027-01-01T00:00:00Z")"), "");
  bench.pass(60s);
  EXPECT_TRUE(bench.words().empty());
}

TEST_F(DiagnosticsTest, UploadThatFails__TriedAgainAsOftenAsTold) {
  request("ftp://127.0.0.1:21/files", R"(,"retries":1,"retryInterval":5)");
  bench.pass(60s);
  EXPECT_EQ(bench.words(), (Words{"DiagnosticsStatusNotification:Uploading",
                                  "DiagnosticsStatusNotification:Uploading",
                                  "DiagnosticsStatusNotification:UploadFailed"}));
}

TEST_F(DiagnosticsTest, SecondRequest__NothingWhileOneIsUnderWay) {
  bench.settle = 0s;
  EXPECT_NE(request(bench.folder()), "");
  EXPECT_EQ(request(bench.folder()), "");
  bench.settle = 0s;
  EXPECT_EQ(
      bench.status_of("TriggerMessage", R"({"requestedMessage":"DiagnosticsStatusNotification"})"),
      "Accepted");
  bench.pass(400ms);
  EXPECT_EQ(bench.last("DiagnosticsStatusNotification")->string_or("status", ""), "Uploading");
  bench.pass(60s);
  EXPECT_EQ(bench.files().uploads().size(), 1u);
}

TEST_F(DiagnosticsTest, PowerLost__UploadedAfterwards) {
  bench.settle = 0s;
  const std::string name = request(bench.folder());
  bench.act("power_cycle");
  bench.pass(60s);
  EXPECT_EQ(bench.files().uploads().count("uploads/1/" + name), 1u);
  EXPECT_EQ(bench.count("DiagnosticsStatusNotification:Uploaded"), 1);
}

}  // namespace
}  // namespace plugproof::simulator
