// An interrupted run as its journal tells it, opened to be continued.
#pragma once

#include <memory>
#include <string>

#include "engine/run/journal_file.hpp"
#include "engine/run/resumption.hpp"

namespace plugproof::cli {

struct InterruptedRun {
  std::string journal;                     // path
  std::unique_ptr<run::JournalFile> file;  // locked; nothing is changed in it yet
  std::shared_ptr<run::Resumption> resumption;
  std::uint64_t whole = 0;  // bytes up to the end of the last whole record

  // Takes a record that was not written to its end out of the journal. To be called when nothing
  // keeps the run from going on any more. Throws run::JournalError.
  void cut_torn_record();
};

// `run`: the folder of the run, or its journal. Throws base::InputError, with file:line where there
// is one, when it is damaged, holds no whole record, or nothing is left to do; run::JournalError
// when another process writes it.
InterruptedRun open_interrupted_run(const std::string& run);

}  // namespace plugproof::cli
