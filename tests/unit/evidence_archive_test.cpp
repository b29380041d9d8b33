// The archive: one form for equal contents, and nothing of a hostile one gets in.
#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include "tests/unit/evidence_fixture.hpp"

namespace plugproof::evidence {
namespace {

std::string refusal(const std::string& bytes) {
  try {
    unpack(bytes);
  } catch (const Unreadable& problem) {
    return problem.what();
  }
  return "it was read";
}

// An archive of one entry that says whatever a test wants.
template <class Shape>
std::string hostile(const Shape& shape, int format = ARCHIVE_FORMAT_TAR_GNUTAR) {
  std::string bytes(1 << 20, '\0');
  std::size_t used = 0;
  archive* out = archive_write_new();
  archive_write_set_format(out, format);
  archive_write_add_filter_none(out);
  archive_write_open_memory(out, bytes.data(), bytes.size(), &used);
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, "file");
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  archive_entry_set_size(entry, 0);
  shape(entry);
  archive_write_header(out, entry);
  archive_entry_free(entry);
  archive_write_close(out);
  archive_write_free(out);
  bytes.resize(used);
  return bytes;
}

TEST(BundleArchive, Members__ReadAsTheyWereWritten) {
  Members members{{"b/c.txt", std::string(1000, 'x')}, {"a", ""}, {"b/a", std::string(512, '\0')}};
  sort(members);
  const Members read = unpack(pack(members));
  ASSERT_EQ(read.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(read[i].name, members[i].name);
    EXPECT_EQ(read[i].bytes, members[i].bytes);
  }
  EXPECT_TRUE(is_packed(read, pack(members)));
}

// A bundle is checked by writing it again: another libarchive must write the same bytes, for
// years.
TEST(BundleArchive, FixedMembers__KnownBytes) {
  const Members members{{"a.txt", "hello\n"}, {"folder/" + std::string(120, 'n'), "long\n"}};
  EXPECT_EQ(base::sha256_hex(pack(members)),
            "143ef142d297b42a3139ec64c2065e44a9bcc59c9f2dc42fe2154d2673316ca3");
}

TEST(BundleArchive, LongName__ReadBack) {
  const std::string name = "uploads/" + std::string(103, 'n');
  const Members read = unpack(pack({{name, "x"}}));
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].name, name);
}

TEST(BundleArchive, GnuTar__ReadsIt) {
  const ScratchFolder folder;
  std::ofstream(folder.file("b.tar"), std::ios::binary)
      << pack({{"a.txt", "hello\n"}, {"b/" + std::string(120, 'n'), "long\n"}});
  EXPECT_TRUE(
      ran("cd " + folder.path() + " && tar -xf b.tar && grep -q hello a.txt && grep -q long b/n*"));
}

TEST(BundleArchive, NamesThatLeadElsewhere__Refused) {
  for (const char* name : {"", "/etc/passwd", "../up", "a/../../b", "a//b", "./a", "a/", "a\\b",
                           "gr\xC3\xB6\xC3\x9F"
                           "e",
                           "line\nfeed"}) {
    EXPECT_NE(name_problem(name), "") << name;
    EXPECT_THROW(pack({{name, "x"}}), base::InputError) << name;
  }
  EXPECT_EQ(name_problem("uploads/01-diag nostics.log"), "");
  for (const char* name : {"/etc/passwd", "../up", "a/../../b"})
    EXPECT_NE(refusal(hostile([&](archive_entry* e) {
                archive_entry_set_pathname(e, name);
              })).find("leads out of the bundle's folder"),
              std::string::npos)
        << name;
}

TEST(BundleArchive, LinksFoldersAndDevices__Refused) {
  const auto type = [](__LA_MODE_T filetype) {
    return hostile([=](archive_entry* e) {
      archive_entry_set_filetype(e, filetype);
      if (filetype == AE_IFLNK) archive_entry_set_symlink(e, "/etc/passwd");
    });
  };
  for (const auto filetype : {AE_IFLNK, AE_IFDIR, AE_IFCHR, AE_IFIFO})
    EXPECT_NE(refusal(type(filetype)).find("is no plain file"), std::string::npos) << filetype;
  const std::string hard =
      hostile([](archive_entry* e) { archive_entry_set_hardlink(e, "other"); });
  EXPECT_NE(refusal(hard).find("is no plain file"), std::string::npos);
}

TEST(BundleArchive, ClaimsToBeHuge__RefusedAtOnce) {
  const std::string huge =
      hostile([](archive_entry* e) { archive_entry_set_size(e, la_int64_t{1} << 50); });
  EXPECT_NE(refusal(huge).find("larger than the whole file"), std::string::npos) << refusal(huge);
  // A sparse file: little in the archive, much on a disk.
  for (const char* format : {"gnu", "posix"}) {
    const ScratchFolder folder;
    ASSERT_TRUE(ran("cd " + folder.path() + " && truncate -s 1T big && tar --sparse --format=" +
                    format + " -cf sparse.tar big"));
    const std::string sparse = reports::read_text(folder.file("sparse.tar"));
    EXPECT_LT(sparse.size(), 100'000U);
    EXPECT_NE(refusal(sparse).find("larger than the whole file"), std::string::npos)
        << format << ": " << refusal(sparse);
  }
}

TEST(BundleArchive, NameTwice__Refused) {
  const std::string one = pack({{"a", "1"}});
  EXPECT_THROW(pack({{"a", "1"}, {"a", "2"}}), base::InputError);
  // The end of a tar archive is 1,024 zeros.
  EXPECT_NE(refusal(one.substr(0, one.size() - 1024) + one).find("occurs twice"),
            std::string::npos);
  const std::string other = pack({{"b", "1"}});
  EXPECT_NE(refusal(other.substr(0, other.size() - 1024) + one).find("not in the order"),
            std::string::npos);
}

TEST(BundleArchive, TooManyMembers__Refused) {
  std::string many;
  for (std::size_t i = 0; i <= kMaxMembers; ++i) {
    char name[16];
    std::snprintf(name, sizeof name, "%08zu", i);
    const std::string one = pack({{name, ""}});
    many += one.substr(0, one.size() - 1024);
  }
  many += std::string(1024, '\0');
  EXPECT_NE(refusal(many).find("more than 10000 files"), std::string::npos) << refusal(many);
}

TEST(BundleArchive, NoTar__Refused) {
  for (const std::string& bytes : {std::string(), std::string("PK\x03\x04"), std::string(5000, 'x'),
                                   std::string(5000, '\xff')})
    EXPECT_NE(refusal(bytes).find("no tar archive"), std::string::npos) << refusal(bytes);
}

}  // namespace
}  // namespace plugproof::evidence
