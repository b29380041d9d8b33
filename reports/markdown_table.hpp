// Tables and headings of the Markdown reports. Everything handed in is text and is escaped here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plugproof::reports {

class MarkdownTable {
 public:
  explicit MarkdownTable(const std::vector<std::string>& titles);
  // Missing cells stay empty.
  void row(const std::vector<std::string>& cells);
  bool empty() const { return rows_ == 0; }
  // The table and an empty line.
  std::string text() const { return text_ + "\n"; }

 private:
  void line(const std::vector<std::string>& cells);

  std::size_t columns_ = 0;
  std::size_t rows_ = 0;
  std::string text_;
};

// A heading of `level` number signs and, where `note` is not empty, the note in italics below it.
std::string markdown_heading(int level, std::string_view title, std::string_view note = {});
std::string markdown_paragraph(std::string_view text);

}  // namespace plugproof::reports
