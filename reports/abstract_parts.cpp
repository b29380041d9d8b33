#include "reports/abstract_parts.hpp"

#include <algorithm>

#include "reports/text.hpp"
#include "reports/titles.hpp"

namespace plugproof::reports {

namespace {

// One party of the approval. Where the captions for date and signature stand differs: beside the
// title and the name in 2019, beside the first two rows in 2024, nowhere in 2025. What they ask for
// is filled in by hand: a date that stands in a PICS is older than the run.
AbstractTable approval_table(const PicsView& pics, const std::string& generation,
                             const std::string& block, const std::string& title, bool reviewer) {
  AbstractTable table{"", {title, ""}, {{"Name", pics.approval(block, "name")}}};
  if (reviewer) table.rows.push_back({"Name reviewer", pics.approval(block, "reviewer")});
  table.rows.push_back({"Company", pics.approval(block, "company")});
  table.rows.push_back({"Department", pics.approval(block, "department")});
  table.rows.push_back({"Position", pics.approval(block, "position")});
  table.rows.push_back({"Location", pics.approval(block, "location")});
  if (generation == "2025") return table;
  const bool old = generation == "2019";
  table.header.push_back(old ? "Date:" : "");
  for (auto& row : table.rows) row.emplace_back();
  if (old) {
    table.rows[0][2] = "Signature";
  } else {
    table.rows[0][2] = "Date:";
    table.rows[1][2] = "Signature:";
  }
  return table;
}

}  // namespace

AbstractSection section(std::string title, int level) {
  AbstractSection out;
  out.level = level;
  out.title = std::move(title);
  return out;
}

void add_text(AbstractSection& section, std::string text) {
  section.blocks.emplace_back(AbstractText{std::move(text), false});
}

void add_remark(AbstractSection& section, std::string text) {
  section.blocks.emplace_back(AbstractText{std::move(text), true});
}

Cells profile_row(const Results& results, const ProfileResult& profile) {
  return {profile.title, profile.printed,
          profile_description(profile.name, results.run.generation)};
}

AbstractTable profile_table(const Results& results, const Cells& header, std::string_view profile) {
  AbstractTable table{"", header, {}};
  if (const ProfileResult* found = results.profile(profile))
    table.rows.push_back(profile_row(results, *found));
  return table;
}

std::string device_of(const PicsView& pics) {
  const std::string type = pics.text("product", "type");
  return type.empty() ? "Charging Station" : type;
}

std::string version_of(const PicsView& pics) {
  const std::string firmware = pics.text("product", "firmware_version");
  return firmware.empty() ? pics.text("product", "software_version") : firmware;
}

void remark_on_kpi(AbstractSection& section, const Kpi& kpi) {
  if (kpi.beyond_declared())
    add_remark(section, "The measured maximum of \"" + kpi_title(kpi.name) +
                            "\" is above the declared one. It changes no result.");
}

AbstractSection statement_of_approval(const Results& results, const PicsView& pics) {
  const std::string& generation = results.run.generation;
  AbstractSection out = section("Statement of Approval");
  add_text(out, "Nobody has approved or signed this: the places are for the parties to fill in.");
  out.blocks.emplace_back(approval_table(pics, generation, "vendor", "Vendor", false));
  const bool old = generation == "2019";
  out.blocks.emplace_back(approval_table(pics, generation, "laboratory",
                                         old ? "Test laboratory" : "Test Laboratory", !old));
  if (form_of(results.run).tool_table)
    out.blocks.emplace_back(AbstractTable{"",
                                          {},
                                          {{"Tool Version", results.run.tool},
                                           {"Tool Instance ID", results.run.instance_id},
                                           {"Firmware image hash", results.run.firmware_sha256}}});
  return out;
}

}  // namespace plugproof::reports
