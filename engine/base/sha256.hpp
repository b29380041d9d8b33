// SHA-256 as lower-case hex: the chain of the journal and the identity of files.
#pragma once

#include <istream>
#include <memory>
#include <string>
#include <string_view>

namespace plugproof::base {

std::string sha256_hex(std::string_view bytes);
// Of all that the stream still holds, read piece by piece.
std::string sha256_hex(std::istream& stream);
// The same for what comes in pieces, such as a file that is too big for the memory.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::string_view bytes);
  std::string hex();  // of all that was added; nothing can be added afterwards

 private:
  struct State;
  std::unique_ptr<State> state_;
};
// HMAC-SHA-256 as lower-case hex: what stands in the journal in place of a secret.
std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);

}  // namespace plugproof::base
