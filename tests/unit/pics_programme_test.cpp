// The programme's own file against the PICS model: every expression can be judged for every
// certified product.
#include <algorithm>
#include <map>
#include <set>

#include "engine/base/expression.hpp"
#include "engine/base/yaml.hpp"
#include "pics_fixture.hpp"

namespace plugproof::pics {
namespace {

using base::YamlNode;

YamlNode programme() {
  base::Diagnostics diagnostics;
  auto root = base::read_yaml_file("testcases/programme.yaml", diagnostics);
  EXPECT_TRUE(root) << diagnostics.render();
  return root ? *root->find("cases") : YamlNode{};
}

// `key` of a case for a generation: one text for all, or one a generation.
std::string for_generation(const YamlNode& entry, const std::string& key,
                           const std::string& generation) {
  const YamlNode& node = *entry.find(key);
  return node.is_map() ? node.find(generation)->text : node.text;
}

class Answers : public base::Scope {
 public:
  explicit Answers(const Pics& pics) : pics_(pics) {}
  std::optional<base::Value> lookup(std::string_view name) const override {
    if (name == "cfg.LocalAuthListEnabled.writable") return false;
    return pics_.lookup(name);
  }

 private:
  const Pics& pics_;
};

bool is_supplementary(const YamlNode& entry) {
  return entry.find("status")->is_scalar() && entry.find("status")->text == "supplementary";
}

TEST(Programme, Editions__CountTheCasesOfTheTestDocuments) {
  std::map<std::string, int> count;
  std::set<std::string> ids;
  for (const auto& entry : programme().items) {
    if (is_supplementary(entry)) continue;
    EXPECT_TRUE(ids.insert(entry.find("id")->text).second) << entry.find("id")->text;
    for (const auto& edition : entry.find("editions")->items) ++count[edition.text];
  }
  EXPECT_EQ(ids.size(), 112u);
  EXPECT_EQ(count, (std::map<std::string, int>{{"2024-04", 102}, {"2025-11", 107}}));
}

TEST(Programme, EveryExpression__CanBeJudgedForEveryCertifiedProduct) {
  for (const char* file : {k2025, k2024, k2024All, k2019, k2019Single, kTemplate}) {
    const Loaded loaded = load_file(file);
    ASSERT_TRUE(loaded.pics);
    const Answers scope(*loaded.pics);
    for (const auto& entry : programme().items) {
      base::Diagnostics diagnostics;
      const std::string text =
          for_generation(entry, "applies", to_string(loaded.pics->generation()));
      const auto expression = base::Expression::parse(text, entry.pos, diagnostics);
      ASSERT_TRUE(expression) << diagnostics.render();
      EXPECT_NO_THROW(expression->holds(scope))
          << file << ": " << entry.find("id")->text << ": " << text;
    }
  }
}

TEST(Programme, SupplementaryCases__HaveNoProfileOfAProgramme) {
  int count = 0;
  for (const auto& entry : programme().items) {
    if (!is_supplementary(entry)) continue;
    ++count;
    EXPECT_EQ(entry.find("profile")->text, "Supplementary") << entry.find("id")->text;
    EXPECT_EQ(entry.find("id")->text.rfind("PP_", 0), 0U) << entry.find("id")->text;
  }
  EXPECT_GT(count, 0);
}

TEST(Programme, EveryProfile__BelongsToItsGeneration) {
  const std::set<std::string> statuses = {"mandatory", "conditional", "optional",
                                          "not_in_programme"};
  for (const auto& entry : programme().items) {
    if (is_supplementary(entry)) continue;
    for (const Generation generation : {Generation::g2019, Generation::g2024, Generation::g2025}) {
      const std::string profile = for_generation(entry, "profile", to_string(generation));
      const auto& names = profile_names(generation);
      const bool known = std::find(names.begin(), names.end(), profile) != names.end() ||
                         (generation == Generation::g2019 && profile == "Security") ||
                         (generation == Generation::g2024 && profile == "SecurityExtension");
      EXPECT_TRUE(known) << entry.find("id")->text << ": " << profile;
      EXPECT_TRUE(statuses.contains(for_generation(entry, "status", to_string(generation))));
    }
  }
}

}  // namespace
}  // namespace plugproof::pics
