#include "simulator/firmware_image.hpp"

#include "engine/base/sha256.hpp"

namespace plugproof::simulator {

namespace {

constexpr std::string_view kFirst = "plugproof-firmware 1\n";
constexpr std::string_view kVersion = "version: ";
constexpr std::string_view kDigest = "sha256: ";
constexpr std::size_t kLongestVersion = 50;  // BootNotification.req, section 6.3

// Takes `prefix`, then everything up to the end of the line; nothing when it is not there.
bool take_line(std::string_view& text, std::string_view prefix, std::string& value) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return false;
  value = std::string(text.substr(prefix.size(), end - prefix.size()));
  text.remove_prefix(end + 1);
  return true;
}

}  // namespace

std::string make_firmware_image(const std::string& version, std::string_view body) {
  std::string image(kFirst);
  image += std::string(kVersion) + version + "\n";
  image += std::string(kDigest) + base::sha256_hex(body) + "\n\n";
  image += body;
  return image;
}

std::string make_firmware_image(const std::string& version, std::size_t bytes) {
  std::string body;
  while (body.size() < bytes)
    body += "block " + std::to_string(body.size()) + " of " + version + "\n";
  body.resize(bytes);
  return make_firmware_image(version, body);
}

std::string make_damaged_image(const std::string& version, std::size_t bytes) {
  std::string image = make_firmware_image(version, bytes);
  image.back() = image.back() == '?' ? '!' : '?';
  return image;
}

ReadImage read_firmware_image(std::string_view image) {
  ReadImage read;
  std::string digest;
  if (image.substr(0, kFirst.size()) != kFirst) return {{}, "this is no firmware image"};
  image.remove_prefix(kFirst.size());
  if (!take_line(image, kVersion, read.version) || read.version.empty() ||
      read.version.size() > kLongestVersion)
    return {{}, "the firmware image states no version"};
  if (!take_line(image, kDigest, digest) || image.empty() || image.front() != '\n')
    return {read.version, "the header of the firmware image is incomplete"};
  image.remove_prefix(1);
  if (base::sha256_hex(image) != digest) read.problem = "the firmware image is damaged";
  return read;
}

}  // namespace plugproof::simulator
