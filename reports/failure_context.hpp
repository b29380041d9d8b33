// Finds the frames around a failure. While a case runs, only the places of its records in the
// journal are remembered; the few that a report shows are read again when the verdict is known.
#pragma once

#include <cstdint>
#include <deque>
#include <fstream>
#include <string>
#include <vector>

#include "engine/base/value.hpp"
#include "reports/results.hpp"

namespace plugproof::reports {

class FailureContext {
 public:
  // Whether a record of this kind can be context.
  static bool wanted(std::string_view kind);
  // What a record of such a kind says, but for frames, in a few words.
  static std::string words(const base::Value& record);

  void remember(const base::Value& record, std::uint64_t offset, std::size_t length);
  void clear() { places_.clear(); }

  // Two frames before and two after the frame `seq`, with what happened between them; the frame
  // itself is marked. When no frame is at fault (`is_frame` false), `seq` is the moment, and four
  // frames before it are taken. `journal` must be open for reading.
  std::vector<ContextLine> around(std::int64_t seq, bool is_frame, std::ifstream& journal) const;

 private:
  struct Place {
    std::int64_t seq = 0;
    std::uint64_t offset = 0;
    std::uint32_t length = 0;
    bool frame = false;
  };
  std::deque<Place> places_;
};

}  // namespace plugproof::reports
