// The words in which test cases, the PICS and the PIXIT speak of protocols and conducts.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/transfer/file_host.hpp"

namespace plugproof::transfer {

// HTTP, HTTPS, FTP, FTPS: as in SupportedFileTransferProtocols (OCPP 1.6 section 9.1.25), in any
// case. FTPS stands for both its forms, the explicit one first. Empty for any other word.
std::vector<Protocol> protocols_named(std::string_view word);
const std::vector<std::string>& protocol_words();

std::optional<Conduct> conduct_named(std::string_view word);
const std::vector<std::string>& conduct_words();

}  // namespace plugproof::transfer
