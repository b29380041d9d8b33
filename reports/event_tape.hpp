// Keeps the events of one case in bounded memory: its beginning, its end, and what lies around the
// moments that somebody calls important.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "reports/history.hpp"

namespace plugproof::reports {

class EventTape {
 public:
  // Two thirds of `events` are the beginning, one third the end; moments between may add as many.
  explicit EventTape(std::size_t events)
      : first_(events - events / 3), last_(events / 3), limit_(events * 2) {}

  void add(Event event);
  // What was just added, shortly before, and comes next is to be kept.
  void keep_around();
  // The event with this seq; nullptr when it is not kept. Valid until the next call.
  Event* find(std::int64_t seq);
  // The one added last; nullptr before there is any. Valid until the next call.
  Event* last();
  // Moves the events out in their order; returns how many were left out.
  std::size_t finish(std::vector<Event>& out);

 private:
  void keep(Event event);

  std::size_t first_, last_, limit_;
  std::vector<Event> kept_;
  std::deque<Event> recent_;  // may still be dropped
  std::size_t dropped_ = 0;   // since the last one kept
  std::size_t left_out_ = 0;
  std::size_t follow_ = 0;  // events that come next to be kept
  std::size_t text_ = 0;    // bytes kept
};

}  // namespace plugproof::reports
