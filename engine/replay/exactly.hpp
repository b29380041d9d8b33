// A run once more, from its journal: the engine gets what it got then, at the same times, and its
// own journal is compared with the recorded one, byte for byte.
#pragma once

#include "engine/replay/recording.hpp"
#include "engine/suite/selection.hpp"

namespace plugproof::replay {

// The first record that does not come out as it was recorded; an empty line: there is none.
struct Difference {
  std::int64_t line = 0;
  std::string recorded, again;
};

// `suite`: the one that the run was made with, called as its record calls it. Nothing when all
// records come out the same. Throws base::InputError when the record cannot be used.
std::optional<Difference> replay_exactly(const Recording& recording, const suite::Suite& suite);

// The selection of a run for a suite and an edition, in the order of its record. What the user left
// out then is left out. An id that the record does not have comes last.
std::vector<suite::Selected> selection_for(const Recording& recording, const suite::Suite& suite,
                                           const pics::Pics& pics, const std::string& edition);

}  // namespace plugproof::replay
