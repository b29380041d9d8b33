#include "reports/run_record.hpp"

#include <optional>

#include "reports/text.hpp"

namespace plugproof::reports {

namespace {

using base::Value;

constexpr std::size_t kMaxText = 4000;  // bytes of one text

// Seconds of a declared maximum: 60, "60" or "60s".
std::optional<double> declared_seconds(const Value& document, std::string_view key) {
  const Value* performance = document.find("performance");
  const Value* value = performance ? performance->find(key) : nullptr;
  if (!value) return std::nullopt;
  if (value->is_number()) return value->as_number();
  if (!value->is_string()) return std::nullopt;
  double seconds = 0;
  std::size_t digits = 0;
  for (const char c : value->as_string()) {
    if (c < '0' || c > '9') break;
    if (++digits > 9) return std::nullopt;
    seconds = seconds * 10 + (c - '0');
  }
  return digits > 0 ? std::optional<double>(seconds) : std::nullopt;
}

}  // namespace

std::string text_of(const Value& record, std::string_view key) {
  return shorten_raw(plain_member(record, key), kMaxText);
}

RunInfo read_run(const Value& record) {
  RunInfo run;
  run.tool = text_of(record, "tool");
  run.name = text_of(record, "name");
  run.clock = text_of(record, "clock");
  run.dut_kind = text_of(record, "dut_kind");
  run.edition = text_of(record, "edition");
  run.generation = text_of(record, "generation");
  run.seed = record.int_or("seed", 0);
  const Value* isolate = record.find("isolate");
  run.isolate = isolate && isolate->is_bool() && isolate->as_bool();
  run.started = text_of(record, "utc");
  if (const Value* suite = record.find("suite")) {
    run.suite_sha256 = text_of(*suite, "sha256");
    run.suite_cases = suite->int_or("cases", 0);
  }
  if (const Value* pics = record.find("pics")) {
    run.pics_path = text_of(*pics, "path");
    run.pics_sha256 = text_of(*pics, "sha256");
    if (const Value* document = pics->find("document")) run.pics = *document;
  }
  if (const Value* pixit = record.find("pixit"))
    if (const Value* document = pixit->find("document")) run.pixit = *document;
  if (const Value* simulator = record.find("simulator")) {
    if (const Value* defects = simulator->find("defects"); defects && defects->is_list())
      for (const auto& defect : defects->as_list()) run.defects.push_back(plain(defect));
    run.variation_seed = simulator->int_or("variation_seed", 0);
  }
  run.instance_id = text_of(record, "instance");
  if (const Value* image = record.find("firmware_image")) {
    run.firmware_name = text_of(*image, "name");
    run.firmware_sha256 = text_of(*image, "sha256");
  }
  if (const Value* command = record.find("command_line")) {
    if (command->is_list()) {
      std::vector<std::string> words;
      for (const auto& word : command->as_list()) words.push_back(plain(word));
      run.command_line = join(words, " ");
    } else {
      run.command_line = plain(*command);
    }
  }
  run.shard = read_shard(record);
  run.merged = read_sources(record);
  return run;
}

std::vector<Kpi> declared_kpis(const RunInfo& run) {
  const Value& document = run.pics;
  const bool old = run.generation == "2019";
  return {
      {"response", 0, 0, 0, 0, declared_seconds(document, "ocpp_response_timeout")},
      {"triggered", 0, 0, 0, 0, declared_seconds(document, "triggered_function_timeout")},
      {"remote_start", 0, 0, 0, 0, old ? std::nullopt : declared_seconds(document, "remote_start")},
      {"remote_stop", 0, 0, 0, 0, declared_seconds(document, "remote_stop")},
      // The only generation that declares a time to the confirmation is 2019.
      {"remote_start_response", 0, 0, 0, 0,
       old ? declared_seconds(document, "remote_start") : std::nullopt}};
}

}  // namespace plugproof::reports
