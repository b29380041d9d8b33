// The queue of transaction-related messages - StartTransaction, StopTransaction, periodic and
// clock-aligned MeterValues: they come in the order in which things happened, what is new waits
// until the queue is empty (OCPP 1.6 section 3.7), and what we failed to process comes again
// (section 3.7.1).
#include <array>
#include <charconv>

#include "engine/run/monitors.hpp"

namespace plugproof::run {

namespace {

using base::Micros;
using base::Nanos;
using base::Value;

// Sampled and clock-aligned values are taken by different timers, and an aligned one carries its
// nominal instant: the two are not compared with each other.
enum class Stream : std::size_t { transaction, sampled, aligned };
constexpr std::size_t kStreams = 3;

// What of a transaction-related message counts. A message with several values spans a time.
struct Told {
  Stream stream = Stream::transaction;
  std::int64_t connector = 0;  // 0: not known
  Micros first{0}, last{0};
};

std::optional<Micros> time_of(const Value& holder) {
  const Value* timestamp = holder.find("timestamp");
  if (!timestamp || !timestamp->is_string()) return std::nullopt;
  return base::parse_utc(timestamp->as_string());
}

// The stream of one meterValue; nothing for what is sent on request or at the ends of a
// transaction.
std::optional<Stream> stream_of(const Value& meter_value) {
  const Value* samples = meter_value.find("sampledValue");
  if (!samples || !samples->is_list()) return std::nullopt;
  for (const auto& sample : samples->as_list()) {
    const std::string context = sample.string_or("context", "Sample.Periodic");
    if (context == "Sample.Periodic") return Stream::sampled;
    if (context == "Sample.Clock") return Stream::aligned;
  }
  return std::nullopt;
}

// Values outside a transaction are related to none.
std::optional<Told> told_by_meter_values(const Value& payload) {
  const Value* id = payload.find("transactionId");
  const Value* values = payload.find("meterValue");
  if (!id || !id->is_int() || !values || !values->is_list()) return std::nullopt;
  std::optional<Told> told;
  for (const auto& value : values->as_list()) {
    const auto stream = stream_of(value);
    const auto time = time_of(value);
    if (!stream || !time) continue;
    if (!told) told = Told{*stream, payload.int_or("connectorId", 0), *time, *time};
    told->first = std::min(told->first, *time);
    told->last = std::max(told->last, *time);
  }
  return told;
}

std::optional<Told> told_by(const ocpp::Frame& frame, const ProtocolState& state) {
  if (frame.action == "MeterValues") return told_by_meter_values(frame.payload);
  const bool start = frame.action == "StartTransaction";
  if (!start && frame.action != "StopTransaction") return std::nullopt;
  const auto time = time_of(frame.payload);
  if (!time) return std::nullopt;
  std::int64_t connector = frame.payload.int_or("connectorId", 0);
  if (!start) {
    const Transaction* running = state.running(frame.payload.int_or("transactionId", 0));
    connector = running ? running->connector : 0;
  }
  return Told{Stream::transaction, connector, *time, *time};
}

// A message is out of order when all of it is older than a delivered one: on the same connector
// than the end of that, else than its beginning. `interval_tolerance` is left for whole seconds and
// for the time it takes to read a meter.
class OrderMonitor final : public Monitor {
 public:
  OrderMonitor(const ProtocolState& state, const Pixit& pixit, Report report)
      : Monitor(std::move(report)),
        state_(state),
        tolerance_(std::chrono::duration_cast<Micros>(pixit.seconds("interval_tolerance"))),
        ahead_(std::chrono::duration_cast<Micros>(pixit.seconds("max_time_deviation"))) {}

  void on_call(const SeenFrame& seen) override {
    const auto told = told_by(seen.frame, state_);
    if (!told) return;
    std::optional<Micros> latest;
    for (std::size_t i = 0; i < kStreams; ++i) {
      if (!comparable(told->stream, static_cast<Stream>(i))) continue;
      const Marks& marks = marks_[i];
      if (marks.any) latest = std::max(latest.value_or(*marks.any), *marks.any);
      if (const auto it = marks.by_connector.find(told->connector);
          told->connector != 0 && it != marks.by_connector.end())
        latest = std::max(latest.value_or(it->second), it->second);
    }
    if (!latest || told->last >= *latest - tolerance_) return;
    fail({"queue",
          {},
          seen.frame.action + ".req is older than a transaction-related message delivered before",
          "a time not before " + base::format_utc_millis(*latest),
          base::format_utc_millis(told->last),
          seen.frame.action == "MeterValues" ? "meterValue[*].timestamp" : "timestamp",
          seen.record,
          "OCPP 1.6 section 3.7"});
  }

  void on_answered(const SeenFrame& seen, const Value& response, Nanos) override {
    if (response.is_null()) return;  // not delivered
    // After a boot the clock may have been set, and what a power cut interrupted may be dated
    // earlier than the last message before it.
    if (seen.frame.action == "BootNotification") marks_ = {};
    const auto told = told_by(seen.frame, state_);
    // A time ahead of ours tells of a wrong clock, which the next answer may set back.
    if (!told || told->last > seen.utc + ahead_) return;
    Marks& marks = marks_[static_cast<std::size_t>(told->stream)];
    const Micros first = std::min(told->first, seen.utc), last = std::min(told->last, seen.utc);
    marks.any = std::max(marks.any.value_or(first), first);
    if (told->connector == 0) return;
    Micros& known = marks.by_connector.try_emplace(told->connector, last).first->second;
    known = std::max(known, last);
  }

 private:
  // The latest times delivered.
  struct Marks {
    std::optional<Micros> any;
    std::map<std::int64_t, Micros> by_connector;
  };
  static bool comparable(Stream a, Stream b) {
    return a == b || a == Stream::transaction || b == Stream::transaction;
  }

  const ProtocolState& state_;
  Micros tolerance_, ahead_;
  std::array<Marks, kStreams> marks_;
};

// A transaction-related message that we did not process is sent again, as often as
// TransactionMessageAttempts says and each time after TransactionMessageRetryInterval times the
// number of sendings before ("should", section 3.7.1): remarks.
class RetryMonitor final : public Monitor {
 public:
  RetryMonitor(const ProtocolState& state, const Pixit& pixit, Report report)
      : Monitor(std::move(report)),
        state_(state),
        tolerance_(pixit.seconds("interval_tolerance")),
        grace_(pixit.seconds("triggered_timeout")) {}

  void on_connected(const link::Event& event, std::int64_t) override { begin_anew(event.at); }
  void on_call(const SeenFrame& seen) override {
    if (!failed_) return;
    if (is_failed_one(seen)) return check_wait(seen);
    const bool overtaken = told_by(seen.frame, state_) && seen.at > failed_->at;
    const auto due = wait_due();
    const bool overdue =
        due && state_.registration() == "Accepted" && seen.at > failed_->at + *due + grace_;
    if (!overtaken && !overdue) return;
    const auto attempts = configured("TransactionMessageAttempts");
    if (attempts && failed_->sendings < *attempts)
      remark({"retry",
              {},
              failed_->call.frame.action + ".req was not sent again although we did not process it",
              "up to " + std::to_string(*attempts) + " attempts (TransactionMessageAttempts)",
              std::to_string(failed_->sendings),
              {},
              failed_->call.record,
              "OCPP 1.6 section 3.7.1"});
    failed_.reset();
  }
  void on_answered(const SeenFrame& call, const Value& response, Nanos at) override {
    if (call.frame.action == "BootNotification") begin_anew(at);
    if (!told_by(call.frame, state_)) return;
    const bool again = failed_ && is_failed_one(call);
    if (!response.is_null()) {
      if (again) failed_.reset();
      return;
    }
    const std::int64_t sendings = again ? failed_->sendings + 1 : 1;
    failed_ = Failed{call, sendings, at, false};
  }

 private:
  struct Failed {
    SeenFrame call;
    std::int64_t sendings = 1;
    Nanos at{0};             // when we failed; where we gave no answer: the arrival
    bool disturbed = false;  // by a new connection or a boot: the wait cannot be judged
  };

  void begin_anew(Nanos at) {
    if (!failed_) return;
    failed_->at = at;
    failed_->disturbed = true;
  }
  // The same fact again. The transactionId may be known by now, so payloads need not be equal.
  bool is_failed_one(const SeenFrame& seen) const {
    const ocpp::Frame& frame = failed_->call.frame;
    if (seen.frame.action != frame.action) return false;
    const auto before = told_by(frame, state_), now = told_by(seen.frame, state_);
    return before && now && before->first == now->first && before->stream == now->stream &&
           frame.payload.int_or("connectorId", 0) == seen.frame.payload.int_or("connectorId", 0);
  }
  void check_wait(const SeenFrame& seen) {
    const auto due = wait_due();
    const Nanos waited = seen.at - failed_->at;
    if (!due || failed_->disturbed || waited + tolerance_ >= *due) return;
    remark({"retry",
            {},
            seen.frame.action + ".req was sent again too early",
            base::format_duration(*due) + " after the failure (TransactionMessageRetryInterval x " +
                std::to_string(failed_->sendings) + ")",
            "after " + base::format_duration(waited),
            {},
            seen.record,
            "OCPP 1.6 section 3.7.1"});
  }
  std::optional<Nanos> wait_due() const {
    const auto interval = configured("TransactionMessageRetryInterval");
    if (!interval) return std::nullopt;
    return std::chrono::seconds(*interval * std::min<std::int64_t>(failed_->sendings, 1000));
  }
  std::optional<std::int64_t> configured(const char* name) const {
    const ConfigurationKey* key = state_.key(name);
    if (!key || !key->value) return std::nullopt;
    std::int64_t number = 0;
    const char* end = key->value->data() + key->value->size();
    const auto [stop, error] = std::from_chars(key->value->data(), end, number);
    // Anything that is no sensible number is nothing to measure against.
    if (error != std::errc() || stop != end || number < 0 || number > 1'000'000)
      return std::nullopt;
    return number;
  }

  const ProtocolState& state_;
  Nanos tolerance_, grace_;
  std::optional<Failed> failed_;
};

}  // namespace

void add_queue_monitors(MonitorList& monitors, const ProtocolState& state, const Pixit& pixit,
                        const Monitor::Report& report) {
  monitors.push_back(std::make_unique<OrderMonitor>(state, pixit, report));
  monitors.push_back(std::make_unique<RetryMonitor>(state, pixit, report));
}

}  // namespace plugproof::run
