#include "cli/interrupted_run.hpp"

#include <algorithm>
#include <fstream>

#include "engine/base/sha256.hpp"
#include "reports/journal_reader.hpp"
#include "reports/reports.hpp"

namespace plugproof::cli {

using base::InputError;

namespace {

run::TornRecord torn_record(const std::string& path, std::uint64_t whole) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const auto size = static_cast<std::uint64_t>(file.tellg());
  file.seekg(static_cast<std::streamoff>(whole));
  return {size - whole, base::sha256_hex(file), {}};
}

// Selected by the PICS, or still to be decided by the charge point's configuration.
bool anything_left(const run::Resumption& resumption) {
  const base::Value* rows = resumption.run.find("selection");
  if (!rows || !rows->is_list()) return true;
  return std::any_of(rows->as_list().begin(), rows->as_list().end(), [&](const auto& row) {
    const std::string id = row.string_or("id", "");
    const auto decided = resumption.decisions.find(id);
    const std::string decision = decided == resumption.decisions.end()
                                     ? row.string_or("decision", "")
                                     : decided->second.decision;
    return (decision == "selected" || decision == "undecided") && !resumption.judged.contains(id);
  });
}

}  // namespace

InterruptedRun open_interrupted_run(const std::string& run) {
  InterruptedRun out;
  out.journal = reports::journal_of(run);
  out.file = run::JournalFile::reopen(out.journal);
  reports::JournalReader reader(out.journal, reports::Chain::refuse);
  run::ResumptionReader resumption;
  while (const auto record = reader.next()) {
    if (reader.records() == 1 &&
        (record->string_or("kind", "") != "run" || record->int_or("format", 1) != 1))
      throw InputError(
          out.journal +
          ":1: the first record is not that of a run in format 1; it cannot be resumed");
    resumption.take(*record);
    out.whole = reader.offset() + reader.length() + 1;
  }
  if (reader.records() == 0)
    throw InputError(out.journal +
                     ": the journal has no whole record, so nothing was begun that could be "
                     "resumed; begin the run again, under another --name");
  out.resumption = std::make_shared<run::Resumption>(resumption.finish(reader.head()));
  const bool ended = out.resumption->outcome != "cut off";
  if (out.resumption->outcome == "complete" || (ended && !anything_left(*out.resumption)))
    throw InputError(out.journal + ": nothing to resume: the run is " + out.resumption->outcome +
                     ", every selected case has its verdict");
  if (reader.torn()) out.resumption->torn = torn_record(out.journal, out.whole);
  return out;
}

void InterruptedRun::cut_torn_record() {
  if (resumption->torn) resumption->torn->file = file->cut(whole);
}

}  // namespace plugproof::cli
