// The sections of a PICS file that are no rows of ids: product, laboratory, claims, connectors,
// performance and the records of a certificate.
#include <algorithm>

#include "pics/loader.hpp"

namespace plugproof::pics {

namespace {

using base::YamlNode;

using Names = std::vector<std::string>;

const Names kCurrents = {"AC", "DC"};
// The connector types of OCPP 2.0.1 and 2.1, which the abstracts use for OCPP 1.6 as well.
const Names kConnectorTypes = {
    "cCCS1",      "cCCS2",       "cG105",          "cTesla",          "cType1",
    "cType2",     "cChaoJi",     "cGBT-AC",        "cGBT-DC",         "cNACS",
    "cNACS-CCS1", "s309-1P-16A", "s309-1P-32A",    "s309-3P-16A",     "s309-3P-32A",
    "sBS1361",    "sCEE-7-7",    "sType2",         "sType3",          "Pan",
    "wInductive", "wResonant",   "Other1PhMax16A", "Other1PhOver16A", "Other3Ph",
};
const Names kCables = {"Fixed Cable", "Detachable Cable"};
const Names kSecurity = {"Security"};

}  // namespace

void Loader::read_product() {
  const YamlNode* node = section("product");
  if (!node) {
    diagnostics_.error({pics_.path_, 0, 0}, "the section 'product' is missing",
                       "add it with vendor, designation and firmware_version");
    return;
  }
  if (!reader_.keys("'product'", *node,
                    {"vendor", "designation", "type", "firmware_version", "software_version",
                     "serial", "model", "config_id", "communication"}))
    return;
  for (const auto& entry : node->entries) {
    if (is_not_given(entry.value)) continue;
    const auto text = reader_.text("'" + entry.key + "'", entry.value);
    if (!text) continue;
    if (entry.key == "vendor") pics_.product_.vendor = *text;
    if (entry.key == "designation") pics_.product_.designation = *text;
    if (entry.key == "firmware_version" || entry.key == "software_version")
      pics_.product_.version = *text;
    if (entry.key == "serial") pics_.product_.serial = *text;
  }
  const auto need = [&](bool present, const std::string& what) {
    if (!present)
      diagnostics_.error(section_pos("product"), "the product has no " + what,
                         "add '" + what + "' under 'product'");
  };
  need(node->find("vendor") && !pics_.product_.vendor.empty(), "vendor");
  need(node->find("designation") && !pics_.product_.designation.empty(), "designation");
  if (node->find("firmware_version") && node->find("software_version"))
    diagnostics_.error(node->find("software_version")->pos, "the version is given twice",
                       "keep firmware_version or software_version, whichever the abstract prints");
  need(!pics_.product_.version.empty(),
       pics_.generation_ == Generation::g2019 ? "software_version" : "firmware_version");
}

void Loader::read_laboratory() {
  const YamlNode* node = section("laboratory");
  if (!node || !reader_.keys("'laboratory'", *node,
                             {"name", "location", "test_location", "report_reference"}))
    return;
  for (const auto& entry : node->entries) {
    if (is_not_given(entry.value)) continue;
    const auto text = reader_.text("'" + entry.key + "'", entry.value);
    if (!text) continue;
    if (entry.key == "name") pics_.laboratory_.name = *text;
    if (entry.key == "location") pics_.laboratory_.location = *text;
    if (entry.key == "test_location") pics_.laboratory_.test_location = *text;
    if (entry.key == "report_reference") pics_.laboratory_.report_reference = *text;
  }
}

void Loader::read_claims() {
  if (const YamlNode* node = section("profiles")) {
    positions_["profiles"] = node->pos;
    if (auto names = reader_.names("'profiles'", *node, {&profile_names(pics_.generation_)})) {
      pics_.profiles_ = std::move(*names);
      if (!contains(pics_.profiles_, "Core"))
        diagnostics_.error(node->pos,
                           "the profile Core is not claimed, but every charge point must have it",
                           "add Core to the list");
    }
  } else {
    diagnostics_.error({pics_.path_, 0, 0}, "the list 'profiles' is missing",
                       "add profiles: [Core] at least");
  }
  const std::string extra = pics_.generation_ == Generation::g2019 ? "certificates" : "extensions";
  if (pics_.generation_ == Generation::g2025) return;
  if (const YamlNode* node = section(extra)) {
    const auto names = reader_.names("'" + extra + "'", *node, {&kSecurity});
    pics_.security_ = names && contains(*names, "Security");
  }
}

void Loader::read_connectors(const YamlNode& node) {
  positions_["connectors"] = node.pos;
  if (!node.is_list()) {
    diagnostics_.error(
        node.pos, "'connectors' must be a list with a row for each connector",
        "write rows as - {id: 1, current: AC, phases: 1, type: cType1, cable: Fixed Cable}");
    return;
  }
  const Names keys = {"id", "current", "phases", "type", "cable"};
  for (const auto& row : node.items) {
    if (!reader_.keys("a row of 'connectors'", row, keys)) continue;
    Connector connector;
    for (const auto& key : keys)
      if (!row.find(key) || is_not_given(*row.find(key)))
        diagnostics_.error(row.pos, "a row of 'connectors' does not state '" + key + "'",
                           "add '" + key + "' to the row");
    for (const auto& entry : row.entries) {
      const YamlNode& value = entry.value;
      if (is_not_given(value)) continue;
      if (entry.key == "id") {
        if (const auto id = reader_.integer("the id of a connector", value))
          connector.id = static_cast<int>(*id);
      } else if (entry.key == "current") {
        if (auto name = reader_.name("the current of a connector", value, {&kCurrents}))
          connector.current = *name;
      } else if (entry.key == "phases") {
        const auto phases = reader_.integer("the phases of a connector", value);
        if (phases && *phases > 3)
          diagnostics_.error(value.pos, "a connector has at most 3 phases", "write 0 to 3");
        else if (phases)
          connector.phases = static_cast<int>(*phases);
      } else if (entry.key == "type") {
        if (auto name = reader_.name("the type of a connector", value, {&kConnectorTypes, true}))
          connector.type = *name;
      } else if (entry.key == "cable") {
        if (auto name = reader_.name("the cable of a connector", value, {&kCables, true}))
          connector.cable_type = *name;
      }
    }
    positions_["connectors." + std::to_string(pics_.connectors_.size())] = row.pos;
    pics_.connectors_.push_back(std::move(connector));
  }
}

void Loader::read_performance() {
  const YamlNode* node = section("performance");
  if (!node) {
    diagnostics_.error({pics_.path_, 0, 0}, "the section 'performance' is missing",
                       "add it: its maxima are the deadlines of the tests");
    return;
  }
  const bool is_2019 = pics_.generation_ == Generation::g2019;
  // The figure called remote_start in 2019 is the time to the confirmation, not to
  // StartTransaction: a record for the report, no deadline.
  Names keys = {"ocpp_response_timeout", "triggered_function_timeout", "remote_start"};
  if (!is_2019) keys.insert(keys.end(), {"remote_stop", "technology"});
  if (!reader_.keys("'performance'", *node, keys)) return;
  for (const auto& key : keys) {
    const YamlNode* value = node->find(key);
    if (!value || is_not_given(*value)) {
      diagnostics_.error(value ? value->pos : section_pos("performance"),
                         "'performance' does not state '" + key + "'",
                         "add it; the abstract prints it");
      continue;
    }
    positions_["performance." + key] = value->pos;
    if (key == "technology") {
      if (auto name = reader_.name("'technology'", *value, {&find_id("HFS-9")->values, true}))
        pics_.performance_.technology = *name;
      continue;
    }
    const auto seconds = reader_.seconds("'" + key + "'", *value);
    if (!seconds) continue;
    constexpr std::int64_t kLongest = 86400;
    if (*seconds == 0 || *seconds > kLongest) {
      diagnostics_.error(value->pos, "'" + key + "' must lie between 1 and 86400 seconds",
                         "state the longest time that the product may take");
      continue;
    }
    const base::Nanos time = std::chrono::seconds(*seconds);
    if (key == "ocpp_response_timeout") pics_.performance_.response = time;
    if (key == "triggered_function_timeout") pics_.performance_.triggered = time;
    if (key == "remote_start" && !is_2019) pics_.performance_.remote_start = time;
    if (key == "remote_stop") pics_.performance_.remote_stop = time;
  }
}

void Loader::read_records() {
  if (const YamlNode* form = section("form"); form && !is_not_given(*form)) {
    const auto& forms = abstract_forms(pics_.generation_);
    if (!form->is_scalar() || !contains(forms, form->text))
      diagnostics_.error(
          form->pos,
          "generation " + std::string(to_string(pics_.generation_)) +
              " has no such form of the abstract",
          "known are " + join(forms, ", ") + "; without a form the newest is printed");
  }
  if (const YamlNode* approval = section("approval");
      approval && reader_.keys("'approval'", *approval, {"vendor", "laboratory"})) {
    for (const auto& block : approval->entries)
      if (!block.value.is_null())
        reader_.keys("'" + block.key + "'", block.value,
                     {"name", "reviewer", "company", "department", "position", "location", "date"});
  }
  if (const YamlNode* certificate = section("certificate"))
    reader_.keys(
        "'certificate'", *certificate,
        {"number", "holder", "date", "updated", "tested_on", "reference", "document_evidence",
         "octt_version", "octt_instance_id", "firmware_image_hash", "results", "measured"});
  if (const YamlNode* limits = section("limits"); limits && pics_.generation_ == Generation::g2019)
    if (reader_.keys("'limits'", *limits, {"milliseconds_in_timestamps"}))
      for (const auto& entry : limits->entries)
        if (!is_not_given(entry.value))
          if (const auto answer = reader_.boolean("'" + entry.key + "'", entry.value))
            pics_.answers_[entry.key] = *answer;
  if (const YamlNode* keys = section("non_ocpp_configuration"); keys && !keys->is_null())
    reader_.is_map("'non_ocpp_configuration'", *keys);
}

}  // namespace plugproof::pics
