#include "reports/render.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "engine/base/diagnostics.hpp"
#include "reports/abstract_html.hpp"
#include "reports/abstract_markdown.hpp"
#include "reports/junit.hpp"
#include "reports/report_markdown.hpp"
#include "reports/results_json.hpp"
#include "reports/tap.hpp"

namespace plugproof::reports {

namespace {

struct FormatRow {
  Format format;
  const char* name;
  const char* file;
  std::string (*render)(const Results&);
};

constexpr std::array<FormatRow, 6> kFormats = {{
    {Format::json, "json", "results.json", render_json},
    {Format::junit, "junit", "junit.xml", render_junit},
    {Format::abstract, "abstract", "abstract.md", render_abstract},
    {Format::markdown, "markdown", "report.md", render_report},
    {Format::tap, "tap", "results.tap", render_tap},
    {Format::abstract_html, "abstract-html", "abstract.html", render_abstract_html},
}};

const FormatRow& row_of(Format format) {
  return *std::find_if(kFormats.begin(), kFormats.end(),
                       [&](const FormatRow& row) { return row.format == format; });
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::path draft = path;
  draft += ".part";
  std::ofstream file(draft, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(draft, path, error);
  if (!file || error) {
    std::error_code ignored;
    std::filesystem::remove(draft, ignored);
    throw base::InputError(
        path.string() +
        ": the report cannot be written; check the folder's rights and the free space");
  }
}

}  // namespace

const std::vector<std::string>& format_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const auto& row : kFormats) out.emplace_back(row.name);
    return out;
  }();
  return names;
}

std::optional<Format> parse_format(std::string_view name) {
  const auto found = std::find_if(kFormats.begin(), kFormats.end(),
                                  [&](const FormatRow& row) { return row.name == name; });
  if (found == kFormats.end()) return std::nullopt;
  return found->format;
}

std::string file_name(Format format) {
  return row_of(format).file;
}

std::string render(const Results& results, Format format) {
  return row_of(format).render(results);
}

std::string journal_of(const std::string& run_folder) {
  return (std::filesystem::path(run_folder) / "journal.jsonl").string();
}

Results write_reports(const std::string& run_folder, const std::vector<Format>& formats) {
  Results results = read_results(journal_of(run_folder));
  for (const auto& row : kFormats) {
    if (!formats.empty() && std::find(formats.begin(), formats.end(), row.format) == formats.end())
      continue;
    write_file(std::filesystem::path(run_folder) / row.file, row.render(results));
  }
  return results;
}

}  // namespace plugproof::reports
