// What an attempt that was cut off leaves to the one that goes on with the same run: read from the
// journal, record by record. Verdicts stay; the case under way begins again; what the charge point
// and the bench were left in is known as far as the records tell.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/rig/rig.hpp"
#include "engine/run/journal.hpp"
#include "engine/run/protocol_state.hpp"
#include "engine/run/verdict.hpp"
#include "engine/run/wire_facts.hpp"
#include "engine/suite/selection.hpp"

namespace plugproof::run {

// A record that was not written to its end.
struct TornRecord {
  std::uint64_t bytes = 0;
  std::string sha256;
  std::string file;  // in the run's folder, where they are kept
};

struct Resumption {
  int attempt = 2;  // of the one that goes on
  base::Value run;  // the first record
  JournalEnd end;
  base::Micros start{0};  // the wall clock when the run's clock stood at zero
  base::Nanos last{0};    // no record is later

  // How the attempt before ended: `complete`, `interrupted` or `aborted` by its own word, else
  // `cut off`.
  std::string outcome = "cut off";
  std::string reason;
  std::optional<TornRecord> torn;

  std::map<std::string, CaseResult> judged;  // by id; without failures and remarks
  struct Decision {
    std::string decision, reason;
  };
  std::map<std::string, Decision> decisions;  // of cases that were undecided at first
  bool any_case_begun = false;
  std::string under_way;                        // id of the case that begins again; may be empty
  std::vector<std::string> requests, actions;   // ours in it, by name, each once; and the rig's
  std::map<std::string, std::string> baseline;  // writable keys as the run first found them
  std::vector<Finding> early_findings;          // before the first case: they count for it

  std::string identity;  // of the charge point; empty when none ever connected
  std::optional<std::int64_t> last_frame;
  ProtocolState state;
  ShownFacts shown;
  rig::Traces traces;
  std::optional<int> security_profile;  // that the link served last; nothing: that of the run
  // With which the charge point connected last; nothing: it never did, or there is no security.
  std::optional<int> connected_profile;
};

// The charge point ended with the process, cables and all, as one that is simulated in it does.
void begin_in_a_new_world(Resumption& resumption);

// The plan of the run as it was recorded, with what the charge point's configuration has decided
// since. Throws base::InputError for an id that the suite does not have.
std::vector<suite::Selected> selection_of(const Resumption& resumption, const suite::Suite& suite);

// Seed of everything that an attempt chooses anew: message ids, transaction ids, names of files.
std::uint64_t attempt_seed(std::uint64_t seed, int attempt);

class ResumptionReader {
 public:
  ResumptionReader();
  ~ResumptionReader();
  // The records in their order, the first one of kind `run`.
  void take(const base::Value& record);
  // `digest`: SHA-256 of the last record.
  Resumption finish(std::string digest);

 private:
  struct Call {
    std::string action;
    base::Value payload;
  };
  void take_frame(const base::Value& record, bool ours);
  void take_answer(const base::Value& record, bool ours, const SeenFrame& seen);
  void take_connected(const base::Value& record);
  void take_case(const base::Value& record);
  void take_verdict(const base::Value& record);
  void take_finding(const base::Value& record);
  void take_rig(const base::Value& record);

  Resumption out_;
  std::unique_ptr<WireFacts> facts_;           // over the state of out_
  std::map<std::string, Call> ours_, theirs_;  // requests without an answer, by message id
  std::string baseline_request_;               // message id
  bool baseline_known_ = false;
  std::optional<std::pair<std::string, base::Value>> action_;  // asked for, not known to be done
};

}  // namespace plugproof::run
