// The running software of the charge point, from boot to loss of power. Its parts know each other
// through this one place.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "simulator/authorizer.hpp"
#include "simulator/certificate_renewal.hpp"
#include "simulator/certificate_store.hpp"
#include "simulator/charging.hpp"
#include "simulator/connection_security.hpp"
#include "simulator/connector.hpp"
#include "simulator/context.hpp"
#include "simulator/driver.hpp"
#include "simulator/firmware.hpp"
#include "simulator/local_list.hpp"
#include "simulator/log_uploads.hpp"
#include "simulator/messenger.hpp"
#include "simulator/metering.hpp"
#include "simulator/registration.hpp"
#include "simulator/request_desk.hpp"
#include "simulator/reservations.hpp"
#include "simulator/security_events.hpp"
#include "simulator/status_board.hpp"
#include "simulator/timer.hpp"
#include "simulator/transactions.hpp"

namespace plugproof::simulator {

struct Station {
  // `reboot` ends this station and makes the next one.
  Station(Context& context, link::ClientFactory clients, const std::string& url,
          std::function<void()> reboot);
  ~Station();
  Station(const Station&) = delete;
  Station& operator=(const Station&) = delete;

  void boot();
  // Stops everything at once, as when the power goes. The object may be destroyed later.
  void shut_down();

  Connector& connector(int number) const { return *connectors_[static_cast<std::size_t>(number)]; }
  // Whether a transaction runs there; 0: anywhere.
  bool in_use(int connector) const;

  void registered();  // accepted for the first time since power on
  void after_transaction(int connector, const std::string& reason);
  void linger(int connector);
  void change_availability(int connector, bool operative);
  void reset(bool hard);
  // Boots again once everything is delivered, at the latest after that long.
  void restart(base::Nanos longest);
  // Connects anew, with what is configured by then.
  void reconnect_soon();
  // On backup power (AQ-7.1): transactions are stopped, then `done` is called.
  void power_fails(std::function<void()> done);

  Context& context;
  Delays delays;
  Messenger messenger;
  SecurityEvents security_events;
  ConnectionSecurity connection_security;
  CertificateStore certificates;
  CertificateRenewal renewal;
  Registration registration;
  StatusBoard statuses;
  LocalListDesk local_list;
  Authorizer authorizer;
  Transactions transactions;
  Metering metering;
  Reservations reservations;
  Charging charging;
  Driver driver;
  Firmware firmware;
  LogUploads logs;
  RequestDesk desk;
  bool changing_all =
      false;  // a change of availability of the whole charge point is being reported

 private:
  Messenger::Events messenger_events();
  void take_up_profile();
  void set_operative(int connector, bool operative);
  void when_delivered(base::Nanos longest, std::function<void()> done);

  std::vector<std::unique_ptr<Connector>> connectors_;
  std::function<void()> reboot_;
  Timer drain_;
  bool down_ = false;
};

}  // namespace plugproof::simulator
