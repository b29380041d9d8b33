// What a run does about the security of its charge point's connections: which cases can be played
// with it, and the way back from a case that changed it.
#include <algorithm>

#include "engine/run/runner.hpp"

namespace plugproof::run {

using base::Nanos;
using base::Task;
using base::Value;

// Up it goes within the run, never down again; without any security there is no way up.
void Runner::need_security(const suite::TestCase& test_case) const {
  const int profile = session_.security().profile();
  const suite::SecurityRange& range = test_case.security;
  const auto claimed = suite::security_profiles_of(pics_);
  const bool can_rise = profile > 0 && !claimed.empty() && claimed.back() >= range.from;
  const bool at_the_top = range.raises && profile >= range.from &&
                          std::find(claimed.begin(), claimed.end(), profile + 1) == claimed.end();
  if (profile <= range.to && (profile >= range.from || can_rise) && !at_the_top) return;
  const std::string wanted = at_the_top ? "below the highest one that the PICS claims"
                             : range.from == range.to
                                 ? std::to_string(range.from)
                                 : std::to_string(range.from) + " to " + std::to_string(range.to);
  Failure failure;
  failure.check = "security profile";
  failure.kind = "precondition";
  failure.message =
      "the case needs security profile " + wanted + ", and the charge point is on " +
      (profile == 0 ? "none" : std::to_string(profile)) +
      ": set it up, say so with security.profile in the PIXIT, and run the case again";
  failure.place = test_case.pos.to_string();
  throw Abort{std::move(failure), true};
}

// A case that ended halfway may have left the charge point with another key or security profile
// than the one that the bench goes by.
Task<> Runner::let_back_in() {
  if (session_.connected()) co_return;
  session_.security().forget_key();
  if (rig_.traces().without_power || rig_.traces().without_network) co_return;
  const int now = session_.security().profile(), before = session_.served_last();
  if (now == before || !session_.security().vault()) co_return;
  if (co_await wait_for_connection(pixit_.seconds("reboot_timeout"))) co_return;
  session_.serve({before});
  co_await wait_for_connection(pixit_.seconds("reboot_timeout"));
}

// The first connection of an attempt. A run that was cut off while a case raised the security
// profile does not know on which one the charge point is: only its connection tells, so each is
// served for as long as one may take.
Task<bool> Runner::wait_for_whoever_is_left() {
  bool there = co_await wait_for_connection(pixit_.connect_timeout);
  if (!settings_.resumption || !session_.security().vault()) co_return there;
  const int served = session_.security().profile(), before = session_.served_last();
  std::vector<int> others;
  if (before != served) others.push_back(before);
  const auto claimed = suite::security_profiles_of(pics_);
  const suite::TestCase* interrupted = suite_.find_case(settings_.resumption->under_way);
  const bool raising =
      interrupted && (interrupted->security.raises || interrupted->security.from > served);
  if (raising && std::find(claimed.begin(), claimed.end(), served + 1) != claimed.end())
    others.push_back(served + 1);
  for (const int other : others) {
    if (there) break;
    try {
      session_.serve({other});
    } catch (const base::InputError&) {
      continue;  // the bench cannot, so the charge point was never asked to
    }
    there = co_await wait_for_connection(pixit_.connect_timeout);
  }
  co_return there;
}

// Who has just connected again may register anew and report every status: not into the next case.
Task<> Runner::let_register_again() {
  const Nanos began = session_.connection_began();
  const Nanos registered_by = began + pixit_.seconds("quiet_time");
  if (session_.now() >= registered_by) co_return;
  const auto came = [&](const char* action, std::int64_t connector) {
    const auto& history = session_.history();
    return std::any_of(history.begin(), history.end(), [&](const InboundCall& call) {
      const ocpp::Frame& frame = call.seen.frame;
      return call.seen.at >= began && frame.action == action &&
             frame.payload.int_or("connectorId", -1) == connector;
    });
  };
  const auto here = [&] { return session_.connected() && session_.connection_began() == began; };
  while (here() && !came("BootNotification", -1))
    if (!co_await session_.wait(registered_by)) co_return;
  const auto all_reported = [&] {
    return came("StatusNotification", 0) &&
           std::all_of(pics_.connectors().begin(), pics_.connectors().end(),
                       [&](const auto& c) { return came("StatusNotification", c.id); });
  };
  const Nanos reported_by = session_.now() + pixit_.seconds("triggered_timeout");
  while (here() && session_.state().registration() == "Accepted" && !all_reported())
    if (!co_await session_.wait(reported_by)) co_return;
}

// The password with which the run began.
Task<> Runner::restore_key(Recorder* recorder) {
  if (!session_.security().uses_basic() || session_.security().key_held() != "temporary") co_return;
  const auto made = session_.make("authorization_key", Value::object({{"which", "configured"}}));
  std::string reason = made.reason;
  const auto before = session_.connection();
  if (made.reason.empty()) {
    const Value payload = Value::object({{"key", "AuthorizationKey"}, {"value", made.value}});
    const CallOutcome outcome =
        co_await session_.call("ChangeConfiguration", payload, pixit_.seconds("response_timeout"),
                               "configuration AuthorizationKey");
    const std::string status = outcome.payload.string_or("status", "no status");
    if (status == "RebootRequired") co_return;  // it holds it; until then the other one is let in
    if (status != "Accepted") reason = "ChangeConfiguration was answered with " + status;
    // It comes back with it, and may not do so in the middle of the next case.
    const Nanos deadline = session_.now() + pixit_.seconds("reboot_timeout");
    while (reason.empty() && (!session_.connected() || session_.connection() == before))
      if (!co_await session_.wait(deadline)) reason = "it was accepted and is not used";
    if (reason.empty()) co_await let_register_again();
  }
  if (reason.empty()) co_return;
  const std::string text = "the charge point's AuthorizationKey could not be set back: " + reason;
  if (recorder)
    recorder->note(session_.now(), text);
  else
    journal_.write(session_.now(), "note", {{"text", text}});
}

}  // namespace plugproof::run
