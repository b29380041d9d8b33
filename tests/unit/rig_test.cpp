#include "engine/rig/rig.hpp"

#include <gtest/gtest.h>

#include "engine/rig/command.hpp"

namespace plugproof::rig {
namespace {

using base::Nanos;
using base::Value;
using namespace std::chrono_literals;

// Never answers until it is cancelled.
class SilentAdapter final : public Adapter {
 public:
  explicit SilentAdapter(int& cancelled) : cancelled_(cancelled) {}
  std::string name() const override { return "silent"; }
  void perform(const ActionInfo&, const Value&, Done done) override { done_ = std::move(done); }
  void cancel() override {
    ++cancelled_;
    done_ = nullptr;
  }

 private:
  int& cancelled_;
  Done done_;
};

class RigTest : public testing::Test {
 protected:
  std::unique_ptr<Adapter> adapter(const std::string& name, Result result) {
    return std::make_unique<FunctionAdapter>(
        name, clock, [this, name, result](const std::string& action, const Value&) {
          log += name + ":" + action + " ";
          return result;
        });
  }
  Rig& with(std::vector<std::unique_ptr<Adapter>> adapters) {
    rig = std::make_unique<Rig>(clock, std::move(adapters), 30s);
    return *rig;
  }
  template <typename... A>
  Rig& with_all(A... a) {
    std::vector<std::unique_ptr<Adapter>> all;
    (all.push_back(std::move(a)), ...);
    return with(std::move(all));
  }
  Result perform(const std::string& action, const Value& arguments) {
    std::optional<Result> result;
    rig->perform(action, arguments, [&](Result r) {
      if (r.outcome == Outcome::done) rig->remember(action, arguments);
      result = std::move(r);
    });
    EXPECT_FALSE(result) << "answered from inside the call";
    EXPECT_TRUE(clock.run_until([&] { return result.has_value(); }));
    return result.value_or(Result{});
  }

  base::VirtualClock clock;
  std::unique_ptr<Rig> rig;
  std::string log;
};

const Value kOne = Value::object({{"connector", 1}});

TEST_F(RigTest, FirstThatCan__Done) {
  with_all(adapter("a", {Outcome::unsupported, "no arms", {}}), adapter("b", {}), adapter("c", {}));
  const Result result = perform("plug_in", kOne);
  EXPECT_EQ(result.outcome, Outcome::done);
  EXPECT_EQ(result.adapter, "b");
  EXPECT_EQ(log, "a:plug_in b:plug_in ");
}

TEST_F(RigTest, NobodyCan__UnsupportedWithEveryReason) {
  with_all(adapter("a", {Outcome::unsupported, "no arms", {}}),
           adapter("b", {Outcome::unsupported, "no legs", {}}));
  const Result result = perform("plug_in", kOne);
  EXPECT_EQ(result.outcome, Outcome::unsupported);
  EXPECT_EQ(result.reason, "a: no arms; b: no legs");
}

TEST_F(RigTest, NoAdapters__Unsupported) {
  with({});
  EXPECT_EQ(perform("plug_in", kOne).reason, "the PIXIT names no rig that could do it");
}

TEST_F(RigTest, Failure__NotAskedOfTheNext) {
  with_all(adapter("a", {Outcome::failed, "stuck", {}}), adapter("b", {}));
  const Result result = perform("plug_in", kOne);
  EXPECT_EQ(result.outcome, Outcome::failed);
  EXPECT_EQ(log, "a:plug_in ");
}

TEST_F(RigTest, NoAnswer__TimeoutAndCancelled) {
  int cancelled = 0;
  with_all(std::unique_ptr<Adapter>(std::make_unique<SilentAdapter>(cancelled)));
  const Result result = perform("plug_in", kOne);
  EXPECT_EQ(result.outcome, Outcome::timeout);
  EXPECT_EQ(result.adapter, "silent");
  EXPECT_EQ(cancelled, 1);
  EXPECT_EQ(clock.now(), Nanos(30s));
}

TEST_F(RigTest, Cancelled__NeverAnswers) {
  with_all(adapter("a", {}));
  rig->perform("plug_in", kOne, [](const Result&) { FAIL(); });
  rig->cancel();
  EXPECT_FALSE(clock.step());
  EXPECT_EQ(perform("plug_out", kOne).outcome, Outcome::done);
}

TEST_F(RigTest, CancelledRefusal__DoesNotReachTheNextAction) {
  with({});
  rig->perform("plug_in", kOne, [](const Result&) { FAIL(); });
  rig->cancel();
  EXPECT_FALSE(clock.step());
}

TEST(Traces, ActionThatMayHaveBeenDone__CountsAsDoneAndAsNotDone) {
  Traces traces;
  traces.record_unsure("plug_in", kOne);
  EXPECT_EQ(traces.plugged, std::set<std::int64_t>{1});
  traces.record_unsure("plug_out", kOne);
  EXPECT_EQ(traces.plugged, std::set<std::int64_t>{1});
  traces.record_unsure("power", Value::object({{"on", false}}));
  EXPECT_TRUE(traces.without_power);
  traces.record_unsure("power", Value::object({{"on", true}}));
  EXPECT_TRUE(traces.without_power);
  traces.record("power", Value::object({{"on", true}}));
  EXPECT_FALSE(traces.without_power);
}

TEST_F(RigTest, Traces__WhatIsLeftBehind) {
  with_all(adapter("a", {}));
  const Value two = Value::object({{"connector", 2}});
  perform("plug_in", kOne);
  perform("plug_in", Value::object({{"connector", 2}, {"halfway", true}}));
  perform("fault", Value::object({{"connector", 2}, {"on", true}}));
  perform("unlock_failure", Value::object({{"connector", 1}, {"on", true}}));
  const Value off = Value::object({{"on", false}}), on = Value::object({{"on", true}});
  perform("power", off);
  perform("network", off);
  EXPECT_EQ(rig->traces().to_value(), Value::object({{"plugged", Value::list({1})},
                                                     {"halfway", Value::list({2})},
                                                     {"faulted", Value::list({2})},
                                                     {"unlock_failing", Value::list({1})},
                                                     {"without_power", true},
                                                     {"without_network", true}}));
  perform("power", on);
  perform("network", on);
  perform("plug_out", kOne);
  perform("plug_out", two);
  perform("fault", Value::object({{"connector", 2}, {"on", false}}));
  perform("unlock_failure", Value::object({{"connector", 1}, {"on", false}}));
  const Value none = Value(Value::List{});
  EXPECT_EQ(rig->traces().to_value(), Value::object({{"plugged", none},
                                                     {"halfway", none},
                                                     {"faulted", none},
                                                     {"unlock_failing", none},
                                                     {"without_power", false},
                                                     {"without_network", false}}));
}

TEST(Prompts, Actions__FilledIn) {
  EXPECT_EQ(prompt_for(*find_action("plug_out"), Value::object({{"connector", 2}})),
            "Take the cable of connector 2 away, at both ends.");
  EXPECT_EQ(prompt_for(*find_action("power"), Value::object({{"on", false}})),
            "Switch the power of the charge point off.");
  EXPECT_EQ(prompt_for(*find_action("power"), Value::object({{"on", true}})),
            "Switch the power of the charge point on.");
  EXPECT_NE(
      prompt_for(*find_action("plug_in"), Value::object({{"connector", 1}, {"halfway", true}}))
          .find("halfway"),
      std::string::npos);
  for (const auto& action : all_actions())
    EXPECT_EQ(prompt_for(action, Value::object({{"id_tag", "{id_tag}"}})).find("{connector}"),
              std::string::npos)
        << action.name;
  EXPECT_EQ(find_action("no_such_action"), nullptr);
}

class Command : public testing::Test {
 protected:
  Result run(const std::string& script, const Value& arguments = kOne, Nanos timeout = 60s) {
    std::vector<std::unique_ptr<Adapter>> adapters;
    adapters.push_back(std::make_unique<CommandAdapter>(
        loop, std::vector<std::string>{"/bin/sh", "-c", script, "rig"}));
    Rig rig(loop, std::move(adapters), timeout);
    return perform(rig, arguments);
  }
  Result perform(Rig& rig, const Value& arguments) {
    std::optional<Result> result;
    rig.perform("plug_in", arguments, [&](Result r) { result = std::move(r); });
    EXPECT_TRUE(loop.run_until([&] { return result.has_value(); }, 60s));
    return result.value_or(Result{});
  }
  base::EventLoop loop;
};

TEST_F(Command, StatusZero__Done) {
  EXPECT_EQ(run("echo working; exit 0").outcome, Outcome::done);
}

TEST_F(Command, OtherStatus__FailedWithItsLastLine) {
  const Result result = run("echo first; echo 'the motor is stuck' >&2; exit 3");
  EXPECT_EQ(result.outcome, Outcome::failed);
  EXPECT_EQ(result.reason, "the program ended with status 3: the motor is stuck");
}

TEST_F(Command, Status64__FallsThrough) {
  const Result result = run("exit 64");
  EXPECT_EQ(result.outcome, Outcome::unsupported);
  EXPECT_EQ(result.reason, "command: the program does not know this action");
}

TEST_F(Command, KilledBySignal__FailedWithTheSignal) {
  EXPECT_EQ(run("kill -9 $$").reason, "the program was ended by signal 9");
}

TEST_F(Command, ProgramThatIsNotThere__Failed) {
  std::vector<std::unique_ptr<Adapter>> adapters;
  adapters.push_back(
      std::make_unique<CommandAdapter>(loop, std::vector<std::string>{"/no/such/rig"}));
  Rig rig(loop, std::move(adapters), 60s);
  const Result result = perform(rig, kOne);
  EXPECT_EQ(result.outcome, Outcome::failed);
  EXPECT_NE(result.reason.find("the program '/no/such/rig' cannot be started"), std::string::npos)
      << result.reason;
}

TEST_F(Command, ArgumentsAndEnvironment__Given) {
  const Result result =
      run("echo \"$PLUGPROOF_ACTION $PLUGPROOF_CONNECTOR $PLUGPROOF_ID_TAG $*\"; exit 1",
          Value::object({{"connector", 2}, {"id_tag", "A B"}}));
  EXPECT_EQ(result.reason,
            "the program ended with status 1: plug_in 2 A B plug_in connector=2 id_tag=A B");
}

TEST_F(Command, ProgramThatHangs__KilledAtTheTimeoutWithItsChildren) {
  const Result result = run("sleep 1000 & sleep 1000; true", kOne, 50ms);
  EXPECT_EQ(result.outcome, Outcome::timeout);
}

TEST_F(Command, ProgramThatClosesItsOutput__LoopGoesOn) {
  std::vector<std::unique_ptr<Adapter>> adapters;
  adapters.push_back(std::make_unique<CommandAdapter>(
      loop, std::vector<std::string>{"/bin/sh", "-c", "exec >&- 2>&-; sleep 1000"}));
  Rig rig(loop, std::move(adapters), 100ms);
  EXPECT_EQ(perform(rig, kOne).outcome, Outcome::timeout);
}

TEST_F(Command, EndlessOutput__BoundedAndKilled) {
  EXPECT_EQ(run("while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxx; done", kOne, 100ms).outcome,
            Outcome::timeout);
}

TEST_F(Command, AdapterGoneWhileTheProgramRuns__NothingLeft) {
  {
    std::vector<std::unique_ptr<Adapter>> adapters;
    adapters.push_back(std::make_unique<CommandAdapter>(
        loop, std::vector<std::string>{"/bin/sh", "-c", "echo a; sleep 1000"}));
    Rig rig(loop, std::move(adapters), 60s);
    rig.perform("plug_in", kOne, [](const Result&) { FAIL(); });
    loop.run_for(5ms);
  }
  loop.run_for(5ms);
}

}  // namespace
}  // namespace plugproof::rig
