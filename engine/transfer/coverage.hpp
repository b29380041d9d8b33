// Which bytes of a file a client has been given: a download may come in pieces (Range, REST), and
// is done when nothing is missing any more.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>

namespace plugproof::transfer {

class Coverage {
 public:
  // From `begin` up to, not including, `end`.
  void add(std::uint64_t begin, std::uint64_t end) {
    if (begin >= end) return;
    auto it = pieces_.upper_bound(begin);
    if (it != pieces_.begin() && std::prev(it)->second >= begin) --it;
    while (it != pieces_.end() && it->first <= end) {
      begin = std::min(begin, it->first);
      end = std::max(end, it->second);
      it = pieces_.erase(it);
    }
    pieces_[begin] = end;
  }
  bool whole(std::uint64_t size) const {
    return size == 0 ||
           (pieces_.size() == 1 && pieces_.begin()->first == 0 && pieces_.begin()->second >= size);
  }
  void clear() { pieces_.clear(); }

 private:
  std::map<std::uint64_t, std::uint64_t> pieces_;
};

}  // namespace plugproof::transfer
