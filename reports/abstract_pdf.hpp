// The abstract as PDF, drawn from its HTML by a program that need not be there: WeasyPrint, else
// Chromium. It is made on request only, since its bytes depend on that program.
#pragma once

#include <string>
#include <vector>

#include "reports/results.hpp"

namespace plugproof::reports {

struct PdfProgram {
  std::string name;                    // as in the search path
  std::vector<std::string> arguments;  // {html} and {pdf} stand for the two files,
                                       // {address} for the first as file://
};
// In the order in which they are looked for.
const std::vector<PdfProgram>& pdf_programs();

// Writes abstract.pdf into the run's folder and returns the name of the program that drew it.
// Throws base::InputError when none is installed, saying what to install, or when it failed.
std::string write_abstract_pdf(const Results& results, const std::string& run_folder);

}  // namespace plugproof::reports
