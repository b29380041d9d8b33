#include "reports/pace.hpp"

#include "reports/journal_reader.hpp"
#include "reports/run_record.hpp"

namespace plugproof::reports {

namespace {
constexpr std::size_t kMaxSamples = 200'000;
}

RunTimes read_times(const Results& results) {
  RunTimes out;
  TimeLedger ledger;
  bool in_scenario = false;
  double at_begin = 0;
  JournalReader reader(results.journal);
  while (const auto record = reader.next()) {
    const std::string kind = record->string_or("kind", "");
    const std::string id = record->string_or("case", "");
    ledger.take(*record);
    if (kind == "case") {
      in_scenario = false;
      out.waited.erase(text_of(*record, "id"));  // begun again: the last attempt counts
    } else if (kind == "phase" || kind == "verdict") {
      const double waited = ledger.of_case().charge_point;
      if (in_scenario) out.waited[id] = waited - at_begin;
      in_scenario = record->string_or("phase", "") == "scenario";
      at_begin = waited;
    } else if (kind == "sample") {
      const base::Value* seconds = record->find("seconds");
      if (seconds && seconds->is_number() && out.samples.size() < kMaxSamples)
        out.samples.push_back({record->string_or("kpi", ""), id, seconds->as_number()});
    }
  }
  return out;
}

}  // namespace plugproof::reports
