// The words of the steps about files: what can be offered, how, and what is known of a transfer.
#pragma once

#include <string>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/suite/template.hpp"

namespace plugproof::suite {

const std::vector<std::string>& offered_things();  // firmware, folder
const std::vector<std::string>& transfer_ways();   // download, upload
const std::vector<std::string>& transfer_facts();  // what a check may name
// Checks the arguments of an offer: names, and constant values.
void lint_offer(const std::string& thing, const Template& arguments,
                base::Diagnostics& diagnostics);

}  // namespace plugproof::suite
