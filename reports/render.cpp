#include "reports/render.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>
#include <system_error>

#include "engine/base/diagnostics.hpp"
#include "reports/abstract_html.hpp"
#include "reports/abstract_markdown.hpp"
#include "reports/github_summary.hpp"
#include "reports/html/page.hpp"
#include "reports/junit.hpp"
#include "reports/report_markdown.hpp"
#include "reports/results_json.hpp"
#include "reports/tap.hpp"
#include "reports/trace.hpp"

namespace plugproof::reports {

namespace {

template <std::string (*Render)(const Results&)>
void write(const Results& results, std::ostream& out) {
  out << Render(results);
}

struct FormatRow {
  Format format;
  const char* name;
  const char* file;
  bool by_default;
  void (*render)(const Results&, std::ostream&);
};

constexpr FormatRow kFormats[] = {
    {Format::json, "json", "results.json", true, write<render_json>},
    {Format::junit, "junit", "junit.xml", true, write<render_junit>},
    {Format::abstract, "abstract", "abstract.md", true, write<render_abstract>},
    {Format::abstract_html, "abstract-html", "abstract.html", true, write<render_abstract_html>},
    {Format::markdown, "markdown", "report.md", true, write<render_report>},
    {Format::tap, "tap", "results.tap", true, write<render_tap>},
    {Format::html, "html", "report.html", true, write_html},
    {Format::github, "github", "summary.md", false, write<render_github_summary>},
    {Format::trace, "trace", "trace.jsonl", false, write_trace},
};

const FormatRow& row_of(Format format) {
  return *std::find_if(std::begin(kFormats), std::end(kFormats),
                       [&](const FormatRow& row) { return row.format == format; });
}

}  // namespace

void write_whole(const std::string& path, const std::function<void(std::ostream&)>& content) {
  std::filesystem::path draft = path;
  draft += ".part";
  std::ofstream file(draft, std::ios::binary | std::ios::trunc);
  if (file) content(file);
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(draft, path, error);
  if (!file || error) {
    std::error_code ignored;
    std::filesystem::remove(draft, ignored);
    throw base::InputError(
        path + ": the file cannot be written; check the folder's rights and the free space");
  }
}

const std::vector<std::string>& format_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const auto& row : kFormats) out.emplace_back(row.name);
    return out;
  }();
  return names;
}

std::optional<Format> parse_format(std::string_view name) {
  const auto found = std::find_if(std::begin(kFormats), std::end(kFormats),
                                  [&](const FormatRow& row) { return row.name == name; });
  if (found == std::end(kFormats)) return std::nullopt;
  return found->format;
}

std::string file_name(Format format) {
  return row_of(format).file;
}

bool written_by_default(Format format) {
  return row_of(format).by_default;
}

void render(const Results& results, Format format, std::ostream& out) {
  row_of(format).render(results, out);
}

std::string render(const Results& results, Format format) {
  std::ostringstream out;
  render(results, format, out);
  return out.str();
}

void write_file(const std::string& path, const std::string& text) {
  write_whole(path, [&](std::ostream& file) { file << text; });
}

std::string journal_of(const std::string& run_folder) {
  return (std::filesystem::path(run_folder) / "journal.jsonl").string();
}

Results write_reports(const std::string& run_folder, const std::vector<Format>& formats) {
  Results results = read_results(journal_of(run_folder));
  for (const auto& row : kFormats) {
    const bool asked = std::find(formats.begin(), formats.end(), row.format) != formats.end();
    if (formats.empty() ? row.by_default : asked)
      write_whole((std::filesystem::path(run_folder) / row.file).string(),
                  [&](std::ostream& file) { row.render(results, file); });
  }
  return results;
}

}  // namespace plugproof::reports
