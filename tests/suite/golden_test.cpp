// The abstracts of the five certified charge points, cell by cell against their certificates
// (tests/golden): titles, tables, rows and cells in printed order, nothing missing and nothing
// more. Where a cell may differ, the file says why.
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>

#include "engine/base/yaml.hpp"
#include "reports/abstract.hpp"
#include "tests/suite/suite_bench.hpp"
#include "tests/unit/reports_fixture.hpp"

namespace plugproof::suite_tests {
namespace {

using base::YamlNode;
using reports::AbstractSection;
using reports::AbstractTable;
using reports::AbstractText;
using reports::Cells;

const YamlNode kNothing;

const YamlNode& member(const YamlNode& node, const char* key) {
  const YamlNode* found = node.find(key);
  return found ? *found : kNothing;
}

std::set<std::string> words(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), std::istream_iterator<std::string>()};
}

class Golden : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const std::string path = std::string("tests/golden/") + GetParam() + ".yaml";
    base::Diagnostics diagnostics;
    const auto read = base::read_yaml_file(path, diagnostics);
    ASSERT_TRUE(read) << diagnostics.render();
    golden_ = *read;
    const Play played = play(member(golden_, "pics").text, {});
    results_ = reports::RunFolder(played.journal).results();
    abstract_ = reports::make_abstract(results_);
  }

  // What the row of a profile has to say: the certificate's word where the profile is not claimed,
  // Pass where every case that applies is built, else how many are not.
  std::string expected_result(const std::string& title, const std::string& certified) const {
    const auto profile = std::find_if(results_.profiles.begin(), results_.profiles.end(),
                                      [&](const auto& p) { return p.title == title; });
    if (profile == results_.profiles.end()) return "(no such profile)";
    if (!profile->claimed) return certified;
    int applicable = 0, not_built = 0;
    for (const auto& result : results_.cases) {
      const bool security = profile->name == "Security" && result.profile == "SecurityExtension";
      if (result.profile != profile->name && !security) continue;
      if (result.decision == "not_applicable" || result.decision == "not_in_edition") continue;
      ++applicable;
      if (result.decision == "not_built") {
        ++not_built;
      } else {
        EXPECT_EQ(result.verdict, reports::Verdict::pass) << result.id << ": " << result.reason;
      }
    }
    EXPECT_GT(applicable, 0) << title;
    if (not_built == 0) return "Pass";
    return "Incomplete: " + std::to_string(not_built) + " of " + std::to_string(applicable) +
           " applicable case" + (applicable == 1 ? "" : "s") + " not built";
  }

  void compare_exception(const YamlNode& cell, const std::string& ours, const std::string& first) {
    const std::string& kind = cell.entries.front().key;
    const std::string& certified = cell.entries.front().value.text;
    const YamlNode& reasons = member(golden_, "exceptions");
    EXPECT_FALSE(member(reasons, kind.c_str()).text.empty())
        << cell.pos.to_string() << ": no reason for '" << kind << "'";
    used_.insert(kind);
    const std::string where = cell.pos.to_string() + " (" + first + ")";
    if (kind == "words") {
      EXPECT_FALSE(ours.empty()) << where;
    } else if (kind == "scan" || kind == "label") {
      EXPECT_EQ(ours, member(cell, "ours").text) << where;
    } else if (kind == "result") {
      EXPECT_EQ(ours, expected_result(first, certified)) << where;
    } else if (kind == "measured") {
      const bool clock = certified.find(':') != std::string::npos;
      const std::regex form(clock ? R"(\d\d:\d\d:\d\d)" : R"(\d+\.\d\d)");
      EXPECT_TRUE(std::regex_match(certified, form)) << where << ": " << certified;
      EXPECT_TRUE(std::regex_match(ours, form)) << where << ": " << ours;
    } else if (kind == "identifier") {
      EXPECT_TRUE(ours.empty() || ours.size() == certified.size()) << where << ": " << ours;
    } else if (kind == "tool") {
      EXPECT_EQ(ours.rfind("plugproof ", 0), 0U) << where << ": " << ours;
    } else if (kind == "date") {
      EXPECT_EQ(ours, "Date:") << where;
    } else if (kind == "name") {
      EXPECT_EQ(ours, "") << where;
    } else if (kind == "set") {
      EXPECT_EQ(words(ours), words(certified)) << where;
    } else {
      ADD_FAILURE() << where << ": the test does not know the exception '" << kind << "'";
    }
  }

  void compare_cells(const YamlNode& expected, const Cells& ours) {
    ASSERT_EQ(ours.size(), expected.items.size())
        << expected.pos.to_string() << ": " << (ours.empty() ? "" : ours.front());
    for (std::size_t i = 0; i < ours.size(); ++i) {
      const YamlNode& cell = expected.items[i];
      if (cell.is_map()) {
        compare_exception(cell, ours[i], ours.front());
      } else {
        EXPECT_EQ(ours[i], cell.text) << cell.pos.to_string();
      }
      ++cells_;
    }
  }

  void compare_table(const YamlNode& expected, const AbstractTable& ours) {
    EXPECT_EQ(ours.title, member(expected, "title").text) << expected.pos.to_string();
    compare_cells(member(expected, "header"), ours.header);
    const auto& rows = member(expected, "rows").items;
    ASSERT_EQ(ours.rows.size(), rows.size()) << expected.pos.to_string();
    for (std::size_t i = 0; i < rows.size(); ++i) compare_cells(rows[i], ours.rows[i]);
  }

  void compare_section(const YamlNode& expected, const AbstractSection& ours) {
    EXPECT_EQ(ours.title, member(expected, "title").text) << expected.pos.to_string();
    const int level = member(expected, "level").is_null() ? 2 : 3;
    EXPECT_EQ(ours.level, level) << expected.pos.to_string();
    std::vector<const AbstractTable*> tables;
    bool has_text = false;
    for (const auto& block : ours.blocks) {
      if (const auto* table = std::get_if<AbstractTable>(&block)) tables.push_back(table);
      if (const auto* text = std::get_if<AbstractText>(&block))
        has_text = has_text || (!text->remark && !text->text.empty());
    }
    if (!member(expected, "text").is_null()) {
      EXPECT_TRUE(has_text) << expected.pos.to_string();
    }
    const auto& wanted = member(expected, "tables").items;
    ASSERT_EQ(tables.size(), wanted.size()) << expected.pos.to_string() << ": " << ours.title;
    for (std::size_t i = 0; i < wanted.size(); ++i) compare_table(wanted[i], *tables[i]);
  }

  YamlNode golden_;
  reports::Results results_;
  reports::Abstract abstract_;
  std::set<std::string> used_{"words"};  // which a text above the tables may use as well
  int cells_ = 0;
};

TEST_P(Golden, EveryCellOfTheCertificate__StandsInOurAbstractAndNothingElse) {
  EXPECT_EQ(abstract_.title, member(golden_, "title").text);
  std::vector<const AbstractSection*> ours;
  for (const auto& section : abstract_.sections)
    if (!section.own) ours.push_back(&section);
  const auto& wanted = member(golden_, "sections").items;
  ASSERT_EQ(ours.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) compare_section(wanted[i], *ours[i]);
  EXPECT_GT(cells_, 150);
  for (const auto& reason : member(golden_, "exceptions").entries)
    EXPECT_TRUE(used_.contains(reason.key)) << "the exception '" << reason.key << "' is not used";
}

TEST_P(Golden, EveryApplicableCase__CountsForAPrintedProfile) {
  std::size_t counted = 0, applicable = 0;
  for (const auto& profile : results_.profiles) counted += profile.applicable;
  for (const auto& result : results_.cases) applicable += result.applies();
  EXPECT_EQ(counted, applicable);
}

TEST_P(Golden, SimulatedRun__EverySectionIsMarkedAndNobodyApproves) {
  EXPECT_EQ(abstract_.mark, "Not a certificate. Simulated device, virtual clock");
  EXPECT_NE(abstract_.notice.find("not a certificate"), std::string::npos);
  for (const auto& section : abstract_.sections) {
    for (const auto& block : section.blocks) {
      const auto* table = std::get_if<AbstractTable>(&block);
      if (!table) continue;
      for (const auto& row : table->rows)
        for (const auto& cell : row) EXPECT_EQ(cell.find("OCTT"), std::string::npos) << cell;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Certificates, Golden,
                         testing::Values("CSC-14000B7", "EVSP007-1CHB", "TSCT-2007CP", "CHQ-S-07SR",
                                         "CSC-07A7-1"),
                         [](const auto& file) { return short_name(file.param); });

}  // namespace
}  // namespace plugproof::suite_tests
