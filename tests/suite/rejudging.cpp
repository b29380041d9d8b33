#include "tests/suite/rejudging.hpp"

#include "engine/replay/by_case.hpp"
#include "engine/replay/exactly.hpp"
#include "tests/suite/suite_bench.hpp"

namespace plugproof::suite_tests {

std::string difference(const std::string& journal, const std::string& suite) {
  const auto recording = replay::Recording::read(journal, "journal.jsonl");
  const auto found = replay::replay_exactly(recording, suite_of(suite));
  if (!found) return {};
  return "journal.jsonl:" + std::to_string(found->line) + ":\n  recorded     " + found->recorded +
         "\n  judged again " + found->again;
}

std::string changes(const std::string& journal, const std::string& suite,
                    const std::string& edition) {
  const auto recording = replay::Recording::read(journal, "journal.jsonl");
  std::string text;
  for (const auto& c : replay::judge_by_case(recording, suite_of(suite),
                                             edition.empty() ? recording.run().edition : edition)) {
    text += c.id + ": " + c.recorded;
    if (c.divergence) {
      text += " needs a new run: " + std::to_string(c.divergence->line) + ": " +
              c.divergence->recorded + " | " + c.divergence->wanted + "\n";
    } else if (!c.dropped.empty()) {
      text += " dropped: " + c.dropped + "\n";
    } else {
      base::Value::List failures;
      for (const auto& failure : c.again->failures) failures.push_back(failure.to_value());
      const bool same = c.recorded == run::to_string(c.again->verdict) &&
                        c.recorded_reason == c.again->reason &&
                        c.recorded_failures == base::Value(failures);
      if (same)
        text.resize(text.rfind(c.id));
      else
        text +=
            std::string(" -> ") + run::to_string(c.again->verdict) + ": " + c.again->reason + "\n";
    }
  }
  return text;
}

}  // namespace plugproof::suite_tests
