#include "engine/rig/actions.hpp"

namespace plugproof::rig {

namespace {
using Type = ArgumentInfo::Type;
const ArgumentInfo kConnector{"connector", Type::connector, true};
const ArgumentInfo kOn{"on", Type::boolean, true};
}  // namespace

const std::vector<ActionInfo>& all_actions() {
  static const std::vector<ActionInfo> kActions{
      {"plug_in",
       {kConnector, {"halfway", Type::boolean, false}},
       "Connect the vehicle and connector {connector} with the cable, at both ends.",
       {}},
      {"plug_out", {kConnector}, "Take the cable of connector {connector} away, at both ends.", {}},
      {"ev_plug_in", {kConnector}, "Plug the cable of connector {connector} into the vehicle.", {}},
      {"ev_plug_out",
       {kConnector},
       "Pull the cable of connector {connector} out of the vehicle; leave the charge point's end "
       "as it is.",
       {}},
      {"present_id",
       {{"id_tag", Type::text, true}, {"connector", Type::connector, false}},
       "Present the identification {id_tag} for connector {connector}.",
       {}},
      {"press_stop", {kConnector}, "Press the stop button of connector {connector}.", {}},
      {"fault",
       {{"connector", Type::connector, true}, kOn},
       "Bring connector {connector} (0: the whole charge point) into a fault.",
       "Clear the fault of connector {connector} (0: the whole charge point)."},
      {"unlock_failure",
       {kConnector, kOn},
       "Block the lock of connector {connector} so that unlocking will fail.",
       "Free the lock of connector {connector} again."},
      {"refuse_local_list",
       {kOn},
       "Set the charge point so that an update of the local authorization list will fail.",
       "Set the charge point so that updates of the local authorization list work again."},
      {"local_limit",
       {{"limit", Type::text, true}},
       "Set a local charging limit of {limit} at the charge point (empty: none).",
       {}},
      {"power_cycle",
       {},
       "Switch the power of the charge point off and, after some seconds, on again.",
       {},
       true},
      {"power",
       {kOn},
       "Switch the power of the charge point on.",
       "Switch the power of the charge point off.",
       true},
      {"network",
       {kOn},
       "Restore the charge point's network.",
       "Cut the charge point's network.",
       true},
      {"ev_ready",
       {kConnector, {"ready", Type::boolean, true}},
       "Let the vehicle at connector {connector} take energy.",
       "Let the vehicle at connector {connector} stop taking energy."},
  };
  return kActions;
}

const ActionInfo* find_action(std::string_view name) {
  for (const auto& action : all_actions())
    if (action.name == name) return &action;
  return nullptr;
}

std::string prompt_for(const ActionInfo& action, const base::Value& arguments) {
  std::string text = action.prompt;
  for (const char* flag : {"on", "ready"})
    if (const base::Value* value = arguments.find(flag))
      if (!action.prompt_off.empty() && value->is_bool() && !value->as_bool())
        text = action.prompt_off;
  if (const base::Value* halfway = arguments.find("halfway");
      halfway && halfway->is_bool() && halfway->as_bool())
    text = "Plug the cable into connector {connector} only halfway, so that it cannot be locked.";
  for (const auto& argument : action.arguments) {
    const std::string mark = "{" + argument.name + "}";
    const base::Value* value = arguments.find(argument.name);
    const std::string shown = !value               ? "1"
                              : value->is_string() ? value->as_string()
                                                   : value->to_display();
    for (std::size_t at = text.find(mark); at != std::string::npos;
         at = text.find(mark, at + shown.size()))
      text.replace(at, mark.size(), shown);
  }
  return text;
}

}  // namespace plugproof::rig
