#include "reports/abstract_markdown.hpp"

#include "reports/abstract.hpp"
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

std::string drawn(const AbstractText& text) {
  return text.remark ? "**Remark:** " + markdown_paragraph(text.text)
                     : markdown_paragraph(text.text);
}

std::string drawn(const AbstractTable& table) {
  Cells header = table.header;
  header.resize(table.columns());
  MarkdownTable out(header);
  for (const auto& row : table.rows) out.row(row);
  return (table.title.empty() ? std::string() : "**" + markdown(table.title) + "**\n\n") +
         out.text();
}

}  // namespace

std::string render_abstract(const Results& results) {
  const Abstract abstract = make_abstract(results);
  std::string out = markdown_heading(1, abstract.title) + markdown_paragraph(abstract.notice) +
                    bold_quote(abstract.warnings);
  for (const auto& section : abstract.sections) {
    const bool part = section.level == 2;
    std::string mark = part ? abstract.mark : std::string();
    if (part && section.own) mark += ". A section of plugproof's own";
    out += markdown_heading(section.level, section.title, mark);
    for (const auto& block : section.blocks)
      out += std::visit([](const auto& content) { return drawn(content); }, block);
  }
  return out + bold_quote(abstract.warnings) + markdown_paragraph(abstract.closing);
}

}  // namespace plugproof::reports
