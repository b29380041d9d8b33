// The abstract of the generations 2024 and 2025: rows with ids, in the order of
// pics::printed_tables.
#include <algorithm>
#include <string_view>

#include "pics/pics.hpp"
#include "reports/abstract_parts.hpp"
#include "reports/text.hpp"
#include "reports/titles.hpp"

namespace plugproof::reports {

namespace {

bool contains(const Cells& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

AbstractSection header(const Results& results, const PicsView& pics, const AbstractForm& form) {
  AbstractSection out = section(form.report_title);
  AbstractTable table{"",
                      {},
                      {{"Test laboratory:", pics.text("laboratory", "name")},
                       {"Location:", pics.text("laboratory", "location")},
                       {"Test Report Reference:", pics.text("laboratory", "report_reference")},
                       {"Test Location", pics.text("laboratory", "test_location")},
                       {"Product Designation:", pics.text("product", "designation")},
                       {"Vendor name:", pics.text("product", "vendor")},
                       {"Device Under Test:", device_of(pics)},
                       {form.version_label, version_of(pics)}}};
  if (form.config_id) table.rows.push_back({"Config ID:", config_id(results.run)});
  out.blocks.emplace_back(std::move(table));
  return out;
}

AbstractSection result_summary(const Results& results) {
  AbstractSection out = section("Test Result Summary for the Certified Functionalities");
  AbstractTable profiles{"", {"Certification Profile", "Test Result", "Description"}, {}};
  for (const auto& profile : results.profiles)
    if (profile.name != "Security") profiles.rows.push_back(profile_row(results, profile));
  out.blocks.emplace_back(std::move(profiles));
  AbstractTable extension =
      profile_table(results, {"Certification Extension", "Test Result", "Description"}, "Security");
  if (!extension.rows.empty()) out.blocks.emplace_back(std::move(extension));
  return out;
}

std::string joined_or_dash(const Cells& names) {
  return names.empty() ? "-" : join(names, " ");
}

// Sentences on measurands where claim and wire differ.
void remark_on_measurands(AbstractSection& out, const std::string& id, const Cells& claimed,
                          const Cells& seen) {
  Cells missing, extra;
  for (const auto& name : claimed)
    if (!contains(seen, name)) missing.push_back(name);
  for (const auto& name : seen)
    if (!contains(claimed, name)) extra.push_back(name);
  if (!missing.empty())
    add_remark(out, id + ", claimed but not seen in this run: " + join(missing, ", ") + ".");
  if (!extra.empty())
    add_remark(out, id + ", seen in this run but not claimed: " + join(extra, ", ") + ".");
}

// Draws the tables of one generation and form.
class IdTables {
 public:
  IdTables(const Results& results, const PicsView& pics, const AbstractForm& form)
      : results_(results), pics_(pics), form_(form) {}

  // The tables whose ids begin with `prefix` below one heading.
  AbstractSection part(const char* title, const char* intro, std::string_view prefix,
                       const char* answer) const {
    AbstractSection out = section(title);
    add_text(out, intro);
    for (const auto& printed : pics::printed_tables(form_.generation))
      if (belongs(printed, prefix)) add(out, printed, answer);
    return out;
  }

  // The tables of features: each heading begins a section of its own below the first.
  std::vector<AbstractSection> features(const char* title, const char* intro) const {
    std::vector<AbstractSection> out{section(title)};
    add_text(out.front(), intro);
    for (const auto& printed : pics::printed_tables(form_.generation)) {
      if (!belongs(printed, "") || !wanted(printed)) continue;
      if (!printed.heading.empty()) out.push_back(section(printed.heading, 3));
      add(out.back(), printed, "Supported / Present");
    }
    return out;
  }

 private:
  static bool belongs(const pics::PrintedTable& table, std::string_view prefix) {
    const std::string_view id = table.ids.front();
    if (!prefix.empty()) return id.starts_with(prefix);
    return !id.starts_with("HFS") && !id.starts_with("AQ") && !id.starts_with("ORS");
  }
  bool wanted(const pics::PrintedTable& table) const {
    return table.profile.empty() || pics_.claims(table.profile);
  }

  std::string name_of(const std::string& id) const {
    if (id == "C-09.1") return form_.sampled_name;
    if (id == "C-09.2") return form_.aligned_name;
    const pics::IdInfo* info = pics::find_id(id);
    return info ? info->name : std::string();
  }

  void add(AbstractSection& out, const pics::PrintedTable& printed, const char* answer) const {
    if (!wanted(printed)) return;
    if (printed.ids.front().starts_with("C-09")) return add_measurands(out, printed);
    AbstractTable table{"", {"ID", printed.column, answer}, {}};
    for (const auto& id : printed.ids) table.rows.push_back({id, name_of(id), pics_.answer(id)});
    out.blocks.emplace_back(std::move(table));
  }

  void add_measurands(AbstractSection& out, const pics::PrintedTable& printed) const {
    const std::string column = form_.measurands_column ? form_.measurands_column : printed.column;
    AbstractTable table{
        "", {"ID", column, "Tested During Certification", "Supported According to Vendor"}, {}};
    AbstractSection remarks;
    for (const auto& id : printed.ids) {
      if (pics::find_id(id)->type != pics::IdType::measurands) {
        table.rows.push_back({id, name_of(id), "", ""});
        continue;
      }
      const Cells& seen =
          id == "C-09.1" ? results_.sampled_measurands : results_.aligned_measurands;
      const Cells claimed = pics_.measurands(id);
      table.rows.push_back({id, name_of(id), joined_or_dash(seen), joined_or_dash(claimed)});
      remark_on_measurands(remarks, id, claimed, seen);
    }
    out.blocks.emplace_back(std::move(table));
    for (auto& remark : remarks.blocks) out.blocks.push_back(std::move(remark));
  }

  const Results& results_;
  const PicsView& pics_;
  const AbstractForm& form_;
};

AbstractTable connector_table(const PicsView& pics) {
  return {"", {"Connector", "Current", "Phases", "Type", "Cable Type"}, pics.connectors()};
}

AbstractSection performance(const Results& results, const PicsView& pics,
                            const AbstractForm& form) {
  AbstractSection out = section("Performance Measurement Result");
  add_text(out,
           "The first table holds the longest times that the vendor declares, the second what this "
           "run measured.");
  AbstractTable declared{"", {"Name", "Max Value", "Unit", "Description"}, {}};
  AbstractTable measured{"", {"Name", "Min Value", "Max Value", "Average Value", "Unit"}, {}};
  const char* const names[] = {"response", "triggered", "remote_start", "remote_stop"};
  for (const char* name : names) {
    const Kpi& kpi = results.kpi(name);
    const bool any = kpi.count > 0;
    declared.rows.push_back({kpi_title(name), kpi.declared ? fixed(*kpi.declared, 0) : "-",
                             "seconds", kpi_description(name)});
    measured.rows.push_back({kpi_title(name), any ? fixed(kpi.min, 2) : "-",
                             any ? fixed(kpi.max, 2) : "-", any ? fixed(kpi.average(), 2) : "-",
                             "seconds"});
  }
  out.blocks.emplace_back(std::move(declared));
  out.blocks.emplace_back(std::move(measured));
  for (const char* name : names) remark_on_kpi(out, results.kpi(name));
  out.blocks.emplace_back(
      AbstractTable{"", {}, {{form.technology_label, pics.text("performance", "technology")}}});
  if (results.run.simulated())
    add_remark(out, "The technology is the one declared; none was used, the device was simulated.");
  return out;
}

}  // namespace

std::vector<AbstractSection> sections_with_ids(const Results& results) {
  const PicsView pics(results.run.pics);
  const AbstractForm& form = form_of(results.run);
  const IdTables tables(results, pics, form);
  std::vector<AbstractSection> out{header(results, pics, form), result_summary(results)};

  out.push_back(tables.part("Hardware Feature Set",
                            "What the product is built with, as far as OCPP messages depend on it.",
                            "HFS", "Supported / Present"));
  out.back().blocks.emplace_back(connector_table(pics));
  auto features = tables.features(
      "Optional Features",
      "OCPP leaves much to the vendor. For each profile the rows say which of its options this "
      "product has, as the PICS claims them.");
  out.insert(out.end(), std::make_move_iterator(features.begin()),
             std::make_move_iterator(features.end()));
  out.push_back(tables.part("Additional Questions",
                            "Answers that decide which test cases apply to this product.", "AQ",
                            form.questions_column));
  out.push_back(tables.part("Other Relevant Settings",
                            "Limits of the product that the test bench has to respect.", "ORS",
                            "Value"));
  out.push_back(performance(results, pics, form));
  return out;
}

}  // namespace plugproof::reports
