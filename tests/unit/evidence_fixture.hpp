// A small run with everything that a bundle can hold, a bench key, and a time-stamp authority that
// is thrown away afterwards.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "certs/authority.hpp"
#include "engine/base/sha256.hpp"
#include "evidence/bundle.hpp"
#include "evidence/manifest.hpp"
#include "evidence/verification.hpp"
#include "tests/unit/reports_fixture.hpp"

namespace plugproof::evidence {

using reports::ScratchFolder;

inline constexpr const char* kThisTool = "plugproof 0.1.0";
inline constexpr const char* kPicsText = "generation: '2025'\nprofiles: [Core]\n";
inline constexpr const char* kUploadText = "diagnostics of the charge point\n";
inline constexpr const char* kUploadName = "uploads/01-diagnostics.log";

inline std::vector<suite::SourceFile> small_suite() {
  return {{"", "core/TC_001_CS.yaml", "id: TC_001_CS\n"}, {"", "programme.yaml", "cases: []\n"}};
}

class SmallRun {
 public:
  SmallRun() {
    reports::JournalText journal;
    auto record = base::read_json(reports::kRunRecord).value.value_or(base::Value());
    record.set("tool", kThisTool);
    record.set(
        "pics",
        base::Value::object(
            {{"path", "pics.yaml"},
             {"sha256", base::sha256_hex(kPicsText)},
             {"document", base::Value::object({{"generation", "2025"},
                                               {"profiles", base::Value::list({"Core"})}})}}));
    record.set("suite",
               base::Value::object({{"sha256", suite::digest_of(small_suite())}, {"cases", 1}}));
    record.set("pixit",
               base::Value::object({{"document", base::Value::object({{"identity", "CP001"}})}}));
    journal.add_value(record);
    journal.add(R"({"kind":"case","id":"TC_001_CS","title":"Boot","group":"core/boot"})", 1);
    journal.add_value(base::Value::object({{"kind", "transfer"},
                                           {"place", 1},
                                           {"way", "upload"},
                                           {"event", "done"},
                                           {"sha256", base::sha256_hex(kUploadText)},
                                           {"kept", kUploadName}}),
                      2);
    journal.add(
        R"({"kind":"verdict","id":"TC_001_CS","verdict":"pass","reason":"all held","failures":[],"seconds":1,"checks":1})",
        3);
    journal.add(
        R"({"kind":"end","outcome":"complete","reason":"done","counts":{},"exit_status":0})", 3);
    write(kJournal, journal.text());
    write(kUploadName, kUploadText);
  }

  const std::string& folder() const { return folder_.path(); }
  std::string file(const std::string& name) const { return folder_.file(name); }
  void write(const std::string& name, const std::string& text) const {
    const std::filesystem::path path = file(name);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  static Attachments attachments() { return {kPicsText, small_suite()}; }
  Contents contents() const { return collect(folder(), attachments()); }

 private:
  ScratchFolder folder_;
};

// The same with one line for each report, as another version could have made them: a bundle small
// enough to change every byte of it.
inline Contents short_contents(const SmallRun& run) {
  Contents contents = run.contents();
  for (const auto& name : report_names())
    for (auto& member : contents.members)
      if (member.name == name) member = {name, "report\n"};
  return contents;
}
inline constexpr const char* kOtherTool = "plugproof 0.0.9";

inline BenchKey new_key(const std::string& name = "Example Laboratory") {
  const certs::PrivateKey key = certs::PrivateKey::make(certs::KeyKind::ed25519);
  return {key, certs::self_signed(key, name)};
}

// Runs a command; its output when it fails.
inline testing::AssertionResult ran(const std::string& command) {
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (!pipe) return testing::AssertionFailure() << command << " cannot be started";
  std::string output;
  std::array<char, 4096> piece{};
  while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), pipe))
    output.append(piece.data(), got);
  if (::pclose(pipe) == 0) return testing::AssertionSuccess() << output;
  return testing::AssertionFailure() << command << "\n" << output;
}

// `openssl ts` with certificates of its own.
class Authority {
 public:
  Authority() {
    std::ofstream(folder_.file("tsa.cnf"))
        << "[tsa]\ndefault_tsa = one\n[one]\nserial = " << folder_.file("serial")
        << "\ncrypto_device = builtin\nsigner_digest = sha256\ndefault_policy = 1.2.3.4\n"
           "other_policies = 1.2.3.4\ndigests = sha256\naccuracy = secs:1\nordering = no\n"
           "tsa_name = no\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n";
    std::ofstream(folder_.file("ext.cnf")) << "extendedKeyUsage=critical,timeStamping\n";
    std::ofstream(folder_.file("serial")) << "01\n";
    const std::string openssl = "cd " + folder_.path() + " && openssl ";
    EXPECT_TRUE(ran(openssl + "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
                              "-keyout ca.key -out ca.pem -days 30 -subj '/CN=Test root'"));
    EXPECT_TRUE(ran(openssl + "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "
                              "tsa.key -out tsa.csr -subj '/CN=Test stamps'"));
    EXPECT_TRUE(ran(openssl + "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial "
                              "-days 30 -extfile ext.cnf -out tsa.pem"));
  }

  // The reply of the authority to a TimeStampReq.
  std::string reply(const std::string& request) const {
    std::ofstream(folder_.file("request"), std::ios::binary) << request;
    EXPECT_TRUE(ran("cd " + folder_.path() +
                    " && openssl ts -reply -config tsa.cnf -queryfile request -signer tsa.pem "
                    "-inkey tsa.key -out reply"));
    return reports::read_text(folder_.file("reply"));
  }
  Stamper stamper() const {
    return [this](std::string_view data) { return reply(timestamp_request(data)); };
  }
  std::string root_file() const { return folder_.file("ca.pem"); }
  std::string root() const { return reports::read_text(root_file()); }

 private:
  ScratchFolder folder_;
};

inline Demands demands(const std::string& tool = kThisTool) {
  Demands demanded;
  demanded.tool = tool;
  return demanded;
}

// The findings of a kind, for messages.
inline std::string told(const Verification& result) {
  std::string text;
  for (const auto& finding : result.findings)
    text +=
        std::string(to_string(finding.level)) + " " + finding.subject + ": " + finding.text + "\n";
  return text;
}

// Members of a bundle, changed, and packed again with SHA256SUMS to fit: what a forger can do who
// has no key.
inline std::string repacked(Members members) {
  std::erase_if(members, [](const Member& member) { return member.name == kSums; });
  sort(members);
  std::string sums = write_sums(members);
  members.emplace_back(kSums, std::move(sums));
  sort(members);
  return pack(members);
}

inline Members with(Members members, const std::string& name, const std::string& bytes) {
  for (auto& member : members)
    if (member.name == name) member = {name, bytes};
  return members;
}
inline Members without(Members members, const std::string& name) {
  std::erase_if(members, [&](const Member& member) { return member.name == name; });
  return members;
}

}  // namespace plugproof::evidence
