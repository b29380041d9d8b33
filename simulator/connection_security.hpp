// What the charge point makes of attempts to connect that fail for reasons of security (security
// whitepaper, sections 2.4.1 and 2.5.1): events, and ways back to credentials that worked.
#pragma once

#include <set>
#include <string>

namespace plugproof::simulator {

struct Station;

class ConnectionSecurity {
 public:
  explicit ConnectionSecurity(Station& station) : station_(station) {}

  void connected();
  // With the HTTP status, 0 when it never got that far.
  void failed(int status, const std::string& reason);

 private:
  void turned_away(const std::string& reason);
  // Once until the next connection, however often it is tried.
  void happened(const std::string& event, const std::string& info);
  void reconfigured(const std::string& what);

  Station& station_;
  int failures_ = 0;
  std::set<std::string> told_;
};

}  // namespace plugproof::simulator
