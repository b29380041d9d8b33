#include "simulator/station.hpp"

#include <utility>

namespace plugproof::simulator {

using namespace std::chrono_literals;

Station::Station(Context& ctx, link::ClientFactory clients, const std::string& url,
                 std::function<void()> reboot)
    : context(ctx),
      delays(ctx.clock),
      messenger(ctx, std::move(clients), url, messenger_events()),
      security_events(*this),
      connection_security(*this),
      certificates(*this),
      renewal(*this),
      registration(*this),
      statuses(*this),
      local_list(ctx),
      authorizer(*this),
      transactions(*this),
      metering(*this),
      reservations(*this),
      charging(*this),
      driver(*this),
      firmware(*this),
      logs(*this),
      desk(*this),
      reboot_(std::move(reboot)),
      drain_(ctx.clock) {
  for (int number = 0; number <= ctx.capabilities.connectors; ++number)
    connectors_.push_back(std::make_unique<Connector>(ctx.clock, number));
}

Station::~Station() {
  shut_down();
}

Messenger::Events Station::messenger_events() {
  return {
      .connected =
          [this] {
            connection_security.connected();
            registration.connected();
          },
      .disconnected = [this] { registration.disconnected(); },
      .failed = [this](int status,
                       const std::string& reason) { connection_security.failed(status, reason); },
      .request = [this](const ocpp::Frame& frame) { desk.received(frame); },
      .delivered = [this](const StoredMessage& message,
                          const Answer& answer) { transactions.delivered(message, answer); },
      .complete = [this](const StoredMessage& message) { return transactions.complete(message); },
  };
}

void Station::boot() {
  context.log("booting");
  context.defects.power_on();
  for (int number = 1; number <= context.capabilities.connectors; ++number) {
    const auto index = static_cast<std::size_t>(number);
    context.memory.finishing[index] = context.memory.finishing[index] &&
                                      context.variations.finishing_after_reset &&
                                      statuses.plugged(number);
  }
  if (context.defects.on("forget-availability-over-reset"))
    for (std::size_t i = 0; i < context.memory.operative.size(); ++i)
      if (!context.memory.operative[i] && context.defects.hit("forget-availability-over-reset"))
        context.memory.operative[i] = true;
  if (context.defects.hit("config-lost-on-reboot")) context.configuration.reset();
  take_up_profile();
  security_events.happened("StartupOfTheDevice");
  firmware.booting();
  delays.after(context.variations.boot_time, [this] { messenger.start(); });
}

void Station::shut_down() {
  if (std::exchange(down_, true)) return;
  transactions.note_registers();
  messenger.shut_down();
  registration.stop();
  metering.stop();
  reservations.stop();
  charging.stop();
  firmware.stop();
  logs.stop();
  security_events.stop();
  renewal.stop();
  drain_.stop();
  delays.cancel();
  for (const auto& connector : connectors_)
    for (Timer* timer : {&connector->stable, &connector->connection_timeout, &connector->sampling,
                         &connector->settling, &connector->energy})
      timer->stop();
}

bool Station::in_use(int number) const {
  for (const auto& connector : connectors_)
    if (connector->transaction != 0 && (number == 0 || connector->id == number)) return true;
  return false;
}

void Station::registered() {
  transactions.end_interrupted();
  if (context.variations.security_events_first) security_events.deliver();
  if (context.variations.outcome_before_statuses) firmware.registered();
  statuses.report_all();
  statuses.update_all();  // a transaction that goes on takes energy again
  if (!context.variations.outcome_before_statuses) firmware.registered();
  security_events.deliver();
  logs.registered();
  renewal.registered();
  metering.restart_alignment();
  reservations.arm();
  if (context.variations.data_transfer)
    messenger.call("DataTransfer",
                   base::Value::object({{"vendorId", "org.plugproof"}, {"messageId", "hello"}}));
}

void Station::linger(int number) {
  Connector& state = connector(number);
  state.lingering = true;
  state.settling.start(1s, [this, number] {
    connector(number).lingering = false;
    context.memory.finishing[static_cast<std::size_t>(number)] = false;
    statuses.update(number);
  });
}

void Station::after_transaction(int number, const std::string& reason) {
  Connector& state = connector(number);
  // Unplugged at the vehicle, the cable stays locked where that is configured (section 9.1).
  const bool keep_locked = reason == "EVDisconnected" &&
                           !context.configuration.flag("UnlockConnectorOnEVSideDisconnect");
  if (!keep_locked && !context.defects.hit("stay-locked-after-stop")) driver.unlock(number);
  if (!in_use(0)) firmware.transaction_ended();
  if (!state.inoperative_afterwards) return;
  state.inoperative_afterwards = false;
  delays.after(1s, [this, number] { set_operative(number, false); });
}

void Station::change_availability(int number, bool operative) {
  changing_all = number == 0;
  if (number == 0) {
    if (!operative) reservations.end(0);
    context.memory.operative[0] = operative;
    statuses.update(0);
  }
  for (int c = 1; c <= context.capabilities.connectors; ++c) {
    if (number != 0 && c != number) continue;
    Connector& state = connector(c);
    state.inoperative_afterwards = !operative && state.transaction != 0;
    if (state.transaction == 0 || operative) set_operative(c, operative);
  }
  changing_all = false;
}

void Station::set_operative(int number, bool operative) {
  const auto index = static_cast<std::size_t>(number);
  if (!operative) {
    reservations.end(number);
    driver.withdraw(number);
    // Section 4.9 knows no way from Preparing to Unavailable: the session that was being prepared
    // ends first.
    if (connector(number).current.status == "Preparing") {
      context.memory.finishing[index] = true;
      statuses.update(number);
    }
    context.memory.finishing[index] = false;
  }
  context.memory.operative[index] = operative;
  statuses.update(number);
}

// Waits until everything is delivered, but not longer than that.
void Station::when_delivered(base::Nanos longest, std::function<void()> done) {
  if (longest <= 0s || messenger.idle() || !messenger.online()) return done();
  drain_.start(200ms,
               [this, longest, done = std::move(done)] { when_delivered(longest - 200ms, done); });
}

void Station::reset(bool hard) {
  context.log(hard ? "hard reset" : "soft reset");
  const std::string reason = hard ? "HardReset" : "SoftReset";
  if (transactions.any() && context.defects.hit("lose-transaction-on-reset")) {
    for (const auto& state : connectors_) state->transaction = 0;
    context.memory.transactions.clear();
    context.memory.queue.clear();
  }
  for (int number = 1; number <= context.capabilities.connectors; ++number)
    transactions.stop(number, reason, std::nullopt);
  if (context.defects.hit("hang-on-reset")) return;
  if (!hard && !context.variations.boot_after_soft_reset) return;
  restart(hard ? 5s : 30s);
}

void Station::take_up_profile() {
  const std::string wanted = std::exchange(context.memory.next_profile, {});
  if (wanted.empty()) return;
  context.memory.former.profile = context.configuration.text("SecurityProfile");
  context.configuration.set("SecurityProfile", wanted);
}

void Station::reconnect_soon() {
  delays.after(context.variations.reaction, [this] {
    take_up_profile();
    messenger.reconnect();
  });
}

void Station::restart(base::Nanos longest) {
  security_events.happened("ResetOrReboot");
  delays.after(context.variations.reaction,
               [this, longest] { when_delivered(longest, [this] { reboot_(); }); });
}

void Station::power_fails(std::function<void()> done) {
  for (int number = 1; number <= context.capabilities.connectors; ++number)
    transactions.stop(number, "PowerLoss", std::nullopt);
  delays.after(500ms, [this, done = std::move(done)] { when_delivered(10s, done); });
}

}  // namespace plugproof::simulator
