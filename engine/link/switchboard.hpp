// Many charge points on one link: every identity gets a Link of its own, with its connections and
// nothing else. Handshakes of identities that nobody asked for are refused with 404 (OCPP-J 1.6
// section 3.1).
#pragma once

#include <map>
#include <memory>
#include <string>

#include "engine/link/link.hpp"

namespace plugproof::link {

class Switchboard {
 public:
  // `link` must live longer than the switchboard.
  explicit Switchboard(Link& link);
  ~Switchboard();
  Switchboard(const Switchboard&) = delete;
  Switchboard& operator=(const Switchboard&) = delete;

  // The link of one identity; made at the first call, valid as long as the switchboard. Refusing
  // connections on it refuses those of this identity only, with 503. Stalling comes before an
  // identity is known: while one line stalls, new connections of every line are left waiting. So
  // does security: what one line wants holds for new connections of every line, the last one's
  // word counts.
  Link& line(const std::string& identity);

  // Handshakes and connection attempts that belong to no line.
  void on_stray(Link::Handler handler) { stray_ = std::move(handler); }

 private:
  class Line;
  Admission admit(const Handshake& handshake);
  void deliver(const Event& event);
  void stall_if_wanted();

  Link& link_;
  std::map<std::string, std::unique_ptr<Line>> lines_;
  std::map<ConnectionId, Line*> by_connection_;
  Link::Handler stray_;
};

}  // namespace plugproof::link
