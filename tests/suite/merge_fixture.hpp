// Runs that are merged in tests: played by shards, or changed and chained again.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "reports/merge.hpp"
#include "tests/suite/suite_bench.hpp"
#include "tests/unit/reports_fixture.hpp"

namespace plugproof::suite_tests {

using base::Value;
using reports::CaseResult;
using reports::read_merge_sources;
using reports::Results;
using reports::RunFolder;
using reports::ScratchFolder;

namespace fs = std::filesystem;

constexpr const char* kPics = "pics/certified/CHQ-S-07SR.yaml";
// Quick cases of several groups.
const std::vector<std::string> kQuick{"TC_010_CS",   "TC_012_CS", "TC_017_2_CS",
                                      "TC_040_1_CS", "TC_062_CS", "TC_021_CS"};

class Runs {
 public:
  std::string add(const std::string& journal) {
    folders_.push_back(std::make_unique<RunFolder>(journal));
    paths_.push_back(folders_.back()->path());
    return paths_.back();
  }
  void add_shards(const std::string& pics, PlaySettings settings, int of, int without = 0) {
    for (int index = 1; index <= of; ++index) {
      if (index == without) continue;
      settings.shard = {index, of};
      add(play(pics, settings).journal);
    }
  }
  const std::vector<std::string>& paths() const { return paths_; }
  std::vector<std::string>& paths() { return paths_; }

 private:
  std::vector<std::unique_ptr<RunFolder>> folders_;
  std::vector<std::string> paths_;
};

inline Results merged(const Runs& runs, ScratchFolder& out) {
  reports::merge_runs(runs.paths(), out.path(), "joint");
  return reports::read_results(reports::journal_of(out.path()));
}

inline Results merged(const Runs& runs) {
  ScratchFolder out;
  return merged(runs, out);
}

// Records of a journal, changed and chained again.
inline std::string rechained(const std::string& journal,
                             const std::function<void(Value&)>& change) {
  reports::JournalText text;
  std::istringstream lines(journal);
  for (std::string line; std::getline(lines, line);) {
    Value record = *base::read_json(line).value;
    change(record);
    const double t = static_cast<double>(record.int_or("t", 0)) / 1e9;
    record.erase("prev");
    record.erase("seq");
    text.add_value(std::move(record), t);
  }
  return text.text();
}

class Merge : public testing::Test {
 protected:
  PlaySettings quick() const {
    PlaySettings settings;
    settings.only = kQuick;
    return settings;
  }
};

}  // namespace plugproof::suite_tests
