// The reports as files beside the journal, and by the names a user gives them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/results.hpp"

namespace plugproof::reports {

enum class Format { json, junit, abstract, abstract_html, markdown, tap };
// json, junit, abstract, abstract-html, markdown, tap: the values of --format.
const std::vector<std::string>& format_names();
std::optional<Format> parse_format(std::string_view name);
// results.json, junit.xml, abstract.md, abstract.html, report.md, results.tap
std::string file_name(Format format);

std::string render(const Results& results, Format format);

// Writes a file under another name first and then renames it: it is there whole or not at all.
// Throws base::InputError when it cannot be written.
void write_file(const std::string& path, const std::string& text);

// The journal of a run's folder: `<folder>/journal.jsonl`.
std::string journal_of(const std::string& run_folder);

// Reads the journal of the folder and writes the reports beside it, all of them when `formats` is
// empty. Each file appears whole or not at all. Returns the results they were made from. Throws
// base::InputError when the journal cannot be read or a file cannot be written.
Results write_reports(const std::string& run_folder, const std::vector<Format>& formats = {});

}  // namespace plugproof::reports
