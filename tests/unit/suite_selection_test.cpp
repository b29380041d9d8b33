#include "engine/suite/selection.hpp"

#include <algorithm>

#include "suite_folder.hpp"

namespace plugproof::suite {
namespace {

class Selection : public testing::Test {
 protected:
  Selection() {
    std::string programme = "cases:\n";
    for (const auto& [id, applies] :
         {std::pair{"T_1", "C-04"}, std::pair{"T_2", "not C-04"},
          std::pair{"T_3", "profile.Nonsense"}, std::pair{"T_4", "cfg.HeartbeatInterval.writable"},
          std::pair{"T_5", "C-04"}}) {
      const bool old = std::string(id) == "T_5";
      programme += std::string("  - {id: ") + id +
                   ", title: A title, group: " + (id == std::string("T_4") ? "smart/y" : "core/x") +
                   ", editions: ['" + (old ? "2024-04" : "2025-11") +
                   "'], profile: Core, applies: " + applies + "}\n";
      if (std::string(id) == "T_3") continue;
      std::string text = SuiteFolder::head(id) + "scenario:\n  - send: ClearCache\n";
      replace(text, "applies: 'true'", std::string("applies: ") + applies);
      if (old) replace(text, "2025-11", "2024-04");
      if (id == std::string("T_4")) replace(text, "core/x", "smart/y");
      folder_.write(std::string("core/") + id + ".yaml", text);
    }
    folder_.write("programme.yaml", programme);
    suite_ = folder_.load(diagnostics_);
    EXPECT_TRUE(suite_) << diagnostics_.render();
    pics_ = pics::Pics::load("pics/certified/CSC-07A7-1.yaml", diagnostics_);
    EXPECT_TRUE(pics_) << diagnostics_.render();
  }
  static void replace(std::string& text, const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
  }

  Selected decided(const std::string& id, const Filter& filter = {}) {
    messages_ = base::Diagnostics();
    const auto all = select(*suite_, *pics_, "2025-11", filter, messages_);
    const auto it =
        std::find_if(all.begin(), all.end(), [&](const auto& s) { return s.entry->id == id; });
    return it == all.end() ? Selected() : *it;
  }

  SuiteFolder folder_;
  base::Diagnostics diagnostics_, messages_;
  std::optional<Suite> suite_;
  std::optional<pics::Pics> pics_;
};

TEST_F(Selection, ExpressionHolds__SelectedWithItsAnswers) {
  const bool claimed = pics_->lookup("C-04")->as_bool();
  const Selected yes = decided(claimed ? "T_1" : "T_2"), no = decided(claimed ? "T_2" : "T_1");
  EXPECT_EQ(yes.decision, Decision::selected);
  EXPECT_TRUE(yes.applies);
  EXPECT_EQ(yes.reason, std::string("C-04 is ") + (claimed ? "yes" : "no"));
  EXPECT_EQ(no.decision, Decision::not_applicable);
  EXPECT_EQ(no.reason, yes.reason);
  EXPECT_EQ(yes.profile, "Core");
}

TEST_F(Selection, AnswerThatIsAbsent__ErrorWithItsName) {
  decided("T_3");
  ASSERT_EQ(messages_.error_count(), 1u) << messages_.render();
  EXPECT_NE(messages_.render().find("selecting T_3: 'profile.Nonsense' has no value"),
            std::string::npos)
      << messages_.render();
  EXPECT_NE(messages_.render().find("an answer that is absent is not a no"), std::string::npos);
}

TEST_F(Selection, ChargePointDecides__Undecided) {
  const Selected s = decided("T_4");
  EXPECT_EQ(s.decision, Decision::undecided);
  EXPECT_NE(s.reason.find("the charge point's configuration decides"), std::string::npos);
}

TEST_F(Selection, OtherEdition__NotInIt) {
  EXPECT_EQ(decided("T_5").decision, Decision::not_in_edition);
}

TEST_F(Selection, Filters__SkipOnRequest) {
  const std::string id = pics_->lookup("C-04")->as_bool() ? "T_1" : "T_2";
  EXPECT_EQ(decided(id, {{"T_4"}, {}, {}}).decision, Decision::skipped);
  EXPECT_EQ(decided(id, {{id}, {}, {}}).decision, Decision::selected);
  EXPECT_EQ(decided(id, {{}, {id}, {}}).decision, Decision::skipped);
  EXPECT_EQ(decided(id, {{}, {}, {"smart"}}).decision, Decision::skipped);
  EXPECT_EQ(decided(id, {{}, {}, {"core"}}).decision, Decision::selected);
  EXPECT_EQ(decided(id, {{}, {}, {"core/x"}}).decision, Decision::selected);
  EXPECT_EQ(decided("T_4", {{id}, {}, {}}).decision, Decision::skipped);
}

TEST_F(Selection, SupplementaryCase__RunsWhenItIsAskedFor) {
  std::string programme = "cases:\n";
  for (const char* id : {"T_4", "T_6"})
    programme += std::string("  - {id: ") + id +
                 ", title: A title, group: " + (id == std::string("T_6") ? "odd/z" : "smart/y") +
                 ", editions: ['2025-11'], profile: Core, applies: 'true', status: " +
                 (id == std::string("T_6") ? "supplementary" : "mandatory") + "}\n";
  folder_.write("programme.yaml", programme);
  for (const char* id : {"T_1", "T_2", "T_4", "T_5"})
    std::filesystem::remove(folder_.path(std::string("core/") + id + ".yaml"));
  std::string text = SuiteFolder::head("T_6") + "scenario:\n  - send: ClearCache\n";
  replace(text, "core/x", "odd/z");
  folder_.write("core/T_6.yaml", text);
  base::Diagnostics diagnostics;
  suite_ = folder_.load(diagnostics);
  ASSERT_TRUE(suite_) << diagnostics.render();

  EXPECT_EQ(decided("T_6").entry, nullptr);
  EXPECT_EQ(decided("T_6", {{}, {}, {"smart"}}).entry, nullptr);
  EXPECT_EQ(decided("T_6", {{"T_6"}, {}, {}}).decision, Decision::selected);
  EXPECT_EQ(decided("T_6", {{}, {}, {"odd"}}).decision, Decision::selected);
  for (const char* also : {"T_6", "odd", "odd/z"}) {
    EXPECT_EQ(decided("T_6", {{}, {}, {}, {also}}).decision, Decision::selected) << also;
    EXPECT_EQ(decided("T_6", {{"T_4"}, {}, {}, {also}}).decision, Decision::selected) << also;
    EXPECT_EQ(decided("T_6", {{}, {"T_6"}, {}, {also}}).decision, Decision::skipped) << also;
    EXPECT_EQ(messages_.error_count(), 0U) << messages_.render();
  }
  decided("T_6", {{}, {}, {}, {"smart"}});
  EXPECT_NE(messages_.render().find(
                "--also: error: there is no supplementary test case or group 'smart'"),
            std::string::npos)
      << messages_.render();
}

TEST_F(Selection, FilterWithTypo__ErrorWithTheNearestName) {
  decided("T_1", {{"T_11"}, {"T_x"}, {"cor"}});
  const std::string text = messages_.render();
  EXPECT_NE(text.find("--only: error: there is no test case 'T_11'"), std::string::npos) << text;
  EXPECT_NE(text.find("--skip: error: there is no test case 'T_x'"), std::string::npos) << text;
  EXPECT_NE(text.find("--group: error: there is no group 'cor'\n    did you mean 'core'?"),
            std::string::npos)
      << text;
}

TEST_F(Selection, CaseWithoutAFile__NotBuilt) {
  folder_.write("programme.yaml",
                "cases:\n  - {id: T_9, title: A title, group: core/x, editions: ['2025-11'], "
                "profile: Core, applies: 'true'}\n");
  for (const char* id : {"T_1", "T_2", "T_4", "T_5"})
    std::filesystem::remove(folder_.path(std::string("core/") + id + ".yaml"));
  base::Diagnostics diagnostics;
  suite_ = folder_.load(diagnostics);
  ASSERT_TRUE(suite_) << diagnostics.render();
  const Selected s = decided("T_9");
  EXPECT_EQ(s.decision, Decision::not_built);
  EXPECT_TRUE(s.applies);
}

TEST(DefaultEdition, Generations__AsPublished) {
  EXPECT_EQ(default_edition(pics::Generation::g2019), "2024-04");
  EXPECT_EQ(default_edition(pics::Generation::g2024), "2024-04");
  EXPECT_EQ(default_edition(pics::Generation::g2025), "2025-11");
}

}  // namespace
}  // namespace plugproof::suite
