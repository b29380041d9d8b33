// SHA-256 as lower-case hex: the chain of the journal and the identity of files.
#pragma once

#include <istream>
#include <string>
#include <string_view>

namespace plugproof::base {

std::string sha256_hex(std::string_view bytes);
// Of all that the stream still holds, read piece by piece.
std::string sha256_hex(std::istream& stream);
// HMAC-SHA-256 as lower-case hex: what stands in the journal in place of a secret.
std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);

}  // namespace plugproof::base
