// The reports as files beside the journal, and by the names a user gives them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/results.hpp"

namespace plugproof::reports {

enum class Format { json, junit, abstract, markdown, tap, abstract_html };
// json, junit, abstract, markdown, tap, abstract-html: the values of --format.
const std::vector<std::string>& format_names();
std::optional<Format> parse_format(std::string_view name);
// results.json, junit.xml, abstract.md, report.md, results.tap, abstract.html
std::string file_name(Format format);

std::string render(const Results& results, Format format);

// The journal of a run's folder: `<folder>/journal.jsonl`.
std::string journal_of(const std::string& run_folder);

// Reads the journal of the folder and writes the reports beside it, all of them when `formats` is
// empty. Each file appears whole or not at all. Returns the results they were made from. Throws
// base::InputError when the journal cannot be read or a file cannot be written.
Results write_reports(const std::string& run_folder, const std::vector<Format>& formats = {});

}  // namespace plugproof::reports
