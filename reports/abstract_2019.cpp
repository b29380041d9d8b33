// The abstract of generation 2019: no ids, one figure a KPI, and the table of 46 configuration
// keys.
#include <cmath>
#include <cstdio>

#include "pics/pics.hpp"
#include "reports/abstract_parts.hpp"
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

std::string communication_of(const PicsView& pics) {
  const std::string stated = pics.text("product", "communication");
  return stated.empty() ? "JSON" : stated;
}

AbstractSection summary(const Results& results, const PicsView& pics, const AbstractForm& form) {
  AbstractSection out = section("Test Result Summary");
  AbstractTable head{form.report_title, {}, {}};
  // Rows that only the later of the two forms has, and only where there is something to say.
  const bool later = std::string_view(form.name) == "2024-05";
  head.rows.push_back({"Test laboratory:", pics.text("laboratory", "name")});
  head.rows.push_back({"Location:", pics.text("laboratory", "location")});
  if (later)
    head.rows.push_back({"Test execution location:", pics.text("laboratory", "test_location")});
  head.rows.push_back({"Test Report Reference:", pics.text("laboratory", "report_reference")});
  head.rows.push_back({"Vendor name:", pics.text("product", "vendor")});
  head.rows.push_back({"Device Under Test:", device_of(pics)});
  head.rows.push_back({"Communication:", communication_of(pics)});
  head.rows.push_back({form.version_label, version_of(pics)});
  if (later) head.rows.push_back({"Product designation:", pics.text("product", "designation")});
  out.blocks.emplace_back(std::move(head));

  AbstractTable table{"Test Result Summary for the certified functionalities",
                      {"Functionalities", "OCPP 1.6 Certification Test Results", "Description"},
                      {}};
  for (const auto& profile : results.profiles) {
    if (profile.name == "Security") continue;
    table.rows.push_back(profile_row(results, profile));
    if (profile.name == "Core") table.rows.push_back({form.optional_heading});
  }
  out.blocks.emplace_back(std::move(table));

  AbstractTable security =
      profile_table(results, {"Certificate of its own", "Test Results", "Description"}, "Security");
  if (!security.rows.empty()) out.blocks.emplace_back(std::move(security));
  return out;
}

AbstractSection performance(const Results& results) {
  AbstractSection out = section("Performance Measurement Results");
  AbstractTable table{"", {"Name", "PICS value", "Measured value", "Description"}, {}};
  const char* const names[] = {"triggered", "response", "remote_start_response"};
  for (const char* name : names) {
    const Kpi& kpi = results.kpi(name);
    table.rows.push_back({kpi_title(name) + ":", kpi.declared ? fixed(*kpi.declared, 0) + "s" : "-",
                          kpi.count > 0 ? clock_text(kpi.max) : "-", kpi_description(name)});
  }
  out.blocks.emplace_back(std::move(table));
  for (const char* name : names) remark_on_kpi(out, results.kpi(name));
  add_text(out,
           "Measured values are maxima, rounded to whole seconds; results.json has them exactly.");
  return out;
}

AbstractSection test_configuration(const Results& results, const PicsView& pics) {
  AbstractSection out = section("Test Configuration");
  std::string model = pics.text("product", "model");
  if (model.empty()) model = pics.text("product", "designation");
  out.blocks.emplace_back(AbstractTable{"",
                                        {},
                                        {{"Vendor", pics.text("product", "vendor")},
                                         {"DUT / SUT", device_of(pics)},
                                         {"Communication", communication_of(pics)},
                                         {"Type", model},
                                         {"OCPP Software version", version_of(pics)},
                                         {"Tool version", results.run.tool}}});
  return out;
}

AbstractSection hardware(const PicsView& pics) {
  AbstractSection out = section("Hardware feature set", 3);
  out.blocks.emplace_back(AbstractTable{
      "",
      {"Feature", "Configuration"},
      {{"Socket(s) / connector(s)", pics.text("hardware", "sockets")},
       {"Fixed cable", pics.hardware_boolean("fixed_cable")},
       {"Communication technology", pics.text("hardware", "communication_technology")},
       {"RFID readers", pics.text("hardware", "rfid_readers")}}});
  return out;
}

AbstractSection beside_ocpp(const PicsView& pics) {
  AbstractSection out = section("Non-OCPP Charge Point Configuration", 3);
  AbstractTable keys{"", {"Configuration key", "Value"}, {}};
  for (auto& row : pics.other_configuration()) keys.rows.push_back(std::move(row));
  if (keys.rows.empty()) keys.rows.push_back({"-", "-"});
  out.blocks.emplace_back(std::move(keys));
  add_text(out, "Other limits and settings beside OCPP that a test laboratory has to know:");
  out.blocks.emplace_back(AbstractTable{"",
                                        {"Limit / setting", "Value"},
                                        {{"Device supports sending milliseconds in timestamps.",
                                          pics.limit("milliseconds_in_timestamps")}}});
  return out;
}

AbstractSection configuration(const PicsView& pics) {
  AbstractSection out = section("OCPP Charging Station Configuration");
  AbstractTable keys{"", {"Configuration key", "Value"}, {}};
  for (const auto& key : pics::configuration_keys_2019())
    keys.rows.push_back({key, pics.configuration(key)});
  add_text(out, "As the PICS states it: a dash where it has a dash, nothing where it has nothing.");
  out.blocks.emplace_back(std::move(keys));
  return out;
}

}  // namespace

std::vector<AbstractSection> sections_2019(const Results& results) {
  const PicsView pics(results.run.pics);
  const AbstractForm& form = form_of(results.run);
  return {summary(results, pics, form),
          performance(results),
          test_configuration(results, pics),
          hardware(pics),
          beside_ocpp(pics),
          configuration(pics)};
}

}  // namespace plugproof::reports
