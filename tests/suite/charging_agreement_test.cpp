// The reference charge point and the engine compute composite schedules in ways of their own: over
// drawn profiles of every kind they agree, whatever legal form the charge point gives its answer.
#include <random>

#include "engine/run/installed_profiles.hpp"
#include "engine/schedule/comparison.hpp"
#include "tests/unit/simulator_bench.hpp"

namespace plugproof {
namespace {

using base::Value;
using namespace std::chrono_literals;

constexpr int kSeeds = 2000;

class Draw {
 public:
  explicit Draw(int seed) : engine_(static_cast<std::uint64_t>(seed)) {}
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(engine_);
  }
  bool chance(int percent) { return between(1, 100) <= percent; }

 private:
  std::mt19937_64 engine_;
};

class World {
 public:
  explicit World(int seed)
      : draw_(seed),
        bench_(simulator::pics_of("tests/suite/pics/smart-sockets.yaml",
                                  {{"ORS-14: 1", "ORS-14: 9"}, {"ORS-19: 3", "ORS-19: 20"}}),
               {}, static_cast<std::uint64_t>(seed % 3 == 0 ? seed : 0)) {
    bench_.settle = 10s;
    bench_.boot().pass(60s);
    if (!draw_.chance(60)) return;
    bench_.act("plug_in");
    bench_.ask("RemoteStartTransaction", R"({"connectorId":1,"idTag":"TAG"})");
    bench_.pass(60s);
    if (const Value* start = bench_.last("StartTransaction")) {
      transaction_ = bench_.transaction_id();
      charging_since_ = base::parse_utc(start->string_or("timestamp", ""));
    }
  }

  void install() {
    const int connector = static_cast<int>(draw_.between(0, 2));
    const Value request =
        Value::object({{"connectorId", connector}, {"csChargingProfiles", drawn_profile()}});
    const Value answer = bench_.ask("SetChargingProfile", base::write_json(request));
    if (answer.string_or("status", "") == "Accepted")
      installed_.set(request, transaction_ ? Value(*transaction_) : Value());
  }
  void clear() {
    Value request(Value::Object{});
    if (draw_.chance(30)) request.set("id", draw_.between(1, 9));
    if (draw_.chance(50)) request.set("connectorId", draw_.between(0, 2));
    if (draw_.chance(50)) request.set("stackLevel", draw_.between(0, 3));
    const Value answer = bench_.ask("ClearChargingProfile", base::write_json(request));
    installed_.cleared(request, answer.string_or("status", "") == "Accepted");
  }
  void pass() { bench_.pass(std::chrono::seconds(draw_.between(0, 300))); }

  // The first difference in words.
  std::string differs() {
    schedule::Question question;
    question.length = schedule::seconds(draw_.between(1, draw_.chance(10) ? 100000 : 900));
    question.margin = 2s;
    const bool watts = draw_.chance(40);
    question.unit = watts ? schedule::Unit::watt : schedule::Unit::ampere;
    const auto length = std::chrono::duration_cast<std::chrono::seconds>(question.length).count();
    const Value request = Value::object(
        {{"connectorId", 1}, {"duration", length}, {"chargingRateUnit", watts ? "W" : "A"}});
    const Value answer = bench_.ask("GetCompositeSchedule", base::write_json(request));
    const Value* told = answer.find("chargingSchedule");
    if (!told) return "no schedule: " + answer.to_display();
    question.from =
        *base::parse_utc(answer.string_or("scheduleStart", told->string_or("startSchedule", "")));
    question.transaction = transaction_;
    question.charging_since = charging_since_;
    schedule::Reported reported;
    for (const auto& period : told->find("chargingSchedulePeriod")->as_list())
      reported.periods.push_back(
          {period.find("startPeriod")->as_number(), period.find("limit")->as_number()});
    std::vector<schedule::Profile> profiles;
    const Value known = installed_.to_value();
    if (known.is_list())
      for (const auto& item : known.as_list()) {
        std::string problem;
        profiles.push_back(*schedule::read_profile(item, problem));
      }
    // A start without milliseconds and periods in whole seconds: each is off by less than a second.
    // What is left without a profile is the maximum of the charge point: three times 32 A.
    const schedule::Expected expected{schedule::composite(profiles, question, {230, 3}),
                                      static_cast<double>(length), 2.0, watts ? 22080.0 : 32.0,
                                      question.unit};
    const auto difference = schedule::difference(expected, reported);
    if (!difference) return {};
    return *difference + "\nexpected " + schedule::to_text(expected) + "\nreported " +
           schedule::to_text(reported, question.unit) + "\nprofiles " + known.to_display();
  }
  std::size_t count() const {
    const Value known = installed_.to_value();
    return known.is_list() ? known.as_list().size() : 0;
  }
  Draw& draw() { return draw_; }

 private:
  Value instant(std::int64_t low, std::int64_t high) {
    return Value(base::format_utc_millis(
        bench_.clock().utc() + base::Micros(schedule::seconds(draw_.between(low, high)))));
  }
  Value drawn_profile() {
    static constexpr const char* kPurposes[] = {"ChargePointMaxProfile", "TxDefaultProfile",
                                                "TxProfile"};
    static constexpr const char* kKinds[] = {"Absolute", "Absolute", "Recurring", "Relative"};
    const std::string kind = kKinds[draw_.between(0, 3)];
    const bool watts = draw_.chance(30);
    Value periods(Value::List{});
    std::int64_t start = 0;
    for (auto n = draw_.between(1, 5); n > 0; --n, start += draw_.between(5, 250)) {
      Value period = Value::object({{"startPeriod", start}});
      period.set("limit",
                 watts ? Value(draw_.between(10, 210) * 100) : Value(draw_.between(6, 30)));
      if (draw_.chance(50)) period.set("numberPhases", draw_.between(1, 3));
      periods.push_back(std::move(period));
    }
    Value schedule = Value::object({{"chargingRateUnit", watts ? "W" : "A"}});
    if (draw_.chance(60)) schedule.set("duration", draw_.between(10, 1200));
    if (draw_.chance(80) || kind == "Recurring")
      schedule.set("startSchedule",
                   kind == "Recurring" ? instant(-8 * 86400, 100) : instant(-400, 300));
    schedule.set("chargingSchedulePeriod", std::move(periods));
    Value out = Value::object({{"chargingProfileId", draw_.between(1, 9)},
                               {"stackLevel", draw_.between(0, 3)},
                               {"chargingProfilePurpose", kPurposes[draw_.between(0, 2)]},
                               {"chargingProfileKind", kind}});
    if (kind == "Recurring") out.set("recurrencyKind", draw_.chance(70) ? "Daily" : "Weekly");
    if (draw_.chance(30)) out.set("validFrom", instant(-300, 300));
    if (draw_.chance(30)) out.set("validTo", instant(10, 900));
    out.set("chargingSchedule", std::move(schedule));
    return out;
  }

  Draw draw_;
  simulator::Bench bench_;
  run::InstalledProfiles installed_;
  std::optional<std::int64_t> transaction_;
  std::optional<base::Micros> charging_since_;
};

TEST(ChargingAgreement, DrawnProfiles__SameSchedule) {
  std::size_t installed = 0;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    World world(seed);
    for (int round = 0; round < 4; ++round) {
      for (auto n = world.draw().between(1, 3); n > 0; --n) world.install();
      if (world.draw().chance(25)) world.clear();
      world.pass();
      installed = std::max(installed, world.count());
      const std::string difference = world.differs();
      ASSERT_EQ(difference, "") << "seed " << seed << ", round " << round;
    }
  }
  EXPECT_GT(installed, 4u);
}

}  // namespace
}  // namespace plugproof
