// A bench's PKI as a folder: what is written, read back, and every damage that is told.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "certs/bad_certificate.hpp"
#include "certs/files.hpp"
#include "certs/pki_folder.hpp"
#include "engine/base/diagnostics.hpp"
#include "tests/unit/certs_fixture.hpp"

namespace plugproof::certs {
namespace {

namespace fs = std::filesystem;

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "nothing was refused";
}

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

void put(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

mode_t mode_of(const fs::path& path) {
  struct stat about {};
  EXPECT_EQ(::stat(path.c_str(), &about), 0) << path;
  return about.st_mode & 07777;
}

// RSA keys take their time, and a PKI is never changed: all tests share these.
const BenchPki& elliptic() {
  static const BenchPki pki =
      BenchPki::make({{"cs.example", "192.0.2.7", "2001:db8::7"}, "Lab", kNow, {Family::ec}});
  return pki;
}

class PkiFolderTest : public ::testing::Test {
 protected:
  PkiFolderTest() {
    std::string name = (fs::temp_directory_path() / "plugproof-pki-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    scratch_ = name;
    folder_ = scratch_ / "pki";
  }
  ~PkiFolderTest() override { fs::remove_all(scratch_); }

  fs::path ec(const std::string& name) const { return folder_ / "ec" / name; }
  std::string refusal(base::Micros now = kNow) const {
    return message_of([&] { load_pki(folder_, now); });
  }
  // What is refused names the file and says these words.
  void expect_refused(const fs::path& file, const std::string& words, base::Micros now = kNow) {
    const std::string said = refusal(now);
    EXPECT_EQ(said.rfind(file.string() + ": ", 0), 0u) << said;
    EXPECT_NE(said.find(words), std::string::npos) << said;
  }

  fs::path scratch_, folder_;
};

TEST_F(PkiFolderTest, BothFamilies__ReadBackAsWritten) {
  const BenchPki made =
      BenchPki::make({{"cs.example"}, "Lab", kNow, {Family::ec, Family::rsa}, 20 * kDay});
  save(made, folder_);
  const BenchPki read = load_pki(folder_, kNow);
  EXPECT_EQ(read.families(), (std::vector{Family::rsa, Family::ec}));
  EXPECT_EQ(read.families(), made.families());
  for (const Family family : made.families()) {
    const auto &was = made.half(family), &is = read.half(family);
    for (const auto& [before, after] : {std::pair(&was.central_system, &is.central_system),
                                        {&was.servers, &is.servers},
                                        {&was.charge_points, &is.charge_points},
                                        {&was.manufacturer, &is.manufacturer}}) {
      EXPECT_EQ(before->chain_pem(), after->chain_pem());
      EXPECT_EQ(before->key().pem(), after->key().pem());
    }
    for (const auto& [before, after] :
         {std::pair(&was.server, &is.server), {&was.firmware, &is.firmware}}) {
      EXPECT_EQ(before->chain_pem(), after->chain_pem());
      EXPECT_EQ(before->key.pem(), after->key.pem());
    }
    EXPECT_EQ(was.spare_central_system.pem(), is.spare_central_system.pem());
    EXPECT_EQ(was.spare_manufacturer.pem(), is.spare_manufacturer.pem());
    // What it issues is what the one that was written would have issued.
    const Profile wanted = read.charge_point_profile(family, "SN-1");
    EXPECT_EQ(wanted.organization, "Lab");
    EXPECT_EQ(wanted.not_before, kNow - kDay);
    EXPECT_EQ(wanted.not_after, kNow + 20 * kDay);
    EXPECT_EQ(read.server_profile(family).hosts, (std::vector<std::string>{"cs.example"}));
    EXPECT_EQ(
        chain_problem(read.charge_point(family, "SN-1").chain,
                      {made.central_system_root(family).certificate()}, kNow, Usage::client, ""),
        "");
  }
  EXPECT_EQ(read.charge_point_roots_pem(), made.central_system_roots_pem());
}

TEST_F(PkiFolderTest, Written__KeysAndFoldersPrivate) {
  save(elliptic(), folder_);
  int keys = 0;
  EXPECT_EQ(mode_of(folder_), 0700u);
  for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
    if (entry.is_directory()) {
      EXPECT_EQ(mode_of(entry.path()), 0700u) << entry.path();
    }
    const bool secret =
        entry.is_regular_file() && text_of(entry.path()).find("PRIVATE") != std::string::npos;
    EXPECT_EQ(secret, entry.path().filename() == "key.pem");
    if (secret) {
      EXPECT_EQ(mode_of(entry.path()), 0600u) << entry.path();
    }
    keys += secret;
  }
  EXPECT_EQ(keys, 6);  // two roots, two authorities, server and firmware signer
}

TEST_F(PkiFolderTest, Hosts__NamesAndAddressesFromTheCertificate) {
  save(elliptic(), folder_);
  EXPECT_EQ(load_pki(folder_, kNow).server(Family::ec).certificate().hosts(),
            (std::vector<std::string>{"cs.example", "192.0.2.7", "2001:db8::7"}));
  EXPECT_TRUE(elliptic().central_system_root(Family::ec).certificate().hosts().empty());
}

TEST_F(PkiFolderTest, SomethingThere__NothingOverwritten) {
  save(elliptic(), folder_);
  const std::string key = text_of(ec("server/key.pem"));
  EXPECT_NE(message_of([&] { save(elliptic(), folder_); }).find("there is a PKI in this folder"),
            std::string::npos);
  EXPECT_EQ(text_of(ec("server/key.pem")), key);
  fs::create_directory(scratch_ / "other");
  put(scratch_ / "other/file", "mine");
  EXPECT_NE(message_of([&] { save(elliptic(), scratch_ / "other"); }).find("other things"),
            std::string::npos);
  EXPECT_EQ(text_of(scratch_ / "other/file"), "mine");
  put(scratch_ / "plain", "mine");
  EXPECT_NE(message_of([&] { save(elliptic(), scratch_ / "plain"); }).find("cannot be written"),
            std::string::npos);
  EXPECT_EQ(text_of(scratch_ / "plain"), "mine");
  EXPECT_NE(message_of([&] { save(elliptic(), "."); }).find("folder of its own"),
            std::string::npos);
  // No draft is left over.
  EXPECT_EQ(std::distance(fs::directory_iterator(scratch_), fs::directory_iterator()), 3);
}

TEST_F(PkiFolderTest, EmptyFolderOrNewParents__Made) {
  fs::create_directory(folder_);
  save(elliptic(), folder_ / "");
  EXPECT_EQ(load_pki(folder_, kNow).families().size(), 1u);
  EXPECT_EQ(mode_of(folder_), 0700u);
  save(elliptic(), scratch_ / "a/b/c");
  EXPECT_EQ(load_pki(scratch_ / "a/b/c", kNow).families().size(), 1u);
}

TEST_F(PkiFolderTest, NoPki__SaysHowToMakeOne) {
  EXPECT_NE(refusal().find("'plugproof pki init"), std::string::npos);
  fs::create_directory(folder_);
  expect_refused(folder_, "there is no PKI in this folder");
}

TEST_F(PkiFolderTest, FileMissing__Named) {
  save(elliptic(), folder_);
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder_))
    if (entry.is_regular_file()) files.push_back(entry.path());
  EXPECT_EQ(files.size(), 14u);  // eight certificates and six keys
  for (const auto& file : files) {
    fs::rename(file, scratch_ / "away");
    expect_refused(file, "is missing");
    fs::create_directory(file);
    expect_refused(file, "this is no file");
    fs::remove(file);
    fs::rename(scratch_ / "away", file);
  }
  EXPECT_EQ(refusal(), "nothing was refused");
}

TEST_F(PkiFolderTest, PemCutAnywhere__Refused) {
  save(elliptic(), folder_);
  for (const char* name :
       {"server/certificate.pem", "server/key.pem", "central-system-root/certificate.pem"}) {
    const std::string whole = text_of(ec(name));
    // But for the line end after the last line, which nobody misses.
    for (std::size_t size = 0; size + 2 < whole.size(); size += 7) {
      put(ec(name), whole.substr(0, size));
      const std::string said = refusal();
      EXPECT_EQ(said.rfind(ec(name).string() + ": ", 0), 0u) << size << " bytes: " << said;
    }
    put(ec(name), whole);
  }
  put(ec("server/key.pem"), std::string((1 << 20) + 1, 'x'));
  expect_refused(ec("server/key.pem"), "longer than 1 MiB");
}

TEST_F(PkiFolderTest, KeyOfAnother__Refused) {
  save(elliptic(), folder_);
  for (const char* name : {"central-system-root", "central-system-servers", "charge-points",
                           "server", "manufacturer-root", "firmware-signer"}) {
    const fs::path file = ec(name) / "key.pem";
    const std::string own = text_of(file);
    put(file, PrivateKey::make(KeyKind::ec_p256).pem());
    expect_refused(file, "not that of the certificate beside it");
    put(file, own);
  }
}

TEST_F(PkiFolderTest, KeyThatOthersMayTouch__RefusedWithTheRemedy) {
  save(elliptic(), folder_);
  const fs::path file = ec("server/key.pem");
  for (const mode_t mode : {0640u, 0604u, 0620u, 0602u, 0601u}) {
    ASSERT_EQ(::chmod(file.c_str(), mode), 0);
    expect_refused(file, "chmod 600");
  }
  ASSERT_EQ(::chmod(file.c_str(), 0400), 0);
  EXPECT_EQ(refusal(), "nothing was refused");
}

TEST_F(PkiFolderTest, ChainOfAnotherPki__Refused) {
  save(elliptic(), folder_);
  const BenchPki other = BenchPki::make({{"cs.example"}, "Lab", kNow, {Family::ec}});
  const auto stranger = [&](const char* name, const Credential& credential) {
    const std::string certificate = text_of(ec(name) / "certificate.pem");
    const std::string key = text_of(ec(name) / "key.pem");
    put(ec(name) / "certificate.pem", credential.chain_pem());
    put(ec(name) / "key.pem", credential.key.pem());
    expect_refused(ec(name) / "certificate.pem", "does not lead to the root");
    put(ec(name) / "certificate.pem", certificate);
    put(ec(name) / "key.pem", key);
  };
  stranger("server", other.server(Family::ec));
  stranger("firmware-signer", other.firmware_signer(Family::ec));
  // Without, and with a wrong, intermediate.
  const auto chain = elliptic().server(Family::ec).chain;
  for (const std::string& pem :
       {chain.front().pem(), chain.back().pem() + chain.front().pem(),
        chain.front().pem() + elliptic().charge_point_authority(Family::ec).certificate().pem()}) {
    put(ec("server/certificate.pem"), pem);
    expect_refused(ec("server/certificate.pem"), "does not lead to the root");
  }
  put(ec("server/certificate.pem"), pem_of(chain));
  put(ec("spare-manufacturer-root/certificate.pem"), pem_of(chain));
  expect_refused(ec("spare-manufacturer-root/certificate.pem"), "one root");
}

TEST_F(PkiFolderTest, OutsideItsTime__ShownButNotUsed) {
  const BenchPki made = BenchPki::make({{"cs.example"}, "Lab", kNow, {Family::ec}, 20 * kDay});
  save(made, folder_);
  const fs::path root = ec("central-system-root/certificate.pem");
  EXPECT_EQ(refusal(kNow + 20 * kDay - std::chrono::seconds(1)), "nothing was refused");
  expect_refused(root, "it expired at 2026-01-21T00:00:00Z; make a new PKI", kNow + 20 * kDay);
  expect_refused(root, "it is valid from 2025-12-31T00:00:00Z on; is the clock",
                 kNow - kDay - std::chrono::seconds(1));
  for (const auto& entry : read_pki(folder_).entries) {
    EXPECT_NE(entry.problem(kNow + 21 * kDay), "") << entry.name;
    EXPECT_EQ(entry.problem(kNow), "") << entry.name;
  }
  // The server's alone: another can be issued.
  Profile wanted = made.server_profile(Family::ec);
  wanted.not_after = kNow + 5 * kDay;
  const Credential server = made.server_authority(Family::ec).new_credential(wanted);
  replace_servers(folder_, {{Family::ec, server}});
  expect_refused(ec("server/certificate.pem"), "'plugproof pki issue FOLDER --server",
                 kNow + 6 * kDay);
}

TEST_F(PkiFolderTest, CertificateForAnotherUse__Refused) {
  save(elliptic(), folder_);
  const Credential charger = elliptic().charge_point(Family::ec, "SN-1");
  replace_servers(folder_, {{Family::ec, charger}});
  expect_refused(ec("server/certificate.pem"), "purpose");
  Profile wanted = elliptic().server_profile(Family::ec);
  const auto weak = PrivateKey::make(KeyKind::ec_p192);
  const Authority& by = elliptic().server_authority(Family::ec);
  replace_servers(folder_, {{Family::ec, {weak, by.chain_of(by.issue(weak, wanted))}}});
  expect_refused(ec("server/certificate.pem"), "too weak");
}

TEST_F(PkiFolderTest, ServerReplaced__CertificateAndKeyTogetherAndOldOneGone) {
  save(elliptic(), folder_);
  const auto hosts = std::vector<std::string>{"other.example"};
  const Credential server = elliptic()
                                .server_authority(Family::ec)
                                .new_credential(elliptic().server_profile(Family::ec, hosts));
  replace_servers(folder_, {{Family::ec, server}});
  const BenchPki read = load_pki(folder_, kNow);
  EXPECT_EQ(read.server(Family::ec).certificate().hosts(), hosts);
  EXPECT_EQ(read.server(Family::ec).certificate().common_name(), "other.example");
  EXPECT_EQ(read.server(Family::ec).key.pem(), server.key.pem());
  EXPECT_EQ(mode_of(ec("server")), 0700u);
  EXPECT_EQ(mode_of(ec("server/key.pem")), 0600u);
  for (const auto& entry : fs::directory_iterator(folder_ / "ec"))
    EXPECT_NE(entry.path().filename().string().front(), '.') << "a draft was left over";
  // Where there is nothing to replace, nothing is made.
  EXPECT_NE(message_of([&] {
              replace_servers(folder_, {{Family::rsa, server}});
            }).find("cannot be replaced"),
            std::string::npos);
  EXPECT_FALSE(fs::exists(folder_ / "rsa"));
}

class FurtherRoots : public PkiFolderTest {
 protected:
  FurtherRoots() { save(elliptic(), folder_); }
  fs::path at(const std::string& name) const { return folder_ / "charge-point-roots" / name; }
};

TEST_F(FurtherRoots, Good__TrustedBesideTheOwnOnes) {
  const Authority acme = a_root(KeyKind::ec_p256, "Acme"), beta = a_root(KeyKind::ec_p384, "Beta");
  put(at("b.crt"), beta.certificate().pem());
  put(at("a.pem"), "Acme's root:\n" + acme.certificate().pem() + beta.certificate().pem());
  put(at(".hidden"), "no matter");
  const BenchPki read = load_pki(folder_, kNow);
  EXPECT_EQ(read.charge_point_roots_pem(), elliptic().central_system_roots_pem() +
                                               acme.certificate().pem() + beta.certificate().pem() +
                                               beta.certificate().pem());
  EXPECT_EQ(read.central_system_roots_pem(), elliptic().central_system_roots_pem());
  save(read, scratch_ / "copy");
  EXPECT_EQ(load_pki(scratch_ / "copy", kNow).charge_point_roots_pem(),
            read.charge_point_roots_pem());
}

TEST_F(FurtherRoots, NoFolder__NoneTrusted) {
  fs::remove(folder_ / "charge-point-roots");
  EXPECT_EQ(load_pki(folder_, kNow).charge_point_roots_pem(),
            elliptic().central_system_roots_pem());
  put(folder_ / "charge-point-roots", "a file");
  expect_refused(folder_ / "charge-point-roots", "cannot be read");
}

TEST_F(FurtherRoots, NoRoots__RefusedByName) {
  const auto refused = [&](const std::string& name, const std::string& text,
                           const std::string& words) {
    put(at(name), text);
    expect_refused(at(name), words);
    fs::remove(at(name));
  };
  refused("readme.txt", "hello", "only roots in PEM");
  refused("x.pem~", a_root().certificate().pem(), "only roots in PEM");
  refused("x.pem", "hello", "there is no certificate in PEM");
  refused("x.pem", PrivateKey::make(KeyKind::ec_p256).pem(), "there is no certificate in PEM");
  const Authority middle = a_root().intermediate(KeyKind::ec_p256, profile(Usage::ca, "Middle"));
  refused("x.pem", middle.certificate().pem(), "'Middle' is no root");
  refused("x.pem", self_signed(PrivateKey::make(KeyKind::ec_p256), "No CA").pem(), "used");
  for (const Bad bad : {Bad::expired, Bad::not_yet_valid, Bad::weak_key})
    refused("x.pem", bad_root(bad, KeyKind::ec_p256, profile(Usage::ca, "Bad"), kNow),
            "cannot be used");
  EXPECT_EQ(refusal(), "nothing was refused");
}

TEST(KeyFile, PlaceTaken__LeftAsItIs) {
  std::string name = (fs::temp_directory_path() / "plugproof-key-XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  const fs::path file = fs::path(name) / "key";
  write_key_file(file, "one");
  EXPECT_EQ(mode_of(file), 0600u);
  for (const auto& write : {write_key_file, write_certificate_file}) try {
      write(file, "two");
      ADD_FAILURE() << "it was overwritten";
    } catch (const std::system_error& error) {
      EXPECT_EQ(error.code(), std::errc::file_exists);
    }
  EXPECT_EQ(read_key_file(file), "one");
  // A link to nowhere is not followed: what is written would lie elsewhere.
  fs::create_symlink(fs::path(name) / "elsewhere", fs::path(name) / "link");
  EXPECT_THROW(write_key_file(fs::path(name) / "link", "key"), std::system_error);
  EXPECT_FALSE(fs::exists(fs::path(name) / "elsewhere"));
  fs::remove_all(name);
}

}  // namespace
}  // namespace plugproof::certs
