// A plan divided among machines: nothing is lost, nothing is played twice, and none has much more
// to do than the others.
#include "engine/suite/shards.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "engine/suite/order.hpp"
#include "tests/suite/suite_bench.hpp"

namespace plugproof::suite_tests {
namespace {

using suite::Decision;
using suite::Selected;

bool may_run(const Selected& s) {
  return s.decision == Decision::selected || s.decision == Decision::undecided;
}

class Plan {
 public:
  explicit Plan(const std::string& pics_file, suite::Filter filter = {}, bool share = true)
      : pics_(*pics::Pics::load(pics_file, diagnostics_)),
        pixit_(*run::Pixit::load("", pics_, diagnostics_)),
        edition_(suite::default_edition(pics_.generation())),
        share_(share) {
    selection_ = suite::select(the_suite(), pics_, edition_, filter, diagnostics_);
    if (share) suite::order_for_sharing(selection_, the_suite());
  }
  const std::vector<Selected>& whole() const { return selection_; }
  std::vector<Selected> divided(int of) {
    auto selection = selection_;
    seconds_ = suite::divide(selection, of, the_suite(), input(), share_);
    return selection;
  }
  std::vector<Selected> shard(int index, int of) {
    auto selection = divided(of);
    suite::keep_shard(selection, {index, of});
    return selection;
  }
  const std::vector<double>& seconds() const { return seconds_; }  // of the last division
  // What the cases that may run are expected to take as they stand.
  double expected(const std::vector<Selected>& selection) const {
    std::vector<const suite::TestCase*> cases;
    for (const auto& s : selection)
      if (may_run(s)) cases.push_back(s.test_case);
    double sum = 0;
    for (const auto& one : suite::estimate(cases, the_suite(), input(), share_))
      sum += one.expected;
    return sum;
  }

 private:
  suite::EstimateInput input() const { return {pixit_.values, pics_, edition_, {}, {}}; }

  base::Diagnostics diagnostics_;
  pics::Pics pics_;
  run::Pixit pixit_;
  std::string edition_;
  bool share_;
  std::vector<Selected> selection_;
  std::vector<double> seconds_;
};

std::vector<std::string> running(const std::vector<Selected>& selection) {
  std::vector<std::string> ids;
  for (const auto& s : selection)
    if (may_run(s)) ids.push_back(s.entry->id);
  return ids;
}

std::vector<std::string> sorted(std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  return ids;
}

TEST(Shards, AnyNumber__EveryCaseInExactlyOneShard) {
  for (const auto& file : pics_files()) {
    Plan plan(file);
    for (const int of : {1, 2, 3, 5, 8, 100}) {
      std::vector<std::string> all;
      const auto divided = plan.divided(of);
      for (int index = 1; index <= of; ++index) {
        auto shard = divided;
        suite::keep_shard(shard, {index, of});
        ASSERT_EQ(shard.size(), plan.whole().size());
        const auto ids = running(shard);
        all.insert(all.end(), ids.begin(), ids.end());
        // What did not apply before does not now, and for the same reason.
        for (std::size_t i = 0; i < shard.size(); ++i)
          if (!may_run(plan.whole()[i])) {
            EXPECT_EQ(shard[i].decision, plan.whole()[i].decision);
            EXPECT_EQ(shard[i].reason, plan.whole()[i].reason);
          }
      }
      EXPECT_EQ(sorted(all), sorted(running(plan.whole()))) << file << " / " << of;
    }
  }
}

TEST(Shards, OneShard__IsTheWholePlanInItsOrder) {
  Plan plan(pics_files().front());
  EXPECT_EQ(running(plan.shard(1, 1)), running(plan.whole()));
}

TEST(Shards, OtherShards__AreNamedInTheReason) {
  Plan plan(pics_files().front());
  const auto all = plan.divided(5);
  const auto shard = plan.shard(2, 5);
  std::size_t others = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (shard[i].decision != Decision::other_shard) continue;
    ++others;
    EXPECT_NE(all[i].shard, 2);
    EXPECT_EQ(shard[i].reason.rfind("shard " + std::to_string(all[i].shard) + " of 5 runs it", 0),
              0U)
        << shard[i].reason;
  }
  EXPECT_GT(others, 10U);
}

TEST(Shards, SamePlan__SameDivision) {
  for (const auto& file : pics_files()) {
    Plan one(file), other(file);
    const auto a = one.divided(4), b = other.divided(4);
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].shard, b[i].shard);
  }
}

// No shard has more to do than the least one and the longest case of the plan on top of it: else
// that case would have gone there.
TEST(Shards, Loads__AreBalanced) {
  for (const auto& file : pics_files())
    for (const int of : {2, 3, 5, 8}) {
      Plan plan(file);
      plan.divided(of);
      const auto [least, most] = std::minmax_element(plan.seconds().begin(), plan.seconds().end());
      const double mean = std::accumulate(plan.seconds().begin(), plan.seconds().end(), 0.0) / of;
      double longest_case = 0;
      for (const auto& s : plan.whole())
        if (may_run(s)) longest_case = std::max(longest_case, plan.expected({s}));
      EXPECT_LE(*most, std::max(1.1 * mean, longest_case))
          << file << " / " << of << ", least " << *least;
    }
}

TEST(Shards, ExpectedTimes__AreThoseOfThePlan) {
  Plan plan(pics_files().front());
  plan.divided(3);
  const auto told = plan.seconds();
  for (int index = 1; index <= 3; ++index)
    // Cases that come together only because others are gone may share a little more.
    EXPECT_NEAR(told[static_cast<std::size_t>(index - 1)], plan.expected(plan.shard(index, 3)),
                0.1 * told[static_cast<std::size_t>(index - 1)]);
}

TEST(Shards, SharedPreparations__StayTogetherWhereThatIsFree) {
  Plan plan(pics_files().front());
  const auto all = plan.divided(2);
  int kept = 0, cut = 0;
  const Selected* before = nullptr;
  for (const auto& s : all) {
    if (!may_run(s)) continue;
    if (before && suite::may_hand_over(*before->test_case, *s.test_case, the_suite()))
      ++(before->shard == s.shard ? kept : cut);
    before = &s;
  }
  EXPECT_GT(kept, 3);
  EXPECT_EQ(cut, 0);
}

TEST(Shards, FiltersComeFirst__TheRestIsDivided) {
  Plan plan(pics_files().front(), {{"TC_010_CS", "TC_012_CS", "TC_013_CS"}, {}, {}});
  std::vector<std::string> all;
  for (int index = 1; index <= 5; ++index) {
    const auto ids = running(plan.shard(index, 5));
    all.insert(all.end(), ids.begin(), ids.end());
  }
  EXPECT_EQ(sorted(all), (std::vector<std::string>{"TC_010_CS", "TC_012_CS", "TC_013_CS"}));
}

TEST(Shards, Isolated__DividedToo) {
  Plan plan(pics_files().front(), {}, false);
  std::vector<std::string> all;
  for (int index = 1; index <= 4; ++index) {
    const auto ids = running(plan.shard(index, 4));
    all.insert(all.end(), ids.begin(), ids.end());
  }
  EXPECT_EQ(sorted(all), sorted(running(plan.whole())));
}

TEST(ShardText, Usable__IsRead) {
  const auto shard = suite::parse_shard("2/5");
  ASSERT_TRUE(shard);
  EXPECT_EQ(shard->index, 2);
  EXPECT_EQ(shard->of, 5);
  EXPECT_TRUE(suite::parse_shard("1/1"));
  EXPECT_TRUE(suite::parse_shard("1000/1000"));
}

TEST(ShardText, Unusable__IsNoShard) {
  for (const char* text :
       {"", "2", "/5", "2/", "0/5", "6/5", "-1/5", "2/5 ", " 2/5", "2/5/7", "a/b", "1/1001",
        "99999999999999999999/1", "1/99999999999999999999", "2.0/5"})
    EXPECT_FALSE(suite::parse_shard(text)) << text;
}

}  // namespace
}  // namespace plugproof::suite_tests
