// The connection of the messenger: made, lost, made again with back-off.
#include <algorithm>

#include "simulator/credentials.hpp"
#include "simulator/messenger.hpp"

namespace plugproof::simulator {

using namespace std::chrono_literals;

namespace {
constexpr base::Nanos kHandshakeTimeout = 20s;
}

void Messenger::start() {
  connect();
}

void Messenger::shut_down() {
  down_ = true;
  for (Timer* timer : {&reconnect_, &answer_timeout_, &retry_, &delay_, &ping_, &handshake_})
    timer->stop();
  delays_.cancel();
  queue_.clear();
  held_.clear();
  outstanding_.clear();
  if (client_) {
    ++connection_;
    client_->drop();
  }
}

void Messenger::network(bool on) {
  if (!on) {
    const bool was_online = online();
    ++connection_;
    reconnect_.stop();
    if (client_) client_->drop();
    if (was_online) lost();
  } else if (!online()) {
    failures_ = 0;
    connect_later();
  }
}

void Messenger::reconnect() {
  if (!online()) return;
  failures_ = 0;
  client_->close(1000, "connecting again");
}

void Messenger::connect() {
  if (down_ || !context_.plant.network) return;
  if (client_) retired_.push_back(std::move(client_));
  // A client may be connecting from within its predecessor's callback: that one is let go
  // afterwards.
  sweep_.start(0s, [this] { retired_.clear(); });
  client_ = clients_();
  const std::uint64_t connection = ++connection_;
  // The transport may still have something to tell when this is gone.
  const auto current = [this, connection, alive = std::weak_ptr<const bool>(alive_)] {
    return !alive.expired() && !down_ && connection == connection_;
  };
  client_->set_handlers({
      .open =
          [this, current] {
            if (!current()) return;
            failures_ = 0;
            handshake_.stop();
            context_.log("connected");
            restart_pings();
            disturb_queue();
            events_.connected();
            pump();
          },
      .text =
          [this, current](std::string_view text) {
            if (current()) received(text);
          },
      .failed =
          [this, current](int status, const std::string& reason) {
            if (!current()) return;
            handshake_.stop();
            context_.log("connection failed: " + (status ? std::to_string(status) + " " : "") +
                         reason);
            events_.failed(status, reason);
            connect_later();
          },
      .closed =
          [this, current](int code, const std::string& reason) {
            if (!current()) return;
            context_.log("connection closed: " + std::to_string(code) + " " + reason);
            if (handshake_.running()) events_.failed(0, reason);
            lost();
            connect_later();
          },
  });
  // A central system that accepts and stays silent is given up and tried again.
  handshake_.start(kHandshakeTimeout, [this] {
    events_.failed(0, "no answer");
    client_->drop();
  });
  client_->connect(connection_options(context_, url_));
}

void Messenger::connect_later() {
  if (down_ || !context_.plant.network) return;
  if (connection_ > 0 && context_.defects.on("no-reconnect") &&
      context_.defects.hit("no-reconnect"))
    return;
  // Doubling from 1 s to 64 s, so that a central system that comes up again is not stormed.
  const base::Nanos delay = base::Nanos(1s) * (1 << std::min(failures_, 6));
  ++failures_;
  reconnect_.start(delay, [this] { connect(); });
}

void Messenger::lost() {
  ++connection_;
  for (Timer* timer : {&answer_timeout_, &delay_, &ping_, &handshake_}) timer->stop();
  stored_head_.reset();
  // What does not concern transactions is stale by the next connection.
  std::deque<Pending> gone;
  for (auto& [id, out] : outstanding_) {
    if (!out.stored) {
      gone.push_back(std::move(out.request));
    } else if (!context_.memory.queue.empty()) {
      --context_.memory.queue.front().attempts;  // a lost connection is not the message's fault
    }
  }
  outstanding_.clear();
  for (auto& request : queue_) gone.push_back(std::move(request));
  queue_.clear();
  held_.clear();
  if (context_.defects.on("lose-offline-messages") && !context_.memory.queue.empty() &&
      context_.defects.hit("lose-offline-messages"))
    context_.memory.queue.clear();
  if (!down_) events_.disconnected();
  for (const auto& request : gone)
    if (request.on_answer)
      request.on_answer({.how = Answer::How::offline, .payload = {}, .error_code = {}});
}

void Messenger::restart_pings() {
  ping_.stop();
  const auto interval = context_.configuration.number("WebSocketPingInterval");
  if (interval <= 0) return;
  ping_.start(std::chrono::seconds(interval), [this] {
    if (!online()) return;
    client_->ping("");
    restart_pings();
  });
}

}  // namespace plugproof::simulator
