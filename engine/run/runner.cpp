#include "engine/run/runner.hpp"

#include <algorithm>

#include "engine/base/random.hpp"
#include "engine/run/secrets.hpp"

namespace plugproof::run {

using base::Nanos;
using base::Task;
using base::Value;

namespace {

SessionSettings session_settings(const Pixit& pixit, const RunSettings& settings) {
  SessionSettings session{pixit.identity, settings.seed, settings.mask_key};
  session.vault = settings.vault;
  session.security_profile = settings.security_profile;
  if (!settings.resumption) return session;
  const Resumption& before = *settings.resumption;
  session.seed = attempt_seed(settings.seed, before.attempt);
  if (session.identity.empty()) session.identity = before.identity;
  session.connected_profile = before.connected_profile;
  session.state = before.state;
  session.last_frame = before.last_frame;
  return session;
}

// Why nobody is there, as far as it is known.
std::string absence(const Session& session) {
  std::string text = session.last_loss().empty()
                         ? "no charge point connected"
                         : session.last_loss() + " and it did not come back";
  if (!session.last_refusal().empty())
    text += "; the last attempt was turned away: " + session.last_refusal();
  return text;
}

}  // namespace

Runner::Runner(base::Clock& clock, link::Link& link, Journal& journal, const pics::Pics& pics,
               const Pixit& pixit, const suite::Suite& suite,
               std::vector<suite::Selected> selection, rig::Rig& rig, RunObserver& observer,
               RunSettings settings)
    : clock_(clock),
      link_(link),
      journal_(journal),
      pics_(pics),
      pixit_(pixit),
      suite_(suite),
      selection_(std::move(selection)),
      rig_(rig),
      observer_(observer),
      settings_(std::move(settings)),
      session_(clock, link, journal, pixit, session_settings(pixit, settings_),
               [this](const Finding& finding) { on_finding(finding); }),
      transfers_(session_, pics, settings_.file_host, settings_.images),
      world_{session_, rig, pics, pixit, transfers_, settings_.edition, {}},
      audit_(pics, session_, settings_.resumption ? settings_.resumption->shown : ShownFacts{}) {
  if (!settings_.resumption) return;
  const Resumption& before = *settings_.resumption;
  if (before.any_case_begun) baseline_ = before.baseline;
  early_findings_ = before.early_findings;
  for (const auto& [id, result] : before.judged) results_.push_back(result);
  rig_.assume(before.traces);
}

Runner::~Runner() {
  task_.reset();
}

void Runner::start(std::function<void()> done) {
  done_ = std::move(done);
  if (settings_.resumption)
    write_resume_record();
  else
    write_run_record();
  task_ = run();
  task_.start();
}

void Runner::on_finding(const Finding& found) {
  Finding finding = found;
  // It counts all the same: what the specification forbids, it forbids after a scenario too.
  if (cleaning_up_) finding.message += " (while the bench cleaned up)";
  const bool again = settings_.resumption && settings_.resumption->any_case_begun;
  if (again && !recorder_) finding.message += " (while the run was taken up again)";
  Value::Object fields{{"monitor", finding.monitor},
                       {"severity", finding.severity == FindingSeverity::fail ? "fail" : "remark"},
                       {"message", finding.message}};
  const auto add = [&](const char* key, const std::string& text) {
    if (!text.empty()) fields.emplace_back(key, text);
  };
  add("expected", finding.expected);
  add("actual", finding.actual);
  add("field", finding.field);
  if (finding.frame) fields.emplace_back("frame", *finding.frame);
  add("reference", finding.reference);
  journal_.write(session_.now(), "finding", fields);
  if (recorder_)
    recorder_->finding(session_.now(), finding);
  else if (!again && early_findings_.size() < 100)
    early_findings_.push_back(finding);
}

void Runner::phase(const char* name) {
  journal_.write(session_.now(), "phase", {{"phase", name}});
}

Task<> Runner::run() {
  try {
    co_await run_all();
    finish();
  } catch (...) {
    // The cases have caught what is theirs; this is the journal. Nobody awaits this task, so the
    // error goes to whoever runs the clock.
    finished_ = true;
    session_.stop();
    clock_.post([error = std::current_exception()] { std::rethrow_exception(error); });
  }
}

Task<> Runner::run_all() {
  session_.on_refused([this](const std::string& reason) { observer_.on_refused(reason); });
  const bool anything_left =
      std::any_of(selection_.begin(), selection_.end(),
                  [this](const auto& s) { return s.may_run() && !judged_before(s.entry->id); });
  bool connected = true;
  if (anything_left) {
    observer_.on_waiting_for_connection(link_.url());
    // Whom the bench has switched off can only come after it was switched on.
    const bool held_off = rig_.traces().without_power || rig_.traces().without_network;
    if (!held_off) connected = co_await wait_for_whoever_is_left();
    if (connected) {
      if (!held_off) observer_.on_connected(session_.identity());
      if (settings_.resumption)
        co_await recover();
      else
        co_await establish_baseline();
      co_await restore_key(nullptr);  // of a run that was cut off while a case had changed it
    }
    if (connected && settings_.resumption)
      connected = co_await wait_for_connection(pixit_.connect_timeout);
    // Who resumes can do so again: the cases that are left keep their chance.
    if (!connected && settings_.resumption) {
      write_end("aborted", "no charge point connected after the run was resumed");
      co_return;
    }
  }
  decide_the_undecided();
  // What cases change is undone by what was read until here.
  journal_.sync();
  std::vector<const suite::Selected*> selected;
  for (const auto& s : selection_)
    if (s.decision == suite::Decision::selected) selected.push_back(&s);
  for (std::size_t i = 0; i < selected.size(); ++i) {
    if (judged_before(selected[i]->entry->id)) continue;
    const bool last = i + 1 == selected.size();
    const suite::TestCase* next = last ? nullptr : selected[i + 1]->test_case;
    co_await run_case(*selected[i], next, i, selected.size());
  }
  if (connected)
    write_end("complete", "every selected case was run");
  else
    write_end("aborted", "no charge point connected");
}

Task<bool> Runner::wait_for_connection(Nanos timeout) {
  const Nanos deadline = session_.now() + timeout;
  while (!session_.connected())
    if (!co_await session_.wait(deadline)) break;
  co_return session_.connected();
}

// Lets the charge point boot and report itself, then reads its configuration: what cases start
// from.
Task<> Runner::establish_baseline() {
  // Of whom no attempt has seen a BootNotification, and the recovery has waited for one in vain,
  // was registered before the run began, and does not register again.
  const bool registered = settings_.resumption && session_.state().registration().empty();
  const Nanos registered_by = session_.now() + pixit_.seconds("triggered_timeout");
  while (!registered && session_.state().registration() != "Accepted")
    if (!co_await session_.wait(registered_by)) {
      journal_.write(session_.now(), "note",
                     {{"text", "the charge point sent no BootNotification after it connected"}});
      break;
    }
  const Nanos reported_by = session_.now() + pixit_.seconds("triggered_timeout");
  const auto all_reported = [&] {
    return std::all_of(pics_.connectors().begin(), pics_.connectors().end(),
                       [&](const auto& c) { return session_.state().status(c.id).has_value(); });
  };
  while (!registered && !all_reported())
    if (!co_await session_.wait(reported_by)) {
      journal_.write(session_.now(), "note",
                     {{"text", "the charge point did not report the status of every connector"}});
      break;
    }

  if (!session_.connected()) co_return;  // it has gone again: the first case will tell
  const Value nothing{Value::Object{}};
  const Nanos timeout = pixit_.seconds("response_timeout");
  const CallOutcome outcome =
      co_await session_.call("GetConfiguration", nothing, timeout, "baseline");
  if (outcome.kind != CallOutcome::Kind::result) {
    journal_.write(
        session_.now(), "note",
        {{"text",
          "the charge point did not answer GetConfiguration: its configuration is not known"}});
    co_return;
  }
  // Of a run that goes on it is known already; a case that was cut off may have changed it since.
  if (!baseline_.empty()) co_return;
  for (const auto& [key, known] : session_.state().configuration())
    if (known.value && !known.readonly && !is_digest(*known.value)) baseline_[key] = *known.value;
  audit_.configuration_known(outcome.response_record);
}

void Runner::decide_the_undecided() {
  const Variables none;
  for (auto& s : selection_) {
    if (s.decision != suite::Decision::undecided || !s.test_case) continue;
    try {
      s.applies = s.test_case->applies.at(pics::to_string(pics_.generation()))
                      .holds(CaseScope(world_, none));
      s.decision = s.applies ? suite::Decision::selected : suite::Decision::not_applicable;
      s.reason = std::string("the charge point's configuration decided: ") + s.feature;
    } catch (const base::EvaluationError& e) {
      s.reason = std::string("it could not be decided: ") + e.what();
    }
    journal_.write(
        session_.now(), "decision",
        {{"id", s.entry->id}, {"decision", suite::to_string(s.decision)}, {"reason", s.reason}});
  }
}

// Above all transaction ids, so that neither passes for the other; the number after it stays
// unused.
std::int64_t Runner::reservation_id(std::size_t index) const {
  return base::Random(settings_.seed).between(1000000, 1900000) +
         2 * static_cast<std::int64_t>(index);
}

std::int64_t Runner::first_request_id() const {
  return base::Random(settings_.seed).between(2000000, 2900000);
}

// Later cases and later attempts have higher ones: what belongs to an earlier one can be told.
std::int64_t Runner::request_id(std::size_t index) const {
  const int attempt = settings_.resumption ? settings_.resumption->attempt : 1;
  return first_request_id() + 1000 * (attempt - 1) + static_cast<std::int64_t>(index);
}

Task<> Runner::run_case(const suite::Selected& selected, const suite::TestCase* next,
                        std::size_t index, std::size_t of) {
  const suite::TestCase& test_case = *selected.test_case;
  observer_.on_case_started(test_case, index, of);
  session_.begin_case();
  world_.variables.clear();
  world_.reservation_id = reservation_id(index);
  world_.request_id = request_id(index);
  world_.first_request_id = first_request_id();
  journal_.set_case(test_case.id);
  const Nanos started = session_.now();
  journal_.write(started, "case",
                 {{"id", test_case.id},
                  {"title", test_case.title},
                  {"group", test_case.group},
                  {"profile", selected.profile},
                  {"requirement", test_case.requirement},
                  {"file", test_case.file}});
  Recorder recorder(journal_, test_case);
  recorder_ = &recorder;
  for (const auto& finding : std::exchange(early_findings_, {}))
    recorder.finding(session_.now(), finding);
  {
    Interpreter interpreter(world_, suite_, recorder);
    try {
      co_await prepare_and_play(test_case, interpreter);
    } catch (const Abort& abort) {
      if (abort.inconclusive)
        recorder.inconclusive(abort.failure);
      else
        recorder.fail(abort.failure);
    } catch (const base::EvaluationError& e) {
      recorder.inconclusive(Failure{"preparation",
                                    "precondition",
                                    std::string("a value cannot be used: ") + e.what(),
                                    {},
                                    {},
                                    {},
                                    {},
                                    test_case.pos.to_string(),
                                    {},
                                    {},
                                    {}});
    } catch (const JournalError&) {
      throw;
    } catch (const std::exception& e) {
      recorder.error(Failure{"harness",
                             "bench",
                             std::string("the harness failed: ") + e.what(),
                             {},
                             {},
                             {},
                             {},
                             test_case.pos.to_string(),
                             {},
                             {},
                             {}});
    }
    co_await clean_up(test_case, next, interpreter, recorder);
    // The event that ended the case is handled to its end first, answer and findings included.
    const Nanos last = session_.now();
    bool waiting = true;  // g++ 12 breaks the frame of `while (co_await ...) {}`
    while (waiting) waiting = co_await session_.wait(last);
    session_.case_is_over();
  }
  if (const auto fault = transfers_.take_fault()) {
    Failure failure;
    failure.check = "files";
    failure.kind = "bench";
    failure.message = std::string("the bench's file server broke down in the ") +
                      transfer::to_string(fault->event.way) + ": " + fault->event.reason;
    failure.frame = fault->record;
    failure.place = test_case.pos.to_string();
    recorder.excuse(std::move(failure));
  }
  recorder_ = nullptr;
  CaseResult& result = recorder.result();
  settle(result, test_case, started);
  if (result.verdict != Verdict::pass || !result.remarks.empty()) legacy_.reset();
  observer_.on_case_done(test_case, result);
  results_.push_back(std::move(result));
  journal_.set_case({});
}

Task<> Runner::prepare_and_play(const suite::TestCase& test_case, Interpreter& interpreter) {
  phase("preparation");
  need_security(test_case);
  // Who never came has had the whole connect_timeout already.
  const bool known = !session_.last_loss().empty();
  const bool connected =
      co_await wait_for_connection(known ? pixit_.seconds("reboot_timeout") : Nanos::zero());
  if (!connected)
    throw Abort{
        Failure{"connection", "disconnected", absence(session_), {}, {}, {}, {}, {}, {}, {}, {}},
        true};
  co_await begin_clean(test_case, interpreter);
  co_await interpreter.configure(test_case.configuration);
  for (const auto& use : test_case.memory) co_await interpreter.use_state(use, false);
  for (const auto& use : test_case.state) co_await interpreter.use_state(use, false);
  phase("scenario");
  co_await interpreter.run_steps(test_case.scenario, true);
}

// From what the case before left for this one, if that is still as it was, else from Idle.
Task<> Runner::begin_clean(const suite::TestCase& test_case, Interpreter& interpreter) {
  clean_start_ = take_over(test_case);
  if (clean_start_) co_return;
  const suite::State* state = suite_.find_state("Idle");
  if (!state) co_return;
  const suite::StateUse idle{"Idle", {}, {}};  // g++ 12 destroys a temporary here twice
  co_await interpreter.use_state(idle, false);
  const Variables none;
  clean_start_ = state->holds && state->holds->holds(CaseScope(world_, none));
}

bool Runner::take_over(const suite::TestCase& test_case) {
  const auto legacy = std::exchange(legacy_, std::nullopt);
  if (!legacy || legacy->portrait != world_.portrait()) return false;
  const suite::StateUse& use = test_case.state.front();
  journal_.write(
      session_.now(), "shared",
      {{"state", use.name}, {"arguments", use.arguments.to_value()}, {"from", legacy->from}});
  return true;
}

bool Runner::hand_over(const suite::TestCase& test_case, const suite::TestCase& next,
                       const Interpreter& interpreter, const CaseResult& result) {
  if (settings_.isolate) return false;
  const EndedCase ended{test_case, result, interpreter.last_entered(), clean_start_,
                        interpreter.has_states_to_leave()};
  if (!obstacle_to_sharing(ended, next, world_, suite_, baseline_).empty()) return false;
  legacy_ = Legacy{test_case.id, world_.portrait()};
  return true;
}

Task<> Runner::clean_up(const suite::TestCase& test_case, const suite::TestCase* next,
                        Interpreter& interpreter, Recorder& recorder) {
  legacy_.reset();
  phase("cleanup");
  cleaning_up_ = true;
  struct Done {
    bool& flag;
    ~Done() { flag = false; }
  } const done{cleaning_up_};
  session_.send_delayed_answers();
  transfers_.end_case();
  try {
    // What the bench itself cut off comes back first.
    const bool restored = interpreter.restore_link();
    if (restored) co_await wait_for_connection(pixit_.seconds("reboot_timeout"));
    co_await let_back_in();
    // Whose key is to be set back connects once more: it is waited for then.
    const bool once_more = session_.security().key_held() == "temporary";
    if (!session_.attempts().empty() && !once_more) co_await let_register_again();
    if (next && hand_over(test_case, *next, interpreter, recorder.result())) co_return;
    co_await interpreter.leave_states();
    const suite::StateUse idle{"Idle", {}, {}};
    const bool switched_off = rig_.traces().without_power || rig_.traces().without_network;
    if ((session_.connected() || switched_off) && suite_.find_state("Idle"))
      co_await interpreter.use_state(idle, false);
    if (session_.connected()) co_await restore_configuration(next, interpreter, recorder);
  } catch (const Abort& abort) {
    recorder.note(session_.now(), "cleaning up: " + abort.failure.message);
  } catch (const base::EvaluationError& e) {
    recorder.note(session_.now(), std::string("cleaning up: ") + e.what());
  } catch (const JournalError&) {
    throw;
  } catch (const std::exception& e) {
    recorder.error(Failure{"cleanup",
                           "bench",
                           std::string("the harness failed: ") + e.what(),
                           {},
                           {},
                           {},
                           {},
                           {},
                           {},
                           {},
                           {}});
  }
}

Task<> Runner::restore_configuration(const suite::TestCase* next, Interpreter& interpreter,
                                     Recorder& recorder) {
  co_await restore_key(&recorder);
  // What the next case sets to the value that is there needs no way back and forth.
  std::map<std::string, std::string> wanted;
  if (next && !settings_.isolate) wanted = fixed_configuration(*next, world_);
  for (const auto& [key, value] : baseline_) {
    if (key == kSecurityProfile) continue;
    const auto stays = wanted.find(key);
    const ConfigurationKey* known = session_.state().key(key);
    if (stays != wanted.end() && known && known->value == stays->second) continue;
    std::string reason;
    const bool restored = co_await interpreter.set_key(key, value, &reason);
    if (!restored) recorder.note(session_.now(), "restoring the configuration: " + reason);
  }
}

void Runner::finish() {
  finished_ = true;
  session_.stop();
  if (auto done = std::exchange(done_, nullptr)) clock_.post(std::move(done));
}

void Runner::interrupt(const std::string& reason) {
  if (finished_) return;
  // An event like others: deadlines before it come before it.
  session_.happened(clock_.now(), [&] {
    task_.reset();
    recorder_ = nullptr;
    write_end("interrupted", reason);
    finish();
  });
}

int Runner::exit_status() const {
  if (interrupted_) return 130;
  Verdict worst = Verdict::pass;
  bool failed = false;
  for (const auto& result : results_) {
    worst = std::max(worst, result.verdict);
    failed = failed || result.verdict == Verdict::fail;
  }
  if (failed) return 1;
  if (aborted_ || results_.empty() || worst != Verdict::pass) return 3;
  return 0;
}

}  // namespace plugproof::run
