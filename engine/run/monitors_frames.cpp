// Monitors of the frames themselves: form, schema, message ids, answers without a question.
#include <set>

#include "engine/run/monitors.hpp"

namespace plugproof::run {

namespace {

// Every message satisfies its schema (OCPP 1.6 chapters 6 and 7, the OCPP-J schemas).
class SchemaMonitor final : public Monitor {
 public:
  using Monitor::Monitor;

  void on_rubbish(std::int64_t record, const std::string& problem) override {
    fail({"frame",
          {},
          "the charge point sent a message that is no OCPP-J frame: " + problem,
          "[2, id, action, payload], [3, id, payload] or [4, id, code, description, details]",
          problem,
          {},
          record,
          "OCPP-J 1.6 section 4.2"});
  }
  void on_call(const SeenFrame& seen) override {
    if (!ocpp::is_action(seen.frame.action)) {
      fail({"schema",
            {},
            "the charge point sent the unknown request '" + seen.frame.action + "'",
            "an action of OCPP 1.6",
            seen.frame.action,
            "action",
            seen.record,
            "OCPP-J 1.6 section 4.2.1"});
      return;
    }
    if (ocpp::sender_of(seen.frame.action) == ocpp::Sender::central_system) {
      fail({"schema",
            {},
            seen.frame.action + " is a request of the central system, but the charge point sent it",
            "a request that charge points send",
            seen.frame.action,
            "action",
            seen.record,
            "OCPP 1.6 chapters 4 and 5"});
      return;
    }
    report_all(seen, ocpp::Direction::request, ".req");
  }
  void on_response(const SeenFrame& seen, const base::Value&, bool) override {
    if (seen.frame.type == ocpp::MessageType::result) {
      report_all(seen, ocpp::Direction::response, ".conf");
    } else if (!ocpp::is_error_code(seen.frame.error_code)) {
      fail({"schema",
            {},
            "the CALLERROR carries the unknown error code '" + seen.frame.error_code + "'",
            "an error code of OCPP-J",
            seen.frame.error_code,
            "errorCode",
            seen.record,
            "OCPP-J 1.6 section 4.2.3"});
    }
  }

 private:
  void report_all(const SeenFrame& seen, ocpp::Direction direction, const char* suffix) {
    for (const auto& violation : ocpp::validate(seen.frame.action, direction, seen.frame.payload))
      fail({"schema",
            {},
            seen.frame.action + suffix + ": " + violation.message,
            "a value that the schema allows (" + violation.rule + ")",
            value_at(violation.place, seen.frame.payload),
            violation.place,
            seen.record,
            "OCPP 1.6 chapter 6, " + seen.frame.action + suffix});
  }
  static std::string value_at(const std::string& place, const base::Value& payload) {
    const auto path = base::FieldPath::parse(place);
    const auto hits =
        path ? path->resolve(payload) : std::vector<base::FieldPath::Hit>{{"", &payload}};
    if (hits.empty() || !hits[0].value) return "absent";
    const std::string text = hits[0].value->to_display();
    return text.size() > 200 ? text.substr(0, 200) + "..." : text;
  }
};

// Message ids are unique among the requests of one sender on one connection (OCPP-J 1.6
// section 4.1.4).
class MessageIdMonitor final : public Monitor {
 public:
  using Monitor::Monitor;

  void on_connected(const link::Event&, std::int64_t) override { used_.clear(); }
  void on_call(const SeenFrame& seen) override {
    if (used_.insert(seen.frame.id).second) {
      if (used_.size() > kRemembered) used_.clear();
      return;
    }
    fail({"message-id",
          {},
          "the message id " + seen.frame.id + " was used before on this connection",
          "an id not used before",
          seen.frame.id,
          "messageId",
          seen.record,
          "OCPP-J 1.6 section 4.1.4"});
  }

 private:
  static constexpr std::size_t kRemembered = 200'000;  // a bound for endless conversations
  std::set<std::string> used_;
};

// One request at a time on each side (OCPP-J 1.6 section 4.1.1: "should not", so a remark), and no
// answer without a question.
class TurnMonitor final : public Monitor {
 public:
  using Monitor::Monitor;

  void on_connected(const link::Event&, std::int64_t) override { open_ = false; }
  void on_call(const SeenFrame& seen) override {
    // Sent before our answer to the one before can have reached the charge point.
    if (open_ || (answered_ && seen.at <= answered_at_ && seen.at >= asked_at_))
      remark({"one-call-at-a-time",
              {},
              seen.frame.action + ".req came while " + action_ + ".req was not answered yet",
              "no new request before the answer to the one before",
              seen.frame.action,
              {},
              seen.record,
              "OCPP-J 1.6 section 4.1.1"});
    open_ = true;
    answered_ = false;
    asked_at_ = seen.at;
    action_ = seen.frame.action;
  }
  void on_answered(const SeenFrame&, const base::Value&, base::Nanos at) override {
    open_ = false;
    answered_ = true;
    answered_at_ = at;
  }
  void on_unasked_response(const SeenFrame& seen) override {
    fail({"unasked-response",
          {},
          "the charge point answered the message id " + seen.frame.id +
              ", which no open request of ours has",
          "a message id of an open request",
          seen.frame.id,
          "messageId",
          seen.record,
          "OCPP-J 1.6 section 4.1.4"});
  }
  // What belongs to an earlier case is no failure of this one.
  void on_second_response(const SeenFrame& seen, const std::string& action,
                          bool in_this_case) override {
    Finding finding{"unasked-response",
                    {},
                    "the charge point answered " + action + ".req (message id " + seen.frame.id +
                        ") a second time" +
                        (in_this_case ? "" : "; it was asked in an earlier case"),
                    "one answer to each request",
                    "another one",
                    "messageId",
                    seen.record,
                    "OCPP-J 1.6 section 4.1.4"};
    if (in_this_case)
      fail(std::move(finding));
    else
      remark(std::move(finding));
  }
  void on_response(const SeenFrame& seen, const base::Value&, bool late) override {
    if (late)
      remark({"late-response",
              {},
              "the answer to " + seen.frame.action + ".req came after the OCPP response timeout",
              {},
              {},
              {},
              seen.record,
              "PICS, OCPP response timeout"});
  }

 private:
  bool open_ = false;
  bool answered_ = false;
  base::Nanos asked_at_{0}, answered_at_{0};
  std::string action_;
};

}  // namespace

void add_frame_monitors(std::vector<std::unique_ptr<Monitor>>& monitors,
                        const Monitor::Report& report) {
  monitors.push_back(std::make_unique<SchemaMonitor>(report));
  monitors.push_back(std::make_unique<MessageIdMonitor>(report));
  monitors.push_back(std::make_unique<TurnMonitor>(report));
}

}  // namespace plugproof::run
