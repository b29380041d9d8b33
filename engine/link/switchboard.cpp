#include "engine/link/switchboard.hpp"

#include <algorithm>

namespace plugproof::link {

class Switchboard::Line final : public Link {
 public:
  Line(Switchboard& board, Link& shared) : board_(board), shared_(shared) {}

  void on_event(Handler handler) override { handler_ = std::move(handler); }
  void on_handshake(AdmissionPolicy policy) override { policy_ = std::move(policy); }
  std::optional<base::Nanos> send(ConnectionId connection, std::string_view text) override {
    return shared_.send(connection, text);
  }
  void ping(ConnectionId connection, std::string_view payload) override {
    shared_.ping(connection, payload);
  }
  void close(ConnectionId connection, int code, std::string_view reason) override {
    shared_.close(connection, code, reason);
  }
  void drop(ConnectionId connection) override { shared_.drop(connection); }
  void reset(ConnectionId connection) override { shared_.reset(connection); }
  void refuse_connections(bool refuse) override { refusing_ = refuse; }
  void stall_connections(bool stall) override {
    stalling_ = stall;
    board_.stall_if_wanted();
  }
  bool stalling() const { return stalling_; }
  void silence(ConnectionId connection, bool silent) override {
    shared_.silence(connection, silent);
  }
  void secure(const ServerSecurity& security) override { shared_.secure(security); }
  std::string url() const override { return shared_.url(); }

  Admission admit(const Handshake& handshake) const {
    if (refusing_) return {503, "connections of this charge point are refused for now"};
    return policy_ ? policy_(handshake) : Admission{};
  }
  void deliver(const Event& event) const {
    if (handler_) handler_(event);
  }

 private:
  Switchboard& board_;
  Link& shared_;
  Handler handler_;
  AdmissionPolicy policy_;
  bool refusing_ = false;
  bool stalling_ = false;
};

Switchboard::Switchboard(Link& link) : link_(link) {
  link_.on_handshake([this](const Handshake& handshake) { return admit(handshake); });
  link_.on_event([this](const Event& event) { deliver(event); });
}

Switchboard::~Switchboard() {
  link_.on_event([](const Event&) {});
  link_.on_handshake([](const Handshake&) { return Admission{503, "the run is over"}; });
}

Link& Switchboard::line(const std::string& identity) {
  auto& line = lines_[identity];
  if (!line) line = std::make_unique<Line>(*this, link_);
  return *line;
}

void Switchboard::stall_if_wanted() {
  link_.stall_connections(std::any_of(lines_.begin(), lines_.end(),
                                      [](const auto& entry) { return entry.second->stalling(); }));
}

Admission Switchboard::admit(const Handshake& handshake) {
  const auto it = lines_.find(handshake.identity);
  if (it == lines_.end())
    return {404, "no charge point '" + handshake.identity + "' is expected here"};
  return it->second->admit(handshake);
}

void Switchboard::deliver(const Event& event) {
  Line* line = nullptr;
  if (event.kind == EventKind::connected || event.kind == EventKind::refused) {
    const auto it = lines_.find(event.handshake.identity);
    if (it != lines_.end()) line = it->second.get();
    if (line && event.kind == EventKind::connected) by_connection_[event.connection] = line;
  } else if (const auto it = by_connection_.find(event.connection); it != by_connection_.end()) {
    line = it->second;
    if (event.kind == EventKind::closed) by_connection_.erase(it);
  }
  if (line)
    line->deliver(event);
  else if (stray_)
    stray_(event);
}

}  // namespace plugproof::link
