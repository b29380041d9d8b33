// The firmware images of the reference charge point (docs/simulator.md): three lines of header, an
// empty line, and the rest, whose digest the header carries.
//
//   plugproof-firmware 1
//   version: 1.2.3
//   sha256: <64 hex digits of everything behind the empty line>
#pragma once

#include <string>
#include <string_view>

namespace plugproof::simulator {

std::string make_firmware_image(const std::string& version, std::string_view body);
// The same with a body of its own, so many bytes long, and with the last of them changed, so that
// its digest is wrong.
std::string make_firmware_image(const std::string& version, std::size_t bytes);
std::string make_damaged_image(const std::string& version, std::size_t bytes);

struct ReadImage {
  std::string version;  // empty when it is no image of this charge point
  std::string problem;  // empty when it can be installed
};
ReadImage read_firmware_image(std::string_view image);

}  // namespace plugproof::simulator
