#include "engine/replay/by_case.hpp"

#include <algorithm>

#include "engine/base/json.hpp"
#include "engine/base/utf8.hpp"
#include "engine/replay/exactly.hpp"
#include "engine/replay/guide.hpp"

namespace plugproof::replay {

using base::Nanos;
using base::Task;
using base::Value;

namespace {

// What the engine writes now is kept by nobody; faults on the link are seen here, and the step that
// is under way.
class WatchingSink final : public run::JournalSink {
 public:
  explicit WatchingSink(Guide& guide) : guide_(guide) {}

  void append(std::string_view line) override {
    const bool step = line.find(R"("kind":"step")") != std::string_view::npos;
    if (step) step_ = line;
    const bool acts = line.find(R"("kind":"link")") != std::string_view::npos ||
                      line.find(R"("kind":"serve")") != std::string_view::npos;
    if (!guide_.judging() || !acts) return;
    const auto record = base::read_json(line).value;
    if (!record) return;
    const std::string kind = record->string_or("kind", "");
    if (kind == "link") guide_.fault(record->string_or("fault", ""));
    if (kind == "serve")
      guide_.fault(serving({static_cast<int>(record->int_or("profile", 0)),
                            record->string_or("certificate", ""),
                            record->string_or("tls", link::kProfileOffer)})
                       .name);
  }
  void sync() override {}

  // "step 5 (receive StatusNotification)"
  std::string step() const {
    const auto record = base::read_json(step_).value;
    if (!record) return "nothing of the kind";
    std::string summary = record->string_or("summary", "");
    if (summary.size() > 120) summary = std::string(base::clip_utf8(summary, 120)) + "...";
    return "step " + record->string_or("label", "") + " (" + summary + ") still to be done";
  }

 private:
  Guide& guide_;
  std::string step_;
};

class CaseByCase final : public run::Runner {
 public:
  CaseByCase(Bench& bench, Guide& guide, run::Journal& journal, const suite::Suite& suite,
             std::vector<suite::Selected> selection, run::RunObserver& observer,
             run::RunSettings settings)
      : Runner(bench.clock, bench.link, journal, bench.papers.pics, bench.papers.pixit, suite,
               std::move(selection), bench.rig, observer, std::move(settings)),
        attempt_(bench.attempt),
        guide_(guide) {
    guide_.on_now([this] { return session().now(); });
  }

  std::vector<CaseAgain> take_cases() { return std::move(cases_); }
  const std::vector<suite::Selected>& chosen() const { return selection(); }
  // What the record holds of the harness, while it is only followed.
  void follow(const Entry& entry);
  // Whoever waits for a place in the record looks whether it is there.
  void wake(Nanos at) { session().happened(at); }

 protected:
  Task<> run_all() override;
  Task<> prepare_and_play(const suite::TestCase& test_case, run::Interpreter& interpreter) override;
  Task<> clean_up(const suite::TestCase& test_case, const suite::TestCase* next,
                  run::Interpreter& interpreter, run::Recorder& recorder) override;
  bool take_over(const suite::TestCase& test_case) override;

 private:
  void follow_from_now_on();
  const suite::Selected* find(const std::string& id) const;

  const Attempt& attempt_;
  Guide& guide_;
  std::vector<CaseAgain> cases_;
  CaseAgain under_way_;
  std::optional<Judged> judged_;  // as recorded, of the case under way
};

void CaseByCase::follow(const Entry& entry) {
  if (const auto* sent = std::get_if<Sent>(&entry.what); sent)
    session().follow(sent->connection, sent->text, entry.at, entry.line);
  if (const auto* fault = std::get_if<Fault>(&entry.what);
      fault && fault->served && fault->reason.empty())
    session().follow_served(*fault->served);
  if (const auto* asked = std::get_if<Asked>(&entry.what))
    if (const auto* action = rig::find_action(asked->action); action && action->cuts_connection)
      session().expect_loss();
}

void CaseByCase::follow_from_now_on() {
  guide_.follow();
  session().set_following(true);
}

const suite::Selected* CaseByCase::find(const std::string& id) const {
  const auto it = std::find_if(selection().begin(), selection().end(),
                               [&](const auto& s) { return s.entry->id == id; });
  return it == selection().end() ? nullptr : &*it;
}

Task<> CaseByCase::run_all() {
  follow_from_now_on();
  bool decided = false;
  // Cases have their number in the run.
  for (std::size_t index = attempt_.before ? attempt_.before->judged.size() : 0;; ++index) {
    while (!guide_.reached<CaseBegun>()) co_await session().wait(run::Signal::kNever);
    under_way_ = CaseAgain{};
    under_way_.id = guide_.reached<CaseBegun>()->id;
    judged_.reset();
    guide_.pass();
    if (!std::exchange(decided, true)) decide_the_undecided();
    const suite::Selected* selected = find(under_way_.id);
    if (selected && selected->decision == suite::Decision::selected && selected->test_case) {
      co_await run_case(*selected, nullptr, index, 0);
    } else {
      under_way_.dropped = selected ? selected->reason : "the suite has no such case";
      session().begin_case();
      while (!guide_.reached<Judged>()) co_await session().wait(run::Signal::kNever);
      judged_ = *guide_.reached<Judged>();
      guide_.pass();
      forget_findings();
    }
    under_way_.recorded = judged_->verdict;
    under_way_.recorded_reason = judged_->reason;
    under_way_.recorded_failures = judged_->failures;
    if (under_way_.dropped.empty()) {
      // What has failed before the record was left, has failed.
      const bool failed = results().back().verdict == run::Verdict::fail;
      if (guide_.divergence() && !failed)
        under_way_.divergence = guide_.divergence();
      else
        under_way_.again = results().back();
    }
    cases_.push_back(std::move(under_way_));
  }
}

Task<> CaseByCase::prepare_and_play(const suite::TestCase& test_case,
                                    run::Interpreter& interpreter) {
  guide_.judge();
  session().restart_choices(guide_.requests(), guide_.transactions());
  session().set_following(false);
  Task<> play = Runner::prepare_and_play(test_case, interpreter);
  play.start();
  while (!play.done() && !guide_.divergence())
    co_await session().wait(run::Signal::kNever, run::Signal::kLast);
  follow_from_now_on();  // before the play is given up: what it has asked is still to be answered
  if (play.done() && !guide_.divergence()) play.result();
}

Task<> CaseByCase::clean_up(const suite::TestCase&, const suite::TestCase*, run::Interpreter&,
                            run::Recorder&) {
  follow_from_now_on();
  while (!guide_.reached<CleanUp>() && !guide_.reached<Judged>())
    co_await session().wait(run::Signal::kNever);
  if (guide_.reached<CleanUp>()) guide_.pass();
  set_cleaning_up(true);
  transfers().end_case();
  while (!guide_.reached<Judged>()) co_await session().wait(run::Signal::kNever);
  set_cleaning_up(false);
  judged_ = *guide_.reached<Judged>();
  guide_.pass();
}

// Whether a case began in what the one before had left is in the record.
bool CaseByCase::take_over(const suite::TestCase&) {
  if (!guide_.next_is<Shared>()) return false;
  guide_.pass();
  return true;
}

// Whether it was done without leaving the record. An answer is given where a message arrives, by no
// step that could end.
bool within_record(const std::function<void()>& what) {
  try {
    what();
    return true;
  } catch (const LeftRecord&) {
    return false;  // the guide knows where
  }
}

// Up to its end the record is gone through entry by entry. What the engine does by itself passes
// its entries on the way.
void go_through(Bench& bench, Guide& guide, CaseByCase& runner, run::Journal& journal,
                const WatchingSink& sink) {
  while (const Entry* entry = guide.next()) {
    // What the harness does because of a deadline, it does behind it.
    within_record([&] { bench.advance_to(entry->is_input() ? entry->due : entry->at + Nanos(1)); });
    if (guide.next() != entry) continue;
    if (guide.judging() && !guide.divergence() && !entry->is_input()) guide.overdue(sink.step());
    if (guide.judging() && guide.divergence()) {
      runner.wake(entry->at);
      if (guide.next() != entry) continue;
    }
    if (entry->is_input()) {
      guide.pass();
      if (std::get_if<Interrupted>(&entry->what)) return;
      journal.set_last_sequence(entry->line - 1);
      bench.asked = guide.last_arguments();
      if (!within_record([&] { bench.deliver(*entry); })) runner.wake(entry->at);
    } else if (entry->is_action()) {
      runner.follow(*entry);
      guide.pass();
    } else {
      guide.arrive();
      within_record([&] { runner.wake(entry->at); });
      if (guide.next() == entry) guide.pass();  // nobody has waited for it
    }
  }
  // The last verdict comes behind what has ended its case.
  bench.advance_to(bench.clock.now() + Nanos(1));
}

// The cases that came to a verdict in it.
std::vector<CaseAgain> judge_attempt(const Recording& recording, const Attempt& attempt,
                                     const suite::Suite& suite,
                                     const std::vector<suite::Selected>& selection,
                                     const std::string& edition,
                                     std::vector<suite::Selected>& chosen) {
  Guide guide(attempt);
  Bench bench(recording, attempt, guide);
  WatchingSink sink(guide);
  run::Journal journal = bench.journal(sink);
  guide.on_matched([&](std::int64_t line) { journal.set_last_sequence(line - 1); });
  run::RunObserver silent;
  run::RunSettings settings = bench.settings();
  settings.edition = edition;
  CaseByCase runner(bench, guide, journal, suite, selection, silent, settings);
  runner.start([] {});
  go_through(bench, guide, runner, journal, sink);
  chosen = runner.chosen();
  return runner.take_cases();
}

}  // namespace

std::vector<CaseAgain> judge_by_case(const Recording& recording, const suite::Suite& suite,
                                     const std::string& edition) {
  const auto selection = selection_for(recording, suite, papers_of(recording).pics, edition);
  std::vector<suite::Selected> chosen;  // with what the charge point's configuration decided
  std::vector<CaseAgain> cases;
  for (const auto& attempt : recording.attempts())
    for (auto& judged : judge_attempt(recording, attempt, suite, selection, edition, chosen))
      cases.push_back(std::move(judged));
  // Where the user had left cases out, nobody knows what else would have been wanted.
  const auto& then = recording.run().selection;
  const bool left_out = std::any_of(then.begin(), then.end(), [](const auto& s) {
    return s.decision == suite::to_string(suite::Decision::skipped);
  });
  if (!recording.complete() || left_out) return cases;
  for (const auto& s : chosen) {
    const bool known =
        std::any_of(cases.begin(), cases.end(), [&](const auto& c) { return c.id == s.entry->id; });
    if (known || s.decision != suite::Decision::selected || !s.test_case) continue;
    CaseAgain added;
    added.id = s.entry->id;
    added.divergence = Divergence{0, "not run", "the whole case"};
    cases.push_back(std::move(added));
  }
  return cases;
}

}  // namespace plugproof::replay
