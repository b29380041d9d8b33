// Firmware updates, signed ones too (OCPP 1.6 sections 4.5, 5.19, 7.25; security whitepaper, use
// case L01): download, check, installation, restart, and what is told of them. Where an update
// stands is kept over a loss of power.
#pragma once

#include <string>

#include "engine/base/value.hpp"
#include "simulator/file_transfer.hpp"
#include "simulator/timer.hpp"

namespace plugproof::simulator {

struct Station;

class Firmware {
 public:
  explicit Firmware(Station& station);

  // UpdateFirmware.req was answered. A request that comes while an update is under way is not
  // followed.
  void requested(const base::Value& request);
  // SignedUpdateFirmware.req: the payload of its answer. An update that can be given up is given up
  // for it; begin() starts the new one.
  base::Value signed_requested(const base::Value& request);
  void begin() { schedule(); }
  // Connectors that were kept for an update that is over are free again.
  void booting();
  // Accepted for the first time since power on: an update goes on where the power left it.
  void registered();
  // There is a connection again: what could not be told is told.
  void reconnected();
  // What it waited for may be there now.
  void transaction_ended();

  // Whether connectors that nobody uses are kept out of use.
  bool holds() const;
  // What a TriggerMessage.req and an ExtendedTriggerMessage.req are answered with.
  std::string status() const;
  base::Value signed_status() const;
  void stop();

 private:
  void prepare(const base::Value& request, const base::Value& where, const char* date);
  void schedule();
  void begin_download();
  void attempt();
  void downloaded(const transfer::Fetched& result);
  void download_failed();
  void downloaded_goes_on();
  void begin_installation();
  void installed();
  void restart_with(const std::string& outcome);
  void finish(const std::string& status);
  // Of signed updates, in signed_firmware.cpp.
  void verify();
  void schedule_installation();
  void tell_scheduled(const std::string& status);
  void tell(const std::string& status);
  void hold(bool on);

  Station& station_;
  FileTransfer transfer_;
  Timer timer_;
  Timer say_;             // Downloading, where it is told late
  bool waiting_ = false;  // for the end of a transaction
};

}  // namespace plugproof::simulator
