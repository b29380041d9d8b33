// The reports as files beside the journal, and by the names a user gives them.
#pragma once

#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "reports/results.hpp"

namespace plugproof::reports {

enum class Format { json, junit, abstract, abstract_html, markdown, tap, html, github, trace };
// json, junit, abstract, abstract-html, markdown, tap, html, github, trace: the values of --format.
const std::vector<std::string>& format_names();
std::optional<Format> parse_format(std::string_view name);
// results.json, junit.xml, abstract.md, abstract.html, report.md, results.tap, report.html,
// summary.md, trace.jsonl
std::string file_name(Format format);
// Whether it is written where no format is asked for. The others are for other programs and say
// nothing new.
bool written_by_default(Format format);

// html and trace read the journal of the results again. Throws base::InputError when that cannot
// be read.
void render(const Results& results, Format format, std::ostream& out);
std::string render(const Results& results, Format format);

// Writes a file under another name first and then renames it: it is there whole or not at all.
// Throws base::InputError when it cannot be written.
void write_file(const std::string& path, const std::string& text);
void write_whole(const std::string& path, const std::function<void(std::ostream&)>& content);

// The journal of a run's folder: `<folder>/journal.jsonl`.
std::string journal_of(const std::string& run_folder);

// Reads the journal of the folder and writes the reports beside it, those that are written by
// default when `formats` is empty. Each file appears whole or not at all. Returns the results they
// were made from. Throws base::InputError when the journal cannot be read or a file cannot be
// written.
Results write_reports(const std::string& run_folder, const std::vector<Format>& formats = {});

}  // namespace plugproof::reports
