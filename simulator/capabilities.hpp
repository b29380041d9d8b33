// What this charge point is and can do: the PICS read once, in the terms of the simulator.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/time.hpp"
#include "pics/pics.hpp"

namespace plugproof::simulator {

// Whether a key can be set, and to what it is fixed when not (C-06.1/2, C-10.1/2).
enum class Choice { both, only_true, only_false };

struct Capabilities {
  explicit Capabilities(const pics::Pics& pics);

  std::string vendor, model, firmware, serial;  // within the lengths of BootNotification.req
  int connectors = 1;
  std::vector<bool> fixed_cable;  // by connector, index 0 unused
  std::vector<int> connector_phases;
  bool lock = true;            // a mechanised lock on detachable cables (AQ-9)
  bool closed_socket = false;  // no plugging in before authorisation (AQ-2)
  bool authorization_cache = false;
  bool offline_authorization = false;
  bool offline_unknown = false;
  bool max_energy_on_invalid = false;
  bool minimum_status_duration = false;
  bool local_start = true;
  bool local_stop = true;
  bool milliseconds = true;              // in timestamps (2019: limits)
  bool backup_power = false;             // stops transactions before it goes down (AQ-7.1)
  bool download_while_charging = false;  // downloads firmware during a transaction (AQ-4)
  Choice stop_on_ev_disconnect = Choice::both;
  Choice unlock_on_ev_disconnect = Choice::both;
  std::vector<std::string> profiles;
  std::vector<int> security_profiles;  // of the security whitepaper, section 2; empty: no security
  bool last_root_removable = false;    // of a Central System (AQ-1)
  bool secure_firmware = false;        // use case L01 of the security whitepaper (F-1)
  std::vector<std::string> cipher_suites;  // IANA names (C-12); empty: not stated
  // Vendor maxima: for an answer, and for what a trigger or a remote request causes.
  base::Nanos response{0}, triggered{0};

  bool has_profile(std::string_view name) const;
  bool security() const { return !security_profiles.empty(); }
  bool has_security_profile(std::int64_t profile) const;
  bool tls() const { return has_security_profile(2) || has_security_profile(3); }
  bool fixed(int connector) const;
  // Phases at a connector, 1 to 3; 0 when it gives direct current.
  int phases(int connector) const;
};

// The answer to a yes/no row, or the fallback when it was not given.
bool pics_says(const pics::Pics& pics, std::string_view id, bool fallback);

}  // namespace plugproof::simulator
