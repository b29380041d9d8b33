#include "reports/github_summary.hpp"

#include "reports/markdown_table.hpp"
#include "reports/text.hpp"
#include "reports/titles.hpp"

namespace plugproof::reports {

namespace {

constexpr std::size_t kMaxCases = 30;      // explained; GitHub cuts a summary off at 1 MiB
constexpr std::size_t kMaxFailures = 5;    // of one case
constexpr std::size_t kValueLength = 200;  // characters

std::string verdict_word(Verdict verdict) {
  switch (verdict) {
    case Verdict::fail:
      return "❌ fail";
    case Verdict::inconc:
      return "❓ inconc";
    case Verdict::error:
      return "❗ error";
    default:
      return to_string(verdict);
  }
}

bool explained(const CaseResult& result) {
  return result.verdict == Verdict::fail || result.verdict == Verdict::inconc ||
         result.verdict == Verdict::error || result.missed();
}

std::string headline(const Results& results) {
  const Counts counts = results.counts();
  std::string out = std::to_string(counts.pass) + " passed, " + std::to_string(counts.fail) +
                    " failed, " + std::to_string(counts.inconc) + " inconclusive, " +
                    counted(counts.error, "error");
  return out + ", " + std::to_string(counts.not_run) + " not run, " +
         std::to_string(counts.not_applicable) + " not applicable";
}

std::string problems(const Results& results) {
  MarkdownTable table({"Case", "Verdict", "What is wrong", "Expected", "Actual"});
  std::size_t cases = 0, hidden = 0;
  for (const auto& result : results.cases) {
    if (!explained(result)) continue;
    if (++cases > kMaxCases) {
      ++hidden;
      continue;
    }
    const std::string name = result.id + " " + result.title;
    if (result.failures.empty())
      table.row({name, verdict_word(result.verdict), elide(result.reason, kValueLength)});
    for (std::size_t i = 0; i < result.failures.size() && i < kMaxFailures; ++i) {
      const Failure& failure = result.failures[i];
      const std::string field = failure.field.empty() ? "" : failure.field + ": ";
      table.row({i == 0 ? name : "", i == 0 ? verdict_word(result.verdict) : "",
                 elide(failure.message, kValueLength),
                 failure.expected.empty() ? "" : field + elide(failure.expected, kValueLength),
                 failure.actual.empty() ? "" : field + elide(failure.actual, kValueLength)});
    }
    if (result.failures.size() > kMaxFailures)
      table.row({"", "", counted(result.failures.size() - kMaxFailures, "further failure")});
  }
  if (table.empty()) return {};
  std::string out = markdown_heading(3, "What did not pass") + table.text();
  if (hidden > 0) out += markdown_paragraph(counted(hidden, "further case") + ": see report.html.");
  return out;
}

std::string timings(const Results& results) {
  MarkdownTable table({"Timing", "Samples", "Max s", "Declared s", "Remark"});
  for (const auto& kpi : results.kpis)
    if (kpi.count > 0)
      table.row({kpi_title(kpi.name), std::to_string(kpi.count), fixed(kpi.max, 2),
                 kpi.declared ? fixed(*kpi.declared, 0) : "-",
                 kpi.beyond_declared() ? "above the declared maximum" : ""});
  return table.empty() ? std::string() : markdown_heading(3, "Timings") + table.text();
}

}  // namespace

std::string render_github_summary(const Results& results) {
  MarkdownTable profiles({"Profile", "Result", "Applicable", "Passed"});
  for (const auto& profile : results.profiles)
    if (profile.claimed)
      profiles.row({profile.title, profile.printed, std::to_string(profile.applicable),
                    std::to_string(profile.passed)});
  std::string out = markdown_heading(2, "plugproof: " + results.run.name) +
                    markdown_paragraph(headline(results) + ".");
  for (const auto& warning : warnings(results)) out += "> " + markdown(warning) + "\n\n";
  return out + (profiles.empty() ? std::string() : profiles.text()) + problems(results) +
         timings(results);
}

}  // namespace plugproof::reports
