// Small values that several sections of the HTML report share.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/value.hpp"
#include "reports/results.hpp"

namespace plugproof::reports::html {

// `00:11:07.129` of a UTC text.
std::string clock_time(std::string_view utc);
// `+0.102 s`
std::string elapsed(double seconds);

// Word, sign and style class of a verdict; the sign and the word carry what the colour says.
base::Value verdict_value(Verdict verdict);
// Fail before inconc before error before the rest.
bool did_not_pass(const CaseResult& result);

// Name by which a link finds the case in the page: its id where that can be one.
std::string anchor_of(const CaseResult& result, std::size_t index);

// Expected above actual: each as the part that both begin with, the part that differs, and the
// part that both end with. Where they have little in common, the whole differs.
base::Value difference(std::string_view expected, std::string_view actual);

// The style rule that prints the mark at the top of every page; empty without a mark. Only letters,
// digits, commas and spaces of the mark are taken: nothing else has a place in a style sheet.
std::string page_rule(std::string_view mark);

// Words of the journal as words: `no_answer` as `no answer`.
std::string spaced(std::string word);

// The lines of a text as a list, for blocks that keep them.
base::Value lines_of(std::string_view text);

}  // namespace plugproof::reports::html
