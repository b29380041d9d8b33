// Smart charging (OCPP 1.6 sections 3.13, 5.5, 5.7, 5.16): which profiles are installed, what they
// allow at the moment, and the schedule that follows from them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/value.hpp"
#include "simulator/memory.hpp"
#include "simulator/timer.hpp"

namespace plugproof::simulator {

struct Station;

// What holds at an instant, and until when it surely does.
struct Allowance {
  std::optional<double> limit;  // in amperes or watts, as asked; none: no profile limits
  base::Micros until = base::Micros::max();
};

class Charging {
 public:
  explicit Charging(Station& station);

  // "Accepted" or "Rejected".
  std::string install(int connector, const base::Value& profile);
  // "Accepted" or "Unknown".
  std::string clear(const base::Value& request);
  bool fits_remote_start(const base::Value& profile) const;
  // The composite schedule; nothing when it cannot be reported. Connector 0: all together.
  std::optional<base::Value> composite(int connector, std::int64_t duration, bool in_watts);

  // `profile` came with the remote start. The statuses are told by the caller.
  void transaction_started(int connector, const std::optional<base::Value>& profile);
  void transaction_ended(std::uint64_t transaction);
  // Lets every connector have what is allowed now, and looks again when that changes.
  void apply();
  void stop();

 private:
  std::optional<ChargingProfile> read(int connector, const base::Value& profile) const;
  bool acceptable(const ChargingProfile& profile) const;
  void replace_by(ChargingProfile profile);
  void settle();

  // charging_limits.cpp. `asked`: when the schedule that is computed begins.
  struct View {
    int connector;
    bool in_watts;
    base::Micros asked;
  };
  Allowance at(const View& view, base::Micros instant);
  Allowance of_profile(const ChargingProfile& profile, const View& view, base::Micros instant);
  Allowance of_purpose(std::string_view purpose, const View& view, base::Micros instant);
  base::Micros beginning(const ChargingProfile& profile, const View& view);
  bool overruled(const View& view, base::Micros instant, base::Micros& until);
  double scaled(double limit, bool in_watts, int phases, const View& view) const;
  std::optional<double> local_limit(const View& view) const;
  double own_maximum(const View& view) const;
  double total(const View& view, base::Micros instant, base::Micros& until);

  Station& station_;
  Timer next_;
};

struct LocalLimit {
  double limit = 0;
  bool in_watts = false;
};
// "16 A", "16", "11000W"; nothing for anything else.
std::optional<LocalLimit> parse_local_limit(const std::string& text);

}  // namespace plugproof::simulator
