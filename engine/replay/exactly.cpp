#include "engine/replay/exactly.hpp"

#include <algorithm>
#include <map>

#include "engine/replay/bench.hpp"

namespace plugproof::replay {

using base::Nanos;

namespace {

// Answers in the order of the record. Whether it was the same that was done shows in the journal.
class InOrder final : public Script {
 public:
  explicit InOrder(const Attempt& attempt) {
    for (const auto& entry : attempt.entries) {
      if (std::get_if<Sent>(&entry.what)) sent_.push_back(&entry);
      if (std::get_if<Asked>(&entry.what)) asked_.push_back(&entry);
      if (std::get_if<Offered>(&entry.what)) offered_.push_back(&entry);
      if (std::get_if<Made>(&entry.what)) made_.push_back(&entry);
      if (const auto* fault = std::get_if<Fault>(&entry.what); fault && fault->served)
        served_.push_back(&entry);
    }
  }
  std::optional<Nanos> sent(link::ConnectionId, std::string_view) override {
    const Entry* entry = next(sent_, sends_);
    if (!entry || std::get<Sent>(entry->what).lost) return std::nullopt;
    return entry->at;
  }
  Nanos asked(const std::string&, const base::Value&) override {
    const Entry* entry = next(asked_, asks_);
    return entry ? entry->at : Nanos::zero();
  }
  transfer::Opened offered(const Offered&) override {
    const Entry* entry = next(offered_, offers_);
    return entry ? std::get<Offered>(entry->what).opened : transfer::Opened{};
  }
  run::Vault::Made made(const std::string& thing, const base::Value&) override {
    const Entry* entry = next(made_, makes_);
    if (!entry) return {{}, "no " + thing + " was made"};
    return std::get<Made>(entry->what).made;
  }
  std::string refusal(const run::Serving&) override {
    const Entry* entry = next(served_, serves_);
    return entry ? std::get<Fault>(entry->what).reason : std::string();
  }

 private:
  static const Entry* next(const std::vector<const Entry*>& list, std::size_t& at) {
    return at < list.size() ? list[at++] : nullptr;
  }
  std::vector<const Entry*> sent_, asked_, offered_, made_, served_;
  std::size_t sends_ = 0, asks_ = 0, offers_ = 0, makes_ = 0, serves_ = 0;
};

class ComparingSink final : public run::JournalSink {
 public:
  ComparingSink(const Recording& recording, const Attempt& attempt)
      : recording_(recording), last_(attempt.last), line_(attempt.first - 1) {}

  void append(std::string_view line) override {
    if (over()) return;
    line.remove_suffix(1);
    const std::string_view recorded = recording_.line(++line_);
    if (line != recorded) difference_ = Difference{line_, std::string(recorded), std::string(line)};
  }
  void sync() override {}

  // Nothing that comes is compared any more.
  bool over() const { return difference_ || line_ == last_; }
  std::optional<Difference> difference() const {
    if (difference_ || line_ == last_) return difference_;
    return Difference{line_ + 1, std::string(recording_.line(line_ + 1)), {}};
  }

 private:
  const Recording& recording_;
  std::int64_t last_, line_;
  std::optional<Difference> difference_;
};

std::optional<Difference> replay_attempt(const Recording& recording, const Attempt& attempt,
                                         const suite::Suite& suite) {
  InOrder script(attempt);
  Bench bench(recording, attempt, script);
  ComparingSink sink(recording, attempt);
  run::Journal journal = bench.journal(sink);
  run::RunObserver silent;
  auto selection =
      attempt.before ? run::selection_of(*attempt.before, suite)
                     : selection_for(recording, suite, bench.papers.pics, recording.run().edition);
  run::Runner runner(bench.clock, bench.link, journal, bench.papers.pics, bench.papers.pixit, suite,
                     std::move(selection), bench.rig, silent, bench.settings());
  bool done = false;
  runner.start([&done] { done = true; });
  for (const auto& entry : attempt.entries) {
    if (!entry.is_input()) continue;
    bench.advance_to(entry.due);
    if (sink.over() || done) break;
    if (const auto* end = std::get_if<Interrupted>(&entry.what)) {
      runner.interrupt(end->reason);
    } else {
      bench.deliver(entry);
    }
  }
  // What is left are deadlines; a record that was cut off ends before one of them.
  bench.clock.run_until([&] { return done || sink.over(); });
  return sink.difference();
}

}  // namespace

std::vector<suite::Selected> selection_for(const Recording& recording, const suite::Suite& suite,
                                           const pics::Pics& pics, const std::string& edition) {
  std::map<std::string, std::size_t> place;
  suite::Filter filter;
  for (const auto& recorded : recording.run().selection) {
    place.emplace(recorded.id, place.size());
    const auto& programme = suite.programme();
    const auto known = std::find_if(programme.begin(), programme.end(),
                                    [&](const auto& entry) { return entry.id == recorded.id; });
    if (known == programme.end()) continue;
    if (known->supplementary) filter.also.push_back(recorded.id);
    if (recorded.decision == suite::to_string(suite::Decision::skipped))
      filter.skip.push_back(recorded.id);
  }
  base::Diagnostics diagnostics;
  auto selection = suite::select(suite, pics, edition, filter, diagnostics);
  if (diagnostics.has_errors())
    throw base::InputError(recording.name() + ":1: the selection cannot be made again:\n" +
                           diagnostics.render());
  if (recording.run().shard.of > 0) {
    for (auto& s : selection)
      if (const auto it = place.find(s.entry->id); it != place.end())
        s.shard = recording.run().selection[it->second].shard;
    suite::keep_shard(selection, recording.run().shard);
  }
  const auto rank = [&](const suite::Selected& s) {
    const auto it = place.find(s.entry->id);
    return it == place.end() ? place.size() : it->second;
  };
  std::stable_sort(selection.begin(), selection.end(),
                   [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return selection;
}

std::optional<Difference> replay_exactly(const Recording& recording, const suite::Suite& suite) {
  for (const auto& attempt : recording.attempts())
    if (auto difference = replay_attempt(recording, attempt, suite)) return difference;
  return std::nullopt;
}

}  // namespace plugproof::replay
