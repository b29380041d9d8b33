// The header of a WebSocket frame (RFC 6455 section 5.2), written by hand where a frame must go out
// unchecked.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace plugproof::link {

using MaskKey = std::array<char, 4>;

// The header of one finished frame that carries `size` bytes.
std::string frame_header(std::uint8_t opcode, std::size_t size, const std::optional<MaskKey>& mask);

// Masks `payload` in place, or takes the mask off (RFC 6455 section 5.3).
void apply_mask(std::string& payload, const MaskKey& mask);

}  // namespace plugproof::link
