#include "engine/suite/shards.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "engine/suite/order.hpp"

namespace plugproof::suite {

namespace {

bool may_run(const Selected& s) {
  return s.test_case && s.may_run();
}

// Cases that run one after another on one machine: `begin` to `end` (not included) of the cases
// that may run.
struct Unit {
  std::size_t begin = 0, end = 0;
};

struct Assignment {
  std::vector<Unit> units;
  std::vector<int> shard;       // of each unit, from 0
  std::vector<long long> load;  // of each shard, milliseconds

  std::size_t heaviest() const {
    return static_cast<std::size_t>(std::max_element(load.begin(), load.end()) - load.begin());
  }
  long long longest() const { return load[heaviest()]; }
};

class Divider {
 public:
  Divider(std::vector<const TestCase*> cases, std::size_t of, const Suite& suite,
          const EstimateInput& input, bool share)
      : cases_(std::move(cases)), of_(of), suite_(suite), input_(input), share_(share) {}

  Assignment best() {
    Assignment best = assign(chains());
    for (auto better = with_a_cut(best); better; better = with_a_cut(best))
      best = *std::move(better);
    return best;
  }

 private:
  std::vector<Unit> chains() const {
    std::vector<Unit> units;
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      const bool goes_on = share_ && i > 0 && may_hand_over(*cases_[i - 1], *cases_[i], suite_);
      if (goes_on)
        units.back().end = i + 1;
      else
        units.push_back({i, i + 1});
    }
    return units;
  }

  // In whole milliseconds: machines that round differently must not divide differently.
  long long cost(const Unit& unit) {
    const auto [it, fresh] = costs_.try_emplace({unit.begin, unit.end}, 0);
    if (!fresh) return it->second;
    const auto begin = cases_.begin() + static_cast<std::ptrdiff_t>(unit.begin);
    const auto end = cases_.begin() + static_cast<std::ptrdiff_t>(unit.end);
    double seconds = 0;
    for (const auto& one : estimate({begin, end}, suite_, input_, share_)) seconds += one.expected;
    return it->second = std::llround(seconds * 1000);
  }

  // The longest unit first, each to the shard that has least to do.
  Assignment assign(std::vector<Unit> units) {
    Assignment out;
    out.shard.resize(units.size());
    out.load.resize(of_);
    std::vector<std::size_t> order(units.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return cost(units[a]) > cost(units[b]); });
    for (const std::size_t i : order) {
      const auto least = std::min_element(out.load.begin(), out.load.end());
      *least += cost(units[i]);
      out.shard[i] = static_cast<int>(least - out.load.begin());
    }
    out.units = std::move(units);
    return out;
  }

  // The assignment with one chain of the heaviest shard cut in two, where that shortens the whole.
  std::optional<Assignment> with_a_cut(const Assignment& current) {
    std::optional<Assignment> best;
    for (std::size_t i = 0; i < current.units.size(); ++i) {
      if (static_cast<std::size_t>(current.shard[i]) != current.heaviest()) continue;
      const Unit unit = current.units[i];
      for (std::size_t cut = unit.begin + 1; cut < unit.end; ++cut) {
        std::vector<Unit> units = current.units;
        units[i].end = cut;
        units.insert(units.begin() + static_cast<std::ptrdiff_t>(i) + 1, {cut, unit.end});
        Assignment trial = assign(std::move(units));
        if (trial.longest() < (best ? *best : current).longest()) best = std::move(trial);
      }
    }
    return best;
  }

  std::vector<const TestCase*> cases_;
  std::size_t of_;
  const Suite& suite_;
  const EstimateInput& input_;
  bool share_;
  std::map<std::pair<std::size_t, std::size_t>, long long> costs_;
};

}  // namespace

std::optional<Shard> parse_shard(std::string_view text) {
  Shard shard;
  const char* const end = text.data() + text.size();
  const auto index = std::from_chars(text.data(), end, shard.index);
  if (index.ec != std::errc() || index.ptr == end || *index.ptr != '/') return std::nullopt;
  const auto of = std::from_chars(index.ptr + 1, end, shard.of);
  if (of.ec != std::errc() || of.ptr != end) return std::nullopt;
  if (shard.index < 1 || shard.index > shard.of || shard.of > kMaxShards) return std::nullopt;
  return shard;
}

std::vector<double> divide(std::vector<Selected>& selection, int of, const Suite& suite,
                           const EstimateInput& input, bool share) {
  std::vector<Selected*> running;
  std::vector<const TestCase*> cases;
  for (auto& s : selection) {
    if (!may_run(s)) continue;
    running.push_back(&s);
    cases.push_back(s.test_case);
  }
  const Assignment best =
      Divider(std::move(cases), static_cast<std::size_t>(of), suite, input, share).best();
  for (std::size_t i = 0; i < best.units.size(); ++i)
    for (std::size_t k = best.units[i].begin; k < best.units[i].end; ++k)
      running[k]->shard = best.shard[i] + 1;
  std::vector<double> seconds;
  for (const long long load : best.load) seconds.push_back(static_cast<double>(load) / 1000);
  return seconds;
}

std::size_t keep_shard(std::vector<Selected>& selection, const Shard& shard) {
  std::size_t here = 0;
  for (auto& s : selection) {
    if (!may_run(s)) continue;
    if (s.shard == shard.index) {
      ++here;
      continue;
    }
    s.reason =
        "shard " + std::to_string(s.shard) + " of " + std::to_string(shard.of) + " runs it" +
        (s.decision == Decision::undecided ? ", if the charge point's configuration calls for it"
                                           : "");
    s.decision = Decision::other_shard;
  }
  return here;
}

}  // namespace plugproof::suite
