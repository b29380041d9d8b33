#include "engine/suite/order.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace plugproof::suite {

namespace {

using Kind = Step::Kind;

// Requests that only read (OCPP 1.6 sections 5.7, 5.8 and 5.10).
bool only_asks(const std::string& action) {
  return action == "GetConfiguration" || action == "GetLocalListVersion" ||
         action == "GetCompositeSchedule";
}

// Statuses of a response that say that nothing was done (OCPP 1.6 section 7). Failed and
// UnlockFailed are not among them: something was tried.
bool says_refused(const base::Value& status) {
  static const std::vector<std::string> kRefusals{
      "Rejected",    "NotSupported",    "NotImplemented",  "Faulted",          "Occupied",
      "Unavailable", "VersionMismatch", "UnknownVendorId", "UnknownMessageId", "Unknown"};
  return status.is_string() &&
         std::find(kRefusals.begin(), kRefusals.end(), status.as_string()) != kRefusals.end();
}

// Whether the case can pass only if the request was refused.
bool must_be_refused(const Step& step) {
  if (step.error_required) return true;
  for (const auto& check : step.checks) {
    if (check.path.text() != "status") continue;
    const auto wanted = check.condition.operand.constant();
    if (!wanted) continue;
    if (check.condition.op == Condition::Op::equals) return says_refused(*wanted);
    if (check.condition.op == Condition::Op::one_of && wanted->is_list())
      return !wanted->as_list().empty() &&
             std::all_of(wanted->as_list().begin(), wanted->as_list().end(), says_refused);
  }
  return false;
}

bool keeps_state(const Steps& steps, std::size_t from = 0);

bool keeps_state(const Step& step) {
  switch (step.kind) {
    case Kind::receive:
      // An answer of our own choice may change what the charge point does.
      return step.reply.is_null() && !step.reply_error && !step.no_reply;
    case Kind::send:
      return only_asks(step.name) || must_be_refused(step);
    case Kind::never:
    case Kind::collect:
    case Kind::wait:
    case Kind::set:
    case Kind::expect:
      return true;
    case Kind::any_order:
    case Kind::either:
    case Kind::optional:
    case Kind::choice:
    case Kind::for_each:
      return std::all_of(step.branches.begin(), step.branches.end(),
                         [](const Steps& branch) { return keeps_state(branch); });
    default:
      return false;  // it acts: what that leaves behind cannot be told beforehand
  }
}

bool keeps_state(const Steps& steps, std::size_t from) {
  return std::all_of(steps.begin() + static_cast<std::ptrdiff_t>(from), steps.end(),
                     [](const Step& step) { return keeps_state(step); });
}

bool can_be_recognised(const std::string& state, const Suite& suite) {
  const State* found = suite.find_state(state);
  return found && found->kind == "reusable" && found->holds && found->leave.empty();
}

// Equal texts mean equal preparation: the configuration, the state and its arguments.
std::string key_of(const TestCase& test_case, const StateUse& use) {
  std::string key = use.name + " " + use.arguments.to_display();
  for (const auto& entry : test_case.configuration)
    key += "\n" + entry.key + "=" + entry.value.to_display();
  return key;
}

struct Group {
  std::vector<std::string> makers, keepers, users;  // ids, in the order of the programme
};

// Moves the cases of a chain behind the first of them.
void gather(std::vector<Selected>& selection, const std::vector<std::string>& chain) {
  if (chain.size() < 2) return;
  std::vector<Selected> moved;
  std::size_t place = selection.size();
  for (const auto& id : chain) {
    const auto it = std::find_if(selection.begin(), selection.end(),
                                 [&](const Selected& s) { return s.entry->id == id; });
    place = std::min(place, static_cast<std::size_t>(it - selection.begin()));
    moved.push_back(*it);
  }
  const auto in_chain = [&](const Selected& s) {
    return std::find(chain.begin(), chain.end(), s.entry->id) != chain.end();
  };
  selection.erase(std::remove_if(selection.begin(), selection.end(), in_chain), selection.end());
  selection.insert(selection.begin() + static_cast<std::ptrdiff_t>(place), moved.begin(),
                   moved.end());
}

}  // namespace

Sharing sharing_of(const TestCase& test_case, const Suite& suite) {
  Sharing sharing;
  if (!test_case.memory.empty()) return sharing;
  const Steps& scenario = test_case.scenario;
  if (test_case.state.size() == 1 && !test_case.state[0].when &&
      can_be_recognised(test_case.state[0].name, suite)) {
    sharing.start = test_case.state[0];
    if (keeps_state(scenario)) sharing.kept = sharing.start;
  } else if (test_case.state.empty() && !scenario.empty()) {
    const Step& first = scenario[0];
    if (first.kind == Kind::state && !first.when && can_be_recognised(first.name, suite) &&
        keeps_state(scenario, 1))
      sharing.kept = StateUse{first.name, first.arguments, first.pos};
  }
  return sharing;
}

bool may_hand_over(const TestCase& ended, const TestCase& next, const Suite& suite) {
  const auto kept = sharing_of(ended, suite).kept;
  const auto start = sharing_of(next, suite).start;
  return kept && start && key_of(ended, *kept) == key_of(next, *start);
}

void order_for_sharing(std::vector<Selected>& selection, const Suite& suite) {
  std::map<std::string, Group> groups;
  for (const auto& s : selection) {
    if (!s.may_run() || !s.test_case) continue;
    const Sharing sharing = sharing_of(*s.test_case, suite);
    if (!sharing.start && !sharing.kept) continue;
    Group& group = groups[key_of(*s.test_case, sharing.start ? *sharing.start : *sharing.kept)];
    (!sharing.start ? group.makers
     : sharing.kept ? group.keepers
                    : group.users)
        .push_back(s.entry->id);
  }
  for (auto& [key, group] : groups) {
    for (std::size_t i = 0; i <= group.makers.size(); ++i) {
      std::vector<std::string> chain;
      if (i < group.makers.size()) chain.push_back(group.makers[i]);
      if (i == 0) chain.insert(chain.end(), group.keepers.begin(), group.keepers.end());
      if (!chain.empty() && i < group.users.size()) chain.push_back(group.users[i]);
      gather(selection, chain);
    }
  }
}

void order_for_security(std::vector<Selected>& selection, int first_profile) {
  const auto turn = [&](const Selected& s) {
    if (!s.test_case) return 0;
    const SecurityRange& security = s.test_case->security;
    return 2 * std::max(security.from, first_profile) + (security.raises ? 1 : 0);
  };
  std::stable_sort(selection.begin(), selection.end(),
                   [&](const Selected& a, const Selected& b) { return turn(a) < turn(b); });
}

}  // namespace plugproof::suite
