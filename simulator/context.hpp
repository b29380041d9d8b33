// What every part of the running charge point works with. All of it outlives a reboot.
#pragma once

#include <functional>
#include <string>

#include "engine/base/clock.hpp"
#include "engine/base/random.hpp"
#include "engine/transfer/file_client.hpp"
#include "simulator/capabilities.hpp"
#include "simulator/configuration.hpp"
#include "simulator/defects.hpp"
#include "simulator/memory.hpp"
#include "simulator/plant.hpp"
#include "simulator/variations.hpp"

namespace plugproof::simulator {

struct Context {
  base::Clock& clock;
  const Capabilities& capabilities;
  const Variations& variations;
  Configuration& configuration;
  Defects& defects;
  Memory& memory;
  Plant& plant;
  base::Random& random;
  std::function<void(const std::string&)> log;
  transfer::FileClientFactory files;  // absent: files cannot be transferred

  // The charge point's own clock.
  base::Micros now_utc() const { return clock.utc() + memory.clock_offset; }
  const std::string& firmware_version() const {
    return memory.firmware.empty() ? capabilities.firmware : memory.firmware;
  }
  // A dateTime field. Applies the defects that concern clock and form.
  std::string timestamp(base::Micros utc) const;
  std::string timestamp() const { return timestamp(now_utc()); }
};

}  // namespace plugproof::simulator
