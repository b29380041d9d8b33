#include "reports/abstract.hpp"

#include <algorithm>

#include "engine/base/json.hpp"
#include "engine/base/sha256.hpp"
#include "reports/abstract_parts.hpp"
#include "reports/text.hpp"

namespace plugproof::reports {

std::size_t AbstractTable::columns() const {
  std::size_t count = header.size();
  for (const auto& row : rows) count = std::max(count, row.size());
  return count;
}

std::string config_id(const RunInfo& run) {
  std::string digest =
      base::sha256_hex(base::write_json(run.pics) + "\n" + base::write_json(run.pixit))
          .substr(0, 16);
  for (char& c : digest)
    if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  return digest.substr(0, 8) + "-" + digest.substr(8);
}

Abstract make_abstract(const Results& results) {
  const bool old = results.run.generation == "2019";
  Abstract out;
  out.title = old ? "Abstract of test report" : "Abstract of the Test Report";
  out.notice = "This is the abstract of a test run by " + results.run.tool +
               ", an open test harness. It has the layout and the titles of the abstracts of the "
               "OCPP 1.6 certification programme, so that the two can be compared. It is not a "
               "certificate and not a report of the Open Charge Alliance or of a designated "
               "laboratory, and certifies nothing. Names of vendor, product and laboratory are "
               "those in the PICS file; none of them has confirmed this run.";
  out.warnings = warnings(results);
  const std::string more = short_warning(results);
  out.mark = "Not a certificate" + (more.empty() ? std::string() : ". " + more);
  out.sections = old ? sections_2019(results) : sections_with_ids(results);
  out.sections.push_back(statement_of_approval(results, PicsView(results.run.pics)));
  for (auto& own : own_sections(results)) out.sections.push_back(std::move(own));
  out.closing = "End of the abstract. Not a certificate: see the notice at the top.";
  return out;
}

}  // namespace plugproof::reports
