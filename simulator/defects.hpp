// The deliberate defects that are switched on, and how often each really changed something.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/value.hpp"
#include "simulator/message_rule.hpp"

namespace plugproof::simulator {

// What is to be done with one request that is due.
struct RequestPlan {
  std::string action;
  base::Value payload;
  bool omit = false;
  bool duplicate = false;
  bool reuse_id = false;
  base::Nanos delay{0};
  std::optional<std::string> raw;
  std::optional<std::size_t> held_by;  // index of the swap rule that holds it back
};

// What is to be done with one answer.
struct ResponsePlan {
  base::Value payload;
  bool omit = false;
  bool wrong_id = false;
  base::Nanos delay{0};
  std::optional<std::string> raw;
};

struct ExtraRequest {
  std::string action;
  base::Value payload;
};

class Defects {
 public:
  // Throws base::InputError for a text that is no defect.
  explicit Defects(const std::vector<std::string>& texts);

  // Occurrences are counted anew.
  void power_on();

  // Behaviours. `on` looks, `hit` looks and counts: call it only where the defect changes
  // something.
  bool on(std::string_view name) const;
  bool on(std::string_view name, std::string_view argument) const;
  bool hit(std::string_view name);
  // For behaviours whose argument limits them: switched on without an argument, or with this one.
  bool hit(std::string_view name, std::string_view argument);
  // The argument of the first one of that name; empty when it has none.
  std::string argument(std::string_view name) const;
  std::vector<std::string> arguments(std::string_view name) const;

  // Messages.
  RequestPlan plan_request(const std::string& action, const base::Value& payload);
  // The error code to answer with instead of doing what was asked.
  std::optional<std::string> error_for(const std::string& action, const base::Value& request);
  // Conditions are looked up in the answer, and where it has no such field in the request.
  ResponsePlan plan_response(const std::string& action, const base::Value& request,
                             const base::Value& response);
  // To be called when a request was sent or a request of the central system answered: what follows
  // it, and the swap rules whose second message this was.
  std::vector<ExtraRequest> extras_after(const std::string& action, const base::Value& payload);
  std::vector<std::size_t> released_by(const std::string& action, const base::Value& payload);

  const std::map<std::string, int>& hits() const { return hits_; }

 private:
  struct Active {
    std::string text, name, argument;
  };
  std::vector<Active> behaviours_;
  std::vector<MessageRule> rules_;
  std::map<std::string, int> hits_;
};

}  // namespace plugproof::simulator
