#include "engine/suite/file_steps.hpp"

#include <algorithm>
#include <map>

#include "engine/transfer/names.hpp"

namespace plugproof::suite {

const std::vector<std::string>& offered_things() {
  static const std::vector<std::string> kThings{"firmware", "folder"};
  return kThings;
}

const std::vector<std::string>& transfer_ways() {
  static const std::vector<std::string> kWays{"download", "upload"};
  return kWays;
}

const std::vector<std::string>& transfer_facts() {
  static const std::vector<std::string> kFacts{"name", "protocol", "bytes", "sha256", "kept"};
  return kFacts;
}

void lint_offer(const std::string& thing, const Template& arguments,
                base::Diagnostics& diagnostics) {
  static const std::map<std::string, std::vector<std::string>> kWords{
      {"image", {"valid", "invalid"}},
      {"conduct", transfer::conduct_words()},
      {"protocol", transfer::protocol_words()}};
  std::vector<std::string> known{"conduct", "after", "protocol"};
  if (thing == "firmware") known.insert(known.end(), {"image", "prefix"});
  for (const auto& [key, member] : arguments.members()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      diagnostics.error(member.pos(), "an offered " + thing + " has no '" + key + "'",
                        base::did_you_mean(key, known));
      continue;
    }
    const auto value = member.constant();
    const auto allowed = kWords.find(key);
    if (!value || allowed == kWords.end()) continue;
    const std::string word = value->is_string() ? value->as_string() : value->to_display();
    if (std::find(allowed->second.begin(), allowed->second.end(), word) == allowed->second.end())
      diagnostics.error(member.pos(), "'" + word + "' is no " + key + " of an offer",
                        base::did_you_mean(word, allowed->second));
  }
}

}  // namespace plugproof::suite
