// A run: every selected case against one charge point, from the first connection to the last
// record.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/task.hpp"
#include "engine/run/audit.hpp"
#include "engine/run/interpreter.hpp"
#include "engine/run/resumption.hpp"
#include "engine/suite/selection.hpp"
#include "engine/suite/shards.hpp"

namespace plugproof::run {

struct RunSettings {
  std::string name;
  std::string tool;      // "plugproof 0.1.0"
  std::string clock;     // "real" or "virtual"
  std::string dut_kind;  // "simulated" or "listen"
  std::string edition;
  std::uint64_t seed = 1;
  std::string mask_key;   // for secrets in the journal; never recorded
  base::Value simulator;  // {defects, variation_seed} when simulated
  std::string command_line;
  transfer::FileHost* file_host = nullptr;  // absent: a case that needs one is inconclusive
  FirmwareImages images;
  Vault* vault = nullptr;      // absent: there is no security
  int security_profile = 0;    // that the charge point is set to; the link serves it already
  bool isolate = false;        // every case prepares everything itself
  std::string instance_id;     // of this installation, 32 hex digits; empty: not recorded
  base::Value firmware_image;  // {name, bytes, sha256} of the file that was given
  suite::Shard shard;          // that the selection was reduced to
  std::string suite_folder;    // of the suite, where the user named one
  // The run goes on where an earlier process left it; the journal's owner has opened it for that.
  std::shared_ptr<const Resumption> resumption{};
};

// Told of what happens, for the console. Nothing in here can change a run.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual void on_waiting_for_connection(const std::string& /*url*/) {}
  virtual void on_connected(const std::string& /*identity*/) {}
  // A handshake was refused, or something that is no WebSocket client came.
  virtual void on_refused(const std::string& /*reason*/) {}
  virtual void on_case_started(const suite::TestCase&, std::size_t /*index*/, std::size_t /*of*/) {}
  virtual void on_case_done(const suite::TestCase&, const CaseResult&) {}
};

class Runner {
 public:
  Runner(base::Clock& clock, link::Link& link, Journal& journal, const pics::Pics& pics,
         const Pixit& pixit, const suite::Suite& suite, std::vector<suite::Selected> selection,
         rig::Rig& rig, RunObserver& observer, RunSettings settings);
  virtual ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  // Begins; `done` is called once when everything is over. The link's owner then may go. A journal
  // that cannot be written ends the run: JournalError is then thrown out of the clock's loop, and
  // `done` is not called.
  void start(std::function<void()> done);
  // Ends the run now, with a journal that says so. The case under way gets no verdict.
  void interrupt(const std::string& reason);

  bool finished() const { return finished_; }
  const std::vector<CaseResult>& results() const { return results_; }
  // 0 all pass, 1 a fail, 3 inconclusive or an error of the harness, 130 interrupted.
  int exit_status() const;

 protected:
  // What a judgement of a record does in its own way (engine/replay/by_case.hpp).
  virtual base::Task<> run_all();
  // `next`: the case after it, nullptr after the last one.
  base::Task<> run_case(const suite::Selected& selected, const suite::TestCase* next,
                        std::size_t index, std::size_t of);
  virtual base::Task<> prepare_and_play(const suite::TestCase& test_case, Interpreter& interpreter);
  virtual base::Task<> clean_up(const suite::TestCase& test_case, const suite::TestCase* next,
                                Interpreter& interpreter, Recorder& recorder);
  virtual bool take_over(const suite::TestCase& test_case);
  void decide_the_undecided();
  // What findings from now on are told to have been found in.
  void set_cleaning_up(bool cleaning_up) { cleaning_up_ = cleaning_up; }
  // What was found since the last case is no case's.
  void forget_findings() { early_findings_.clear(); }
  Session& session() { return session_; }
  Transfers& transfers() { return transfers_; }
  const std::vector<suite::Selected>& selection() const { return selection_; }

 private:
  base::Task<> run();
  base::Task<> recover();
  base::Task<bool> wait_for_connection(base::Nanos timeout);
  base::Task<> establish_baseline();
  void need_security(const suite::TestCase& test_case) const;
  // From a higher security profile there is no way back (security whitepaper, use case A05).
  static constexpr const char* kSecurityProfile = "SecurityProfile";
  base::Task<bool> wait_for_whoever_is_left();
  base::Task<> let_back_in();
  base::Task<> let_register_again();
  base::Task<> restore_key(Recorder* recorder);
  base::Task<> begin_clean(const suite::TestCase& test_case, Interpreter& interpreter);
  base::Task<> restore_configuration(const suite::TestCase* next, Interpreter& interpreter,
                                     Recorder& recorder);
  bool hand_over(const suite::TestCase& test_case, const suite::TestCase& next,
                 const Interpreter& interpreter, const CaseResult& result);
  void on_finding(const Finding& finding);
  void phase(const char* name);
  void settle(CaseResult& result, const suite::TestCase& test_case, base::Nanos started);
  bool judged_before(const std::string& id) const {
    return settings_.resumption && settings_.resumption->judged.contains(id);
  }
  std::int64_t reservation_id(std::size_t index) const;
  std::int64_t first_request_id() const;
  std::int64_t request_id(std::size_t index) const;
  base::Value security_facilities() const;
  void write_run_record();
  void write_resume_record();
  void write_end(const std::string& outcome, const std::string& reason);
  void finish();

  base::Clock& clock_;
  link::Link& link_;
  Journal& journal_;
  const pics::Pics& pics_;
  const Pixit& pixit_;
  const suite::Suite& suite_;
  std::vector<suite::Selected> selection_;
  rig::Rig& rig_;
  RunObserver& observer_;
  RunSettings settings_;
  Session session_;
  Transfers transfers_;
  World world_;
  Audit audit_;
  Recorder* recorder_ = nullptr;         // of the case under way
  std::vector<Finding> early_findings_;  // before the first case: they count for it
  std::map<std::string, std::string>
      baseline_;  // values of the writable keys before the first case
  // What the case before left to the one that begins: who left it, and how things stood then.
  struct Legacy {
    std::string from;
    base::Value portrait;
  };
  std::optional<Legacy> legacy_;
  bool clean_start_ = false;  // of the case under way
  std::vector<CaseResult> results_;
  std::function<void()> done_;
  bool finished_ = false;
  bool cleaning_up_ = false;
  bool interrupted_ = false;
  bool aborted_ = false;
  base::Task<> task_;  // last: it refers to all of the above
};

}  // namespace plugproof::run
