// Walks the steps of a test case: one coroutine a sequence, over the recorded history of the
// session.
#pragma once

#include <list>
#include <map>
#include <string>
#include <vector>

#include "engine/base/task.hpp"
#include "engine/run/recorder.hpp"
#include "engine/run/scope.hpp"
#include "engine/run/sharing.hpp"
#include "engine/suite/suite.hpp"

namespace plugproof::run {

// What the steps of one file see: local names, the way to it for labels, whether checks are judged.
struct Frame {
  std::string prefix;  // "Charging/"
  std::string suffix;  // "[connector=1]"
  Variables locals;
  bool judged = false;  // a failed check is a fail; otherwise the precondition is not met
};

// A message that a step waits for or will wait for.
struct Expected {
  const suite::Step* step;
  const Frame* frame;
};
using Expectations = std::vector<Expected>;

// Where a sequence stands. Messages are looked for in the history since the last action of ours; a
// message that came before the one matched last came too early.
struct Cursor {
  base::Nanos cause{0};         // when the step before was done: deadlines count from here
  std::size_t since = 0;        // history index at which the last action of ours began
  base::Nanos acted{0};         // and when that was
  std::size_t last = 0;         // history index behind the message matched last
  base::Nanos request_sent{0};  // of the last request of ours, for KPIs
  std::int64_t request_record = 0;
  const Expectations* next = nullptr;  // what may come after the step under way
};

class Interpreter {
 public:
  Interpreter(World& world, const suite::Suite& suite, Recorder& recorder);
  ~Interpreter();
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  // Each throws Abort when it cannot go on.
  base::Task<> run_steps(const suite::Steps& steps, bool judged);
  base::Task<> use_state(const suite::StateUse& use, bool judged);
  base::Task<> configure(const std::vector<suite::ConfigurationEntry>& entries);
  // Undoes what the states that were entered left behind, the last one first. Nothing in it is
  // judged.
  base::Task<> leave_states();
  // Undoes the faults that `link` steps left on; whether there were any.
  bool restore_link();
  bool has_states_to_leave() const { return !entered_.empty(); }
  // The state that the case entered last by name, or found holding already.
  const std::optional<EnteredState>& last_entered() const { return last_entered_; }
  // Sets one key if its value differs. `reason`, when it could not be set.
  base::Task<bool> set_key(std::string key, std::string value, std::string* reason);

 private:
  // Registers the messages that a sequence is about to wait for, so that one that comes early gets
  // its reply.
  class Lookahead;

  base::Task<> sequence(const suite::Steps& steps, const Frame& frame, Cursor& cursor);
  base::Task<> step(const suite::Step& step, const Frame& frame, Cursor& cursor);

  base::Task<> do_rig(const suite::Step& step, const Frame& frame, Cursor& cursor);
  base::Task<> do_link(const suite::Step& step, const Frame& frame, Cursor& cursor);
  base::Task<> do_await(const suite::Step& step, const Frame& frame, Cursor& cursor);
  base::Task<> await_handshake(const suite::Step& step, const Frame& frame, Cursor& cursor);
  base::Task<> never_connection(const suite::Step& step, const Frame& frame, Cursor& cursor);
  void do_serve(const suite::Step& step, const Frame& frame, Cursor& cursor);
  void do_make(const suite::Step& step, const Frame& frame);
  base::Task<> do_send(const suite::Step& step, const Frame& frame, Cursor& cursor);
  base::Task<bool> do_receive(const suite::Step& step, const Frame& frame, Cursor& cursor);
  base::Task<> do_any_order(const std::vector<const suite::Steps*>& branches,
                            const std::vector<const Frame*>& frames, Cursor& cursor);
  base::Task<> do_either(const suite::Step& step, const Frame& frame, Cursor& cursor);
  base::Task<> do_optional(const suite::Step& step, const Frame& frame, Cursor& cursor);
  base::Task<> do_for_each(const suite::Step& step, const Frame& frame, Cursor& cursor);
  base::Task<> do_never(const suite::Step& step, const Frame& frame, Cursor& cursor);
  base::Task<> do_collect(const suite::Step& step, const Frame& frame, Cursor& cursor);
  base::Task<> do_wait(const suite::Step& step, const Frame& frame, Cursor& cursor);
  base::Task<> do_state(const suite::Step& step, const Frame& frame, Cursor& cursor);
  base::Task<> enter_state(const suite::State& state, Variables arguments, const Frame& outer,
                           Cursor& cursor);
  base::Task<> clean_up_steps(const suite::Steps& steps, const Frame& frame, Cursor& cursor);
  base::Task<> configure_entry(const suite::ConfigurationEntry& entry, const Frame& frame);
  void do_offer(const suite::Step& step, const Frame& frame);
  base::Task<> do_transfer(const suite::Step& step, const Frame& frame, Cursor& cursor);
  void do_set(const suite::Step& step, const Frame& frame);
  void do_expect(const suite::Step& step, const Frame& frame, Cursor& cursor);

  // Matching, over the history. The index of the message that the step takes, and whether its
  // checks hold.
  struct Candidate {
    std::size_t index = 0;
    bool checks_hold = false;
  };
  std::optional<Candidate> find_candidate(const suite::Step& step, const Frame& frame,
                                          const Cursor& cursor) const;
  // Whether a step of another branch that waits too would take the message with all its checks
  // held.
  bool wanted_by_sibling(const suite::Step& step, const InboundCall& call) const;
  // Whether a message has come that one of the next steps takes with all its checks held: what may
  // be missing before it will not come any more.
  bool overtaken(const Cursor& cursor) const;
  bool selects(const suite::Step& step, const Frame& frame, const InboundCall& call) const;
  void take(const suite::Step& step, const Frame& frame, Cursor& cursor, std::size_t index);
  void judge_taken(const suite::Step& step, const Frame& frame, const Cursor& cursor,
                   const InboundCall& call);
  bool describe_near_miss(const suite::Step& step, const Frame& frame, const Cursor& cursor,
                          const std::string& waited, Failure& failure) const;
  void missing(const suite::Step& step, const Frame& frame, const Cursor& cursor,
               base::Nanos deadline);
  Reply reply_of(const suite::Step& step, const Frame& frame) const;
  std::optional<Reply> advise(const InboundCall& call) const;
  void look_ahead(const suite::Steps& steps, std::size_t from, const Frame& frame,
                  Expectations& out) const;
  // The messages that may come next: up to the first that must. True when there is such a one.
  bool look_next(const suite::Steps& steps, std::size_t from, const Frame& frame,
                 Expectations& out) const;
  // A sequence that begins here and now.
  Cursor begin() const;
  // The last action of ours began at `at`, with `since` messages in the history.
  static void acted(Cursor& cursor, std::size_t since, base::Nanos at);

  std::string label(const suite::Step& step, const Frame& frame) const {
    return frame.prefix + step.label + frame.suffix;
  }
  std::string check_name(const suite::Step& step, const Frame& frame,
                         const std::string& what) const;
  // The values of `with`, `payload` or the map of the step; without one an empty object.
  base::Value arguments_of(const suite::Step& step, const Frame& frame) const;
  double seconds(const suite::Template& value, const Frame& frame) const;
  base::Nanos within(const suite::Step& step, const Frame& frame, const char* fallback) const;
  void capture(const suite::Step& step, const base::Value& payload);
  // Throws Abort: as a failure of the charge point in a judged frame, else as a precondition that
  // is not met.
  [[noreturn]] void abort(const suite::Step& step, const Frame& frame, Failure failure) const;
  [[noreturn]] void abort_bench(const suite::Step& step, const Frame& frame,
                                const std::string& kind, const std::string& message) const;
  // Entries of `warn`: those that do not hold become remarks.
  void warn(const suite::Step& step, const base::Value& payload, const Frame& frame,
            const std::string& label, std::int64_t record);
  void journal_fault(const std::string& fault);
  void judge(const suite::FieldCheck& check, const base::Value& payload, const suite::Step& step,
             const Frame& frame, const std::string& name, std::optional<std::int64_t> record);
  void mark_done(const suite::Step& step, const Frame& frame, base::Nanos at);
  std::optional<base::Nanos> marked(const std::string& name, const Frame& frame) const;

  World& world_;
  Session& session_;
  const suite::Suite& suite_;
  Recorder& recorder_;
  std::list<Expectations> expected_;
  std::list<Expectations> siblings_;  // of branches that wait at the same time
  std::map<std::string, base::Nanos> marks_;
  std::vector<std::pair<const suite::State*, Variables>> entered_;
  // Faults on the connection that are on.
  bool refusing_ = false, stalling_ = false;
  std::optional<link::ConnectionId> silenced_;
  std::optional<EnteredState> last_entered_;
  int depth_ = 0;  // of states within states
  Signal::Rank joins_ =
      0;  // any_order steps so far: an inner one is newer and woken before the outer
};

}  // namespace plugproof::run
