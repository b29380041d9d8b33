// A charge point that sends rubbish, seeded: the same seed sends the same bytes at the same
// instants.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/json.hpp"
#include "engine/base/random.hpp"
#include "engine/link/memory.hpp"
#include "engine/ocpp/schema.hpp"

namespace plugproof::hostile {

using base::Nanos;
using base::Value;

class FuzzingDut {
 public:
  FuzzingDut(base::VirtualClock& clock, link::MemoryLink& link, std::uint64_t seed)
      : clock_(clock), link_(link), random_(seed) {}
  ~FuzzingDut() { *alive_ = false; }
  FuzzingDut(const FuzzingDut&) = delete;
  FuzzingDut& operator=(const FuzzingDut&) = delete;

  // Connects now and again whenever the connection ends.
  void connect() {
    client_ = link_.make_client();
    client_->set_handlers(
        {[this] {
           send_call("BootNotification", R"({"chargePointVendor":"V","chargePointModel":"M"})");
           if (floods_left > 0) flood();
         },
         [this](std::string_view text) { take(text); },
         [this](int, const std::string&) { later(seconds(1, 60), [this] { connect(); }); },
         [this](int, const std::string&) { later(seconds(1, 60), [this] { connect(); }); }});
    client_->connect({"ws://memory/CP001",
                      random_.chance(95) ? std::vector<std::string>{"ocpp1.6"}
                                         : std::vector<std::string>{"ocpp2.0.1"},
                      std::nullopt});
  }
  // Keeps doing something every few seconds.
  void begin() {
    connect();
    tick();
  }

  int floods_left = 0;  // connections that begin with a flood
  std::size_t flood_messages = 100'000;
  std::function<std::string(std::size_t)> flood_text;

 private:
  void later(Nanos delay, std::function<void()> what) {
    clock_.after(delay, [alive = alive_, what = std::move(what)] {
      if (*alive) what();
    });
  }
  Nanos seconds(std::int64_t low, std::int64_t high) {
    return std::chrono::milliseconds(random_.between(low * 1000, high * 1000));
  }

  void tick() {
    for (auto i = random_.between(0, 3); i > 0; --i) misbehave();
    later(seconds(0, 20) + std::chrono::milliseconds(1), [this] { tick(); });
  }
  void flood() {
    --floods_left;
    for (std::size_t i = 0; i < flood_messages; ++i) client_->send(flood_text(i));
  }
  void send_call(const std::string& action, const std::string& payload) {
    const std::string id = random_.chance(5) ? "again" : random_.uuid();
    client_->send("[2,\"" + id + "\",\"" + action + "\"," + payload + "]");
  }
  void take(std::string_view text) {
    const auto frame = base::read_json(text);
    if (!frame.value || !frame.value->is_list() || frame.value->as_list()[0] != Value(2)) return;
    const std::string id = frame.value->as_list()[1].as_string();
    answers_seen_.push_back(id);
    if (answers_seen_.size() > 50) answers_seen_.clear();
    later(std::chrono::milliseconds(random_.between(0, random_.chance(90) ? 500 : 60'000)),
          [this, id] { answer(id); });
  }
  void answer(const std::string& id) {
    switch (random_.below(10)) {
      case 0:
        return;
      case 1:
        client_->send("[3,\"" + id + "\"]");
        return;
      case 2:
        client_->send("[4,\"" + id + "\",\"" + (random_.chance(50) ? "NotSupported" : "Whatever") +
                      "\",\"\",{}]");
        return;
      case 3:
        client_->send("[3,\"" + id + "\"," + payload() + "]");
        client_->send("[3,\"" + id + "\"," + payload() + "]");
        return;
      case 4:
        client_->send(
            "[3,\"" + id +
            R"(",{"configurationKey":[{"key":"HeartbeatInterval","readonly":false,"value":"-1e400"},{"key":5},7],"unknownKey":[1,"x"]}])");
        return;
      case 5:
        client_->send("[3,\"" + random_.uuid() + "\",{\"status\":\"Accepted\"}]");
        return;
      default:
        client_->send("[3,\"" + id + "\",{\"status\":\"" +
                      (random_.chance(80) ? "Accepted" : "Perhaps") + "\"}]");
    }
  }
  std::string text() {
    static const std::vector<std::string> kTexts{"\"\"",
                                                 "\"Accepted\"",
                                                 "\"\\u0000\"",
                                                 "\"\\ud83d\\ude00\"",
                                                 "\"2026-13-01T00:00:00Z\"",
                                                 "\"9999-12-31T23:59:60+23:59\"",
                                                 "\"nan\"",
                                                 "\"1e400\""};
    return kTexts[random_.below(kTexts.size())];
  }
  std::string value(int depth) {
    switch (random_.below(depth > 3 ? 6 : 8)) {
      case 0:
        return "null";
      case 1:
        return random_.chance(50) ? "true" : "-0";
      case 2:
        return std::to_string(random_.between(-3, 5));
      case 3:
        return "9223372036854775807";
      case 4:
        return "1e308";
      case 5:
        return text();
      case 6:
        return "[" + value(depth + 1) + "," + value(depth + 1) + "]";
      default:
        return payload(depth + 1);
    }
  }
  std::string payload(int depth = 0) {
    static const std::vector<std::string> kFields{
        "connectorId", "status",          "errorCode",     "idTag",      "meterStart",
        "meterStop",   "timestamp",       "transactionId", "meterValue", "sampledValue",
        "value",       "transactionData", "reason"};
    std::string out = "{";
    for (auto i = random_.between(0, 6); i > 0; --i)
      out += (out.size() > 1 ? ",\"" : "\"") + kFields[random_.below(kFields.size())] +
             "\":" + value(depth);
    return out + "}";
  }
  // A request of the right shape with some fields of its own.
  std::string plausible(const std::string& action) {
    const std::string connector = std::to_string(random_.between(-1, 3)),
                      now = "\"" + base::format_utc_millis(clock_.utc()) + "\"";
    if (action == "StatusNotification") {
      static const std::vector<std::string> kStatuses{"Available", "Preparing", "Charging",
                                                      "Finishing", "Faulted",   "Unavailable",
                                                      "Reserved",  "Flying"};
      return R"({"connectorId":)" + connector + R"(,"errorCode":"NoError","status":")" +
             kStatuses[random_.below(kStatuses.size())] + "\"}";
    }
    if (action == "StartTransaction")
      return R"({"connectorId":)" + connector + R"(,"idTag":"PLUGPROOF01","meterStart":)" +
             value(9) + R"(,"timestamp":)" + now + "}";
    if (action == "StopTransaction")
      return R"({"transactionId":)" + std::to_string(random_.between(0, 1'000'000)) +
             R"(,"meterStop":1,"timestamp":)" + now + "}";
    if (action == "MeterValues")
      return R"({"connectorId":)" + connector + R"(,"transactionId":)" + value(9) +
             R"(,"meterValue":[{"timestamp":)" + now + R"(,"sampledValue":[{"value":)" + text() +
             "}]}]}";
    if (action == "Authorize") return R"({"idTag":"PLUGPROOF01"})";
    return "{}";
  }
  void misbehave() {
    static const std::vector<std::string> kPlausible{
        "StatusNotification", "StartTransaction", "StopTransaction", "MeterValues",
        "Authorize",          "Heartbeat",        "BootNotification"};
    const auto& actions = ocpp::all_actions();
    switch (random_.below(20)) {
      case 0:
        client_->send_binary(std::string(random_.below(200), '\xff'));
        return;
      case 1:
        client_->send("\xff\xfe");
        return;
      case 2:
        client_->send(std::string(100'000, '['));
        return;
      case 3:
        client_->send("[2,\"" + random_.uuid() + "\",\"Heartbeat\"," +
                      repeated("{\"a\":", 100'000));
        return;
      case 4:
        client_->send(std::string((1 << 20) + random_.below(3), ' '));
        return;
      case 5:
        client_->send("[2,\"" + random_.uuid() + R"(","DataTransfer",{"vendorId":"v","data":")" +
                      std::string(900'000, 'x') + "\"}]");
        return;
      case 6:
        client_->send("[" + std::to_string(random_.between(-1, 9)) + ",\"x\",\"Heartbeat\",{}]");
        return;
      case 7:
        client_->send("[2," + value(0) + "," + value(0) + "," + value(0) + "]");
        return;
      case 8:
        client_->ping(std::string(random_.below(126), 'p'));
        return;
      case 9:
        client_->drop();
        return;
      case 10:
        client_->close(random_.chance(50) ? 1000 : 4999, "bye");
        return;
      case 11:
        connect();
        return;  // the old one is dropped, or not yet gone when the new one asks
      case 12:
        send_call(actions[random_.below(actions.size())], payload());
        return;
      case 13:
        send_call("Ünknown\\u0007", "{}");
        return;
      case 14:
        if (!answers_seen_.empty())
          client_->send("[3,\"" + answers_seen_[random_.below(answers_seen_.size())] + "\"," +
                        payload() + "]");
        return;
      default: {
        const std::string& action = kPlausible[random_.below(kPlausible.size())];
        send_call(action, random_.chance(80) ? plausible(action) : payload());
      }
    }
  }
  static std::string repeated(const std::string& part, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += part;
    return out;
  }

  base::VirtualClock& clock_;
  link::MemoryLink& link_;
  base::Random random_;
  std::unique_ptr<link::Client> client_;
  std::vector<std::string> answers_seen_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace plugproof::hostile
