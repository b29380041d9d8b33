// A test case in words, as a sequence diagram, and as data for comparison with the test document.
#pragma once

#include <string>

#include "engine/base/value.hpp"
#include "engine/suite/suite.hpp"

namespace plugproof::cli {

std::string explain_words(const suite::TestCase& test_case, const suite::Suite& suite);
std::string explain_diagram(const suite::TestCase& test_case, const suite::Suite& suite);
// id, editions, group, applicability and every step with number, kind, message, request or
// response, checked paths with operator and value, optional and unordered marks. Named states are
// written out where they stand.
base::Value explain_data(const suite::TestCase& test_case, const suite::Suite& suite);

}  // namespace plugproof::cli
