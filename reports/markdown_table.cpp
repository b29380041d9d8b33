#include "reports/markdown_table.hpp"

#include "reports/text.hpp"

namespace plugproof::reports {

MarkdownTable::MarkdownTable(const std::vector<std::string>& titles) : columns_(titles.size()) {
  line(titles);
  text_ += "|";
  for (std::size_t i = 0; i < columns_; ++i) text_ += " --- |";
  text_ += "\n";
}

void MarkdownTable::row(const std::vector<std::string>& cells) {
  line(cells);
  ++rows_;
}

void MarkdownTable::line(const std::vector<std::string>& cells) {
  text_ += "|";
  for (std::size_t i = 0; i < columns_; ++i)
    text_ += " " + (i < cells.size() ? markdown(cells[i]) : std::string()) + " |";
  text_ += "\n";
}

std::string markdown_heading(int level, std::string_view title, std::string_view note) {
  std::string out =
      std::string(static_cast<std::size_t>(level), '#') + " " + markdown(title) + "\n\n";
  if (!note.empty()) out += "*" + markdown(note) + ".*\n\n";
  return out;
}

std::string markdown_paragraph(std::string_view text) {
  return markdown(text) + "\n\n";
}

}  // namespace plugproof::reports
