// Which measurands the charge point really sent: the column "tested" of the abstract.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plugproof::reports {

struct SeenMeasurands {
  std::vector<std::string> sampled;  // context Sample.Periodic, or none (OCPP 1.6 section 7.43)
  std::vector<std::string> aligned;  // context Sample.Clock
};

// Adds what a MeterValues or StopTransaction call carries. `frame` is the text on the wire;
// anything that is no such call, and names that OCPP does not know, are passed over: judging them
// is a monitor's business.
void collect_measurands(std::string_view frame, SeenMeasurands& seen);

}  // namespace plugproof::reports
