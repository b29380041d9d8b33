// The section `files` of the PIXIT: the bench's file servers, the images they offer, and where a
// transfer is to fail.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/base/value.hpp"
#include "engine/base/yaml.hpp"
#include "engine/transfer/file_host.hpp"
#include "pics/pics.hpp"

namespace plugproof::run {

struct FileSettings {
  std::string
      host;  // as the charge point reaches us; empty: the address that the harness listens at
  std::vector<transfer::Protocol> protocols;  // in the order in which they are preferred
  // 0: any free one
  std::uint16_t http_port = 0, https_port = 0, ftp_port = 0, ftps_port = 0, ftps_implicit_port = 0;
  std::uint16_t first_passive_port = 0, last_passive_port = 0;  // 0: any
  std::string certificate, key;            // paths, PEM; empty: made for the run
  bool http_credentials = true;            // user and password in URLs of HTTP and HTTPS
  std::string firmware, invalid_firmware;  // paths of images; empty: in the simulator's format
};

// Without a file: the protocols that the PICS claims (ORS-16), all of them when it names none.
FileSettings default_files(const pics::Pics& pics);

// `values` takes the two failing locations, which test cases know by name.
void load_files(const base::YamlNode& node, FileSettings& files,
                std::map<std::string, base::Value>& values, base::Diagnostics& diagnostics);

}  // namespace plugproof::run
