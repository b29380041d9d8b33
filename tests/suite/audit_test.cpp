// The audit of the PICS against the reference charge point: a good one contradicts nothing, and
// each defect that breaks a claim is found, with the frame that shows it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <sstream>

#include "engine/base/json.hpp"
#include "tests/suite/suite_bench.hpp"
#include "tests/unit/reports_fixture.hpp"

namespace plugproof::suite_tests {
namespace {

constexpr const char* k2019 = "pics/certified/CSC-14000B7.yaml";
constexpr const char* k2024 = "pics/certified/CHQ-S-07SR.yaml";
constexpr const char* k2025 = "pics/certified/CSC-07A7-1.yaml";
constexpr const char* kBoot = "TC_001_CS";     // a short case, to have a run at all
constexpr const char* kSamples = "TC_070_CS";  // sampled meter values

reports::Results audited(const std::string& pics, const PlaySettings& settings) {
  return reports::RunFolder(play(pics, settings).journal).results();
}

std::string told(const reports::Results& results) {
  std::string out;
  for (const auto& row : results.audit)
    if (!row.agrees)
      out += "  " + row.id + " against " + row.compared_with + ": claimed " + row.claimed +
             ", reported " + row.reported + " (" + row.reason + ")\n";
  return out.empty() ? "  no contradiction\n" : out;
}

class GoodChargePoint : public testing::TestWithParam<std::string> {};

TEST_P(GoodChargePoint, WholeSuiteAndVariations__NothingContradictedMuchConfirmed) {
  for (const std::uint64_t seed : {0, 3, 11}) {
    PlaySettings settings;
    settings.variation_seed = seed;
    const auto results = audited(GetParam(), settings);
    EXPECT_EQ(reports::contradictions(results), 0U) << "variations " << seed << ":\n"
                                                    << told(results);
    EXPECT_GT(results.audit.size(), 25U);
  }
}

INSTANTIATE_TEST_SUITE_P(Pics, GoodChargePoint, testing::ValuesIn(pics_files()),
                         [](const auto& file) { return short_name(file.param); });

struct Broken {
  const char* pics;
  const char* defect;
  const char* only;
  const char* id;       // of the claim that is contradicted
  const char* against;  // what shows it
};

std::string broken_name(const testing::TestParamInfo<Broken>& info) {
  std::string name = std::to_string(info.index) + "_";
  for (const char c : std::string(info.param.id))
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) name += c;
  return name;
}

class BrokenClaim : public testing::TestWithParam<Broken> {};

TEST_P(BrokenClaim, Defect__FoundWithItsFrameAsARemark) {
  const Broken& broken = GetParam();
  PlaySettings settings;
  settings.only = {broken.only};
  settings.defects = {broken.defect};
  const Play played = play(broken.pics, settings);
  EXPECT_GT(played.defect_hits.at(broken.defect), 0) << "the defect never landed";
  const auto results = reports::RunFolder(played.journal).results();
  const auto row = std::find_if(results.audit.begin(), results.audit.end(), [&](const auto& r) {
    return r.id == broken.id && r.compared_with == broken.against;
  });
  ASSERT_NE(row, results.audit.end()) << broken.id << " was not compared";
  EXPECT_FALSE(row->agrees) << told(results);
  EXPECT_FALSE(row->reason.empty());
  EXPECT_FALSE(row->evidence.empty());
  // The frame that is named came from the charge point.
  std::istringstream lines(played.journal);
  bool found = false, remark = false;
  for (std::string line; std::getline(lines, line);) {
    const auto record = base::read_json(line).value;
    ASSERT_TRUE(record);
    const std::string kind = record->string_or("kind", "");
    if (record->int_or("seq", 0) == row->frame) found = kind == "in";
    if (kind == "audit" && record->string_or("id", "") == broken.id &&
        record->string_or("against", "") == broken.against)
      remark = record->string_or("severity", "") == "remark";
  }
  EXPECT_TRUE(found) << "record " << row->frame;
  EXPECT_TRUE(remark);
}

INSTANTIATE_TEST_SUITE_P(
    Defects, BrokenClaim,
    testing::Values(
        Broken{k2025, "wrong-value:GetConfigurationMaxKeys=7", kBoot, "ORS-1",
               "GetConfigurationMaxKeys"},
        Broken{k2025, "wrong-value:StopTransactionMaxMeterValues=2", kBoot, "ORS-8",
               "StopTransactionMaxMeterValues"},
        Broken{k2025, "wrong-value:NumberOfConnectors=2", kBoot, "HFS-8", "NumberOfConnectors"},
        Broken{k2025, "missing-key:AuthorizationCacheEnabled", kBoot, "C-04",
               "AuthorizationCacheEnabled"},
        Broken{k2024, "missing-key:MinimumStatusDuration", kBoot, "C-05", "MinimumStatusDuration"},
        Broken{k2025, "missing-key:LocalAuthListMaxLength", kBoot, "ORS-12",
               "LocalAuthListMaxLength"},
        Broken{k2025, "wrong-value:SupportedFeatureProfiles=Core,SmartCharging", kBoot, "R-0",
               "SupportedFeatureProfiles"},
        Broken{k2024, "wrong-value:SupportedFeatureProfiles=Core", kBoot, "profile.RemoteTrigger",
               "SupportedFeatureProfiles"},
        Broken{k2025, "wrong-value:ChargingScheduleAllowedChargingRateUnit=Current,Power", kBoot,
               "SC-1.1", "ChargingScheduleAllowedChargingRateUnit"},
        Broken{k2024, "wrong-value:SupportedFileTransferProtocols=FTP", kBoot, "ORS-16",
               "SupportedFileTransferProtocols"},
        Broken{k2024, "wrong-value:ReserveConnectorZeroSupported=false", kBoot, "R-1",
               "ReserveConnectorZeroSupported"},
        Broken{k2025, "wrong-value:MeterValuesSampledData=Voltage,SoC", kBoot, "C-09.1",
               "MeterValuesSampledData"},
        Broken{k2025, "readonly-wrong:StopTransactionOnEVSideDisconnect", kBoot, "C-06.1",
               "StopTransactionOnEVSideDisconnect"},
        Broken{k2025, "wrong-value:UnlockConnectorOnEVSideDisconnect=true", kBoot, "C-10.1",
               "UnlockConnectorOnEVSideDisconnect"},
        Broken{k2025, "wrong-value:HeartbeatInterval=5", kBoot, "ORS-6", "HeartbeatInterval"},
        Broken{k2025, "wrong-value:MeterValueSampleInterval=900", kBoot, "ORS-5",
               "MeterValueSampleInterval"},
        Broken{
            k2025,
            R"(extra:StatusNotification {"connectorId":3,"errorCode":"NoError","status":"Available"} after BootNotification)",
            kBoot, "HFS-8", "StatusNotification.req"},
        Broken{k2019, "no-boot-status:2", kBoot, "NumberOfConnectors", "StatusNotification.req"},
        Broken{k2025, R"(alter:BootNotification.firmwareVersion="9.9")", kBoot, "product.version",
               "BootNotification.firmwareVersion"},
        Broken{k2025, "extra-measurand:RPM", kSamples, "C-09.1", "MeterValues.req"},
        Broken{k2025, "missing-measurand:Voltage", kSamples, "C-09.1", "MeterValues.req"},
        Broken{k2025, "alter:MeterValues.meterValue[*].sampledValue[0].phase=L3", kSamples, "HFS-7",
               "MeterValues.phase"},
        Broken{k2025, "unlock-fixed-cable", "TC_017_2_CS", "HFS-1", "UnlockConnector.conf"},
        Broken{k2019, "wrong-value:GetConfigurationMaxKeys=7", kBoot, "GetConfigurationMaxKeys",
               "GetConfigurationMaxKeys"},
        Broken{k2019, "missing-key:ResetRetries", kBoot, "ResetRetries", "ResetRetries"},
        Broken{k2019, R"(alter:StartTransaction.timestamp="2026-01-01T00:00:30.123Z")", "TC_003_CS",
               "milliseconds_in_timestamps", "timestamps"}),
    broken_name);

TEST(Audit, ContradictedClaim__ChangesNoVerdict) {
  PlaySettings settings;
  settings.only = {kBoot};
  settings.defects = {"wrong-value:StopTransactionMaxMeterValues=2"};
  const Play played = play(k2025, settings);
  ASSERT_EQ(played.results.size(), 1U);
  EXPECT_EQ(played.results[0].verdict, run::Verdict::pass) << describe(played.results[0]);
  const auto results = reports::RunFolder(played.journal).results();
  EXPECT_EQ(reports::contradictions(results), 1U) << told(results);
  EXPECT_EQ(results.exit_status, 0);
}

// No certified product is without a reader: a PICS is made for it.
TEST(Audit, CardTakenWithoutAReader__Contradicted) {
  std::string text = reports::read_text(k2025);
  const std::string from = "HFS-10: Single";
  ASSERT_NE(text.find(from), std::string::npos);
  text.replace(text.find(from), from.size(), "HFS-10: None");
  const reports::ScratchFolder folder;
  std::ofstream(folder.file("pics.yaml")) << text;
  PlaySettings settings;
  settings.only = {"TC_004_1_CS"};
  const auto results = audited(folder.file("pics.yaml"), settings);
  const auto row = std::find_if(results.audit.begin(), results.audit.end(),
                                [](const auto& r) { return r.id == "HFS-10"; });
  ASSERT_NE(row, results.audit.end());
  EXPECT_FALSE(row->agrees);
  EXPECT_EQ(reports::contradictions(results), 1U) << told(results);
}

TEST(Audit, NothingSampledInTheRun__SaidSoInsteadOfJudged) {
  PlaySettings settings;
  settings.only = {kBoot};
  const auto results = audited(k2025, settings);
  const auto unseen = [&](const char* id, const char* against) {
    return std::any_of(results.unseen_claims.begin(), results.unseen_claims.end(),
                       [&](const auto& c) { return c.id == id && c.compared_with == against; });
  };
  EXPECT_TRUE(unseen("C-09.1", "MeterValues.req"));
  EXPECT_TRUE(unseen("C-07", "StartTransaction.req"));
  EXPECT_EQ(reports::contradictions(results), 0U) << told(results);
}

}  // namespace
}  // namespace plugproof::suite_tests
