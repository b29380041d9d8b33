// What judging a journal again shows, in words; an empty text: all as it is recorded.
#pragma once

#include <string>

namespace plugproof::suite_tests {

// Record by record: the first one that comes out otherwise. `suite`: folder.
std::string difference(const std::string& journal, const std::string& suite);

// Case by case: what has another verdict or other reasons, or cannot be judged. `edition`: empty,
// as recorded.
std::string changes(const std::string& journal, const std::string& suite,
                    const std::string& edition = {});

}  // namespace plugproof::suite_tests
