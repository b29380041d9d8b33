// The firmware images of a run: the user's own, or those that the reference charge point installs
// and refuses.
#pragma once

#include <string>

#include "engine/run/pixit_files.hpp"
#include "engine/run/transfers.hpp"
#include "pics/pics.hpp"

namespace plugproof::cli {

// firmware.bin, a new version for the reference charge point, and damaged.bin, the same with a
// wrong digest.
run::FirmwareImages reference_images(const pics::Pics& pics);

// Those that the PIXIT names. Without a valid one there is none, since nobody else can know what a
// charge point installs; the damaged one of the reference charge point is invalid for every other.
// Throws base::InputError for a file that cannot be read.
run::FirmwareImages images_of(const run::FileSettings& files, const pics::Pics& pics);

// Writes the two of the reference charge point into a folder, for a bench whose charge point is
// `plugproof simulate`. Throws base::InputError when that cannot be done.
void write_reference_images(const pics::Pics& pics, const std::string& folder);

}  // namespace plugproof::cli
