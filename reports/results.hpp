// The one model that feeds every report: what a journal says about a run, condensed. It holds no
// frame beyond those around a failure, so its size does not grow with the length of the run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/value.hpp"
#include "reports/origin.hpp"
#include "reports/time_budget.hpp"

namespace plugproof::reports {

enum class Verdict { pass, fail, inconc, error, not_applicable, not_run };
const char* to_string(Verdict verdict);
std::optional<Verdict> parse_verdict(
    std::string_view text);  // the four words of the journal, and the rest

// One thing that happened on the wire or at the bench, as context of a failure.
struct ContextLine {
  std::int64_t seq = 0;
  std::int64_t t = 0;  // ns on the run's clock
  std::string utc;
  std::string kind;      // kind of the record: in, out, closed, rig ...
  std::string text;      // of a frame: as on the wire, shortened; of other records: a few words
  bool subject = false;  // the frame that the failure is about
};

struct Failure {
  std::string check, kind, message;
  std::string field, expected, actual;
  std::string place, requirement, reference, advice;
  std::int64_t frame = 0;        // seq; 0: none
  std::string step;              // what the step was for; may be empty
  std::optional<double> waited;  // seconds that the step may take, where it has a deadline
  std::vector<ContextLine> context;
};

// A finding of a monitor. Equal findings of one case are kept once and counted.
struct Finding {
  std::string monitor, severity, message;
  std::string field, expected, actual, reference;
  std::int64_t frame = 0;  // of the first one
  std::int64_t count = 1;
};

// One id of the programme: why it was or was not selected, and what came of it.
struct CaseResult {
  std::string id, title, group, profile, requirement, file;
  std::string decision;  // selected, not_applicable, not_in_edition, not_built, skipped, undecided
  std::string decision_reason;  // a sentence
  std::string feature;          // the expression that decided
  Verdict verdict = Verdict::not_run;
  std::string reason;  // of the verdict, one sentence
  std::vector<Failure> failures;
  std::int64_t failures_left_out = 0;  // past the limit
  std::vector<Finding> findings;
  std::int64_t findings_left_out = 0;
  std::vector<std::string> notes;
  std::int64_t checks = 0;
  double seconds = 0;
  TimeBudget time;      // where they went
  std::string started;  // UTC; empty: never begun
  int attempts = 0;     // more than one after a resumed run

  // Whether the PICS calls for the case, so that a Pass of its profile needs a pass of it.
  bool applies() const;
  // Selected, but the run ended before its verdict: never to be taken for a skipped case.
  bool missed() const;
};

struct Kpi {
  std::string name;  // response, triggered, remote_start, remote_stop, remote_start_response
  std::int64_t count = 0;
  double min = 0, max = 0, sum = 0;  // seconds
  std::optional<double> declared;    // maximum of the PICS, seconds

  double average() const { return count > 0 ? sum / static_cast<double>(count) : 0; }
  bool beyond_declared() const { return count > 0 && declared && max > *declared; }
};

enum class ProfileVerdict { pass, fail, inconclusive, incomplete, not_tested, not_claimed };

struct ProfileResult {
  std::string name;   // as a PICS file writes it
  std::string title;  // as the abstract prints it
  bool claimed = false;
  std::size_t applicable = 0, passed = 0, failed = 0, inconclusive = 0, errors = 0;
  std::size_t not_built = 0, not_run = 0;  // not_run: skipped, undecided or interrupted
  ProfileVerdict verdict = ProfileVerdict::not_claimed;
  // The verdict as the abstract prints it: `Pass`, `N/A`, `Incomplete: 12 of 47 applicable cases
  // not built`.
  std::string printed;
};

// A claim of the PICS beside what the charge point showed. A contradiction is a remark.
struct AuditRow {
  std::string id, claimed, reported;
  bool agrees = false;
  std::int64_t frame = 0;
  std::string compared_with;  // the configuration key, or what was looked at on the wire
  std::string reason;         // of a contradiction, a sentence
  std::string evidence;       // the part of the frame that shows it
  int source = 0;             // the run of a merged one that shows it, from 1; 0: not merged
};

// A claim of which nothing could be seen in the run.
struct UnseenClaim {
  std::string id, compared_with, claimed, reason;
};

struct RunInfo {
  std::string tool, name, clock, dut_kind, edition, generation;
  std::int64_t seed = 0;
  bool isolate = false;  // nothing was shared between cases
  std::string suite_sha256;
  std::int64_t suite_cases = 0;
  std::string pics_path, pics_sha256;
  base::Value pics, pixit;                     // the whole documents
  std::vector<std::string> defects;            // switched on in the simulated charge point
  std::string instance_id;                     // of the tool; empty on virtual time
  std::string firmware_name, firmware_sha256;  // of the image that was given; empty: none
  std::string command_line;
  ShardOf shard;                    // of a plan; the whole when it is not divided
  std::vector<SourceRun> merged;    // the runs that this one was joined from; empty: it was played
  std::int64_t variation_seed = 0;  // of the simulated charge point
  std::string started, ended;       // UTC of the first and the last record
  double seconds = 0;               // between them, without the pauses before it was resumed

  bool simulated() const { return dut_kind == "simulated"; }
  bool virtual_clock() const { return clock == "virtual"; }
};

// The run was taken up again after it had been interrupted.
struct ResumedAttempt {
  std::int64_t attempt = 0;  // 2, 3 ...
  std::string began;         // UTC
  std::string tool;
  std::string after, reason;    // how the attempt before had ended: interrupted, aborted, cut off
  double pause = 0;             // seconds since the last record before it
  std::string again;            // id of the case that began again; empty: none was under way
  std::int64_t torn_bytes = 0;  // of a record that was not written to its end
  std::string torn_sha256, torn_file;
  std::string command_line;
};

struct Counts {
  std::size_t pass = 0, fail = 0, inconc = 0, error = 0, not_applicable = 0, not_run = 0;
};

struct Results {
  std::string journal;  // the file they were read from: reports that show frames read it again
  RunInfo run;
  TimeBudget time;                // of the whole run
  std::vector<CaseResult> cases;  // every id of the programme, in running order
  std::vector<Kpi> kpis;          // always the five, in the order of Kpi::name
  // Measurands seen on the wire, in the order of their first appearance.
  std::vector<std::string> sampled_measurands, aligned_measurands;
  std::vector<ProfileResult> profiles;
  std::vector<AuditRow> audit;
  std::vector<UnseenClaim> unseen_claims;
  std::vector<Finding> findings;  // outside of cases
  std::vector<std::string> notes;
  std::vector<std::string> duts;
  std::vector<Introduction> charge_points;  // as they introduced themselves, the first one first
  std::vector<ResumedAttempt> resumed;
  std::string outcome;  // complete, interrupted, aborted
  std::string outcome_reason;
  std::optional<std::int64_t> exit_status;

  std::int64_t records = 0;
  bool torn = false;                 // the last record was not written to its end
  std::int64_t chain_broken_at = 0;  // line; 0: the chain holds
  std::string head;                  // SHA-256 of the last record

  Counts counts() const;
  // A case that the PICS calls for and that the run was to judge has no verdict.
  bool anything_left() const;
  const Kpi& kpi(std::string_view name) const;
  const ProfileResult* profile(std::string_view name) const;
};

// Reads a journal in one pass. Throws base::InputError when it cannot be read or does not begin
// with a run.
Results read_results(const std::string& journal_path);

// The verdicts of the certification profiles, in the order of the abstract; `Security` last where
// it exists.
std::vector<ProfileResult> judge_profiles(const Results& results);
// What a profile is for, in a few words.
std::string profile_description(std::string_view profile, std::string_view generation);

// The contradictions between claims and reports.
std::size_t contradictions(const Results& results);
// Remarks: findings of monitors that are no failures, over all cases.
std::size_t remarks(const Results& results);
// One resumption in a sentence, and a few words for all of them; the latter empty when there was
// none.
std::string resumption_text(const ResumedAttempt& attempt);
std::string resumptions_in_short(const Results& results);
// What every reader must know before anything else: simulated device, virtual clock, damage. A
// sentence each.
std::vector<std::string> warnings(const Results& results);
// The same in a few words, for places with little room; empty when there is nothing to say.
std::string short_warning(const Results& results);

}  // namespace plugproof::reports
