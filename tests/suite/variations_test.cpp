// What the specification leaves open is never held against a charge point: whatever legal variation
// the reference charge point draws, every case passes without a remark.
#include <gtest/gtest.h>

#include "tests/suite/suite_bench.hpp"

namespace plugproof::suite_tests {
namespace {

constexpr std::uint64_t kSeeds = 200;

class LegalVariations : public testing::TestWithParam<std::string> {};

TEST_P(LegalVariations, EverySeed__EveryCasePasses) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    PlaySettings settings;
    settings.seed = seed;
    settings.variation_seed = seed;
    for (const auto& result : play(GetParam(), settings).results) {
      EXPECT_EQ(result.verdict, run::Verdict::pass)
          << "variation seed " << seed << ": " << describe(result);
      EXPECT_TRUE(result.remarks.empty()) << "variation seed " << seed << ": " << describe(result);
    }
  }
}

// Nor is it by the supplementary cases, whose own remarks tell what a charge point may do or not.
TEST_P(LegalVariations, WrongWorlds__EveryCasePasses) {
  PlaySettings settings;
  for (const auto& entry : the_suite().programme())
    if (entry.supplementary) settings.only.push_back(entry.id);
  for (std::uint64_t seed = 1; seed <= kSeeds / 10; ++seed) {
    settings.seed = seed;
    settings.variation_seed = seed;
    for (const auto& result : play(GetParam(), settings).results) {
      EXPECT_EQ(result.verdict, run::Verdict::pass)
          << "variation seed " << seed << ": " << describe(result);
      for (const auto& remark : result.remarks)
        EXPECT_EQ(remark.monitor.rfind("WrongServer/expect ", 0), 0U)
            << "variation seed " << seed << ": " << describe(result);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Pics, LegalVariations, testing::ValuesIn(pics_files()),
                         [](const auto& file) { return short_name(file.param); });

}  // namespace
}  // namespace plugproof::suite_tests
