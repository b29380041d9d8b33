// The rows of the model, as three generations of the certificate abstract print them.
#include <algorithm>

#include "pics/pics.hpp"

namespace plugproof::pics {

namespace {

using Names = std::vector<std::string>;

const std::vector<Generation> kBoth = {Generation::g2024, Generation::g2025};
const std::vector<Generation> kOnly24 = {Generation::g2024};
const std::vector<Generation> kOnly25 = {Generation::g2025};
// Asked beside the abstract in 2019, which has no such table.
const std::vector<Generation> kEvery = {Generation::g2019, Generation::g2024, Generation::g2025};
const std::vector<Generation> k19And24 = {Generation::g2019, Generation::g2024};

// OCPP 1.6 section 7.31.
const Names& measurands() {
  static const Names names = {
      "Current.Export",
      "Current.Import",
      "Current.Offered",
      "Energy.Active.Export.Register",
      "Energy.Active.Import.Register",
      "Energy.Reactive.Export.Register",
      "Energy.Reactive.Import.Register",
      "Energy.Active.Export.Interval",
      "Energy.Active.Import.Interval",
      "Energy.Reactive.Export.Interval",
      "Energy.Reactive.Import.Interval",
      "Frequency",
      "Power.Active.Export",
      "Power.Active.Import",
      "Power.Factor",
      "Power.Offered",
      "Power.Reactive.Export",
      "Power.Reactive.Import",
      "RPM",
      "SoC",
      "Temperature",
      "Voltage",
  };
  return names;
}

// The suites that the security whitepaper names for TLS 1.2, and those of TLS 1.3 (RFC 8446
// appendix B.4).
const Names& cipher_suites() {
  static const Names names = {
      "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
      "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
      "TLS_RSA_WITH_AES_128_GCM_SHA256",
      "TLS_RSA_WITH_AES_256_GCM_SHA384",
      "TLS_AES_128_GCM_SHA256",
      "TLS_AES_256_GCM_SHA384",
      "TLS_CHACHA20_POLY1305_SHA256",
      "TLS_AES_128_CCM_SHA256",
      "TLS_AES_128_CCM_8_SHA256",
  };
  return names;
}

std::vector<IdInfo> make_ids() {
  constexpr auto kBool = IdType::boolean;
  constexpr auto kInt = IdType::integer;
  constexpr auto kSeconds = IdType::seconds;
  constexpr auto kGroup = IdType::group;
  return {
      {"HFS-1", "Has a detachable cable", kBool, kBoth, {}},
      {"HFS-2", "Has a fixed cable", kBool, kBoth, {}},
      {"HFS-3", "Has AC support", kBool, kBoth, {}},
      {"HFS-4", "Has DC support", kBool, kBoth, {}},
      {"HFS-5", "Has 1 phase support", kBool, kBoth, {}},
      {"HFS-6", "Has 2 phase support", kBool, kBoth, {}},
      {"HFS-7", "Has 3 phase support", kBool, kBoth, {}},
      {"HFS-8", "No. Connectors", kInt, kBoth, {}},
      {"HFS-9",
       "Communication technology",
       IdType::list,
       kBoth,
       {"Ethernet", "Mobile Network", "WiFi"},
       true},
      {"HFS-10", "RFID readers", IdType::enumeration, kBoth, {"None", "Single", "Multiple"}, true},

      {"C-01", "Support for offline authorization of transactions", kBool, kBoth, {}},
      {"C-02", "Support for allowing Offline Authorization for Unknown Ids", kBool, kBoth, {}},
      {"C-03", "Support for maximizing energy for invalid ids", kBool, kBoth, {}},
      {"C-04", "Authorization Cache", kBool, kBoth, {}},
      {"C-05", "Support to limit StatusNotifications", kBool, kBoth, {}},
      {"C-06", "Authorization status after cable disconnected on EV side", kGroup, kBoth, {}},
      {"C-06.1",
       "Support for maintaining authorization when cable disconnected on EV side",
       kBool,
       kBoth,
       {}},
      {"C-06.2",
       "Support for not maintaining authorization when cable disconnected on EV side",
       kBool,
       kBoth,
       {}},
      {"C-07", "Support for local start", kBool, kBoth, {}},
      {"C-08", "Support for local stop", kBool, kBoth, {}},
      {"C-09", "Supported MeterValue Measurands", kGroup, kBoth, {}},
      {"C-09.1", "MeterValuesSampledData", IdType::measurands, kBoth, measurands()},
      {"C-09.2", "MeterValuesAlignedData", IdType::measurands, kBoth, measurands()},
      {"C-10", "Unlocking of connector when cable disconnected on EV side", kGroup, kOnly25, {}},
      {"C-10.1",
       "Support for unlocking connector when cable disconnected on EV side",
       kBool,
       kOnly25,
       {}},
      {"C-10.2",
       "Support for not unlocking when cable disconnected on EV side",
       kBool,
       kOnly25,
       {}},
      {"C-11",
       "Support for Security Profile 1: Unsecured Transport with Basic Authentication",
       kBool,
       kOnly25,
       {}},
      {"C-12", "Supported Cipher Suites", IdType::list, kOnly25, cipher_suites(), true},

      {"LA-0", "Support for Local Authorization List Management", kBool, kOnly25, {}},
      {"RT-0", "Support for Remote Trigger", kBool, kOnly25, {}},
      {"R-0", "Support for Reservations", kBool, kOnly25, {}},
      {"R-1", "Support reservations of entire Charging Station", kBool, kBoth, {}},
      {"SC-1", "Supported charging rate units", kGroup, kBoth, {}},
      {"SC-1.1", "A", kBool, kBoth, {}},
      {"SC-1.2", "W", kBool, kBoth, {}},
      {"F-1", "Support for Secure Firmware Updates", kBool, kOnly24, {}},
      {"SEC-1",
       "Security Profile 1: Unsecured Transport with Basic Authentication",
       kBool,
       k19And24,
       {}},
      {"SEC-2", "Security Profile 2: TLS with Basic Authentication", kBool, k19And24, {}},
      {"SEC-3", "Security Profile 3: TLS with Client Side Certificates", kBool, k19And24, {}},

      {"AQ-1", "Can the last CentralSystemRootCertificate be removed?", kBool, kEvery, {}},
      {"AQ-2",
       "Does a cable lock keep the EV driver from connecting before authorization?",
       kBool,
       kEvery,
       {}},
      {"AQ-3", "Can the last ChargePointCertificate be removed?", kBool, kEvery, {}},
      {"AQ-4", "Can firmware be downloaded while a transaction is ongoing?", kBool, kEvery, {}},
      {"AQ-5", "Must the EVSE be selected before authorization?", kBool, kEvery, {}},
      {"AQ-6", "Can an EV be charged using IEC 61851-1?", kBool, kEvery, {}},
      {"AQ-7", "Reporting of StopTransaction after power loss", kGroup, kEvery, {}},
      {"AQ-7.1", "StopTransaction is reported before going down", kBool, kEvery, {}},
      {"AQ-7.2", "StopTransaction is reported after being back online", kBool, kEvery, {}},
      {"AQ-9",
       "Is there a connector with a mechanized lock on the Charging Station side?",
       kBool,
       kOnly25,
       {}},
      {"AQ-11",
       "Is there an authorization method without communication between EV and Charging Station?",
       kBool,
       kOnly25,
       {}},

      {"ORS-1", "GetConfigurationMaxKeys", kInt, kBoth, {}},
      {"ORS-2", "MeterValuesAlignedDataMaxLength", kInt, kBoth, {}},
      {"ORS-3", "MeterValuesSampledDataMaxLength", kInt, kBoth, {}},
      {"ORS-4", "Minimum MeterValueSampleInterval supported", kSeconds, kBoth, {}},
      {"ORS-5", "Maximum MeterValueSampleInterval supported", kSeconds, kBoth, {}},
      {"ORS-6", "Minimum HeartbeatInterval supported", kSeconds, kBoth, {}},
      {"ORS-7", "Maximum HeartbeatInterval supported", kSeconds, kBoth, {}},
      {"ORS-8", "StopTransactionMaxMeterValues", kInt, kBoth, {}},
      {"ORS-9", "StopTxnAlignedDataMaxLength", kInt, kBoth, {}},
      {"ORS-10", "StopTxnSampledDataMaxLength", kInt, kBoth, {}},
      {"ORS-11", "WebSocketPingInterval", kSeconds, kBoth, {}},
      {"ORS-12", "LocalAuthListMaxLength", kInt, kBoth, {}},
      {"ORS-13", "SendLocalListMaxLength", kInt, kBoth, {}},
      // The abstract calls it so; the configuration key of OCPP 1.6 section 9.4.1 is
      // ChargeProfileMaxStackLevel.
      {"ORS-14", "ChargingProfileMaxStackLevel", kInt, kBoth, {}},
      {"ORS-15", "ChargingScheduleMaxPeriods", kInt, kBoth, {}},
      {"ORS-16",
       "Supported file transfer protocols",
       IdType::list,
       kBoth,
       {"FTP", "FTPS", "HTTP", "HTTPS"}},
      {"ORS-17", "CertificateSignedMaxChainSize", kInt, kBoth, {}},
      {"ORS-18", "CertificateStoreMaxLength", kInt, kBoth, {}},
      {"ORS-19", "MaxChargingProfilesInstalled", kInt, kBoth, {}},
  };
}

const Names kHardware = {"HFS-1", "HFS-2", "HFS-3", "HFS-4", "HFS-5",
                         "HFS-6", "HFS-7", "HFS-8", "HFS-9", "HFS-10"};

std::vector<PrintedTable> make_tables_2024() {
  return {
      {"Hardware Feature Set", "Feature", "", kHardware},
      {"Core",
       "Core Features",
       "",
       {"C-01", "C-02", "C-03", "C-04", "C-05", "C-06", "C-06.1", "C-06.2", "C-07", "C-08"}},
      {"", "Metervalues", "", {"C-09", "C-09.1", "C-09.2"}},
      {"Smart Charging",
       "Certification Profile: Smart Charging",
       "SmartCharging",
       {"SC-1", "SC-1.1", "SC-1.2"}},
      {"Reservation", "Certification Profile: Reservation", "Reservation", {"R-1"}},
      {"Firmware Management",
       "Certification Profile: Firmware Management",
       "FirmwareManagement",
       {"F-1"}},
      {"Security Extension", "Security Extension", "Security", {"SEC-1", "SEC-2", "SEC-3"}},
      {"Additional Questions",
       "Additional Questions for Lab Testing",
       "",
       {"AQ-1", "AQ-2", "AQ-3", "AQ-4", "AQ-5", "AQ-6", "AQ-7", "AQ-7.1", "AQ-7.2"}},
      {"Other Relevant Settings",
       "Limit / Setting",
       "",
       {"ORS-1", "ORS-2", "ORS-3", "ORS-4", "ORS-5", "ORS-6", "ORS-7", "ORS-8", "ORS-9", "ORS-10",
        "ORS-11"}},
      {"",
       "Certification Profile: Local Authorization List Management",
       "LocalAuthListManagement",
       {"ORS-12", "ORS-13"}},
      {"",
       "Certification Profile: Smart Charging",
       "SmartCharging",
       {"ORS-14", "ORS-15", "ORS-19"}},
      {"", "Firmware Management Settings", "FirmwareManagement", {"ORS-16"}},
      {"", "Security Extension", "Security", {"ORS-17", "ORS-18"}},
  };
}

std::vector<PrintedTable> make_tables_2025() {
  return {
      {"Hardware Feature Set", "Feature", "", kHardware},
      {"Core",
       "Core Features",
       "",
       {"C-01", "C-02", "C-03", "C-04", "C-05", "C-06", "C-06.1", "C-06.2", "C-07", "C-08", "C-10",
        "C-10.1", "C-10.2", "C-11"}},
      {"", "Metervalue Measurands", "", {"C-09"}},
      {"", "Metervalues", "", {"C-09.1", "C-09.2"}},
      {"", "Cipher Suites", "", {"C-12"}},
      {"", "Local Authorization List Management", "", {"LA-0"}},
      {"", "Remote Trigger", "", {"RT-0"}},
      {"", "Reservations", "", {"R-0", "R-1"}},
      {"Smart Charging",
       "Certification Profile: Smart Charging",
       "SmartCharging",
       {"SC-1", "SC-1.1", "SC-1.2"}},
      {"Additional Questions",
       "Additional Questions for Lab Testing",
       "",
       {"AQ-1", "AQ-2", "AQ-3", "AQ-4", "AQ-5", "AQ-6", "AQ-7", "AQ-7.1", "AQ-7.2", "AQ-9",
        "AQ-11"}},
      {"Other Relevant Settings",
       "Limit / Setting",
       "",
       {"ORS-1", "ORS-2", "ORS-3", "ORS-4", "ORS-5", "ORS-6", "ORS-7", "ORS-8", "ORS-9", "ORS-10",
        "ORS-11", "ORS-12", "ORS-13", "ORS-17", "ORS-18"}},
      {"",
       "Certification Profile: Smart Charging",
       "SmartCharging",
       {"ORS-14", "ORS-15", "ORS-19"}},
      {"", "Firmware Management Settings", "", {"ORS-16"}},
  };
}

}  // namespace

const char* to_string(Generation generation) {
  switch (generation) {
    case Generation::g2019:
      return "2019";
    case Generation::g2024:
      return "2024";
    case Generation::g2025:
      return "2025";
  }
  return "";
}

const std::vector<IdInfo>& all_ids() {
  static const std::vector<IdInfo> ids = make_ids();
  return ids;
}

const IdInfo* find_id(std::string_view id) {
  const auto& ids = all_ids();
  const auto found =
      std::find_if(ids.begin(), ids.end(), [&](const IdInfo& info) { return info.id == id; });
  return found == ids.end() ? nullptr : &*found;
}

const std::vector<std::string>& profile_names(Generation generation) {
  static const Names separate = {"Core",          "FirmwareManagement", "LocalAuthListManagement",
                                 "SmartCharging", "RemoteTrigger",      "Reservation"};
  static const Names merged = {"Core", "AdvancedSecurity", "SmartCharging"};
  return generation == Generation::g2025 ? merged : separate;
}

const std::vector<std::string>& abstract_forms(Generation generation) {
  static const Names forms_2019 = {"2022-03", "2024-05"};
  static const Names forms_2024 = {"2024-09", "2025-04"};
  static const Names forms_2025 = {"2026-01"};
  return generation == Generation::g2019   ? forms_2019
         : generation == Generation::g2024 ? forms_2024
                                           : forms_2025;
}

const std::vector<PrintedTable>& printed_tables(Generation generation) {
  static const std::vector<PrintedTable> none;
  static const std::vector<PrintedTable> tables_2024 = make_tables_2024();
  static const std::vector<PrintedTable> tables_2025 = make_tables_2025();
  switch (generation) {
    case Generation::g2019:
      return none;
    case Generation::g2024:
      return tables_2024;
    case Generation::g2025:
      return tables_2025;
  }
  return none;
}

}  // namespace plugproof::pics
