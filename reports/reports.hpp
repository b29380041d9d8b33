// The reports of a run, from its journal alone. This is the surface for the command:
//   read_results(journal)         the model           reports/results.hpp
//   write_reports(folder)         files by format     reports/render.hpp
//   case_line, explain_case, summarise                reports/terminal.hpp
//   write_abstract_pdf(...)       by an optional program       reports/abstract_pdf.hpp
//   merge_runs(folders, out)      one run out of several   reports/merge.hpp
//   inspect_journal(journal)      chain and torn end  reports/journal_reader.hpp
#pragma once

#include "reports/abstract_pdf.hpp"    // IWYU pragma: export
#include "reports/journal_reader.hpp"  // IWYU pragma: export
#include "reports/merge.hpp"           // IWYU pragma: export
#include "reports/render.hpp"          // IWYU pragma: export
#include "reports/results.hpp"         // IWYU pragma: export
#include "reports/terminal.hpp"        // IWYU pragma: export
