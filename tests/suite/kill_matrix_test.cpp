// Every check can fail: for each there is a defect of the reference charge point that it catches.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <functional>

#include "tests/suite/kill_list.hpp"
#include "tests/suite/suite_bench.hpp"

namespace plugproof::suite_tests {
namespace {

constexpr const char* kList = "tests/suite/kills";
constexpr const char* kSuite = "testcases";

using Check = std::pair<std::string, std::string>;  // case, plain check

const std::vector<Kill>& kills() {
  static const std::vector<Kill> list = load_kills(kList);
  return list;
}

// What defect-free runs judge: over all PICS files, and where an entry needs more than that.
const std::set<Check>& judged() {
  static const std::set<Check> all = [] {
    std::set<Check> checks;
    const auto add = [&checks](const std::string& file, const PlaySettings& settings) {
      for (const auto& [test_case, names] : judged_checks(play(file, settings).journal))
        for (const auto& name : names) checks.emplace(test_case, name);
    };
    PlaySettings everything;
    everything.also = {"wrong-worlds"};
    for (const auto& file : pics_files()) add(file, everything);
    for (const auto& kill : kills()) {
      if (kill.variation_seed == 0 && kill.suite == kSuite) continue;
      PlaySettings settings;
      settings.only = {kill.test_case};
      settings.variation_seed = kill.variation_seed;
      settings.suite = kill.suite;
      add(kill.pics, settings);
    }
    return checks;
  }();
  return all;
}

// The monitors; the engine has no list of their names.
const std::set<std::string> kFailing{"schema",           "frame",        "message-id",
                                     "unasked-response", "registration", "status",
                                     "transaction",      "energy",       "queue"};
const std::set<std::string> kRemarking{
    "clock",  "heartbeat",   "late-response",  "one-call-at-a-time", "retry",
    "status", "transaction", "security-event", "authorization-key"};
// The remark of a `warn` entry has the name of a check, "2:status"; monitors have no colon.
bool of_a_monitor(const std::string& remark) {
  return remark.find(':') == std::string::npos;
}

TEST(KillMatrix, EveryCheck__HasAnEntry) {
  std::set<Check> listed;
  for (const auto& kill : kills()) listed.emplace(kill.test_case, kill.check);
  for (const auto& [test_case, check] : judged())
    EXPECT_TRUE(listed.count({test_case, check}) > 0)
        << test_case << " " << check << ": no entry in " << kList;
}

void paths_warned_of(const suite::Steps& steps, std::vector<std::string>& paths) {
  for (const auto& step : steps) {
    for (const auto& warning : step.warnings) paths.push_back(warning.path.text());
    if (step.remarks) paths.push_back(step.name);
    for (const auto& branch : step.branches) paths_warned_of(branch, paths);
  }
}

// `belongs`: whether an entry is about them at all.
void expect_entries(const std::string& name, const suite::Steps& steps,
                    const std::function<bool(const Kill&)>& belongs) {
  std::vector<std::string> paths;
  paths_warned_of(steps, paths);
  for (const auto& path : paths) {
    const std::string end = ":" + path;
    EXPECT_TRUE(std::any_of(kills().begin(), kills().end(),
                            [&](const Kill& kill) {
                              return belongs(kill) && kill.remark.size() > end.size() &&
                                     kill.remark.ends_with(end);
                            }))
        << name << ": no remark on " << path << " in " << kList;
  }
}

TEST(KillMatrix, EveryWarning__HasAnEntry) {
  for (const auto& [id, test_case] : the_suite().cases())
    expect_entries(id, test_case.scenario,
                   [&, &name = id](const Kill& kill) { return kill.test_case == name; });
}

TEST(KillMatrix, EveryWarningOfAState__HasAnEntry) {
  for (const auto& [name, state] : the_suite().states())
    expect_entries(name, state.steps,
                   [&, &of = name](const Kill& kill) { return kill.remark.starts_with(of + "/"); });
}

TEST(KillMatrix, EveryEntry__NamesACheckThatExists) {
  for (const auto& kill : kills()) {
    if (!kill.remark.empty()) {
      if (!of_a_monitor(kill.remark)) continue;  // that it appears proves that it exists
      EXPECT_TRUE(kRemarking.count(kill.remark) > 0)
          << kill.place << ": no monitor remarks as " << kill.remark;
    } else if (kill.check.rfind("monitor:", 0) == 0) {
      EXPECT_TRUE(kFailing.count(kill.check.substr(8)) > 0)
          << kill.place << ": no monitor " << kill.check;
    } else {
      EXPECT_TRUE(judged().count({kill.test_case, kill.check}) > 0)
          << kill.place << ": " << kill.test_case << " judges no " << kill.check;
    }
  }
}

TEST(KillMatrix, EveryMonitor__HasAnEntry) {
  std::set<std::string> failing, remarking;
  for (const auto& kill : kills()) {
    if (kill.check.rfind("monitor:", 0) == 0) failing.insert(kill.check.substr(8));
    if (!kill.remark.empty() && of_a_monitor(kill.remark)) remarking.insert(kill.remark);
  }
  EXPECT_EQ(failing, kFailing);
  EXPECT_EQ(remarking, kRemarking);
}

TEST(KillMatrix, EveryEntry__IsCaughtByItsCheck) {
  std::printf("%-12s %-40s %s\n", "case", "caught by", "defect");
  for (const auto& kill : kills()) {
    PlaySettings settings;
    settings.only = {kill.test_case};
    settings.defects = kill.defects;
    settings.variation_seed = kill.variation_seed;
    settings.suite = kill.suite;
    const Play played = play(kill.pics, settings);
    const auto* result = played.find(kill.test_case);
    ASSERT_NE(result, nullptr) << kill.place << ": " << kill.test_case << " does not run for "
                               << kill.pics;
    std::string shown;
    for (const auto& defect : kill.defects) {
      const auto hits = played.defect_hits.find(defect);
      EXPECT_TRUE(hits != played.defect_hits.end() && hits->second > 0)
          << kill.place << ": the defect " << defect << " never changed anything";
      shown += (shown.empty() ? "" : " + ") + defect;
    }
    const std::string by = kill.remark.empty() ? kill.check : "remark " + kill.remark;
    std::printf("%-12s %-40s %s\n", kill.test_case.c_str(), by.c_str(), shown.c_str());
    if (!kill.remark.empty()) {
      EXPECT_TRUE(std::any_of(result->remarks.begin(), result->remarks.end(),
                              [&](const auto& remark) { return remark.monitor == kill.remark; }))
          << kill.place << ": " << shown << " is not remarked by " << kill.remark << "\n"
          << describe(*result);
      continue;
    }
    EXPECT_EQ(result->verdict, run::Verdict::fail) << kill.place << ": " << describe(*result);
    EXPECT_TRUE(
        std::any_of(result->failures.begin(), result->failures.end(),
                    [&](const auto& failure) { return plain_check(failure.check) == kill.check; }))
        << kill.place << ": " << shown << " is not caught by " << kill.check << "\n"
        << describe(*result);
  }
}

}  // namespace
}  // namespace plugproof::suite_tests
