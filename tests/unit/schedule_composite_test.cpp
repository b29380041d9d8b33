// Composite schedules worked out by hand from the rules of OCPP 1.6.
#include "schedule_fixture.hpp"

namespace plugproof::schedule {
namespace {

constexpr auto kMax = Purpose::charge_point_max;
constexpr auto kDefault = Purpose::tx_default;
constexpr auto kTx = Purpose::tx;

Question during_transaction(std::int64_t from, std::int64_t length) {
  Question asked = question(from, length);
  asked.transaction = 7;
  asked.charging_since = noon(-100);
  return asked;
}

Profile lasting(Profile profile, std::int64_t duration) {
  profile.duration = duration;
  return profile;
}

TEST(Composite, NoProfile__NoLimit) {
  EXPECT_EQ(composite_of({}, question(0, 100)), "0:-");
}

TEST(Composite, OneSchedule__CutToTheWindow) {
  const Profile one = lasting(profile(kDefault, 0, {{0, 6}, {60, 8}, {200, 10}}), 400);
  EXPECT_EQ(composite_of({one}, question(0, 350)), "0:6 60:8 200:10");
  EXPECT_EQ(composite_of({one}, question(55, 350)), "0:6 5:8 145:10 345:-");
  EXPECT_EQ(composite_of({one}, question(-20, 100)), "0:- 20:6 80:8");
}

TEST(Composite, Margin__GoesBeyondBothEnds) {
  Question asked = question(55, 100);
  asked.margin = seconds(10);
  EXPECT_EQ(composite_of({profile(kDefault, 0, {{0, 6}, {60, 8}, {160, 9}})}, asked),
            "-10:6 5:8 105:9");
}

TEST(Composite, NoDuration__LastPeriodGoesOn) {
  EXPECT_EQ(composite_of({profile(kDefault, 0, {{0, 6}, {60, 8}})}, question(100000, 50)), "0:8");
}

TEST(Composite, EqualNeighbours__OnePiece) {
  EXPECT_EQ(composite_of({profile(kDefault, 0, {{0, 6}, {60, 6}, {70, 7}})}, question(0, 100)),
            "0:6 70:7");
}

TEST(Composite, Stack__HighestLevelThenTheLowerOneInItsOwnTime) {
  const std::vector<Profile> stack{
      lasting(profile(kDefault, 0, {{0, 6}, {100, 8}, {200, 10}}), 400),
      lasting(profile(kDefault, 1, {{0, 7}, {100, 9}}), 150)};
  EXPECT_EQ(composite_of(stack, question(0, 350)), "0:7 100:9 150:8 200:10");
  EXPECT_EQ(composite_of({stack[1], stack[0]}, question(0, 350)), "0:7 100:9 150:8 200:10");
}

TEST(Composite, StackWithoutDurationOnTop__NeverFallsBack) {
  EXPECT_EQ(composite_of({profile(kDefault, 0, {{0, 6}}), profile(kDefault, 3, {{0, 7}})},
                         question(0, 100000)),
            "0:7");
}

TEST(Composite, Validity__BoundsAProfile) {
  Profile upper = profile(kDefault, 1, {{0, 7}, {50, 9}});
  upper.valid_from = noon(20);
  upper.valid_to = noon(80);
  EXPECT_EQ(composite_of({profile(kDefault, 0, {{0, 6}}), upper}, question(0, 100)),
            "0:6 20:7 50:9 80:6");
  upper.valid_from = noon(90);  // never valid
  EXPECT_EQ(composite_of({profile(kDefault, 0, {{0, 6}}), upper}, question(0, 100)), "0:6");
}

TEST(Composite, ChargePointMax__LimitsEverything) {
  const Profile most = profile(kMax, 0, {{0, 10}});
  EXPECT_EQ(composite_of({most}, question(0, 100)), "0:10");
  EXPECT_EQ(composite_of({most, profile(kDefault, 0, {{0, 8}, {50, 16}})}, question(0, 100)),
            "0:8 50:10");
  EXPECT_EQ(composite_of({most, lasting(profile(kDefault, 5, {{0, 8}}), 30)}, question(0, 100)),
            "0:8 30:10");
}

TEST(Composite, ThreePurposes__TheTableOfTheGetCompositeScheduleCase) {
  const std::vector<Profile> all{
      lasting(profile(kMax, 0, {{0, 10}}), 86400),
      lasting(profile(kDefault, 0, {{0, 6}, {60, 10}, {120, 8}, {180, 15}, {260, 8}}), 300),
      lasting(profile(kTx, 0, {{0, 8}, {50, 11}, {140, 16}, {200, 6}, {240, 12}}), 260)};
  EXPECT_EQ(composite_of(all, during_transaction(5, 400)), "0:8 45:10 195:6 235:10");
}

TEST(Composite, TxProfile__OverrulesWhereItIsValidOnly) {
  Profile own = lasting(profile(kTx, 0, {{0, 8}}), 40);
  own.valid_to = noon(60);
  const Profile other = profile(kDefault, 9, {{0, 16}});
  EXPECT_EQ(composite_of({other, own}, during_transaction(0, 100)), "0:8 40:- 60:16");
}

TEST(Composite, TxProfile__OnlyForItsTransactionAndConnector) {
  Profile own = profile(kTx, 0, {{0, 8}});
  const Profile other = profile(kDefault, 0, {{0, 16}});
  own.transaction = 7;
  EXPECT_EQ(composite_of({other, own}, during_transaction(0, 10)), "0:8");
  EXPECT_EQ(composite_of({other, own}, question(0, 10)), "0:16");
  own.transaction = 8;
  EXPECT_EQ(composite_of({other, own}, during_transaction(0, 10)), "0:16");
  own.transaction.reset();
  EXPECT_EQ(composite_of({other, own}, during_transaction(0, 10)), "0:8");
  own.connector = 2;
  EXPECT_EQ(composite_of({other, own}, during_transaction(0, 10)), "0:16");
}

TEST(Composite, DefaultOfConnectorZero__ReplacedForThatConnectorOnly) {
  Profile general = profile(kDefault, 0, {{0, 16}});
  general.connector = 0;
  Profile own = profile(kDefault, 0, {{0, 8}});
  own.duration = 30;
  EXPECT_EQ(composite_of({general}, question(0, 100)), "0:16");
  EXPECT_EQ(composite_of({general, own}, question(0, 100)), "0:8 30:-");
  Question second = question(0, 100);
  second.connector = 2;
  EXPECT_EQ(composite_of({general, own}, second), "0:16");
  own.stack_level = 1;  // another level: stacked on it
  EXPECT_EQ(composite_of({general, own}, question(0, 100)), "0:8 30:16");
}

TEST(Composite, Daily__BeginsAnewAndFallsBackBetween) {
  Profile daily = lasting(profile(kDefault, 1, {{0, 6}, {3600, 8}}), 7200);
  daily.kind = Kind::recurring;
  daily.recurrence = seconds(86400);
  const Profile base = profile(kDefault, 0, {{0, 16}});
  EXPECT_EQ(composite_of({daily, base}, question(86400 * 3 - 100, 10000)),
            "0:16 100:6 3700:8 7300:16");
  // Before startSchedule it is not in force.
  EXPECT_EQ(composite_of({daily}, question(-86400, 7200)), "0:-");
}

TEST(Composite, RecurringLongerThanItsRecurrence__IsCut) {
  Profile weekly = lasting(profile(kDefault, 0, {{0, 6}, {600000, 8}, {700000, 9}}), 900000);
  weekly.kind = Kind::recurring;
  weekly.recurrence = seconds(7 * 86400);
  EXPECT_EQ(composite_of({weekly}, question(7 * 86400 - 10, 100)), "0:8 10:6");
}

TEST(Composite, Relative__BeginsWithTheTransaction) {
  Profile relative = lasting(profile(kTx, 0, {{0, 6}, {150, 8}}), 200);
  relative.kind = Kind::relative;
  EXPECT_EQ(composite_of({relative}, during_transaction(0, 300)), "0:6 50:8 100:-");
  relative.purpose = kDefault;
  EXPECT_EQ(composite_of({relative}, question(500, 300)), "0:6 150:8 200:-");
}

TEST(Composite, AbsoluteWithoutStart__BeginsWithTheTransaction) {
  Profile open = profile(kTx, 0, {{0, 6}, {150, 8}});
  open.start.reset();
  EXPECT_EQ(composite_of({open}, during_transaction(0, 300)), "0:6 50:8");
}

TEST(Composite, OtherUnit__Converted) {
  Profile watts = profile(kDefault, 0, {{0, 6900}});
  watts.unit = Unit::watt;
  EXPECT_EQ(composite_of({watts}, question(0, 10)), "0:10");
  EXPECT_EQ(composite_of({watts}, question(0, 10), {230, 1}), "0:30");
  watts.periods[0].phases = 1;
  EXPECT_EQ(composite_of({watts}, question(0, 10)), "0:30");
  Question in_watts = question(0, 10);
  in_watts.unit = Unit::watt;
  EXPECT_EQ(composite_of({profile(kDefault, 0, {{0, 10}})}, in_watts, {240, 3}), "0:7200");
}

}  // namespace
}  // namespace plugproof::schedule
