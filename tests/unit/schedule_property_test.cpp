// The arithmetic against a model that looks at every second by itself, and the comparison against
// what it must accept and refuse, for thousands of drawn profiles.
#include <algorithm>
#include <cmath>
#include <random>

#include "engine/schedule/comparison.hpp"
#include "schedule_fixture.hpp"

namespace plugproof::schedule {
namespace {

constexpr int kSeeds = 4000;
constexpr std::int64_t kDay = 86400;

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : engine_(seed) {}
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(engine_);
  }
  bool chance(int percent) { return between(1, 100) <= percent; }

 private:
  std::mt19937_64 engine_;
};

Profile drawn_profile(Draw& draw) {
  Profile out;
  out.purpose = static_cast<Purpose>(draw.between(0, 2));
  out.connector = out.purpose == Purpose::charge_point_max ? 0
                  : out.purpose == Purpose::tx             ? draw.between(1, 2)
                                                           : draw.between(0, 2);
  out.stack_level = draw.between(0, 3);
  out.kind = static_cast<Kind>(draw.between(0, 2));
  out.recurrence = seconds(draw.chance(80) ? kDay : 7 * kDay);
  if (draw.chance(90)) out.start = noon(draw.between(-9 * kDay, 600));
  if (draw.chance(60)) out.start = noon(draw.between(-600, 600));
  if (draw.chance(60)) out.duration = draw.between(0, draw.chance(20) ? 9 * kDay : 900);
  if (draw.chance(40)) out.valid_from = noon(draw.between(-300, 500));
  if (draw.chance(40)) out.valid_to = noon(draw.between(-100, 900));
  if (out.purpose == Purpose::tx && draw.chance(70)) out.transaction = draw.between(1, 2);
  out.unit = draw.chance(80) ? Unit::ampere : Unit::watt;
  std::int64_t start = 0;
  for (auto n = draw.between(1, 6); n > 0; --n) {
    const double limit = static_cast<double>(draw.between(60, 320)) / 10;
    out.periods.push_back({start, out.unit == Unit::watt ? limit * 230 : limit,
                           static_cast<int>(draw.between(1, 3))});
    start += draw.between(1, 200);
  }
  return out;
}

std::vector<Profile> drawn_profiles(Draw& draw) {
  std::vector<Profile> out;
  for (auto n = draw.between(0, 7); n > 0; --n) {
    const Profile next = drawn_profile(draw);
    // As a charge point keeps them: one of each purpose, level, connector and transaction.
    std::erase_if(out, [&](const Profile& p) {
      return p.purpose == next.purpose && p.stack_level == next.stack_level &&
             p.connector == next.connector;
    });
    out.push_back(next);
  }
  return out;
}

Question drawn_question(Draw& draw) {
  Question out = question(draw.between(-200, 300), draw.between(1, 700));
  out.connector = draw.between(1, 2);
  out.unit = draw.chance(70) ? Unit::ampere : Unit::watt;
  if (draw.chance(60)) {
    out.transaction = draw.between(1, 2);
    out.charging_since = out.from - seconds(draw.between(0, 400));
  }
  return out;
}

// The model. It knows seconds only, and asks of each what the specification says of that instant.
struct Model {
  const std::vector<Profile>& profiles;
  const Question& asked;
  const Supply& supply;

  static std::int64_t whole(base::Micros at) {
    return std::chrono::duration_cast<std::chrono::seconds>(at).count();
  }
  static bool valid(const Profile& p, std::int64_t t) {
    return !(p.valid_from && t < whole(*p.valid_from)) && !(p.valid_to && t >= whole(*p.valid_to));
  }
  std::optional<double> own_limit(const Profile& p, std::int64_t t) const {
    if (!valid(p, t)) return std::nullopt;
    std::int64_t begin = 0;
    if (p.kind == Kind::relative || !p.start)
      begin = whole(asked.charging_since ? *asked.charging_since : asked.from);
    else
      begin = whole(*p.start);
    std::int64_t second = t - begin;
    if (second < 0) return std::nullopt;
    if (p.kind == Kind::recurring) second %= whole(p.recurrence);
    if (p.duration && second >= *p.duration) return std::nullopt;
    const Period* in_force = nullptr;
    for (const auto& period : p.periods)
      if (period.start <= second) in_force = &period;
    if (!in_force) return std::nullopt;
    const double factor =
        supply.voltage * (in_force->phases < supply.phases ? in_force->phases : supply.phases);
    if (p.unit == asked.unit) return in_force->limit;
    return asked.unit == Unit::watt ? in_force->limit * factor : in_force->limit / factor;
  }
  bool concerns(const Profile& p) const {
    if (p.purpose == Purpose::charge_point_max) return true;
    if (p.purpose == Purpose::tx)
      return p.connector == asked.connector && asked.transaction &&
             p.transaction.value_or(*asked.transaction) == *asked.transaction;
    if (p.connector == asked.connector) return true;
    if (p.connector != 0) return false;
    for (const auto& other : profiles)
      if (other.purpose == Purpose::tx_default && other.connector == asked.connector &&
          other.stack_level == p.stack_level)
        return false;
    return true;
  }
  std::optional<double> of_purpose(Purpose purpose, std::int64_t t) const {
    for (std::int64_t level = 3; level >= 0; --level)
      for (const auto& p : profiles)
        if (p.purpose == purpose && p.stack_level == level && concerns(p))
          if (const auto limit = own_limit(p, t)) return limit;
    return std::nullopt;
  }
  std::optional<double> limit(std::int64_t t) const {
    bool overruled = false;
    for (const auto& p : profiles)
      overruled = overruled || (p.purpose == Purpose::tx && concerns(p) && valid(p, t));
    const auto session = of_purpose(overruled ? Purpose::tx : Purpose::tx_default, t);
    const auto most = of_purpose(Purpose::charge_point_max, t);
    if (!session || !most) return session ? session : most;
    return *session < *most ? session : most;
  }
};

std::optional<double> value_at(const std::vector<Piece>& pieces, double second) {
  std::optional<double> out;
  for (const auto& piece : pieces)
    if (piece.start <= second) out = piece.limit;
  return out;
}

TEST(CompositeProperty, DrawnProfiles__SameAsTheModelAtEverySecond) {
  for (int seed = 1; seed <= kSeeds; ++seed) {
    Draw draw(static_cast<std::uint64_t>(seed));
    const auto profiles = drawn_profiles(draw);
    const Question asked = drawn_question(draw);
    const Supply supply{230, static_cast<int>(draw.between(1, 3))};
    const auto pieces = composite(profiles, asked, supply);
    const Model model{profiles, asked, supply};
    const std::int64_t from = Model::whole(asked.from);
    ASSERT_FALSE(pieces.empty());
    ASSERT_EQ(pieces.front().start, 0) << "seed " << seed;
    for (std::int64_t t = 0; t < Model::whole(asked.length); ++t) {
      const auto mine = value_at(pieces, static_cast<double>(t));
      const auto theirs = model.limit(from + t);
      ASSERT_EQ(mine.has_value(), theirs.has_value()) << "seed " << seed << ", second " << t;
      ASSERT_NEAR(mine.value_or(0), theirs.value_or(0), 1e-9)
          << "seed " << seed << ", second " << t;
    }
    for (std::size_t i = 1; i < pieces.size(); ++i) {
      ASSERT_LT(pieces[i - 1].start, pieces[i].start) << "seed " << seed;
      ASSERT_NE(pieces[i - 1].limit, pieces[i].limit) << "seed " << seed;
    }
  }
}

Reported reported_of(const Expected& expected, Draw& draw, bool shift) {
  Reported out;
  out.duration = expected.length;
  const double all = shift ? static_cast<double>(draw.between(-4, 4)) : 0;
  for (const auto& piece : expected.pieces) {
    const double start = std::max(0.0, piece.start + all);
    const double limit =
        piece.limit ? std::round(*piece.limit * 10) / 10 : expected.local_limit.value_or(16.0);
    if (start >= expected.length) break;
    while (!out.periods.empty() && out.periods.back().start >= start) out.periods.pop_back();
    out.periods.push_back({start, limit});
    if (draw.chance(20) && start + 1 < expected.length)
      out.periods.push_back({start + 0.5, limit});  // a period of no change
  }
  // A shift to the right leaves a gap at the beginning, in which the piece before goes on.
  if (out.periods.front().start > 0) out.periods.front().start = 0;
  return out;
}

Expected drawn_expected(Draw& draw) {
  const auto profiles = drawn_profiles(draw);
  Question asked = drawn_question(draw);
  asked.margin = seconds(5);
  asked.length = seconds(draw.between(60, 700));
  const Supply supply{230, 3};
  Expected out{composite(profiles, asked, supply), 0, 5, std::nullopt, asked.unit};
  out.length = static_cast<double>(Model::whole(asked.length));
  if (draw.chance(30)) out.local_limit = 32 * (asked.unit == Unit::watt ? 690 : 1);
  return out;
}

TEST(ComparisonProperty, SameFunctionCutAndShifted__Equal) {
  for (int seed = 1; seed <= kSeeds; ++seed) {
    Draw draw(static_cast<std::uint64_t>(seed));
    const Expected expected = drawn_expected(draw);
    const Reported reported = reported_of(expected, draw, true);
    ASSERT_EQ(difference(expected, reported).value_or("equal"), "equal")
        << "seed " << seed << "\n"
        << to_text(expected) << "\n"
        << to_text(reported, expected.unit);
  }
}

TEST(ComparisonProperty, OneLimitChangedForLong__Refused) {
  int tried = 0;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    Draw draw(static_cast<std::uint64_t>(seed));
    const Expected expected = drawn_expected(draw);
    Reported reported = reported_of(expected, draw, false);
    // A period that lasts longer than a shift could hide, and that a profile limits throughout.
    const auto n = static_cast<std::size_t>(
        draw.between(0, static_cast<std::int64_t>(reported.periods.size()) - 1));
    const double begin = reported.periods[n].start;
    const double end =
        n + 1 < reported.periods.size() ? reported.periods[n + 1].start : expected.length;
    if (end - begin <= 10 || !value_at(expected.pieces, begin)) continue;
    const double wrong = reported.periods[n].limit + (draw.chance(50) ? 1 : -1);
    // A limit that is right in the middle of it, or one that the neighbours have, proves nothing.
    bool elsewhere = expected.local_limit && std::fabs(*expected.local_limit - wrong) < 0.2;
    for (const auto& piece : expected.pieces)
      elsewhere = elsewhere || !piece.limit || std::fabs(*piece.limit - wrong) < 0.2;
    if (elsewhere) continue;
    reported.periods[n].limit = wrong;
    ++tried;
    ASSERT_TRUE(difference(expected, reported))
        << "seed " << seed << ": period " << n << " of " << to_text(reported, expected.unit) << "\n"
        << to_text(expected);
  }
  EXPECT_GT(tried, kSeeds / 10);
}

}  // namespace
}  // namespace plugproof::schedule
