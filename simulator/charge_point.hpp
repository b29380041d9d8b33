// The reference charge point: a complete OCPP 1.6-J Core charger, driven by the same PICS file as
// the run. It knows the protocol and the PICS, nothing of the suite or of how it will be judged.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/value.hpp"
#include "engine/link/client.hpp"
#include "engine/transfer/file_client.hpp"
#include "pics/pics.hpp"

namespace plugproof::simulator {

// A deliberate defect, as a text: see docs/simulator.md and defects.hpp for the names and forms.
struct Options {
  // ws:// or wss://: which of them is in force follows from the security profile, whatever stands
  // here.
  std::string url = "ws://127.0.0.1:9000/CP001";
  std::vector<std::string> defects;
  // Legal variations drawn from this seed (order, optional messages, delays within the limits); 0:
  // none.
  std::uint64_t variation_seed = 0;
  // What the installer set (security whitepaper, section 2): the profile it begins with, and the
  // key of Basic authentication in hexadecimal, 16 to 20 bytes.
  int security_profile = 0;
  std::string authorization_key;
  // What is in its trust store when it leaves the factory, in PEM.
  std::string central_system_roots{}, manufacturer_roots{};
  // The charge point certificate and its key.
  std::optional<link::Credential> certificate = std::nullopt;
  // What files are downloaded and uploaded with; absent: every transfer fails.
  transfer::FileClientFactory files;
};

// A physical action, in the terms of the rigs: plug_in {connector, halfway}, plug_out {connector},
// ev_plug_in / ev_plug_out {connector}, present_id {id_tag, connector}, press_stop {connector},
// fault {connector, on}, unlock_failure {connector, on}, refuse_local_list {on}, local_limit
// {limit}, power {on}, power_cycle, network {on}, ev_ready {connector, ready}.
struct ActionResult {
  bool done = false;
  std::string reason;  // when not done
};

class ChargePoint {
 public:
  // Throws base::InputError for a defect it does not know, and for security settings that the PICS
  // does not claim or that lack something.
  ChargePoint(base::Clock& clock, const pics::Pics& pics, link::ClientFactory clients,
              const Options& options);
  ~ChargePoint();
  ChargePoint(const ChargePoint&) = delete;
  ChargePoint& operator=(const ChargePoint&) = delete;

  void power_on();   // boots: connects, sends BootNotification ...
  void power_off();  // as pulling the plug: TCP drops, memory is lost but for what a charger keeps
  ActionResult act(const std::string& action, const base::Value& arguments);

  // How often each defect of the options really changed something, for tests that must know it
  // landed.
  const std::map<std::string, int>& defect_hits() const;
  // One line a noteworthy event, for `plugproof simulate`.
  void on_log(std::function<void(const std::string&)> log);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Names and one-line explanations of all named defects, for --help and docs.
struct DefectInfo {
  std::string name;
  std::string explanation;
};
const std::vector<DefectInfo>& known_defects();

}  // namespace plugproof::simulator
