// Schedules are equal as functions of time; what differs is said with the second at which it does.
#include "engine/schedule/comparison.hpp"

#include <chrono>

#include "schedule_fixture.hpp"

namespace plugproof::schedule {
namespace {

using Periods = std::vector<Reported::Period>;

Expected expected(std::vector<Piece> pieces, double length = 400, double deviation = 5) {
  pieces.front().start = -deviation;
  return {std::move(pieces), length, deviation, std::nullopt, Unit::ampere};
}

// 8 A, from 45 s 10 A, from 195 s 6 A, from 235 s 10 A.
Expected usual() {
  return expected({{0, 8.0}, {45, 10.0}, {195, 6.0}, {235, 10.0}});
}

std::string verdict(const Expected& wanted, const Periods& periods,
                    std::optional<double> duration = 400) {
  return difference(wanted, {periods, duration}).value_or("equal");
}

TEST(Comparison, SameFunction__EqualHoweverItIsCut) {
  EXPECT_EQ(verdict(usual(), {{0, 8}, {45, 10}, {195, 6}, {235, 10}}), "equal");
  EXPECT_EQ(
      verdict(usual(), {{0, 8}, {45, 10}, {140, 10}, {195, 6}, {200, 6}, {235, 10}, {300, 10}}),
      "equal");
  EXPECT_EQ(verdict(usual(), {{0, 8}, {0, 8}, {45, 9}, {45, 10}, {195, 6}, {235, 10}}), "equal");
  EXPECT_EQ(verdict(usual(), {{0, 8}, {45, 10}, {195, 6}, {235, 10}, {400, 3}}), "equal");
  EXPECT_EQ(verdict(usual(), {{0, 8}, {45, 10}, {195, 6}, {235, 10}}, std::nullopt), "equal");
}

TEST(Comparison, BoundariesWithinTheDeviation__Equal) {
  EXPECT_EQ(verdict(usual(), {{0, 8}, {50, 10}, {190, 6}, {240, 10}}), "equal");
  EXPECT_EQ(verdict(usual(), {{0, 8}, {51, 10}, {195, 6}, {235, 10}}),
            "at second 50 the limit is 8 A, not 10 A");
  EXPECT_EQ(verdict(usual(), {{0, 8}, {39, 10}, {195, 6}, {235, 10}}),
            "at second 39 the limit is 10 A, not 8 A");
}

TEST(Comparison, WrongLimit__SaidWithItsSecond) {
  EXPECT_EQ(verdict(usual(), {{0, 9}, {45, 10}, {195, 6}, {235, 10}}),
            "at second 0 the limit is 9 A, not 8 A");
  EXPECT_EQ(verdict(usual(), {{0, 8}, {45, 11}, {195, 6}, {235, 10}}),
            "at second 45 the limit is 11 A, not 10 A");
  EXPECT_EQ(verdict(usual(), {{0, 8}, {45, 10}, {195, 6}, {235, 10}, {260, 8}, {300, 10}}),
            "at second 260 the limit is 8 A, not 10 A");
  EXPECT_EQ(verdict(usual(), {{0, 8}}), "at second 50 the limit is 8 A, not 10 A");
  EXPECT_EQ(verdict(usual(), {{0, 8}, {45, 10}}), "at second 200 the limit is 10 A, not 6 A");
}

TEST(Comparison, Rounding__OneDecimal) {
  const Expected third = expected({{0, 8.6957}});
  for (const double limit : {8.6, 8.7}) EXPECT_EQ(verdict(third, {{0, limit}}), "equal") << limit;
  for (const double limit : {8.5, 8.8}) EXPECT_NE(verdict(third, {{0, limit}}), "equal") << limit;
  EXPECT_NE(verdict(expected({{0, 8.0}}), {{0, 8.1}}), "equal");
}

TEST(Comparison, EdgesOfTheWindow__AChangeThereMayBeSeenOrNot) {
  const Expected early = expected({{0, 8.0}, {3, 10.0}});
  EXPECT_EQ(verdict(early, {{0, 10}}), "equal");
  EXPECT_EQ(verdict(early, {{0, 8}, {8, 10}}), "equal");
  const Expected before = expected({{0, 8.0}, {-2, 10.0}});
  EXPECT_EQ(verdict(before, {{0, 8}, {3, 10}}), "equal");
  EXPECT_NE(verdict(before, {{0, 8}, {4, 10}}), "equal");
  const Expected late = expected({{0, 8.0}, {398, 10.0}, {403, 12.0}});
  EXPECT_EQ(verdict(late, {{0, 8}}), "equal");
  EXPECT_EQ(verdict(late, {{0, 8}, {393, 10}, {398, 12}}), "equal");
  EXPECT_NE(verdict(late, {{0, 8}, {396, 12}}), "equal");  // 10 A cannot be left out
}

TEST(Comparison, ShortPiece__CannotBeLeftOutInside) {
  const Expected dip = expected({{0, 8.0}, {100, 6.0}, {104, 8.0}});
  EXPECT_EQ(verdict(dip, {{0, 8}, {103, 6}, {107, 8}}), "equal");
  EXPECT_EQ(verdict(dip, {{0, 8}}), "at second 100 the limit is 8 A, not 6 A");
  EXPECT_EQ(verdict(expected({{0, 8.0}}), {{0, 8}, {100, 6}, {104, 8}}),
            "at second 100 the limit is 6 A, not 8 A");
  EXPECT_EQ(verdict(expected({{0, 8.0}, {100, 6.0}, {102, 9.0}}),
                    {{0, 8}, {98, 6}, {99, 8}, {101, 6}, {102, 9}}),
            "around second 99 the limits change in another order");
}

TEST(Comparison, PieceOfLessThanASecond__MayBeLost) {
  const Expected sliver =
      expected({{0, 8.0}, {99.8, 6.0}, {100.2, 9.0}, {100.4, 12.0}, {100.6, 10.0}});
  EXPECT_EQ(verdict(sliver, {{0, 8}, {100, 10}}), "equal");
  EXPECT_EQ(verdict(sliver, {{0, 8}, {99, 6}, {100, 10}}), "equal");
  EXPECT_EQ(verdict(sliver, {{0, 8}, {100, 9}, {101, 10}}), "equal");
  EXPECT_EQ(verdict(sliver, {{0, 8}, {106, 10}}), "at second 106 the limit is 8 A, not 10 A");
  EXPECT_NE(verdict(sliver, {{0, 8}, {100, 7}, {101, 10}}), "equal");
  EXPECT_EQ(verdict(expected({{0, 8.0}, {99.8, 6.0}, {100.2, 8.0}}), {{0, 8}}), "equal");
}

TEST(Comparison, NoDeviation__ExactSeconds) {
  const Expected exact = expected({{0, 8.0}, {50, 10.0}}, 100, 0);
  EXPECT_EQ(verdict(exact, {{0, 8}, {50, 10}}, 100), "equal");
  EXPECT_NE(verdict(exact, {{0, 8}, {51, 10}}, 100), "equal");
}

TEST(Comparison, NoProfile__LocalLimitOrAnyPositiveOne) {
  Expected open = expected({{0, 8.0}, {100, std::nullopt}});
  EXPECT_EQ(verdict(open, {{0, 8}, {100, 32}}), "equal");
  EXPECT_EQ(verdict(open, {{0, 8}}), "equal");
  EXPECT_EQ(verdict(open, {{0, 8}, {100, 32}, {110, 16}}), "equal");
  EXPECT_EQ(verdict(open, {{0, 8}, {100, 0}}),
            "at second 100 the limit is 0 A, not any positive limit");
  open.local_limit = 32;
  EXPECT_EQ(verdict(open, {{0, 8}, {100, 32}}), "equal");
  EXPECT_EQ(verdict(open, {{0, 8}, {100, 16}}),
            "at second 100 the limit is 16 A, not the local limit of 32 A");
}

TEST(Comparison, LowerLocalLimit__MayBeTakenIntoAccount) {
  Expected limited = usual();
  limited.local_limit = 9;
  EXPECT_EQ(verdict(limited, {{0, 8}, {45, 9}, {195, 6}, {235, 9}}), "equal");
  EXPECT_EQ(verdict(limited, {{0, 8}, {45, 10}, {195, 6}, {235, 10}}), "equal");
  EXPECT_NE(verdict(limited, {{0, 9}, {45, 9}, {195, 6}, {235, 9}}), "equal");
}

TEST(Comparison, UnusableList__Said) {
  EXPECT_EQ(verdict(usual(), {}), "there is no period");
  EXPECT_EQ(verdict(usual(), {{3, 8}, {45, 10}}), "the first period begins at second 3, not at 0");
  EXPECT_EQ(verdict(usual(), {{0, 8}, {195, 6}, {45, 10}}),
            "the period that begins at second 45 stands behind the one of second 195");
  EXPECT_EQ(verdict(usual(), {{0, 8}, {45, 10}, {195, 6}, {235, 10}}, 399),
            "the schedule lasts 399 s, not 400 s");
}

TEST(Comparison, ThousandsOfPeriods__StillDecided) {
  Periods comb, flat;
  std::vector<Piece> pieces;
  for (int i = 0; i < 30000; ++i) {
    comb.push_back({static_cast<double>(i), i % 2 == 0 ? 8.0 : 6.0});
    flat.push_back({static_cast<double>(i), 8.0});
    pieces.push_back({static_cast<double>(i), i % 2 == 0 ? 8.0 : 6.0});
  }
  EXPECT_EQ(verdict(expected({{0, 8.0}}, 40000, 60), comb, 40000),
            "at second 1 the limit is 6 A, not 8 A");
  EXPECT_EQ(verdict(expected({{0, 8.0}}, 40000, 60), flat, 40000), "equal");
  EXPECT_EQ(verdict(expected(pieces, 40000, 60), comb, 40000), "equal");
}

TEST(Comparison, Texts__ForPeople) {
  EXPECT_EQ(to_text(usual()),
            "8 A from 0 s, 10 A from 45 s, 6 A from 195 s, 10 A from 235 s, each give or take 5 s");
  EXPECT_EQ(to_text({{{0, 8.5}, {45, 10}}, std::nullopt}, Unit::watt),
            "8.5 W from 0 s, 10 W from 45 s");
  Reported many;
  for (int i = 0; i < 20; ++i) many.periods.push_back({static_cast<double>(i), 6});
  const std::string text = to_text(many, Unit::ampere);
  EXPECT_NE(text.find("6 A from 11 s and 8 more"), std::string::npos) << text;
}

}  // namespace
}  // namespace plugproof::schedule
