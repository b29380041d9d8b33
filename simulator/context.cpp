#include "simulator/context.hpp"

#include <cstdlib>

namespace plugproof::simulator {

std::string Context::timestamp(base::Micros utc) const {
  if (defects.on("clock-wrong")) {
    const auto seconds = std::atoll(defects.argument("clock-wrong").c_str());
    if (seconds != 0 && defects.hit("clock-wrong")) utc += std::chrono::seconds(seconds);
  }
  std::string text = variations.format_time(utc);
  if (defects.hit("timestamp-without-zone"))
    text.erase(text.back() == 'Z' ? text.size() - 1 : text.size() - 6);
  return text;
}

}  // namespace plugproof::simulator
