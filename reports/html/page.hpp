// The HTML report as one file that needs nothing else: style, script and drawings are inside, and
// it asks for nothing from outside.
#pragma once

#include <ostream>

#include "reports/results.hpp"

namespace plugproof::reports {

// Reads the journal again for the frames. Throws base::InputError when it cannot be read.
void write_html(const Results& results, std::ostream& out);

}  // namespace plugproof::reports
