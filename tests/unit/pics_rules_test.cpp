#include "pics_fixture.hpp"

namespace plugproof::pics {
namespace {

using base::Severity;

struct Rule {
  const char* name;
  const char* file;
  const char* from;
  const char* to;
  const char* marked;  // where the diagnostic must point
  Severity severity;
  const char* message;
};

void PrintTo(const Rule& rule, std::ostream* out) {
  *out << rule.name;
}

class Rules : public testing::TestWithParam<Rule> {};

TEST_P(Rules, Contradiction__FoundAtItsPlace) {
  const Rule& rule = GetParam();
  expect_at(edited(rule.file, rule.from, rule.to), rule.marked, rule.severity, rule.message);
}

constexpr auto kError = Severity::error;
constexpr auto kWarning = Severity::warning;

INSTANTIATE_TEST_SUITE_P(
    Table, Rules,
    testing::Values(
        Rule{"NoCable", k2025, "HFS-2: yes", "HFS-2: no", "no\n  HFS-3", kError,
             "none of HFS-1, HFS-2 is yes"},
        Rule{"NoCurrent", k2025, "HFS-3: yes", "HFS-3: no", "no\n  HFS-5", kError,
             "none of HFS-3, HFS-4 is yes"},
        Rule{"CurrentWithoutConnector", k2025, "HFS-4: no", "HFS-4: yes", "yes\n  HFS-5", kError,
             "HFS-4 says yes, but no connector delivers DC"},
        Rule{"ConnectorWithoutCurrent", k2025, "current: AC", "current: DC", "{id: 1", kError,
             "the connector delivers DC, but HFS-4 says no"},
        Rule{"Phases", k2025, "phases: 1", "phases: 3", "{id: 1", kError,
             "has 3 phases, but HFS-7 says no"},
        Rule{"TooManyPhases", k2025, "phases: 1", "phases: 4", "4, type", kError,
             "at most 3 phases"},
        Rule{"NoPhase", k2025, "phases: 1", "phases: 0", "{id: 1", kError,
             "an AC connector has 1 to 3 phases"},
        Rule{"Cable", k2025, "cable: Fixed Cable", "cable: Detachable Cable", "{id: 1", kError,
             "but HFS-1 says no"},
        Rule{"Rows", k2025, "HFS-8: 1", "HFS-8: 2", "- {id: 1", kError,
             "has 1 rows, but HFS-8 says 2"},
        Rule{"NoConnector", k2025, "HFS-8: 1", "HFS-8: 0", "0\n  HFS-9", kError,
             "a charge point has a connector"},
        Rule{"Numbering", k2025, "{id: 1", "{id: 2", "{id: 2", kError,
             "connector 2 stands in row 1"},
        Rule{"IncompleteRow", k2025, ", phases: 1", "", "{id: 1", kError,
             "does not state 'phases'"},
        Rule{"Authorization", k2025, "C-06.1: yes\n  C-06.2: yes", "C-06.1: no\n  C-06.2: no",
             "no\n  C-07", kError, "none of C-06.1, C-06.2 is yes"},
        Rule{"Unlocking", k2025, "C-10.2: yes", "C-10.2: no", "no\n  C-11", kError,
             "none of C-10.1, C-10.2 is yes"},
        Rule{"RateUnits", k2025, "SC-1.2: yes", "SC-1.2: no", "no\n\nquestions", kError,
             "none of SC-1.1, SC-1.2 is yes"},
        Rule{"SampleIntervals", k2025, "ORS-5: 30", "ORS-5: 19", "19\n", kError,
             "ORS-5 is less than ORS-4"},
        Rule{"HeartbeatIntervals", k2025, "ORS-7: 86400", "ORS-7: 1\n", "1\n\n", kError,
             "ORS-7 is less than ORS-6"},
        Rule{"Technology", k2025, "technology: Ethernet", "technology: WiFi", "WiFi", kError,
             "which HFS-9 does not name"},
        Rule{"NoCore", k2025, "[Core, AdvancedSecurity", "[AdvancedSecurity", "[AdvancedSecurity",
             kError, "Core is not claimed"},
        Rule{"NoConnectorTable", k2025,
             "  connectors:\n    - {id: 1, current: AC, phases: 1, type: cType1, cable: "
             "Fixed Cable}\n",
             "", "hardware:", kError, "the connector table is missing"},
        Rule{"SecurityWithoutProfile", k2024All, "SEC-1: yes\n  SEC-2: yes\n  SEC-3: yes",
             "SEC-1: no\n  SEC-2: no\n  SEC-3: no", "no\n\nquestions", kError,
             "none of SEC-1, SEC-2, SEC-3 is yes"},
        Rule{"RowOfUnclaimedProfile", k2024, "  F-1: 'False'", "  R-1: yes\n  F-1: False",
             "yes\n  F-1", kWarning, "the profile Reservation is not claimed"},
        Rule{"RowOfUnclaimedExtension", k2024, "  F-1: 'False'", "  SEC-2: yes\n  F-1: False",
             "yes\n  F-1", kWarning, "the Security extension is not claimed"},
        Rule{"SecureFirmware", k2024, "F-1: 'False'", "F-1: yes", "yes  # printed", kWarning,
             "F-1 says yes although"},
        Rule{"ChainSize", k2024All, "ORS-17: 10000", "ORS-17: 299", "299", kWarning,
             "ORS-17 counts bytes"},
        Rule{"NoKeys", k2024All, "ORS-1: 1", "ORS-1: 0", "0\n  ORS-2", kWarning,
             "could name no key"},
        Rule{"ListLengths", k2024All, "ORS-13: 100", "ORS-13: 101", "101", kWarning,
             "ORS-13 allows more entries"},
        Rule{"Measurands", k2024All, "ORS-3: 10", "ORS-3: 5", "tested: [", kWarning,
             "C-09.1 lists more measurands than ORS-3"},
        Rule{"Tested", k2024, "tested: [Energy", "tested: [SoC, Energy", "tested: [", kWarning,
             "C-09.1 lists SoC as tested"},
        Rule{"Suites", k2025, "C-12: [TLS_RSA_WITH_AES_128_GCM_SHA256, ", "C-12: [",
             "[TLS_RSA_WITH_AES_256", kWarning, "names neither pair"},
        Rule{"OfflineUnknown", k2024, "C-01: yes", "C-01: no", "yes\n  C-03", kWarning,
             "C-02 says yes although C-01"},
        Rule{"WholeStation", k2025, "R-0: yes", "R-0: no", "yes\n  SC-1", kWarning,
             "R-1 says yes although R-0"},
        Rule{"PowerLoss", k2025, "AQ-7.2: yes", "AQ-7.2: no", "no\n  AQ-9", kWarning,
             "would never be ended"},
        Rule{"Sockets", k2019, "sockets: Multiple", "sockets: Single", "Single\n  fixed", kWarning,
             "'sockets' says Single, but NumberOfConnectors is 2"}),
    [](const testing::TestParamInfo<Rule>& tested) { return tested.param.name; });

TEST(PicsRules, OddRowsOfRealCertificates__Accepted) {
  // All three certified AC stations deny IEC 61851-1; no rule may hold that against them.
  for (const char* file : {k2025, k2024, k2024All}) {
    const Loaded loaded = load_file(file);
    ASSERT_TRUE(loaded.pics);
    EXPECT_TRUE(answers(*loaded.pics, "AQ-6", false));
    EXPECT_EQ(loaded.find("AQ-6"), nullptr);
  }
}

}  // namespace
}  // namespace plugproof::pics
