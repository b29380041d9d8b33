// The connection to the central system and the requests that go over it: connecting again with
// back-off, one request at a time (OCPP-J 1.6 section 4.1.1), answers found by message id,
// transaction-related requests kept and repeated until they are delivered (OCPP 1.6
// sections 3.7, 4.10 and 9.1).
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/link/client.hpp"
#include "engine/ocpp/frame.hpp"
#include "simulator/context.hpp"
#include "simulator/timer.hpp"

namespace plugproof::simulator {

// How a request ended.
struct Answer {
  enum class How { result, error, timeout, offline } how = How::result;
  base::Value payload;     // of a result
  std::string error_code;  // of an error
  bool ok() const { return how == How::result; }
};

class Messenger {
 public:
  using OnAnswer = std::function<void(const Answer&)>;

  struct Events {
    std::function<void()> connected;
    std::function<void()> disconnected;
    // An attempt to connect was refused (HTTP status) or came to nothing (0).
    std::function<void(int status, const std::string& reason)> failed;
    std::function<void(const ocpp::Frame&)> request;  // of the central system
    std::function<void(const StoredMessage&, const Answer&)> delivered;
    // The payload as it must be at the moment of sending (the transactionId is known late).
    std::function<base::Value(const StoredMessage&)> complete;
  };

  Messenger(Context& context, link::ClientFactory clients, std::string url, Events events);
  ~Messenger();

  void start();
  // Drops the connection and sends nothing any more.
  void shut_down();
  void network(bool on);
  // Ends the connection and makes a new one.
  void reconnect();
  // The key WebSocketPingInterval has changed.
  void restart_pings();
  bool online() const { return client_ && client_->is_open(); }
  // Of the connection that there is, as link::Client has it.
  std::string server_chain() const { return online() ? client_->server_chain() : std::string(); }

  // Requests wait until the charge point is registered, except those that are urgent:
  // BootNotification, and what the central system asked for while the registration was pending.
  void registered(bool yes);
  void call(const std::string& action, base::Value payload, OnAnswer on_answer = {},
            bool urgent = false);
  // A transaction-related request: kept in memory until delivered or given up.
  void store(const std::string& action, base::Value payload, std::uint64_t transaction);

  // Answers a request of the central system after the delay that was planned. `then` runs once it
  // is sent.
  void respond(const ocpp::Frame& request, const base::Value& payload, std::function<void()> then);
  void respond_error(const std::string& id, const std::string& code,
                     const std::string& description);

  // Nothing waits and nothing is under way.
  bool idle() const;

 private:
  struct Pending {
    std::uint64_t sequence = 0;
    std::string action;
    base::Value payload;
    OnAnswer on_answer;
    bool urgent = false;
    bool untouched = false;  // made by a defect: no further defects
    std::optional<RequestPlan> plan;
  };
  struct Outstanding {
    Pending request;
    bool stored = false;
  };

  void connect();
  void connect_later();
  void lost();
  void received(std::string_view text);
  void answered(const std::string& id, const Answer& answer);
  void pump();
  bool send_next();
  bool send_stored();
  bool send_pending();
  void bundle_values();
  void disturb_queue();
  bool plan(Pending& request, bool stored);
  bool transmit(Pending request, bool stored);
  void finish(const Outstanding& done, const Answer& answer);
  void after_sending(const std::string& action, const base::Value& payload);
  void drop_stored(const StoredMessage& message);
  bool send_text(const std::string& text);
  std::string next_id(const RequestPlan& plan);

  Context& context_;
  link::ClientFactory clients_;
  std::string url_;
  Events events_;
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
  std::unique_ptr<link::Client> client_;
  std::vector<std::unique_ptr<link::Client>> retired_;
  std::uint64_t connection_ = 0;
  int failures_ = 0;
  bool down_ = false;
  bool registered_ = false;
  bool pumping_ = false;
  std::deque<Pending> queue_;
  std::map<std::size_t, std::deque<Pending>> held_;  // by swap rule
  std::optional<Pending> stored_head_;               // the plan of the first stored message
  std::uint64_t stored_head_sequence_ = 0;
  std::map<std::string, Outstanding> outstanding_;
  std::string last_id_;
  std::vector<StoredMessage> withheld_;  // by a defect, until something new is delivered
  Timer reconnect_, answer_timeout_, retry_, delay_, ping_, handshake_, sweep_;
  Delays delays_;
};

// What an accepting central system would answer, for requests that a defect keeps from being sent.
base::Value accepting_answer(const std::string& action, const std::string& current_time);

}  // namespace plugproof::simulator
