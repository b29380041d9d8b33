#include "evidence/archive.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <new>

#include "engine/base/diagnostics.hpp"
#include "engine/base/sha256.hpp"
#include "reports/text.hpp"

namespace plugproof::evidence {

namespace {

// The same for every file, so that nothing but the contents decides the bytes: 2000-01-01, since
// some tools complain about 1970.
constexpr time_t kModified = 946'684'800;
constexpr std::size_t kBlock = 512;  // of a tar archive, bytes

struct Close {
  void operator()(archive* handle) const { archive_free(handle); }
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};
using Archive = std::unique_ptr<archive, Close>;
using Entry = std::unique_ptr<archive_entry, Close>;

// Nothing that a user gives can make these fail.
void need(int result, archive* handle) {
  if (result == ARCHIVE_OK) return;
  const char* words = archive_error_string(handle);
  throw std::runtime_error(std::string("libarchive cannot write a bundle: ") +
                           (words ? words : "no reason given"));
}

la_ssize_t append(archive*, void* user, const void* bytes, std::size_t size) {
  static_cast<std::string*>(user)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

// What is left of an archive to compare with; nothing once a byte differed.
struct Comparison {
  std::string_view rest;
  bool equal = true;
};
la_ssize_t compare(archive*, void* user, const void* bytes, std::size_t size) {
  auto& comparison = *static_cast<Comparison*>(user);
  comparison.equal =
      comparison.equal &&
      comparison.rest.substr(0, size) == std::string_view(static_cast<const char*>(bytes), size);
  if (comparison.equal) comparison.rest.remove_prefix(size);
  return static_cast<la_ssize_t>(size);
}

std::string shown(std::string_view name) {
  return "'" + reports::elide(name, 80) + "'";
}

void refuse_what_cannot_be_packed(const Members& members) {
  std::size_t total = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const std::string& name = members[i].name;
    if (const std::string problem = name_problem(name); !problem.empty())
      throw base::InputError(shown(name) + " cannot go into a bundle: its name " + problem +
                             "; rename the file");
    if (i > 0 && members[i - 1].name == name)
      throw base::InputError(shown(name) + " cannot go into a bundle twice");
    total += members[i].bytes.size() + 2 * kBlock;
  }
  if (total > kMaxArchive || members.size() > kMaxMembers)
    throw base::InputError("the bundle would have " + std::to_string(members.size()) +
                           " files and " + std::to_string(total) + " bytes; at most " +
                           std::to_string(kMaxMembers) + " files and " +
                           std::to_string(kMaxArchive) + " bytes are possible");
}

void write_member(archive* out, archive_entry* entry, const Member& member) {
  archive_entry_clear(entry);
  archive_entry_set_pathname(entry, member.name.c_str());
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  archive_entry_set_size(entry, static_cast<la_int64_t>(member.bytes.size()));
  archive_entry_set_mtime(entry, kModified, 0);
  archive_entry_set_uid(entry, 0);
  archive_entry_set_gid(entry, 0);
  need(archive_write_header(out, entry), out);
  std::string_view rest = member.bytes;
  while (!rest.empty()) {
    const la_ssize_t written = archive_write_data(out, rest.data(), rest.size());
    if (written <= 0) need(ARCHIVE_FATAL, out);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

void write_archive(const Members& members, void* user, archive_write_callback* take) {
  const Archive out(archive_write_new());
  const Entry entry(archive_entry_new());
  if (!out || !entry) throw std::bad_alloc();
  // pax only where a name is too long for the older header.
  need(archive_write_set_format_pax_restricted(out.get()), out.get());
  need(archive_write_add_filter_none(out.get()), out.get());
  need(archive_write_set_bytes_per_block(out.get(), 20 * kBlock), out.get());
  need(archive_write_set_bytes_in_last_block(out.get(), 1), out.get());
  need(archive_write_open2(out.get(), user, nullptr, take, nullptr, nullptr), out.get());
  for (const auto& member : members) write_member(out.get(), entry.get(), member);
  need(archive_write_close(out.get()), out.get());
}

std::string bytes_of(archive* in, archive_entry* entry, std::size_t most) {
  const std::string name = shown(archive_entry_pathname(entry));
  const la_int64_t size = archive_entry_size(entry);
  // A sparse file claims more than the archive holds.
  if (!archive_entry_size_is_set(entry) || size < 0 || static_cast<std::size_t>(size) > most)
    throw Unreadable(name + " claims to be larger than the whole file");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const la_ssize_t got = archive_read_data(in, bytes.data() + filled, bytes.size() - filled);
    if (got <= 0) throw Unreadable("it ends, or is damaged, within " + name);
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

void refuse_entry(archive_entry* entry, const Members& before) {
  const char* raw = archive_entry_pathname(entry);
  const std::string name = raw ? raw : "";
  if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) ||
      archive_entry_symlink(entry))
    throw Unreadable(shown(name) + " is no plain file but a link, a folder or a device");
  if (const std::string problem = name_problem(name); !problem.empty())
    throw Unreadable("it holds a file " + shown(name) + " whose name " + problem);
  if (!before.empty() && name == before.back().name)
    throw Unreadable(shown(name) + " occurs twice");
  if (!before.empty() && name < before.back().name)
    throw Unreadable(shown(name) + " stands behind " + shown(before.back().name) +
                     ": the files are not in the order of their names");
  if (before.size() >= kMaxMembers)
    throw Unreadable("it holds more than " + std::to_string(kMaxMembers) + " files");
}

}  // namespace

const std::string& Member::sha256() const {
  if (sha256_.empty()) sha256_ = base::sha256_hex(bytes);
  return sha256_;
}

void sort(Members& members) {
  std::sort(members.begin(), members.end(),
            [](const Member& a, const Member& b) { return a.name < b.name; });
}

const Member* find(const Members& members, std::string_view name) {
  const auto place =
      std::lower_bound(members.begin(), members.end(), name,
                       [](const Member& m, std::string_view n) { return m.name < n; });
  return place != members.end() && place->name == name ? &*place : nullptr;
}

std::string name_problem(std::string_view name) {
  constexpr std::size_t kLongest = 255;
  if (name.empty()) return "is empty";
  if (name.size() > kLongest) return "is longer than 255 bytes";
  for (const char c : name)
    if (c < 32 || c > 126 || c == '\\')
      return "has a character that is not printable ASCII, or a backslash";
  std::size_t begin = 0;
  while (begin <= name.size()) {
    const std::size_t end = std::min(name.find('/', begin), name.size());
    const std::string_view part = name.substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..") return "leads out of the bundle's folder";
    begin = end + 1;
  }
  return {};
}

std::string pack(const Members& members) {
  refuse_what_cannot_be_packed(members);
  std::string bytes;
  write_archive(members, &bytes, append);
  return bytes;
}

bool is_packed(const Members& members, std::string_view archive_bytes) {
  Comparison comparison{archive_bytes};
  write_archive(members, &comparison, compare);
  return comparison.equal && comparison.rest.empty();
}

Members unpack(std::string_view archive_bytes) {
  if (archive_bytes.size() > kMaxArchive)
    throw Unreadable("it is larger than " + std::to_string(kMaxArchive) + " bytes");
  const Archive in(archive_read_new());
  if (!in) throw std::bad_alloc();
  archive_read_support_format_tar(in.get());
  const auto problem = [&] {
    const char* words = archive_error_string(in.get());
    return std::string(words ? words : "no reason given");
  };
  if (archive_read_open_memory(in.get(), archive_bytes.data(), archive_bytes.size()) != ARCHIVE_OK)
    throw Unreadable("it is no tar archive: " + problem());
  Members members;
  std::size_t left = archive_bytes.size();
  archive_entry* entry = nullptr;
  int result = ARCHIVE_OK;
  while ((result = archive_read_next_header(in.get(), &entry)) == ARCHIVE_OK) {
    refuse_entry(entry, members);
    std::string bytes = bytes_of(in.get(), entry, left);
    left -= bytes.size();
    members.push_back({archive_entry_pathname(entry), std::move(bytes)});
  }
  if (result != ARCHIVE_EOF)
    throw Unreadable(members.empty()
                         ? "it is no tar archive: " + problem()
                         : "it is damaged behind " + shown(members.back().name) + ": " + problem());
  return members;
}

}  // namespace plugproof::evidence
