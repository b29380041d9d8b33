#include "reports/tap.hpp"

#include "engine/base/json.hpp"
#include "reports/text.hpp"

namespace plugproof::reports {

namespace {

// A number sign begins a directive.
std::string tap_text(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    if (c == '#' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string diagnostic(const CaseResult& result) {
  std::string out = "  ---\n  verdict: " + std::string(to_string(result.verdict)) +
                    "\n  message: " + base::quote_json(printable(result.reason)) + "\n";
  if (!result.failures.empty()) {
    const Failure& failure = result.failures.front();
    const auto member = [&](const char* name, const std::string& text) {
      if (!text.empty())
        out += "  " + std::string(name) + ": " + base::quote_json(printable(text)) + "\n";
    };
    member("check", failure.check);
    member("field", failure.field);
    member("expected", failure.expected);
    member("actual", failure.actual);
    member("at", failure.place);
  }
  return out + "  ...\n";
}

}  // namespace

std::string render_tap(const Results& results) {
  std::string out = "TAP version 13\n1.." + std::to_string(results.cases.size()) + "\n";
  for (const auto& warning : warnings(results)) out += "# " + printable(warning) + "\n";
  for (const auto& attempt : results.resumed)
    out += "# " + printable(resumption_text(attempt)) + "\n";
  std::size_t number = 0;
  for (const auto& result : results.cases) {
    const bool skipped = result.verdict == Verdict::not_applicable ||
                         (result.verdict == Verdict::not_run && !result.missed());
    const bool ok = skipped || result.verdict == Verdict::pass;
    out += std::string(ok ? "ok " : "not ok ") + std::to_string(++number) + " - " +
           tap_text(result.id + " " + result.title);
    if (skipped) out += " # SKIP " + tap_text(result.decision + ": " + result.reason);
    out += "\n";
    if (!ok) out += diagnostic(result);
  }
  return out;
}

}  // namespace plugproof::reports
