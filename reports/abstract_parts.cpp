#include "reports/abstract_parts.hpp"

#include <algorithm>

#include "engine/base/json.hpp"
#include "engine/base/sha256.hpp"
#include "reports/markdown_table.hpp"
#include "reports/text.hpp"

namespace plugproof::reports {

namespace {

std::string bold_quote(const std::vector<std::string>& sentences) {
  std::string out;
  for (const auto& sentence : sentences) {
    if (!out.empty()) out += ">\n";
    out += "> **" + markdown(sentence) + "**\n";
  }
  return out.empty() ? out : out + "\n";
}

std::string approval_table(const PicsView& pics, const std::string& block, const std::string& title,
                           bool reviewer, bool signature) {
  MarkdownTable table({title, ""});
  table.row({"Name", pics.approval(block, "name")});
  if (reviewer) table.row({"Name reviewer", pics.approval(block, "reviewer")});
  table.row({"Company", pics.approval(block, "company")});
  table.row({"Department", pics.approval(block, "department")});
  table.row({"Position", pics.approval(block, "position")});
  table.row({"Location", pics.approval(block, "location")});
  if (signature) {
    table.row({"Date", pics.approval(block, "date")});
    table.row({"Signature", ""});
  }
  return table.text();
}

}  // namespace

std::string abstract_notice(const Results& results) {
  std::string out = markdown_paragraph("This is the abstract of a test run by " + results.run.tool +
                                       ", an open test harness. It has the layout of the abstracts "
                                       "of the OCPP 1.6 certification programme, so "
                                       "that the two can be compared. It is not a certificate and "
                                       "not a report of the Open Charge Alliance or "
                                       "of a designated laboratory. Names of vendor, product and "
                                       "laboratory are those in the PICS file; none of "
                                       "them has confirmed this run.");
  return out + bold_quote(warnings(results));
}

std::string abstract_closing(const Results& results) {
  return bold_quote(warnings(results)) +
         markdown_paragraph("End of the abstract. Not a certificate: see the notice at the top.");
}

std::string config_id(const RunInfo& run) {
  std::string digest =
      base::sha256_hex(base::write_json(run.pics) + "\n" + base::write_json(run.pixit))
          .substr(0, 16);
  for (char& c : digest)
    if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  return digest.substr(0, 8) + "-" + digest.substr(8);
}

std::string profile_table(const Results& results, const std::vector<std::string>& titles,
                          const std::vector<std::string>& names) {
  MarkdownTable table(titles);
  for (const auto& profile : results.profiles) {
    const bool wanted = names.empty()
                            ? profile.name != "Security"
                            : std::find(names.begin(), names.end(), profile.name) != names.end();
    if (wanted)
      table.row({profile.title, profile.printed,
                 profile_description(profile.name, results.run.generation)});
  }
  return table.empty() ? std::string() : table.text();
}

std::string statement_of_approval(const Results& results, const PicsView& pics) {
  const std::string& generation = results.run.generation;
  const bool signature = generation != "2025";
  return markdown_heading(2, "Statement of Approval", short_warning(results)) +
         markdown_paragraph("Not signed by plugproof: the places are for the parties to fill in.") +
         approval_table(pics, "vendor", "Vendor", false, signature) +
         approval_table(pics, "laboratory", "Test Laboratory", generation != "2019", signature);
}

std::string evidence_table(const Results& results) {
  const RunInfo& run = results.run;
  MarkdownTable table({"Evidence", ""});
  table.row({"Tool Version", run.tool});
  table.row({"Firmware image hash", ""});
  table.row({"Run", run.name});
  table.row({"Begin and end", run.started + " to " + run.ended});
  table.row({"Clock", run.clock});
  table.row({"Device", run.dut_kind == "simulated" ? "simulated" : join(results.duts, ", ")});
  table.row({"Edition of the test cases", run.edition});
  table.row({"SHA-256 of the test suite", run.suite_sha256});
  table.row({"SHA-256 of the PICS file", run.pics_sha256});
  table.row({"Journal", counted(static_cast<std::size_t>(results.records), "record") +
                            ", last one with SHA-256 " + results.head});
  return table.text();
}

}  // namespace plugproof::reports
