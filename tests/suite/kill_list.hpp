// The kill list: for every check of every case a defect of the reference charge point that this
// check catches (kills/*.yaml). A check that nothing can break proves nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace plugproof::suite_tests {

struct Kill {
  std::string place;  // "kills/core.yaml:12", for messages
  std::string test_case;
  std::string check;   // without the items of loops; a monitor of fails is "monitor:schema"
  std::string remark;  // in place of `check`: the monitor whose remark must appear
  std::string pics;    // path from the root of the project
  std::vector<std::string> defects;
  std::uint64_t variation_seed = 0;  // for checks that only some legal behaviour leads to
  std::string suite;                 // "testcases", or cases of the tests' own
};

// Reads every file of the folder. Throws std::runtime_error with the line for an entry that cannot
// be understood.
std::vector<Kill> load_kills(const std::string& folder);

}  // namespace plugproof::suite_tests
