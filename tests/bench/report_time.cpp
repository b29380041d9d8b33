// What the reports cost on journals of growing length: CPU seconds, size of the file and memory,
// for each format. Every case has the same frames: heartbeats, meter values, a failed check at the
// end.
//
//   plugproof_bench_report [frames ...]
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/json.hpp"
#include "engine/base/sha256.hpp"
#include "engine/base/time.hpp"
#include "reports/reports.hpp"
#include "tests/bench/measure.hpp"

namespace {

using namespace plugproof;
using base::Value;

constexpr int kCases = 40;

class Writer {
 public:
  explicit Writer(const std::string& path) : file_(path, std::ios::binary) {}

  std::int64_t add(const char* kind, const std::string& id, Value::Object fields) {
    t_ += 50'000'000;
    Value record = Value::object({{"seq", ++seq_}, {"t", t_}});
    const auto utc = base::Micros(1'767'225'600'000'000) + base::Micros(t_ / 1000);
    record.set("utc", base::format_utc_micros(utc));
    record.set("kind", kind);
    record.set("dut", "CP001");
    if (!id.empty()) record.set("case", id);
    for (auto& [name, value] : fields) record.set(name, std::move(value));
    record.set("prev", head_);
    const std::string line = base::write_json(record);
    head_ = base::sha256_hex(line);
    file_ << line << '\n';
    return seq_;
  }

 private:
  std::ofstream file_;
  std::string head_ = std::string(64, '0');
  std::int64_t seq_ = 0, t_ = 0;
};

const std::string kMeterValues =
    R"("MeterValues",{"connectorId":1,"transactionId":17,"meterValue":[{"timestamp":"2026-01-01T00:00:00Z","sampledValue":[)"
    R"({"value":"1234.5","context":"Sample.Periodic","measurand":"Energy.Active.Import.Register","unit":"Wh"},)"
    R"({"value":"16.0","context":"Sample.Periodic","measurand":"Current.Import","phase":"L1","unit":"A"},)"
    R"({"value":"230.1","context":"Sample.Periodic","measurand":"Voltage","phase":"L1","unit":"V"}]}]}])";

void write_case(Writer& out, const std::string& id, std::size_t frames) {
  out.add("case", id, {{"id", id}, {"title", "Meter values"}, {"group", "core"}});
  out.add("phase", id, {{"phase", "scenario"}});
  std::int64_t last = 0;
  for (std::size_t i = 0; i < frames / 2; ++i) {
    const std::string number = std::to_string(i), label = "step " + number;
    out.add("step", id, {{"label", label}, {"summary", "receive MeterValues {connectorId: 1}"}});
    const std::int64_t in = out.add("in", id,
                                    {{"connection", 1},
                                     {"text", "[2,\"" + number + "\"," + kMeterValues},
                                     {"type", "call"},
                                     {"id", number},
                                     {"action", "MeterValues"}});
    out.add("match", id, {{"label", label}, {"frame", in}});
    last = out.add("out", id,
                   {{"connection", 1},
                    {"text", "[3,\"" + number + "\",{}]"},
                    {"type", "result"},
                    {"id", number},
                    {"action", "MeterValues"}});
    out.add("sample", id,
            {{"kpi", "response"}, {"seconds", 0.05 + 0.01 * static_cast<double>(i % 7)}});
  }
  const Value failure = Value::object({{"check", "step 1:transactionId"},
                                       {"kind", "check"},
                                       {"message", "transactionId is not as required"},
                                       {"field", "transactionId"},
                                       {"expected", "18"},
                                       {"actual", "17"},
                                       {"frame", last}});
  out.add("verdict", id,
          {{"id", id}, {"verdict", "fail"}, {"failures", Value::list({failure})}, {"checks", 1}});
}

void write_journal(const std::string& path, std::size_t frames) {
  Writer out(path);
  Value::List selection;
  std::vector<std::string> ids;
  for (int i = 0; i < kCases; ++i) {
    ids.push_back("TC_" + std::to_string(100 + i) + "_CS");
    selection.push_back(Value::object({{"id", ids.back()},
                                       {"profile", "Core"},
                                       {"group", "core"},
                                       {"selected", true},
                                       {"decision", "selected"}}));
  }
  const Value pics =
      Value::object({{"document", Value::object({{"profiles", Value::list({"Core"})}})}});
  out.add("run", "",
          {{"format", 1},
           {"generation", "2025"},
           {"clock", "real"},
           {"dut_kind", "listen"},
           {"pics", pics},
           {"selection", Value(std::move(selection))}});
  for (const auto& id : ids) write_case(out, id, frames / kCases);
  out.add("end", "", {{"outcome", "complete"}});
}

// In a process of its own, so that its memory is its own.
void measure(const std::string& folder, std::size_t frames, const std::string& name) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child != 0) {
    int status = 0;
    waitpid(child, &status, 0);
    return;
  }
  const double before = bench::cpu_seconds();
  const reports::Format format = *reports::parse_format(name);
  reports::write_reports(folder, {format});
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto size = std::filesystem::file_size(folder + "/" + reports::file_name(format));
  std::printf("%9zu %-10s %9.2f %12.0f %10.1f\n", frames, name.c_str(),
              bench::cpu_seconds() - before, static_cast<double>(size) / 1024,
              static_cast<double>(usage.ru_maxrss) / 1024);
  std::fflush(stdout);
  std::_Exit(0);
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::size_t> sizes;
  for (int i = 1; i < argc; ++i) sizes.push_back(std::strtoul(argv[i], nullptr, 10));
  if (sizes.empty()) sizes = {1000, 10'000, 100'000};
  std::string folder = (std::filesystem::temp_directory_path() / "plugproof-bench-XXXXXX").string();
  if (!mkdtemp(folder.data())) {
    std::perror("mkdtemp");
    return 2;
  }
  std::printf("%d cases; CPU seconds include reading the journal\n", kCases);
  std::printf("%9s %-10s %9s %12s %10s\n", "frames", "format", "CPU s", "file KiB", "peak MiB");
  for (const std::size_t frames : sizes) {
    write_journal(folder + "/journal.jsonl", frames);
    for (const auto& name : reports::format_names()) measure(folder, frames, name);
  }
  std::filesystem::remove_all(folder);
  return 0;
}
