#include "engine/link/frame_header.hpp"

namespace plugproof::link {
namespace {

constexpr unsigned kFinished = 0x80;
constexpr unsigned kMasked = 0x80;

}  // namespace

std::string frame_header(std::uint8_t opcode, std::size_t size,
                         const std::optional<MaskKey>& mask) {
  const unsigned mask_bit = mask ? kMasked : 0U;
  std::string header(1, static_cast<char>(kFinished | opcode));
  int length_bytes = 0;
  if (size <= 125) {
    header += static_cast<char>(mask_bit | size);
  } else if (size <= 0xFFFF) {
    header += static_cast<char>(mask_bit | 126U);
    length_bytes = 2;
  } else {
    header += static_cast<char>(mask_bit | 127U);
    length_bytes = 8;
  }
  for (int shift = (length_bytes - 1) * 8; shift >= 0; shift -= 8) {
    header += static_cast<char>((std::uint64_t{size} >> shift) & 0xFFU);
  }
  if (mask) header.append(mask->data(), mask->size());
  return header;
}

void apply_mask(std::string& payload, const MaskKey& mask) {
  for (std::size_t i = 0; i < payload.size(); ++i) {
    payload[i] = static_cast<char>(payload[i] ^ mask[i % mask.size()]);
  }
}

}  // namespace plugproof::link
