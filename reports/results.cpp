#include "reports/results.hpp"

#include <algorithm>
#include <array>

#include "reports/text.hpp"

namespace plugproof::reports {

namespace {
constexpr std::array<const char*, 6> kVerdicts = {"pass",  "fail",           "inconc",
                                                  "error", "not_applicable", "not_run"};
}  // namespace

const char* to_string(Verdict verdict) {
  return kVerdicts[static_cast<std::size_t>(verdict)];
}

std::optional<Verdict> parse_verdict(std::string_view text) {
  const auto found = std::find(kVerdicts.begin(), kVerdicts.end(), text);
  if (found == kVerdicts.end()) return std::nullopt;
  return static_cast<Verdict>(found - kVerdicts.begin());
}

bool CaseResult::applies() const {
  if (verdict == Verdict::not_applicable) return false;
  return decision != "not_applicable" && decision != "not_in_edition";
}

bool CaseResult::missed() const {
  return verdict == Verdict::not_run && decision == "selected";
}

bool Results::anything_left() const {
  return std::any_of(cases.begin(), cases.end(), [](const CaseResult& result) {
    return result.verdict == Verdict::not_run &&
           (result.decision == "selected" || result.decision == "undecided");
  });
}

Counts Results::counts() const {
  Counts counts;
  for (const auto& result : cases) {
    switch (result.verdict) {
      case Verdict::pass:
        ++counts.pass;
        break;
      case Verdict::fail:
        ++counts.fail;
        break;
      case Verdict::inconc:
        ++counts.inconc;
        break;
      case Verdict::error:
        ++counts.error;
        break;
      case Verdict::not_applicable:
        ++counts.not_applicable;
        break;
      case Verdict::not_run:
        ++counts.not_run;
        break;
    }
  }
  return counts;
}

const Kpi& Results::kpi(std::string_view name) const {
  static const Kpi none;
  const auto found =
      std::find_if(kpis.begin(), kpis.end(), [&](const Kpi& kpi) { return kpi.name == name; });
  return found == kpis.end() ? none : *found;
}

const ProfileResult* Results::profile(std::string_view name) const {
  const auto found = std::find_if(profiles.begin(), profiles.end(),
                                  [&](const ProfileResult& p) { return p.name == name; });
  return found == profiles.end() ? nullptr : &*found;
}

std::size_t contradictions(const Results& results) {
  return static_cast<std::size_t>(std::count_if(results.audit.begin(), results.audit.end(),
                                                [](const AuditRow& row) { return !row.agrees; }));
}

std::size_t remarks(const Results& results) {
  const auto count = [](const std::vector<Finding>& findings) {
    return static_cast<std::size_t>(
        std::count_if(findings.begin(), findings.end(),
                      [](const Finding& finding) { return finding.severity != "fail"; }));
  };
  std::size_t total = count(results.findings);
  for (const auto& result : results.cases) total += count(result.findings);
  return total;
}

std::string resumption_text(const ResumedAttempt& attempt) {
  std::string text = "Attempt " + std::to_string(attempt.attempt) + " began at " + attempt.began +
                     ", " + seconds_text(attempt.pause) + " after the one before was " +
                     attempt.after + " (" + attempt.reason + "). ";
  text += attempt.again.empty() ? "No test case was under way."
                                : attempt.again + " was under way and began again.";
  if (attempt.torn_bytes > 0)
    text += " A record of which " + counted(static_cast<std::size_t>(attempt.torn_bytes), "byte") +
            " had been written was taken out; they are in " + attempt.torn_file + ", SHA-256 " +
            attempt.torn_sha256 + ".";
  return text;
}

std::string resumptions_in_short(const Results& results) {
  if (results.resumed.empty()) return {};
  std::vector<std::string> again;
  for (const auto& attempt : results.resumed)
    if (!attempt.again.empty()) again.push_back(attempt.again);
  return "resumed " +
         (results.resumed.size() == 1 ? std::string("once")
                                      : counted(results.resumed.size(), "time")) +
         ", last at " + results.resumed.back().began + "; " +
         (again.empty() ? std::string("no case was under way")
                        : "begun again: " + join(again, ", "));
}

std::vector<std::string> warnings(const Results& results) {
  std::vector<std::string> out;
  if (results.run.simulated()) {
    std::string text =
        "Simulated device: the charge point was plugproof's own simulator, not the product named "
        "here.";
    if (!results.run.defects.empty())
      text += " These defects were switched on in it: " + join(results.run.defects, ", ") + ".";
    out.push_back(std::move(text));
  }
  if (results.run.virtual_clock())
    out.push_back("Virtual clock: times are those of a simulation, not of a measurement.");
  if (results.run.shard.partial())
    out.push_back("This is " + results.run.shard.text() +
                  ": the cases of the others are not in it, so that its profiles are not complete. "
                  "'plugproof merge' joins the shards.");
  for (auto& warning : source_warnings(results.run.merged)) out.push_back(std::move(warning));
  if (results.outcome != "complete")
    out.push_back("The run is " + results.outcome +
                  (results.outcome_reason.empty() ? "." : ": " + results.outcome_reason));
  if (results.chain_broken_at != 0)
    out.push_back(
        "The journal was changed after it was written: its chain of digests is broken at line " +
        std::to_string(results.chain_broken_at) + ". Nothing in this report is proven.");
  return out;
}

std::string short_warning(const Results& results) {
  std::vector<std::string> words;
  if (results.run.simulated()) words.emplace_back("simulated device");
  if (results.run.virtual_clock()) words.emplace_back("virtual clock");
  if (results.run.shard.partial()) words.push_back(results.run.shard.text());
  if (results.outcome != "complete") words.push_back("run " + results.outcome);
  if (results.chain_broken_at != 0) words.emplace_back("journal altered");
  std::string out = join(words, ", ");
  if (!out.empty() && out[0] >= 'a') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

}  // namespace plugproof::reports
