// No change of a bundle goes unseen: every byte, every length, members put elsewhere, and what a
// forger can do who fits all digests.
#include <gtest/gtest.h>

#include <map>

#include "engine/base/random.hpp"
#include "tests/unit/evidence_fixture.hpp"

namespace plugproof::evidence {
namespace {

bool seen(const std::string& bytes, const Demands& demanded) {
  try {
    return !verify_bundle(bytes, demanded).intact();
  } catch (const Unreadable&) {
    return true;
  }
}

// At each place one other value, drawn; and the same bit always, which letters differ by in case.
void every_byte_is_seen(const std::string& bundle) {
  const Demands demanded = demands();
  const Verification whole = verify_bundle(bundle, demanded);
  ASSERT_TRUE(whole.intact()) << told(whole);
  base::Random random(7);
  std::string changed = bundle;
  for (std::size_t i = 0; i < bundle.size(); ++i) {
    changed[i] = static_cast<char>(bundle[i] ^ static_cast<char>(random.between(1, 255)));
    ASSERT_TRUE(seen(changed, demanded)) << "byte " << i << " of " << bundle.size();
    changed[i] = bundle[i];
  }
}

class Damage : public testing::Test {
 protected:
  std::string small(const BenchKey* key, const Stamper& stamper = {}) const {
    return seal(short_contents(run_), kOtherTool, key, stamper);
  }
  static Members members_of(const std::string& bundle) { return unpack(bundle); }

  SmallRun run_;
  BenchKey key_ = new_key();
};

TEST_F(Damage, EveryByteOfAnUnsignedBundle__Seen) {
  every_byte_is_seen(small(nullptr));
}

TEST_F(Damage, EveryByteOfASignedBundle__Seen) {
  every_byte_is_seen(small(&key_));
}

TEST_F(Damage, EveryByteOfAStampedBundle__Seen) {
  const Authority authority;
  every_byte_is_seen(small(&key_, authority.stamper()));
}

TEST_F(Damage, BytesOfABundleOfThisVersion__Seen) {
  const std::string bundle = seal(run_.contents(), kThisTool, &key_, {});
  const Demands demanded = demands();
  ASSERT_TRUE(verify_bundle(bundle, demanded).intact());
  std::string changed = bundle;
  // A prime, so that all places of a block are met.
  for (std::size_t i = 0; i < bundle.size(); i += 251) {
    changed[i] = static_cast<char>(bundle[i] ^ 1);
    ASSERT_TRUE(seen(changed, demanded)) << "byte " << i;
    changed[i] = bundle[i];
  }
}

TEST_F(Damage, EveryLength__Seen) {
  const std::string bundle = small(&key_);
  const Demands demanded = demands();
  for (std::size_t size = 0; size < bundle.size(); ++size)
    ASSERT_TRUE(seen(bundle.substr(0, size), demanded)) << size << " of " << bundle.size();
}

TEST_F(Damage, BytesAppended__Seen) {
  const std::string bundle = small(&key_);
  for (const std::string& more : {std::string(1, '\0'), std::string("x"), std::string(512, '\0'),
                                  std::string(10240, '\0'), bundle})
    EXPECT_TRUE(seen(bundle + more, demands())) << more.size() << " bytes";
}

TEST_F(Damage, MembersSwapped__Seen) {
  const Members members = members_of(small(&key_));
  std::size_t swapped = 0;
  for (std::size_t i = 0; i < members.size(); ++i)
    for (std::size_t j = i + 1; j < members.size(); ++j) {
      if (members[i].bytes == members[j].bytes) continue;
      Members changed = members;
      changed[i] = {members[i].name, members[j].bytes};
      changed[j] = {members[j].name, members[i].bytes};
      ++swapped;
      ASSERT_TRUE(seen(pack(changed), demands())) << members[i].name << ", " << members[j].name;
      ASSERT_TRUE(seen(repacked(changed), demands()))
          << members[i].name << ", " << members[j].name << " with digests to fit";
    }
  EXPECT_GT(swapped, 50U);
}

TEST_F(Damage, AMemberLeftOut__Seen) {
  const Members members = members_of(small(&key_));
  for (const auto& member : members) {
    if (member.name == kSums) continue;
    EXPECT_TRUE(seen(repacked(without(members, member.name)), demands())) << member.name;
  }
  EXPECT_TRUE(seen(pack(without(members, kSums)), demands()));
}

TEST_F(Damage, AMemberAdded__Seen) {
  Members members = members_of(small(&key_));
  members.emplace_back("notes.txt", "for the file");
  EXPECT_TRUE(seen(repacked(members), demands()));
}

// A forger writes manifest and SHA256SUMS again after each change; the signature is what is left.
TEST_F(Damage, ForgedManifestOfASignedBundle__TheSignatureDoesNotHold) {
  const Members members = members_of(small(&key_));
  const std::string manifest = find(members, kManifest)->bytes;
  for (std::size_t i = 0; i < manifest.size(); ++i) {
    std::string changed = manifest;
    changed[i] = static_cast<char>(changed[i] ^ 2);
    ASSERT_TRUE(seen(repacked(with(members, kManifest, changed)), demands())) << "byte " << i;
  }
  for (const char* name : {kSignature, kSigner}) {
    const std::string bytes = find(members, name)->bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ 4);
      ASSERT_TRUE(seen(repacked(with(members, name, changed)), demands())) << name << " " << i;
    }
  }
}

// All digests fit, the journal is chained anew: a run that never was, as an unsigned bundle is
// whatever its maker says. With the signature of another it is not.
TEST_F(Damage, AnotherRunUnderAForeignSignature__Seen) {
  const Members honest = members_of(small(&key_));
  Contents forged = short_contents(run_);
  for (auto& member : forged.members)
    if (member.name == kUploadName) member = {kUploadName, "nothing to see\n"};
  const Members other = members_of(seal(forged, kOtherTool, nullptr, {}));
  Members mixed = other;
  mixed.emplace_back(kSignature, find(honest, kSignature)->bytes);
  mixed.emplace_back(kSigner, find(honest, kSigner)->bytes);
  EXPECT_TRUE(seen(repacked(mixed), demands()));
}

// What each check is for: a change that only it can see, in an unsigned bundle with every digest
// made to fit.
TEST_F(Damage, UnsignedWithDigestsToFit__SeenByWhatTheJournalSays) {
  const std::map<std::string, std::string> expected = {
      {kPics, "pics"},
      {kPixit, "pixit"},
      {kUploadName, "uploads"},
      {std::string(kSuite) + "programme.yaml", "suite"},
      {"results.json", "reports"}};
  for (const auto& [name, subject] : expected) {
    Contents contents = run_.contents();
    for (auto& member : contents.members)
      if (member.name == name) member = {name, member.bytes + " "};
    const Verification result =
        verify_bundle(seal(std::move(contents), kThisTool, nullptr, {}), demands());
    std::vector<std::string> subjects;
    for (const auto& finding : result.findings)
      if (finding.level == Level::bad) subjects.push_back(finding.subject);
    EXPECT_EQ(subjects, std::vector<std::string>{subject}) << name << "\n" << told(result);
  }
}

}  // namespace
}  // namespace plugproof::evidence
