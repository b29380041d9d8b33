// The monitors of the queue of transaction-related messages: their order, and what comes again.
#include "run_bench.hpp"

namespace plugproof::run {
namespace {

// Transaction-related messages, with times in seconds before the run's clock.
class Queue : public RunBench {
 protected:
  std::string ago(double seconds) const {
    return base::format_utc_millis(
        clock.utc() - std::chrono::duration_cast<base::Micros>(base::from_seconds(seconds)));
  }
  void start(int connector, double seconds_ago, int meter = 0) {
    dut->call("StartTransaction", R"({"connectorId":)" + std::to_string(connector) +
                                      R"(,"idTag":"PLUGPROOF01","meterStart":)" +
                                      std::to_string(meter) + R"(,"timestamp":")" +
                                      ago(seconds_ago) + "\"}");
  }
  void stop(double seconds_ago) {
    dut->call("StopTransaction", R"({"transactionId":)" + std::to_string(running) +
                                     R"(,"meterStop":5,"timestamp":")" + ago(seconds_ago) + "\"}");
  }
  void values(std::vector<double> seconds_ago, const std::string& context = "", int connector = 1) {
    std::string list;
    for (const double at : seconds_ago)
      list += (list.empty() ? "" : ",") + std::string(R"({"timestamp":")") + ago(at) +
              R"(","sampledValue":[{"value":"1")" +
              (context.empty() ? "" : R"(,"context":")" + context + "\"") + "}]}";
    dut->call("MeterValues", R"({"connectorId":)" + std::to_string(connector) +
                                 R"(,"transactionId":)" + std::to_string(running) +
                                 R"(,"meterValue":[)" + list + "]}");
  }
  // Plays the steps one second apart, after a start on connector 1 that happened 100 s ago.
  const CaseResult& when(std::vector<std::function<void()>> steps,
                         const std::string& scenario = "  - wait: 60\n") {
    dut->on("ClearCache", [this, steps](const std::string& id, const Value&) {
      dut->result(id, R"({"status":"Accepted"})");
      dut->after(1s, [this] { start(1, 100); });
      auto at = 2s;
      for (const auto& step : steps) {
        dut->after(at, [this, step] {
          running = runner_transaction();
          step();
        });
        at += 1s;
      }
    });
    return play("  - send: ClearCache\n" + scenario);
  }
  // The transactionId that we gave last.
  std::int64_t runner_transaction() const {
    std::int64_t id = 1;
    for (const auto& record : records("out")) {
      const auto frame = base::read_json(record.string_or("text", "")).value;
      if (record.string_or("action", "") == "StartTransaction" && frame->as_list().size() == 3)
        id = frame->as_list()[2].int_or("transactionId", id);
    }
    return id;
  }
  void expect_fail(const CaseResult& result) {
    EXPECT_VERDICT("fail", result);
    EXPECT_TRUE(failure(result, "monitor:queue"));
  }
  void expect_nothing(const CaseResult& result) {
    EXPECT_VERDICT("pass", result);
    for (const auto& found : result.remarks) ADD_FAILURE() << found.monitor << " " << found.message;
  }
  std::int64_t running = 0;
};

TEST_F(Queue, InOrder__NothingFound) {
  expect_nothing(when({[&] { values({85}); }, [&] { values({70}); }, [&] { values({70}); },
                       [&] { stop(60); }, [&] { start(1, 50); }}));
}

TEST_F(Queue, ValueOlderThanOneBefore__Fails) {
  expect_fail(when({[&] { values({70}); }, [&] { values({85}); }}));
}

TEST_F(Queue, StopBeforeItsValues__Fails) {
  expect_fail(when({[&] { stop(60); }, [&] { values({85}); }}));
}

TEST_F(Queue, StartOlderThanAStop__Fails) {
  expect_fail(when({[&] { stop(60); }, [&] { start(2, 80); }}));
}

TEST_F(Queue, NewValueBeforeTheQueue__Fails) {
  expect_fail(when({[&] { values({0}); }, [&] { values({85, 70, 55}); }}));
}

TEST_F(Queue, WithinTheTolerance__NothingFound) {
  expect_nothing(when({[&] { values({70}); }, [&] { values({72}); }}));
}

TEST_F(Queue, ValuesOfTwoConnectorsBundled__NothingFound) {
  expect_nothing(when({[&] { start(2, 95); },
                       [&] {
                         values({80, 65, 50}, "", 1);
                       },
                       [&] {
                         values({78, 63, 48}, "", 2);
                       }}));
}

TEST_F(Queue, SameConnectorOlderThanTheEndOfABundle__Fails) {
  expect_fail(when({[&] { values({80, 65, 50}); }, [&] { values({65}); }}));
}

TEST_F(Queue, AlignedBesideSampled__NotCompared) {
  expect_nothing(
      when({[&] { values({50}); }, [&] { values({60}, "Sample.Clock"); }, [&] { values({40}); }}));
}

TEST_F(Queue, TriggeredAndEndValues__NotQueued) {
  expect_nothing(when({[&] { values({0}, "Trigger"); }, [&] { values({90}, "Transaction.Begin"); },
                       [&] { values({85}); }}));
}

TEST_F(Queue, ClockAheadOfOurs__NotCompared) {
  const auto& result = when({[&] { values({-600}); }, [&] { values({-10}); }});
  EXPECT_VERDICT("pass", result);
}

TEST_F(Queue, AfterABoot__CountedAnew) {
  expect_nothing(when({[&] { values({10}); },
                       [&] {
                         dut->call("BootNotification",
                                   R"({"chargePointVendor":"V","chargePointModel":"M"})");
                       },
                       [&] { stop(30); }}));
}

TEST_F(Queue, AnswersLostWithTheConnection__SentAgain) {
  dut->on_closed = [&] { dut->after(1s, [&] { dut->connect("/CP001", false); }); };
  dut->on("ClearCache", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Accepted"})");
    const auto begun = clock.utc();
    const auto send = [this, begun] {
      dut->call("StartTransaction",
                R"({"connectorId":1,"idTag":"PLUGPROOF01","meterStart":0,"timestamp":")" +
                    base::format_utc_millis(begun) + "\"}");
    };
    const auto end = [this, begun] {
      dut->call("StopTransaction", R"({"transactionId":)" + std::to_string(running) +
                                       R"(,"meterStop":5,"timestamp":")" +
                                       base::format_utc_millis(begun) + "\"}");
    };
    dut->after(1s, send);
    dut->after(5s, send);
    dut->after(6s, [this, end] {
      running = runner_transaction();
      end();
    });
    dut->after(10s, end);
  });
  expect_nothing(
      play("  - send: ClearCache\n  - receive: StartTransaction\n  - link: drop\n  - receive: "
           "StartTransaction\n  - receive: StopTransaction\n  - link: drop\n  - receive: "
           "StopTransaction\n"));
}

// Refuses the next message of the case, then lets it come again.
class Retry : public Queue {
 protected:
  void SetUp() override {
    dut->configuration["TransactionMessageAttempts"] = "3";
    dut->configuration["TransactionMessageRetryInterval"] = "10";
  }
  const CaseResult& refused(std::vector<std::pair<base::Nanos, std::function<void()>>> steps,
                            const std::string& how = "reply_error: {code: InternalError}") {
    dut->on("ClearCache", [this, steps](const std::string& id, const Value&) {
      dut->result(id, R"({"status":"Accepted"})");
      begun_ = clock.utc();
      dut->after(1s, [this] { begin(); });
      for (const auto& [at, what] : steps) dut->after(at, what);
    });
    return play("  - send: ClearCache\n  - receive: StartTransaction\n    " + how +
                "\n  - wait: 100\n");
  }
  void begin() {
    dut->call("StartTransaction",
              R"({"connectorId":1,"idTag":"PLUGPROOF01","meterStart":0,"timestamp":")" +
                  base::format_utc_millis(begun_) + "\"}");
  }
  void beat() { dut->call("Heartbeat", "{}"); }

 private:
  base::Micros begun_{0};
};

TEST_F(Retry, AfterTheInterval__NothingFound) {
  expect_nothing(refused({{11s, [&] { begin(); }}, {30s, [&] { beat(); }}}));
}

TEST_F(Retry, TooEarly__Remarked) {
  const auto& result = refused({{4s, [&] { begin(); }}});
  EXPECT_VERDICT("pass", result);
  ASSERT_TRUE(remark(result, "retry"));
  EXPECT_NE(remark(result, "retry")->message.find("too early"), std::string::npos);
}

TEST_F(Retry, Never__RemarkedAtTheNextSignOfLife) {
  const auto& result = refused({{20s, [&] { beat(); }}, {60s, [&] { beat(); }}});
  EXPECT_VERDICT("pass", result);
  ASSERT_TRUE(remark(result, "retry"));
  EXPECT_NE(remark(result, "retry")->message.find("not sent again"), std::string::npos);
}

TEST_F(Retry, OvertakenByANewOne__Remarked) {
  EXPECT_TRUE(remark(refused({{5s, [&] { start(2, 0); }}}), "retry"));
}

TEST_F(Retry, AttemptsUsedUp__NothingFound) {
  dut->configuration["TransactionMessageAttempts"] = "1";
  expect_nothing(refused({{60s, [&] { beat(); }}}));
}

TEST_F(Retry, NoAnswerFromUs__CountedFromTheRequest) {
  expect_nothing(refused({{45s, [&] { begin(); }}}, "no_reply: true"));
}

TEST_F(Retry, ReconnectedMeanwhile__WaitNotJudged) {
  dut->on_closed = [&] { dut->after(1s, [&] { dut->connect("/CP001", false); }); };
  expect_nothing(refused({{2s, [&] { dut->client().drop(); }}, {4s, [&] { begin(); }}}));
}

}  // namespace
}  // namespace plugproof::run
