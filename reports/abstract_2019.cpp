// The abstract of generation 2019: no ids, one figure a KPI, and the table of 46 configuration
// keys.
#include <cmath>
#include <cstdio>

#include "pics/pics.hpp"
#include "reports/abstract_parts.hpp"
#include "reports/markdown_table.hpp"
#include "reports/text.hpp"
#include "reports/titles.hpp"

namespace plugproof::reports {

namespace {

// Whole seconds as hh:mm:ss.
std::string clock_text(double seconds) {
  const long long whole = std::llround(seconds);
  char text[64];
  std::snprintf(text, sizeof text, "%02lld:%02lld:%02lld", whole / 3600, whole / 60 % 60,
                whole % 60);
  return text;
}

std::string device_of(const PicsView& pics) {
  const std::string type = pics.text("product", "type");
  return type.empty() ? "Charging Station" : type;
}

std::string version_of(const PicsView& pics) {
  const std::string version = pics.text("product", "software_version");
  return version.empty() ? pics.text("product", "firmware_version") : version;
}

std::string summary(const Results& results, const PicsView& pics) {
  MarkdownTable header({"Test Report OCPP 1.6", ""});
  header.row({"Test laboratory", pics.text("laboratory", "name")});
  header.row({"Location", pics.text("laboratory", "location")});
  header.row({"Test execution location", pics.text("laboratory", "test_location")});
  header.row({"Test Report Reference", pics.text("laboratory", "report_reference")});
  header.row({"Vendor name", pics.text("product", "vendor")});
  header.row({"Device Under Test", device_of(pics)});
  header.row({"Communication", "JSON"});
  header.row({"OCPP Software version", version_of(pics)});
  header.row({"Product designation", pics.text("product", "designation")});

  std::vector<std::string> optional;
  for (const auto& profile : results.profiles)
    if (profile.name != "Core" && profile.name != "Security") optional.push_back(profile.name);
  std::string out =
      markdown_heading(2, "Test Result Summary", short_warning(results)) + header.text() +
      profile_table(results, {"Functionalities", "Test Results", "Description"}, {"Core"});
  if (!optional.empty())
    out += profile_table(results, {"Optional functionalities", "Test Results", "Description"},
                         optional);
  const std::string security = profile_table(
      results, {"Certificate of its own", "Test Results", "Description"}, {"Security"});
  return out + security;
}

std::string performance(const Results& results) {
  MarkdownTable table({"Name", "PICS value", "Measured value", "Description"});
  std::string remarks;
  const auto row = [&](const char* name) {
    const Kpi& kpi = results.kpi(name);
    table.row({kpi_title(name), kpi.declared ? fixed(*kpi.declared, 0) + "s" : "-",
               kpi.count > 0 ? clock_text(kpi.max) : "-", kpi_description(name)});
    if (kpi.beyond_declared())
      remarks += markdown_paragraph("Remark: the measured maximum of \"" + kpi_title(name) +
                                    "\" is above the declared one.");
  };
  row("triggered");
  row("response");
  row("remote_start_response");
  return markdown_heading(2, "Performance Measurement Results", short_warning(results)) +
         table.text() + remarks +
         markdown_paragraph(
             "Measured values are maxima, rounded to whole seconds; results.json has them "
             "exactly.");
}

std::string configuration(const Results& results, const PicsView& pics) {
  const std::string note = short_warning(results);
  MarkdownTable device({"Test Configuration", ""});
  device.row({"Vendor", pics.text("product", "vendor")});
  device.row({"DUT / SUT", device_of(pics)});
  device.row({"Communication", "JSON"});
  device.row({"Type", pics.text("product", "designation")});
  device.row({"OCPP Software version", version_of(pics)});
  device.row({"Tool version", results.run.tool});

  MarkdownTable hardware({"Feature", "Configuration"});
  hardware.row({"Socket(s) / connector(s)", pics.text("hardware", "sockets")});
  hardware.row({"Fixed cable", pics.hardware_boolean("fixed_cable")});
  hardware.row({"Communication technology", pics.text("hardware", "communication_technology")});
  hardware.row({"RFID readers", pics.text("hardware", "rfid_readers")});

  MarkdownTable other({"Configuration key", "Value"});
  for (const auto& row : pics.other_configuration()) other.row(row);
  if (other.empty()) other.row({"-", "-"});

  MarkdownTable limits({"Limit / setting", "Value"});
  limits.row({"Device sends milliseconds in timestamps", pics.limit("milliseconds_in_timestamps")});

  MarkdownTable keys({"Configuration key", "Value"});
  for (const auto& key : pics::configuration_keys_2019()) keys.row({key, pics.configuration(key)});

  return markdown_heading(2, "Test Configuration", note) + device.text() +
         markdown_heading(3, "Hardware feature set") + hardware.text() +
         markdown_heading(3, "Non-OCPP Charge Point Configuration") + other.text() +
         markdown_heading(3, "Other limits and settings") + limits.text() +
         markdown_heading(2, "OCPP Charging Station Configuration", note) +
         markdown_paragraph("As the PICS states it; an empty value means that none was given.") +
         keys.text();
}

}  // namespace

std::string abstract_2019(const Results& results) {
  const PicsView pics(results.run.pics);
  return markdown_heading(1, "Abstract of test report") + abstract_notice(results) +
         summary(results, pics) + performance(results) + configuration(results, pics) +
         statement_of_approval(results, pics) + evidence_table(results) + abstract_closing(results);
}

}  // namespace plugproof::reports
