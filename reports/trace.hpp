// The frames of a run as records of the Open OCPP Trace format, version 1.1: one JSON object a
// line, for analysers and viewers of other makers. The format: github.com/open-ocpp-trace.
#pragma once

#include <ostream>

#include "reports/results.hpp"

namespace plugproof::reports {

// One record for each frame that is a call, a result or an error; the format has no place for
// others. What plugproof knows beyond the format stands in `meta`: the test case, the step that
// sent it, and the number of the record in the journal. Reads the journal again, record by record.
// Throws base::InputError when it cannot be read.
void write_trace(const Results& results, std::ostream& out);

}  // namespace plugproof::reports
