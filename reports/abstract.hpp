// The abstract of the test report as one model: sections with tables, in the printed order of the
// form that the PICS names (2019, 2024 or 2025 and the month within it). Titles, labels and ids are
// those of the public certificates, descriptions are our own. Markdown, HTML and PDF are drawn from
// the model alone (abstract_markdown.hpp, abstract_html.hpp, abstract_pdf.hpp).
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "reports/results.hpp"

namespace plugproof::reports {

using Cells = std::vector<std::string>;

struct AbstractTable {
  std::string title;        // above the table; may be empty
  Cells header;             // empty: rows of a name and its value
  std::vector<Cells> rows;  // a row of one cell is a heading of the rows below it

  std::size_t columns() const;  // of the header or the longest row
};

struct AbstractText {
  std::string text;
  bool remark = false;  // something the reader must not overlook
};

struct AbstractSection {
  int level = 2;  // 2: a part of the abstract; 3: a part of the section before
  std::string title;
  bool own = false;  // plugproof's own, in no form of the programme
  std::vector<std::variant<AbstractText, AbstractTable>> blocks;
};

struct Abstract {
  std::string title;
  std::string notice;                 // what this paper is and is not
  std::vector<std::string> warnings;  // a sentence each; at the top and at the end
  // A few words for every section and every page: no certificate, simulated, interrupted ...
  std::string mark;
  std::vector<AbstractSection> sections;
  std::string closing;
};

Abstract make_abstract(const Results& results);

// Eight and eight hex digits that name the PICS and PIXIT a run was made with.
std::string config_id(const RunInfo& run);

}  // namespace plugproof::reports
