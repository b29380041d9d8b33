#include <algorithm>
#include <set>

#include "engine/base/json.hpp"
#include "engine/base/sha256.hpp"
#include "pics/audit_rules.hpp"
#include "pics_fixture.hpp"

namespace plugproof::pics {
namespace {

using base::Value;
using std::chrono::seconds;

class Certified : public testing::TestWithParam<const char*> {};

TEST_P(Certified, File__LoadsWithoutError) {
  const Loaded loaded = load_file(GetParam());
  ASSERT_TRUE(loaded.pics) << loaded.diagnostics.render();
  EXPECT_EQ(loaded.pics->path(), GetParam());
  EXPECT_EQ(loaded.pics->sha256(), base::sha256_hex(read_text(GetParam())));
  EXPECT_FALSE(loaded.pics->product().version.empty());
  EXPECT_TRUE(loaded.pics->claims("Core"));
}

TEST_P(Certified, EveryPrintedRow__HasAnAnswerUnlessHeading) {
  const Loaded loaded = load_file(GetParam());
  ASSERT_TRUE(loaded.pics);
  for (const auto& table : printed_tables(loaded.pics->generation())) {
    if (!table.profile.empty() && !loaded.pics->claims(table.profile)) continue;
    for (const auto& id : table.ids) {
      const bool heading = find_id(id)->type == IdType::group;
      EXPECT_NE(loaded.pics->lookup(id).has_value(), heading) << id;
      EXPECT_EQ(loaded.pics->printed(id).empty(), heading) << id;
    }
  }
}

TEST_P(Certified, EveryProfileOfTheGeneration__IsAnswered) {
  const Loaded loaded = load_file(GetParam());
  ASSERT_TRUE(loaded.pics);
  for (const auto& profile : profile_names(loaded.pics->generation()))
    EXPECT_TRUE(answers(*loaded.pics, "profile." + profile, loaded.pics->claims(profile)))
        << profile;
  EXPECT_FALSE(loaded.pics->lookup("profile.Nonsense"));
  EXPECT_FALSE(loaded.pics->lookup("nonsense"));
}

INSTANTIATE_TEST_SUITE_P(Files, Certified,
                         testing::Values(k2025, k2024, k2024All, k2019, k2019Single, kTemplate));

TEST(CertifiedFile, Generation2025__CarriesTheAbstract) {
  const Loaded loaded = load_file(k2025);
  ASSERT_TRUE(loaded.pics);
  const Pics& pics = *loaded.pics;
  EXPECT_EQ(pics.generation(), Generation::g2025);
  EXPECT_EQ(pics.product().vendor, "CASTPRO CO., LTD");
  EXPECT_EQ(pics.product().version, "1.7.01.F");
  EXPECT_EQ(pics.laboratory().report_reference, "KSGA-OCPP1.6TEST-005-2026");
  ASSERT_EQ(pics.connectors().size(), 1u);
  EXPECT_EQ(pics.connectors()[0].type, "cType1");
  EXPECT_EQ(pics.connectors()[0].cable_type, "Fixed Cable");
  EXPECT_EQ(pics.performance().response, seconds(120));
  EXPECT_EQ(pics.performance().triggered, seconds(60));
  EXPECT_EQ(pics.performance().remote_start, seconds(60));
  EXPECT_EQ(pics.performance().remote_stop, seconds(60));
  EXPECT_EQ(pics.sampled_measurands().front(), "Energy.Active.Import.Interval");
  EXPECT_EQ(pics.tested_sampled_measurands().front(), "Voltage");
  EXPECT_TRUE(answers(pics, "C-03", false));
  EXPECT_TRUE(answers(pics, "AQ-11", true));
  EXPECT_TRUE(answers(pics, "ORS-8", 0));
  EXPECT_EQ(pics.printed("C-12"),
            "TLS_RSA_WITH_AES_128_GCM_SHA256 TLS_RSA_WITH_AES_256_GCM_SHA384");
  EXPECT_EQ(pics.configuration("GetConfigurationMaxKeys"), "4");
  EXPECT_EQ(pics.configuration("ChargingScheduleAllowedChargingRateUnit"), "Power");
  EXPECT_EQ(pics.configuration("ReserveConnectorZeroSupported"), "true");
  EXPECT_EQ(
      pics.configuration("SupportedFeatureProfiles"),
      "Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger");
  EXPECT_EQ(pics.configuration("HeartbeatInterval"), std::nullopt);
}

TEST(CertifiedFile, Generation2025__OnlyTheChainSizeIsRemarked) {
  const Loaded loaded = load_file(k2025);
  ASSERT_EQ(loaded.diagnostics.all().size(), 1u) << loaded.diagnostics.render();
  EXPECT_NE(loaded.find("ORS-17 counts bytes"), nullptr);
}

TEST(CertifiedFile, Generation2024WithEverything__CarriesTheAbstract) {
  const Loaded loaded = load_file(k2024All);
  ASSERT_TRUE(loaded.pics);
  EXPECT_TRUE(loaded.diagnostics.all().empty()) << loaded.diagnostics.render();
  const Pics& pics = *loaded.pics;
  EXPECT_TRUE(answers(pics, "extension.Security", true));
  EXPECT_TRUE(answers(pics, "profile.SecurityExtension", true));
  EXPECT_FALSE(pics.lookup("certificate.Security"));
  EXPECT_TRUE(answers(pics, "SEC-3", true));
  EXPECT_EQ(pics.printed("HFS-9"), "Ethernet, Mobile Network");
  EXPECT_EQ(pics.printed("ORS-16"), "HTTP HTTPS FTP FTPS");
  EXPECT_EQ(pics.configuration("SupportedFileTransferProtocols"), "HTTP,HTTPS,FTP,FTPS");
  EXPECT_EQ(pics.configuration("ChargeProfileMaxStackLevel"), "10");
  EXPECT_EQ(pics.configuration("CertificateSignedMaxChainSize"), "10000");
  EXPECT_EQ(pics.performance().technology, "Mobile Network");
}

TEST(CertifiedFile, Generation2024WithTwoProfiles__UnclaimedRowsHaveNoAnswer) {
  const Loaded loaded = load_file(k2024);
  ASSERT_TRUE(loaded.pics);
  EXPECT_TRUE(loaded.diagnostics.all().empty()) << loaded.diagnostics.render();
  const Pics& pics = *loaded.pics;
  EXPECT_TRUE(answers(pics, "F-1", false));
  EXPECT_TRUE(answers(pics, "profile.SmartCharging", false));
  EXPECT_FALSE(pics.lookup("SC-1.1"));
  EXPECT_FALSE(pics.lookup("R-1"));
  EXPECT_FALSE(pics.lookup("profile.AdvancedSecurity"));
  EXPECT_TRUE(answers(pics, "ORS-16", Value::list({"FTP"})));
}

TEST(CertifiedFile, Generation2019__AnswersIdsFromItsTables) {
  const Loaded loaded = load_file(k2019);
  ASSERT_TRUE(loaded.pics);
  EXPECT_TRUE(loaded.diagnostics.all().empty()) << loaded.diagnostics.render();
  const Pics& pics = *loaded.pics;
  EXPECT_TRUE(answers(pics, "C-01", true));
  EXPECT_TRUE(answers(pics, "C-02", true));
  EXPECT_TRUE(answers(pics, "C-03", false));
  EXPECT_TRUE(answers(pics, "C-04", true));
  EXPECT_TRUE(answers(pics, "C-05", true));
  EXPECT_TRUE(answers(pics, "C-06.1", true));
  EXPECT_FALSE(pics.lookup("C-06.2"));
  EXPECT_TRUE(answers(pics, "C-10.2", true));
  EXPECT_TRUE(answers(pics, "HFS-1", false));
  EXPECT_TRUE(answers(pics, "HFS-2", true));
  EXPECT_TRUE(answers(pics, "HFS-8", 2));
  EXPECT_TRUE(answers(pics, "ORS-1", 40));
  EXPECT_TRUE(answers(pics, "ORS-19", 10));
  EXPECT_TRUE(answers(pics, "AQ-7.1", false));
  EXPECT_TRUE(answers(pics, "AQ-7.2", true));
  EXPECT_TRUE(answers(pics, "certificate.Security", false));
  EXPECT_TRUE(answers(pics, "profile.Security", false));
  EXPECT_FALSE(pics.lookup("extension.Security"));
  EXPECT_FALSE(pics.lookup("SEC-1"));
  EXPECT_FALSE(pics.lookup("AQ-2"));
  // The value alone claims nothing: Reservation is not among the profiles.
  EXPECT_TRUE(answers(pics, "R-1", false));
  EXPECT_FALSE(pics.lookup("SC-1.2"));
  ASSERT_EQ(pics.connectors().size(), 2u);
  EXPECT_EQ(pics.connectors()[1].id, 2);
  EXPECT_EQ(pics.connectors()[1].cable_type, "Fixed Cable");
}

TEST(CertifiedFile, Generation2019__StatesItsConfiguration) {
  const Loaded loaded = load_file(k2019);
  ASSERT_TRUE(loaded.pics);
  const Pics& pics = *loaded.pics;
  EXPECT_EQ(pics.configuration("LocalPreAuthorize"), "false");
  EXPECT_EQ(pics.configuration("ConnectorPhaseRotation"), "NotApplicable,NotApplicable");
  EXPECT_EQ(pics.configuration("ChargingScheduleAllowedChargingRateUnit"), "Power");
  EXPECT_EQ(pics.configuration("SupportedFileTransferProtocols"), "FTP");
  EXPECT_EQ(pics.configuration("BlinkRepeat"), std::nullopt);
  EXPECT_EQ(pics.sampled_measurands(), std::vector<std::string>{"Energy.Active.Import.Register"});
  EXPECT_EQ(configuration_keys_2019().size(), 46u);
}

TEST(CertifiedFile, Generation2019__RemoteStartFigureIsNoDeadline) {
  const Loaded loaded = load_file(k2019Single);
  ASSERT_TRUE(loaded.pics);
  EXPECT_EQ(loaded.pics->performance().response, seconds(5));
  EXPECT_EQ(loaded.pics->performance().triggered, seconds(90));
  EXPECT_FALSE(loaded.pics->performance().remote_start);
  EXPECT_FALSE(loaded.pics->performance().remote_stop);
  EXPECT_EQ(loaded.pics->document().find("performance")->string_or("remote_start", ""), "5s");
}

TEST(CertifiedFile, Generation2019WithoutStopTxnData__Remarked) {
  const Loaded loaded = load_file(k2019Single);
  EXPECT_EQ(loaded.diagnostics.all().size(), 2u) << loaded.diagnostics.render();
  EXPECT_NE(loaded.find("StopTxnAlignedData has no value"), nullptr);
  EXPECT_NE(loaded.find("StopTxnSampledData has no value"), nullptr);
}

TEST(CertifiedFile, Document__KeepsNothingDashAndOrderApart) {
  const Loaded loaded = load_file(k2019);
  ASSERT_TRUE(loaded.pics);
  const Value& table = *loaded.pics->document().find("configuration");
  EXPECT_TRUE(table.find("LightIntensity")->is_null());
  EXPECT_EQ(*table.find("BlinkRepeat"), Value("-"));
  EXPECT_EQ(loaded.pics->printed("BlinkRepeat"), "-");
  std::vector<std::string> order;
  for (const auto& [key, value] : table.as_object()) order.push_back(key);
  EXPECT_EQ(order, configuration_keys_2019());
}

struct Support {
  const char* file;
  const char* name;
  bool value;
};
class Supports : public testing::TestWithParam<Support> {};

TEST_P(Supports, EveryGeneration__SaysTheSameThing) {
  const Loaded loaded = load_file(GetParam().file);
  ASSERT_TRUE(loaded.pics);
  EXPECT_TRUE(answers(*loaded.pics, "supports." + std::string(GetParam().name), GetParam().value));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Supports,
    testing::Values(
        Support{k2025, "FirmwareManagement", true}, Support{k2025, "SecureFirmware", true},
        Support{k2025, "LocalAuthListManagement", true}, Support{k2025, "Reservation", true},
        Support{k2025, "RemoteTrigger", true}, Support{k2025, "SmartCharging", true},
        Support{k2025, "SecurityProfile1", false}, Support{k2025, "SecurityProfile2", true},
        Support{k2025, "SecurityProfile3", true}, Support{k2024, "FirmwareManagement", true},
        Support{k2024, "SecureFirmware", false}, Support{k2024, "LocalAuthListManagement", false},
        Support{k2024, "RemoteTrigger", true}, Support{k2024, "SecurityProfile2", false},
        Support{k2024All, "SecureFirmware", true}, Support{k2024All, "SecurityProfile1", true},
        Support{k2024All, "Reservation", true}, Support{k2019, "Reservation", false},
        Support{k2019, "SecureFirmware", false}, Support{k2019, "SecurityProfile3", false}));

TEST(Schema, EveryIdAndKey__IsInIt) {
  const auto read = base::read_json(read_text("pics/pics.schema.json"));
  ASSERT_TRUE(read.value) << read.error.message;
  const Value& properties = *read.value->find("properties");
  const Value& definitions = *read.value->find("definitions");
  for (const auto& info : all_ids()) {
    const Value* section = &properties;
    if (info.id.starts_with("HFS-"))
      section = definitions.find("hardware");
    else if (info.id.starts_with("AQ-"))
      section = properties.find("questions");
    else if (info.id.starts_with("ORS-"))
      section = properties.find("settings");
    else
      section = properties.find("features");
    ASSERT_NE(section, nullptr);
    EXPECT_NE(section->find("properties")->find(info.id), nullptr) << info.id;
  }
  for (const auto& key : configuration_keys_2019())
    EXPECT_NE(properties.find("configuration")->find("properties")->find(key), nullptr) << key;
}

TEST(Reference, EveryIdAndKey__IsInIt) {
  const std::string text = read_text("docs/pics.md");
  for (const auto& info : all_ids())
    EXPECT_NE(text.find("| " + info.id + " |"), std::string::npos) << info.id;
  for (const auto& key : configuration_keys_2019())
    EXPECT_NE(text.find("`" + key + "`"), std::string::npos) << key;
}

TEST(Template, EveryIdOf2025__IsInIt) {
  const std::string text = read_text(kTemplate);
  for (const auto& table : printed_tables(Generation::g2025))
    for (const auto& id : table.ids) EXPECT_NE(text.find("  " + id + ":"), std::string::npos) << id;
}

// The table behind the audit names ids and keys that exist.
TEST(AuditRules, EveryRow__IdOfTheModelAndNoneTwice) {
  std::set<std::string> rows;
  const auto& profiles = profile_names(Generation::g2024);
  for (const auto& rule : audit_rules()) {
    const std::string id = rule.id;
    const bool profile = id == "profile.AdvancedSecurity" ||
                         (id.starts_with("profile.") && std::find(profiles.begin(), profiles.end(),
                                                                  id.substr(8)) != profiles.end());
    EXPECT_TRUE(profile || find_id(id)) << id;
    EXPECT_TRUE(rows.insert(id + " " + rule.key).second) << id;
    if (*rule.only_if) {
      EXPECT_TRUE(load_file(k2025).pics->lookup(rule.only_if)) << rule.only_if;
    }
    const auto& stated = load_file(k2025).pics->configuration(rule.key);
    if (rule.comparison == Comparison::equals && id != "ORS-14") {
      EXPECT_TRUE(stated) << rule.key << " is no key that a PICS states";
    }
  }
}

TEST(PrintedTables, EveryId__StandsInTheTablesOfItsGenerations) {
  for (const Generation generation : {Generation::g2024, Generation::g2025}) {
    std::set<std::string> printed;
    for (const auto& table : printed_tables(generation))
      for (const auto& id : table.ids) EXPECT_TRUE(printed.insert(id).second) << id;
    for (const auto& info : all_ids()) {
      const bool expected = std::find(info.generations.begin(), info.generations.end(),
                                      generation) != info.generations.end();
      EXPECT_EQ(printed.contains(info.id), expected) << info.id;
    }
  }
}

}  // namespace
}  // namespace plugproof::pics
