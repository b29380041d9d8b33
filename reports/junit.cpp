#include "reports/junit.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "reports/terminal.hpp"
#include "reports/text.hpp"

namespace plugproof::reports {

namespace {

struct Suite {
  std::string group;
  std::vector<const CaseResult*> cases;
  std::size_t failures = 0, errors = 0, skipped = 0;
  double seconds = 0;
};

bool is_error(const CaseResult& result) {
  return result.verdict == Verdict::inconc || result.verdict == Verdict::error || result.missed();
}

bool is_skipped(const CaseResult& result) {
  return result.verdict == Verdict::not_applicable ||
         (result.verdict == Verdict::not_run && !result.missed());
}

std::vector<Suite> suites_of(const Results& results) {
  std::vector<Suite> suites;
  for (const auto& result : results.cases) {
    auto suite = std::find_if(suites.begin(), suites.end(),
                              [&](const Suite& s) { return s.group == result.group; });
    if (suite == suites.end()) {
      suites.emplace_back();
      suite = suites.end() - 1;
      suite->group = result.group;
    }
    suite->cases.push_back(&result);
    suite->seconds += result.seconds;
    if (result.verdict == Verdict::fail) ++suite->failures;
    if (is_error(result)) ++suite->errors;
    if (is_skipped(result)) ++suite->skipped;
  }
  return suites;
}

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + xml(value) + "\"";
}

std::string totals(std::size_t tests, std::size_t failures, std::size_t errors, double seconds) {
  return attribute("tests", std::to_string(tests)) +
         attribute("failures", std::to_string(failures)) +
         attribute("errors", std::to_string(errors)) + attribute("time", fixed(seconds, 3));
}

std::string problem(const CaseResult& result, std::string_view element) {
  const std::string type =
      result.failures.empty() ? to_string(result.verdict) : result.failures.front().kind;
  return "      <" + std::string(element) + attribute("type", type) +
         attribute("message", result.reason) + ">" + xml_lines(explain_case(result, {})) + "</" +
         std::string(element) + ">\n";
}

std::string skipped(const CaseResult& result) {
  std::string message = result.decision;
  if (!result.feature.empty()) message += " (" + result.feature + ")";
  if (!result.reason.empty()) message += ": " + result.reason;
  return "      <skipped" + attribute("message", message) + "/>\n";
}

std::string output(const CaseResult& result) {
  std::string text;
  for (const auto& note : result.notes) text += "note: " + printable(note) + "\n";
  for (const auto& finding : result.findings)
    if (finding.severity != "fail")
      text += "remark: " + printable(finding.monitor + ": " + finding.message) + "\n";
  return text.empty() ? text : "      <system-out>" + xml_lines(text) + "</system-out>\n";
}

std::string testcase(const CaseResult& result) {
  // Build servers split a class name at its dots into packages: groups become these.
  std::string classname = "plugproof." + result.group;
  std::replace(classname.begin(), classname.end(), '/', '.');
  std::string body;
  if (result.verdict == Verdict::fail) body = problem(result, "failure");
  if (is_error(result)) body = problem(result, "error");
  if (is_skipped(result)) body = skipped(result);
  body += output(result);
  const std::string head = "    <testcase" + attribute("classname", classname) +
                           attribute("name", result.id + " " + result.title) +
                           attribute("time", fixed(result.seconds, 3));
  return body.empty() ? head + "/>\n" : head + ">\n" + body + "    </testcase>\n";
}

std::string property(std::string_view name, std::string_view value) {
  return "      <property" + attribute("name", name) + attribute("value", value) + "/>\n";
}

}  // namespace

std::string render_junit(const Results& results) {
  const RunInfo& run = results.run;
  std::string properties = property("tool", run.tool) + property("generation", run.generation) +
                           property("edition", run.edition) + property("outcome", results.outcome) +
                           property("journal", results.head);
  for (const auto& attempt : results.resumed)
    properties += property("resumed", resumption_text(attempt));
  for (const auto& warning : warnings(results)) properties += property("warning", warning);

  std::string body;
  std::size_t tests = 0, failures = 0, errors = 0;
  double seconds = 0;
  for (const auto& suite : suites_of(results)) {
    tests += suite.cases.size();
    failures += suite.failures;
    errors += suite.errors;
    seconds += suite.seconds;
    // The common schema wants the time without a zone; it is UTC.
    body += "  <testsuite" + attribute("name", suite.group) +
            totals(suite.cases.size(), suite.failures, suite.errors, suite.seconds) +
            attribute("skipped", std::to_string(suite.skipped)) +
            attribute("timestamp", run.started.substr(0, 19)) + ">\n    <properties>\n" +
            properties + "    </properties>\n";
    for (const CaseResult* result : suite.cases) body += testcase(*result);
    body += "  </testsuite>\n";
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + attribute("name", run.name) +
         totals(tests, failures, errors, seconds) + ">\n" + body + "</testsuites>\n";
}

}  // namespace plugproof::reports
