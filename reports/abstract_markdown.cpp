#include "reports/abstract_markdown.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "pics/pics.hpp"
#include "reports/abstract_parts.hpp"
#include "reports/markdown_table.hpp"
#include "reports/pics_view.hpp"
#include "reports/text.hpp"
#include "reports/titles.hpp"

namespace plugproof::reports {

namespace {

using Names = std::vector<std::string>;

pics::Generation generation_of(const RunInfo& run) {
  return run.generation == "2024" ? pics::Generation::g2024 : pics::Generation::g2025;
}

const std::vector<std::string>& kpi_names() {
  static const Names names = {"response", "triggered", "remote_start", "remote_stop"};
  return names;
}

std::string header(const Results& results, const PicsView& pics) {
  std::string device = pics.text("product", "type");
  if (device.empty()) device = "Charging Station";
  const std::string firmware = pics.text("product", "firmware_version");
  MarkdownTable table({"Test Report OCPP 1.6", ""});
  table.row({"Test laboratory", pics.text("laboratory", "name")});
  table.row({"Location", pics.text("laboratory", "location")});
  table.row({"Test Report Reference", pics.text("laboratory", "report_reference")});
  table.row({"Test Location", pics.text("laboratory", "test_location")});
  table.row({"Product Designation", pics.text("product", "designation")});
  table.row({"Vendor name", pics.text("product", "vendor")});
  table.row({"Device Under Test", device});
  if (firmware.empty()) {
    table.row({"OCPP Software version", pics.text("product", "software_version")});
  } else {
    table.row({"Firmware Version", firmware});
  }
  table.row({"Config ID", config_id(results.run)});
  return markdown_heading(2, "Test Report", short_warning(results)) + table.text() +
         markdown_paragraph(
             "The Config ID is derived by plugproof: the first sixteen hex digits of the SHA-256 "
             "over the PICS "
             "and the PIXIT of this run.");
}

std::string result_summary(const Results& results) {
  std::string out = markdown_heading(2, "Test Result Summary", short_warning(results)) +
                    profile_table(results, {"Certification Profile", "Test Result", "Description"});
  const std::string extension = profile_table(
      results, {"Certification Extension", "Test Result", "Description"}, {"Security"});
  return out + extension;
}

std::string joined_or_dash(const Names& names) {
  return names.empty() ? "-" : join(names, " ");
}

bool contains(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Sentences on measurands where claim and wire differ.
std::string measurand_remarks(const std::string& id, const Names& claimed, const Names& seen) {
  Names missing, extra;
  for (const auto& name : claimed)
    if (!contains(seen, name)) missing.push_back(name);
  for (const auto& name : seen)
    if (!contains(claimed, name)) extra.push_back(name);
  std::string out;
  if (!missing.empty())
    out +=
        markdown_paragraph(id + ", claimed but not seen in this run: " + join(missing, ", ") + ".");
  if (!extra.empty())
    out +=
        markdown_paragraph(id + ", seen in this run but not claimed: " + join(extra, ", ") + ".");
  return out;
}

std::string measurand_table(const Results& results, const PicsView& pics,
                            const pics::PrintedTable& printed) {
  MarkdownTable table({"ID", printed.title, "Tested in this run", "Supported According to Vendor"});
  std::string remarks;
  for (const auto& id : printed.ids) {
    const pics::IdInfo* info = pics::find_id(id);
    const std::string name = info ? info->name : std::string();
    if (!info || info->type != pics::IdType::measurands) {
      table.row({id, name, "", ""});
      continue;
    }
    const Names& seen = id == "C-09.1" ? results.sampled_measurands : results.aligned_measurands;
    const Names claimed = pics.measurands(id);
    table.row({id, name, joined_or_dash(seen), joined_or_dash(claimed)});
    remarks += measurand_remarks(id, claimed, seen);
  }
  return table.text() + remarks;
}

std::string connector_table(const PicsView& pics) {
  MarkdownTable table({"Connector", "Current", "Phases", "Type", "Cable Type"});
  for (const auto& row : pics.connectors()) table.row(row);
  return table.text();
}

// The four parts of the abstract that are made of rows with ids.
struct Part {
  std::string_view prefix;  // of the ids in it; empty: every other id
  const char* heading;
  const char* column;  // title of the names; nullptr: the title of the table
  const char* answer;  // title of the answers
};

bool belongs(const pics::PrintedTable& table, std::string_view prefix) {
  if (table.ids.empty()) return false;
  const std::string_view id = table.ids.front();
  if (!prefix.empty()) return id.substr(0, prefix.size()) == prefix;
  return id.substr(0, 3) != "HFS" && id.substr(0, 2) != "AQ" && id.substr(0, 3) != "ORS";
}

std::string id_part(const Results& results, const PicsView& pics, const Part& part) {
  std::string out = markdown_heading(2, part.heading, short_warning(results));
  for (const auto& printed : pics::printed_tables(generation_of(results.run))) {
    if (!belongs(printed, part.prefix)) continue;
    if (!printed.profile.empty() && !pics.claims(printed.profile)) continue;
    if (contains(printed.ids, "C-09.1")) {
      out += measurand_table(results, pics, printed);
      continue;
    }
    // The settings of a profile stand in a table under its name, the general ones under the
    // column's.
    const bool own = part.column == nullptr || printed.title != part.heading;
    MarkdownTable table({"ID", own ? printed.title : part.column, part.answer});
    for (const auto& id : printed.ids) {
      const pics::IdInfo* info = pics::find_id(id);
      table.row({id, info ? info->name : std::string(), pics.answer(id)});
    }
    out += table.text();
  }
  return out;
}

std::string performance(const Results& results, const PicsView& pics) {
  std::string out = markdown_heading(2, "Performance Measurement Result", short_warning(results));
  MarkdownTable declared({"Name", "Max Value", "Unit", "Description"});
  MarkdownTable measured({"Name", "Min Value", "Max Value", "Average Value", "Unit"});
  std::string remarks;
  for (const auto& name : kpi_names()) {
    const Kpi& kpi = results.kpi(name);
    const std::string title = kpi_title(name);
    const bool any = kpi.count > 0;
    declared.row(
        {title, kpi.declared ? fixed(*kpi.declared, 0) : "-", "seconds", kpi_description(name)});
    measured.row({title, any ? fixed(kpi.min, 2) : "-", any ? fixed(kpi.max, 2) : "-",
                  any ? fixed(kpi.average(), 2) : "-", "seconds"});
    if (kpi.beyond_declared())
      remarks += markdown_paragraph("Remark: the measured maximum of \"" + title +
                                    "\" is above the declared one.");
  }
  std::string technology = pics.text("performance", "technology");
  if (results.run.simulated()) technology += " declared; none was used, the device was simulated";
  MarkdownTable used({"Communication technology used during performance measurement", technology});
  return out + "Declared by the vendor:\n\n" + declared.text() + "Measured in this run:\n\n" +
         measured.text() + remarks + used.text();
}

}  // namespace

std::string render_abstract(const Results& results) {
  if (results.run.generation == "2019") return abstract_2019(results);
  const PicsView pics(results.run.pics);
  return markdown_heading(1, "Abstract of the Test Report") + abstract_notice(results) +
         header(results, pics) + result_summary(results) +
         id_part(results, pics, {"HFS", "Hardware Feature Set", "Feature", "Supported / Present"}) +
         connector_table(pics) +
         id_part(results, pics, {"", "Optional Features", nullptr, "Supported / Present"}) +
         id_part(results, pics,
                 {"AQ", "Additional Questions", "Additional Questions for Lab Testing", "Answer"}) +
         id_part(results, pics, {"ORS", "Other Relevant Settings", "Limit / Setting", "Value"}) +
         performance(results, pics) + statement_of_approval(results, pics) +
         evidence_table(results) + abstract_closing(results);
}

}  // namespace plugproof::reports
