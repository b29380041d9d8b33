// Name and version of the tool, as reports and journals carry it.
#pragma once

namespace plugproof::cli {
inline constexpr const char* kTool = "plugproof " PLUGPROOF_VERSION;
}
