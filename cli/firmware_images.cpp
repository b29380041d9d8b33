#include "cli/firmware_images.hpp"

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "simulator/firmware_image.hpp"

namespace plugproof::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kImageBytes = 20'000;

run::FirmwareImage read_image(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.is_open() || file.bad())
    throw base::InputError(path + ": the firmware image cannot be read");
  // The name ends a URL.
  std::string name = fs::path(path).filename().string();
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '-' && c != '_')
      c = '_';
  return run::make_image(std::move(name), std::move(content));
}

}  // namespace

run::FirmwareImages reference_images(const pics::Pics& pics) {
  const std::string version = pics.product().version.substr(0, 40) + "-update";
  return {run::make_image("firmware.bin", simulator::make_firmware_image(version, kImageBytes)),
          run::make_image("damaged.bin", simulator::make_damaged_image(version, kImageBytes))};
}

run::FirmwareImages images_of(const run::FileSettings& files, const pics::Pics& pics) {
  run::FirmwareImages images;
  if (!files.firmware.empty()) images.valid = read_image(files.firmware);
  images.invalid = files.invalid_firmware.empty() ? reference_images(pics).invalid
                                                  : read_image(files.invalid_firmware);
  return images;
}

void write_reference_images(const pics::Pics& pics, const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  const run::FirmwareImages images = reference_images(pics);
  for (const auto* image : {&images.valid, &images.invalid}) {
    const fs::path path = fs::path(folder) / image->name;
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << *image->content;
    file.close();
    if (!file) throw base::InputError(path.string() + ": the image cannot be written");
  }
}

}  // namespace plugproof::cli
