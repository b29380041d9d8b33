// A bundle as an archive: a plain tar (POSIX pax, without compression) in one canonical form, so
// that equal contents give equal bytes and any tool opens it. Reading happens in memory; nothing
// is written to disk.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plugproof::evidence {

struct Member {
  Member(std::string its_name, std::string its_bytes)
      : name(std::move(its_name)), bytes(std::move(its_bytes)) {}

  std::string name;  // with slashes; see name_problem()
  std::string bytes;

  // SHA-256, computed when it is first asked for: `bytes` must not change afterwards.
  const std::string& sha256() const;

 private:
  mutable std::string sha256_;
};
// Sorted by name, each name once.
using Members = std::vector<Member>;

void sort(Members& members);
const Member* find(const Members& members, std::string_view name);

// Bundles are held in memory, so there is an end to their size.
inline constexpr std::size_t kMaxArchive = std::size_t{2} << 30;
inline constexpr std::size_t kMaxMembers = 10'000;

// The bytes are no archive as pack() makes them, or a hostile one. what() says why, without the
// name of the file.
class Unreadable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What is wrong with a member's name: it must be relative, lead nowhere else, and consist of
// printable ASCII, of which every file system and every tool makes the same. Empty: nothing.
std::string name_problem(std::string_view name);

// Throws base::InputError when a name cannot be used, occurs twice, or all is too large.
std::string pack(const Members& members);
// Whether `archive` is, byte for byte, what pack() makes of the members.
bool is_packed(const Members& members, std::string_view archive);

// Throws Unreadable.
Members unpack(std::string_view archive);

}  // namespace plugproof::evidence
