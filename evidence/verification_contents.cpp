#include "evidence/verification_contents.hpp"

#include <algorithm>

#include "engine/base/diagnostics.hpp"
#include "engine/base/sha256.hpp"
#include "engine/base/yaml.hpp"
#include "engine/suite/sources.hpp"
#include "reports/text.hpp"

namespace plugproof::evidence {

void check_chain(const reports::Results& results, Verification& out) {
  if (results.chain_broken_at > 0) {
    out.add(Level::bad, "journal",
            "changed since the run: the chain of digests breaks at line " +
                std::to_string(results.chain_broken_at));
    return;
  }
  out.add(Level::good, "journal",
          std::to_string(results.records) + " records, the chain of digests holds; last record " +
              results.head);
  if (results.torn)
    out.add(Level::note, "journal", "the last record is torn: the run was cut off");
  else if (results.outcome != "complete")
    out.add(Level::note, "journal", "the run is " + reports::printable(results.outcome));
}

void check_uploads(const RunJournal& journal, const Held& held, Verification& out) {
  std::size_t good = 0;
  for (const auto& upload : journal.uploads) {
    const std::string name = reports::printable(upload.name);
    const auto bytes = held(upload.name);
    if (!bytes)
      out.add(Level::bad, "uploads", name + " is missing; the journal says that it was kept");
    else if (base::sha256_hex(*bytes) != upload.sha256)
      out.add(Level::bad, "uploads",
              name + " was changed: its SHA-256 is not the one in the journal");
    else
      ++good;
  }
  if (good > 0)
    out.add(Level::good, "uploads", reports::counted(good, "file") + " as the journal names them");
}

void check_reports(const RunJournal& journal, const Held& held, Verification& out) {
  std::size_t good = 0;
  for (const auto& expected : reports_of(journal)) {
    const auto bytes = held(expected.name);
    if (bytes && *bytes != expected.bytes)
      out.add(Level::bad, "reports", expected.name + " is not what the journal gives");
    else if (bytes)
      ++good;
  }
  if (good > 0)
    out.add(Level::good, "reports", reports::counted(good, "file") + " as the journal gives them");
}

void note_other_tool(const std::string& made_by, const std::string& tool, Verification& out) {
  out.add(Level::note, "reports",
          "made by '" + reports::printable(made_by) + "', this is '" + tool + "': not compared");
}

void check_pixit(const Members& members, const RunJournal& journal, Verification& out) {
  const Member* pixit = find(members, kPixit);
  if (!pixit || pixit->bytes != pixit_text(journal))
    out.add(Level::bad, "pixit", std::string(kPixit) + " is not the one in the journal");
}

void check_pics(const Members& members, const reports::RunInfo& run, Verification& out) {
  const Member* pics = find(members, kPics);
  if (!pics) {
    out.add(Level::note, "pics", "the file is not included; the journal has its content");
    return;
  }
  if (pics->sha256() != run.pics_sha256) {
    out.add(Level::bad, "pics", "not the file of the run: its SHA-256 is not the journal's");
    return;
  }
  base::Diagnostics diagnostics;
  const auto root = base::read_yaml_text(pics->bytes, kPics, diagnostics);
  if (!root || !(root->to_value() == run.pics))
    out.add(Level::bad, "pics", "its content is not the one in the journal");
  else
    out.add(Level::good, "pics", "the file of the run, with the content in the journal");
}

void check_suite(const Members& members, const reports::RunInfo& run, Verification& out) {
  std::vector<suite::SourceFile> sources;
  for (const auto& member : members)
    if (member.name.starts_with(kSuite))
      sources.push_back({{}, member.name.substr(std::string_view(kSuite).size()), member.bytes});
  if (sources.empty())
    out.add(Level::note, "suite", "the test cases are not included");
  else if (suite::digest_of(sources) != run.suite_sha256)
    out.add(Level::bad, "suite",
            "not the test cases of the run: their SHA-256 is not the journal's");
  else
    out.add(Level::good, "suite", reports::counted(sources.size(), "file") + " of the run");
}

void check_names(const Members& members, const RunJournal& journal, Verification& out) {
  std::vector<std::string> known = report_names();
  for (const auto& name : known)
    if (!find(members, name)) out.add(Level::bad, "files", name + " is missing");
  known.insert(known.end(), {kJournal, kPics, kPixit});
  for (const auto& upload : journal.uploads) known.push_back(upload.name);
  for (const auto& member : members)
    if (!is_seal(member.name) && !member.name.starts_with(kSuite) &&
        std::find(known.begin(), known.end(), member.name) == known.end())
      out.add(Level::bad, "files",
              reports::printable(member.name) + " does not belong to a bundle");
}

}  // namespace plugproof::evidence
