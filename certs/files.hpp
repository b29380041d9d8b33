// Keys and certificates as files: a key is never anybody else's to read, not for a moment.
#pragma once

#include <filesystem>
#include <string>

namespace plugproof::certs {

// A new file, written whole and to the disk, or not there. A key's has mode 0600 from its first
// byte on. Throws std::system_error; std::errc::file_exists where something stands in the place.
void write_key_file(const std::filesystem::path& file, const std::string& text);
void write_certificate_file(const std::filesystem::path& file, const std::string& text);

// Throws base::InputError, with the remedy, for a file that is missing, no file, longer than a
// mebibyte or cannot be read.
std::string read_certificate_file(const std::filesystem::path& file);
// The same, and when others than its owner may read or write it.
std::string read_key_file(const std::filesystem::path& file);

}  // namespace plugproof::certs
