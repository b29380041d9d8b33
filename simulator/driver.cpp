#include "simulator/driver.hpp"

#include "simulator/station.hpp"

namespace plugproof::simulator {

using namespace std::chrono_literals;

namespace {
constexpr base::Nanos kLockTime = 200ms;
}

void Driver::plugged(int number) {
  // The lock is tried as soon as a cable is felt.
  if (lock_fails(number)) return;
  station_.statuses.update(number);
  if (station_.connector(number).authorization) lock_and_start(number);
}

bool Driver::lock_fails(int number) {
  Context& context = station_.context;
  const bool halfway = context.plant.outlet(number).halfway;
  if (!halfway || context.defects.hit("start-despite-lock-failure")) return false;
  station_.connector(number).lock_failure = true;
  withdraw(number);
  if (context.defects.on("no-fault-report")) context.defects.hit("no-fault-report");
  station_.statuses.update(number);
  return true;
}

void Driver::unplugged(int number) {
  Context& context = station_.context;
  Connector& connector = station_.connector(number);
  connector.lock_failure = false;
  if (connector.transaction != 0) return vehicle_left(number);
  const auto index = static_cast<std::size_t>(number);
  if (context.memory.finishing[index] && context.defects.hit("stay-finishing"))
    connector.lingering = true;
  else
    context.memory.finishing[index] = false;
  station_.statuses.update(number);
}

void Driver::vehicle_connected(int number) {
  if (station_.context.capabilities.fixed(number) && station_.connector(number).transaction == 0)
    return plugged(number);
  station_.statuses.update(number);
}

void Driver::vehicle_disconnected(int number) {
  if (station_.connector(number).transaction != 0) return vehicle_left(number);
  if (station_.context.capabilities.fixed(number)) return unplugged(number);
  station_.statuses.update(number);
}

// Two keys of section 9.1 decide about the transaction and the lock.
void Driver::vehicle_left(int number) {
  Context& context = station_.context;
  const Configuration& configuration = context.configuration;
  bool stops = configuration.flag("StopTransactionOnEVSideDisconnect");
  if (stops && context.defects.hit("no-stop-on-ev-disconnect"))
    stops = false;
  else if (!stops && context.defects.hit("stop-despite-ev-disconnect-setting"))
    stops = true;
  // Without a cable in the station there is nothing to resume.
  const bool cable_gone = !context.plant.outlet(number).cable;
  if (!stops && !cable_gone) {
    context.defects.hit("no-disconnect-info");
    if (configuration.flag("UnlockConnectorOnEVSideDisconnect")) unlock(number);
    station_.statuses.update(number);
    return;
  }
  station_.transactions.stop(number, "EVDisconnected", std::nullopt);
}

void Driver::vehicle_readiness_changed(int number) {
  station_.statuses.update(number);
}

void Driver::stop_pressed(int number) {
  if (station_.connector(number).transaction != 0)
    station_.transactions.stop(number, "Local", std::nullopt);
}

void Driver::presented(const std::string& id_tag, int number) {
  Connector& connector = station_.connector(number);
  if (connector.transaction != 0) return present_during_transaction(id_tag, number);
  if (connector.authorization) {
    // Section 4.1 leaves it open what a second presentation means.
    if (connector.authorization->id_tag == id_tag &&
        station_.context.variations.second_tag_withdraws)
      withdraw(number);
    return;
  }
  identify({id_tag, std::nullopt, false, std::nullopt, std::nullopt}, number);
}

bool Driver::can_start(int number) const {
  const Context& context = station_.context;
  const Connector& connector = station_.connector(number);
  if (connector.transaction != 0 || connector.authorization || connector.authorizing ||
      connector.starting)
    return false;
  if (!context.memory.operative[static_cast<std::size_t>(number)]) return false;
  if (station_.firmware.holds()) return false;
  const bool fault =
      context.plant.fault || context.plant.outlet(number).fault || connector.lock_failure;
  return !fault || context.defects.hit("faulted-connector-works");
}

bool Driver::admits(int number, const std::string& id_tag) const {
  const Reservation* reservation = station_.reservations.holding(number);
  if (!reservation || reservation->id_tag == id_tag) return true;
  if (reservation->parent && !station_.context.defects.hit("ignore-reservation-group")) return true;
  return station_.context.defects.hit("ignore-reservation");
}

void Driver::start_remotely(const std::string& id_tag, int number,
                            const std::optional<base::Value>& profile) {
  identify({id_tag, std::nullopt, true, std::nullopt, profile}, number);
}

void Driver::identify(const Authorization& asked, int number) {
  Context& context = station_.context;
  const std::string& id_tag = asked.id_tag;
  if (!can_start(number)) return;
  if (!station_.registration.accepted() && station_.messenger.online()) return;
  if (!admits(number, id_tag)) {
    // Nothing comes of it; whether the central system is asked all the same is left open.
    if (!asked.remote && context.variations.asks_for_turned_away)
      station_.authorizer.authorize(id_tag, [](const Decision&) {});
    return;
  }
  const Reservation* reservation = station_.reservations.holding(number);
  const bool own = reservation && reservation->id_tag == id_tag;
  Connector& connector = station_.connector(number);
  if (asked.remote) {
    bool asks = context.configuration.flag("AuthorizeRemoteTxRequests");
    if (asks && context.defects.hit("ignore-remote-authorize"))
      asks = false;
    else if (!asks && context.defects.hit("authorize-remote-always"))
      asks = true;
    // Whether a reservation for a group holds for this idTag is known after Authorize only.
    if (reservation && !own && !context.defects.hit("ignore-reservation")) asks = true;
    if (!asks) return decided(number, asked, true);
  }
  if (own && !context.variations.asks_for_reserved) return decided(number, asked, true);
  connector.authorizing = true;
  if (context.variations.preparing_before_authorize && (!reservation || own)) {
    connector.tag_shown = true;
    station_.statuses.update(number);
  }
  if (context.defects.on("start-before-authorized") && station_.statuses.plugged(number) &&
      context.defects.hit("start-before-authorized"))
    decided(number, asked, true);
  station_.authorizer.authorize(id_tag, [this, asked, number](const Decision& decision) {
    Authorization authorization = asked;
    authorization.parent = decision.parent;
    decided(number, authorization, decision.accepted);
  });
}

void Driver::decided(int number, const Authorization& authorization, bool accepted) {
  Context& context = station_.context;
  Connector& connector = station_.connector(number);
  connector.authorizing = false;
  connector.tag_shown = false;
  const auto cable_in_hand = std::exchange(connector.cable_in_hand, std::nullopt);
  if (connector.starting || connector.transaction != 0) return;
  if (!accepted && !context.defects.hit("start-despite-invalid"))
    return station_.statuses.update(number);
  if (!can_start(number)) return station_.statuses.update(number);
  Authorization entry = authorization;
  if (const Reservation* reservation = station_.reservations.holding(number)) {
    const bool fits = reservation->id_tag == entry.id_tag ||
                      (reservation->parent && reservation->parent == entry.parent);
    if (!fits && !context.defects.hit("ignore-reservation"))
      return station_.statuses.update(number);
    if (fits) {
      entry.reservation = reservation->id;
      station_.reservations.use(*entry.reservation);
    }
  }
  connector.authorization = entry;
  const auto index = static_cast<std::size_t>(number);
  // A new session on a cable that was left in begins with Preparing (transition F2 of section 4.9).
  context.memory.finishing[index] = false;
  connector.lingering = false;
  station_.statuses.update(number);
  if (station_.statuses.plugged(number)) return lock_and_start(number);
  await_cable(number);
  if (!cable_in_hand) return;
  context.plant.outlet(number).plug_in(*cable_in_hand);
  station_.delays.after(context.variations.reaction, [this, number] { plugged(number); });
}

// Section 9.1: from the beginning of Preparing until the cable must be in.
void Driver::await_cable(int number) {
  Context& context = station_.context;
  const auto seconds = context.configuration.number("ConnectionTimeOut");
  if (seconds <= 0) return;
  base::Nanos wait = std::chrono::seconds(seconds);
  if (context.defects.hit("no-connection-timeout")) return;
  if (context.defects.hit("early-connection-timeout")) wait /= 2;
  station_.connector(number).connection_timeout.start(wait, [this, number] { withdraw(number); });
}

void Driver::withdraw(int number) {
  Connector& connector = station_.connector(number);
  connector.connection_timeout.stop();
  connector.authorization.reset();
  connector.starting = false;
  station_.statuses.update(number);
}

void Driver::lock_and_start(int number) {
  Connector& connector = station_.connector(number);
  connector.connection_timeout.stop();
  connector.starting = true;
  station_.delays.after(kLockTime, [this, number] {
    Connector& later = station_.connector(number);
    if (!later.starting || !later.authorization) return;
    later.starting = false;
    if (!station_.statuses.plugged(number)) return await_cable(number);
    if (lock_fails(number)) return;
    const Capabilities& can = station_.context.capabilities;
    Outlet& outlet = station_.context.plant.outlet(number);
    if (can.lock && !can.fixed(number)) outlet.locked = true;
    const Authorization authorization = *later.authorization;
    station_.transactions.start(number, authorization);
  });
}

// Section 4.8: the idTag that started the transaction stops it; one of the same group does after
// Authorize.
void Driver::present_during_transaction(const std::string& id_tag, int number) {
  Context& context = station_.context;
  Defects& defects = context.defects;
  Connector& connector = station_.connector(number);
  const Transaction* transaction = station_.transactions.of(number);
  if (!transaction || connector.authorizing || !context.capabilities.local_stop) return;
  const std::uint64_t wanted = connector.transaction;
  const auto stop = [this, number, id_tag, wanted] {
    if (station_.connector(number).transaction == wanted)
      station_.transactions.stop(number, "Local", id_tag);
  };
  const auto ask = [this, number, id_tag](const std::function<void(const Decision&)>& then) {
    station_.connector(number).authorizing = true;
    station_.authorizer.authorize(id_tag, [this, number, then](const Decision& decision) {
      station_.connector(number).authorizing = false;
      then(decision);
    });
  };
  if (transaction->id_tag == id_tag) {
    if (defects.hit("ignore-stop-tag")) return;
    if (defects.hit("stop-needs-authorize")) return ask([stop](const Decision&) { stop(); });
    return stop();
  }
  if (defects.hit("stop-for-any-tag")) return stop();
  if (!transaction->parent) {
    if (defects.hit("authorize-on-foreign-tag")) ask([](const Decision&) {});
    return;
  }
  if (defects.hit("ignore-parent-id")) return;
  ask([this, stop, parent = transaction->parent](const Decision& decision) {
    if (!decision.accepted) return;
    if (decision.parent == parent || station_.context.defects.hit("stop-without-parent-check"))
      stop();
  });
}

bool Driver::unlock(int number) {
  Outlet& outlet = station_.context.plant.outlet(number);
  if (outlet.lock_blocked) return false;
  outlet.locked = false;
  return true;
}

}  // namespace plugproof::simulator
