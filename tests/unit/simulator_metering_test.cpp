#include "simulator_bench.hpp"

namespace plugproof::simulator {
namespace {

constexpr const char* kTag = R"({"id_tag":"TAG"})";

class Meter : public testing::Test {
 protected:
  Bench bench{pics_of(k2024All)};
  void SetUp() override { bench.boot(); }
  void TearDown() override { EXPECT_TRUE(bench.problems().empty()) << bench.problems().front(); }
  void set(const std::string& key, const std::string& value) {
    ASSERT_EQ(bench.status_of("ChangeConfiguration",
                              R"({"key":")" + key + R"(","value":")" + value + R"("})"),
              "Accepted");
  }
  void charge() {
    bench.act("plug_in");
    bench.act("present_id", kTag);
    ASSERT_EQ(bench.count("StatusNotification:Charging"), 1);
  }
  std::vector<base::Micros> sample_times(const std::string& context) const {
    std::vector<base::Micros> times;
    for (const auto& seen : bench.seen()) {
      if (seen.frame.action != "MeterValues") continue;
      const Value& entry = seen.frame.payload.find("meterValue")->as_list()[0];
      EXPECT_EQ(entry.find("sampledValue")->as_list()[0].string_or("context", ""), context);
      times.push_back(*base::parse_utc(entry.string_or("timestamp", "")));
    }
    return times;
  }
};

TEST_F(Meter, Sampled__ExactlyTheIntervalWithEveryMeasurand) {
  set("MeterValueSampleInterval", "20");
  charge();
  bench.forget();
  bench.pass(61s);
  const auto times = sample_times("Sample.Periodic");
  ASSERT_GE(times.size(), 3u);
  for (std::size_t i = 1; i < times.size(); ++i) EXPECT_EQ(times[i] - times[i - 1], 20s);
  EXPECT_EQ(bench.last("MeterValues")
                ->find("meterValue")
                ->as_list()[0]
                .find("sampledValue")
                ->as_list()
                .size(),
            6u);
  EXPECT_EQ(bench.last("MeterValues")->int_or("transactionId", 0), bench.transaction_id());
}

TEST_F(Meter, Aligned__OnMultiplesOfTheIntervalOfTheDay) {
  set("MeterValueSampleInterval", "0");
  set("ClockAlignedDataInterval", "20");
  charge();
  bench.forget();
  bench.pass(65s);
  const auto times = sample_times("Sample.Clock");
  ASSERT_GE(times.size(), 3u);
  for (const auto time : times) EXPECT_EQ(time % base::Micros(20s), base::Micros(0));
}

TEST_F(Meter, Register__GrowsWithSevenKilowatts) {
  set("MeterValueSampleInterval", "0");
  charge();
  bench.pass(3600s);
  bench.act("present_id", kTag);
  const auto used = bench.last("StopTransaction")->int_or("meterStop", 0) -
                    bench.last("StartTransaction")->int_or("meterStart", 0);
  EXPECT_NEAR(static_cast<double>(used), 7000.0, 10.0);
}

TEST_F(Meter, TransactionData__BeginSamplesAndEndWithinTheLimit) {
  set("StopTxnSampledData", "Energy.Active.Import.Register,SoC");
  set("MeterValueSampleInterval", "10");
  charge();
  bench.pass(300s);
  bench.act("present_id", kTag);
  const auto& data = bench.last("StopTransaction")->find("transactionData")->as_list();
  EXPECT_EQ(data.size(), 10u);  // ORS-8
  const auto context = [](const Value& entry) {
    return entry.find("sampledValue")->as_list()[0].string_or("context", "");
  };
  EXPECT_EQ(context(data.front()), "Transaction.Begin");
  EXPECT_EQ(context(data.back()), "Transaction.End");
}

TEST_F(Meter, EmptyListOfMeasurands__DefaultMeasurand) {
  set("MeterValuesSampledData", "");
  set("MeterValueSampleInterval", "20");
  charge();
  bench.pass(21s);
  const auto& samples =
      bench.last("MeterValues")->find("meterValue")->as_list()[0].find("sampledValue")->as_list();
  ASSERT_EQ(samples.size(), 1u);
  EXPECT_EQ(samples[0].string_or("measurand", ""), "Energy.Active.Import.Register");
}

TEST(MeterOf2025, NoMeterValuesInStop__NoTransactionData) {
  Bench bench(pics_of(k2025));
  bench.boot();
  EXPECT_EQ(
      bench.status_of("ChangeConfiguration",
                      R"({"key":"StopTxnSampledData","value":"Energy.Active.Import.Register"})"),
      "Accepted");
  EXPECT_EQ(
      bench.status_of("ChangeConfiguration", R"({"key":"MeterValueSampleInterval","value":"10"})"),
      "Rejected");
  bench.act("plug_in");
  bench.act("present_id", kTag);
  bench.act("present_id", kTag);
  EXPECT_EQ(bench.last("StopTransaction")->find("transactionData"), nullptr);
}

}  // namespace
}  // namespace plugproof::simulator
