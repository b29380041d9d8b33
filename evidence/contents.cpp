#include "evidence/contents.hpp"

#include <algorithm>

#include "engine/base/json.hpp"
#include "reports/journal_reader.hpp"
#include "reports/render.hpp"

namespace plugproof::evidence {

RunJournal read_journal(const std::string& path) {
  RunJournal journal{reports::read_results(path), {}};
  const auto& sources = journal.results.run.merged;
  for (std::size_t i = 0; i < sources.size(); ++i)
    journal.uploads.push_back(
        {kShards + std::to_string(i + 1) + "/journal.jsonl", sources[i].journal_sha256});
  reports::JournalReader reader(path);
  while (const auto record = reader.next()) {
    if (record->string_or("kind", "") != "transfer") continue;
    Upload upload{record->string_or("kept", ""), record->string_or("sha256", "")};
    if (upload.name.empty()) continue;
    // A name that was written again holds what came last.
    const auto known =
        std::find_if(journal.uploads.begin(), journal.uploads.end(),
                     [&](const Upload& before) { return before.name == upload.name; });
    if (known == journal.uploads.end())
      journal.uploads.push_back(std::move(upload));
    else
      known->sha256 = upload.sha256;
  }
  return journal;
}

bool may_be_kept(std::string_view name) {
  return name.starts_with(kUploads) || name.starts_with(kShards);
}

std::string pixit_text(const RunJournal& journal) {
  return base::write_json_pretty(journal.results.run.pixit);
}

Members reports_of(const RunJournal& journal) {
  Members members;
  for (const auto& name : reports::format_names()) {
    const reports::Format format = *reports::parse_format(name);
    if (reports::written_by_default(format))
      members.push_back({reports::file_name(format), reports::render(journal.results, format)});
  }
  return members;
}

std::vector<std::string> report_names() {
  std::vector<std::string> names;
  for (const auto& name : reports::format_names())
    if (const auto format = *reports::parse_format(name); reports::written_by_default(format))
      names.push_back(reports::file_name(format));
  return names;
}

bool is_seal(std::string_view name) {
  const std::string_view seals[] = {kManifest, kSignature, kSigner, kTimestamp, kSums};
  return std::find(std::begin(seals), std::end(seals), name) != std::end(seals);
}

}  // namespace plugproof::evidence
