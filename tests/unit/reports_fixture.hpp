// Journals for the tests of the reports: records are numbered, dated and chained here, so that a
// sample can be written and changed by hand.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/json.hpp"
#include "engine/base/sha256.hpp"
#include "engine/base/time.hpp"
#include "engine/base/value.hpp"
#include "reports/reports.hpp"

namespace plugproof::reports {

inline constexpr const char* kReportsData = "tests/unit/data/reports/";

inline std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// A folder that is removed with its content.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "reports-test-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

class JournalText {
 public:
  // Adds seq, utc and prev; returns the seq. `t` is in seconds.
  std::int64_t add_value(base::Value record, double t = 0) {
    const auto nanos = base::from_seconds(t);
    base::Value out = base::Value::object({{"seq", ++seq_}, {"t", nanos.count()}});
    constexpr base::Micros kStart = std::chrono::seconds(1'767'225'600);  // 2026-01-01T00:00:00Z
    out.set("utc",
            base::format_utc_micros(kStart + std::chrono::duration_cast<base::Micros>(nanos)));
    for (auto& [key, value] : record.as_object()) out.set(key, std::move(value));
    out.set("prev", head_);
    const std::string line = base::write_json(out);
    head_ = base::sha256_hex(line);
    text_ += line + "\n";
    return seq_;
  }
  std::int64_t add(const std::string& json, double t = 0) {
    auto read = base::read_json(json);
    EXPECT_TRUE(read.value) << json << ": " << read.error.message;
    return add_value(read.value.value_or(base::Value(base::Value::Object{})), t);
  }
  // All records of a sample of tests/unit/data/reports; their `t` is in nanoseconds.
  void add_sample(const std::string& name) {
    std::ifstream file(std::string(kReportsData) + name);
    ASSERT_TRUE(file) << name;
    for (std::string line; std::getline(file, line);) {
      const auto read = base::read_json(line);
      ASSERT_TRUE(read.value) << name << ": " << read.error.message;
      add_value(*read.value, static_cast<double>(read.value->int_or("t", 0)) / 1e9);
    }
  }

  const std::string& text() const { return text_; }
  const std::string& head() const { return head_; }

 private:
  std::string text_;
  std::string head_ = std::string(64, '0');
  std::int64_t seq_ = 0;
};

// A run folder with a journal in it.
class RunFolder {
 public:
  explicit RunFolder(const std::string& journal) {
    std::ofstream(folder_.file("journal.jsonl"), std::ios::binary) << journal;
  }
  const std::string& path() const { return folder_.path(); }
  std::string file(const std::string& name) const { return folder_.file(name); }
  std::string journal() const { return folder_.file("journal.jsonl"); }
  Results results() const { return read_results(journal()); }

 private:
  ScratchFolder folder_;
};

// A report of a journal, whatever folder it lies in.
inline std::string rendered(const std::string& journal, Format format) {
  const RunFolder run(journal);
  return render(run.results(), format);
}

inline std::string sample_text(const std::string& name) {
  JournalText journal;
  journal.add_sample(name);
  return journal.text();
}

// The 2019 sample is a run that was killed: its last record is torn.
inline std::string sample_2019() {
  return sample_text("run-2019.records.jsonl") + "{\"seq\":11,\"t\":62";
}
inline std::string sample_2024() {
  return sample_text("run-2024.records.jsonl");
}
inline std::string sample_2025() {
  return sample_text("run-2025.records.jsonl");
}

inline const CaseResult& case_of(const Results& results, const std::string& id) {
  static const CaseResult none;
  for (const auto& result : results.cases)
    if (result.id == id) return result;
  ADD_FAILURE() << "no case " << id;
  return none;
}

inline constexpr const char* kRunRecord =
    R"({"kind":"run","format":1,"tool":"plugproof 0.1.0","name":"r","clock":"real","dut_kind":"listen",)"
    R"("generation":"2025","edition":"2025-11","pics":{"document":{"profiles":["Core"]}},"selection":[)"
    R"({"id":"TC_001_CS","title":"Boot","group":"core/boot","profile":"Core","selected":true,)"
    R"("decision":"selected","reason":"for every charge point","feature":"true"}]})";

}  // namespace plugproof::reports
