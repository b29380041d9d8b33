// What goes into a bundle, who signed it, and how others check that.
#include <gtest/gtest.h>

#include <functional>

#include "certs/naming.hpp"
#include "tests/unit/evidence_fixture.hpp"

namespace plugproof::evidence {
namespace {

std::string problem_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::exception& problem) {
    return problem.what();
  }
  return "nothing";
}

bool has(const Verification& result, Level level, const std::string& subject) {
  for (const auto& finding : result.findings)
    if (finding.level == level && finding.subject == subject) return true;
  return false;
}

TEST(Bundle, WholeRun__HoldsEverythingAndIsIntact) {
  const SmallRun run;
  const std::string bundle = seal(run.contents(), kThisTool, nullptr, {});
  std::vector<std::string> names;
  for (const auto& member : unpack(bundle)) names.push_back(member.name);
  EXPECT_EQ(names, (std::vector<std::string>{
                       "SHA256SUMS", "abstract.html", "abstract.md", "journal.jsonl", "junit.xml",
                       "manifest.json", "pics.yaml", "pixit.json", "report.html", "report.md",
                       "results.json", "results.tap", "testcases/core/TC_001_CS.yaml",
                       "testcases/programme.yaml", "uploads/01-diagnostics.log"}));
  const Verification result = verify_bundle(bundle, demands());
  EXPECT_TRUE(result.intact()) << told(result);
  EXPECT_FALSE(result.signer);
  EXPECT_TRUE(has(result, Level::note, "signature"));
  for (const char* subject :
       {"archive", "files", "journal", "manifest", "pics", "suite", "uploads", "reports"})
    EXPECT_TRUE(has(result, Level::good, subject)) << subject << "\n" << told(result);
}

TEST(Bundle, SameRunAndKey__SameBytes) {
  const SmallRun run;
  const BenchKey key = new_key();
  const SmallRun copy;  // the same journal in another folder
  EXPECT_EQ(seal(run.contents(), kThisTool, &key, {}), seal(copy.contents(), kThisTool, &key, {}));
}

TEST(Bundle, Manifest__SaysTheFactsOfTheRun) {
  const SmallRun run;
  const BenchKey key = new_key();
  const Members members = unpack(seal(run.contents(), kThisTool, &key, {}));
  const auto manifest = base::read_json(find(members, kManifest)->bytes);
  ASSERT_TRUE(manifest.value);
  const auto text = [&](const char* section, const char* name) {
    return manifest.value->find(section)->string_or(name, "?");
  };
  EXPECT_EQ(manifest.value->string_or("tool", ""), kThisTool);
  EXPECT_EQ(text("run", "name"), "r");
  EXPECT_EQ(text("run", "clock"), "real");
  EXPECT_EQ(text("run", "edition"), "2025-11");
  EXPECT_EQ(text("journal", "head"), reports::inspect_journal(run.file(kJournal)).head);
  EXPECT_EQ(manifest.value->find("journal")->int_or("records", 0), 5);
  EXPECT_EQ(manifest.value->find("counts")->int_or("pass", 0), 1);
  EXPECT_EQ(text("pics", "sha256"), base::sha256_hex(kPicsText));
  EXPECT_EQ(text("signer", "name"), "Example Laboratory");
  EXPECT_EQ(text("signer", "fingerprint"), key.certificate.fingerprint());
  // All but manifest, signature, certificate and SHA256SUMS.
  EXPECT_EQ(manifest.value->find("files")->as_list().size(), members.size() - 4);
}

TEST(Bundle, Attachments__MayBeLeftOutAndThatIsSaid) {
  const SmallRun run;
  const Verification result =
      verify_bundle(seal(collect(run.folder(), {}), kThisTool, nullptr, {}), demands());
  EXPECT_TRUE(result.intact()) << told(result);
  EXPECT_TRUE(has(result, Level::note, "pics"));
  EXPECT_TRUE(has(result, Level::note, "suite"));
}

TEST(Bundle, AttachmentsOfAnotherRun__RefusedWithTheRemedy) {
  const SmallRun run;
  Attachments other = SmallRun::attachments();
  other.pics = std::string(kPicsText) + "\n";
  EXPECT_NE(problem_of([&] { collect(run.folder(), other); }).find("name that file with --pics"),
            std::string::npos);
  other = SmallRun::attachments();
  other.suite->front().text += "\n";
  EXPECT_NE(problem_of([&] { collect(run.folder(), other); }).find("name that folder with --suite"),
            std::string::npos);
}

TEST(Bundle, RunThatWasChanged__Refused) {
  const SmallRun run;
  run.write(kUploadName, "something else\n");
  EXPECT_THROW(run.contents(), Changed);
  std::filesystem::remove(run.file(kUploadName));
  EXPECT_THROW(run.contents(), Changed);
  run.write(kUploadName, kUploadText);
  EXPECT_NO_THROW(run.contents());
  std::string journal = reports::read_text(run.file(kJournal));
  journal.replace(journal.find("\"pass\""), 6, "\"fail\"");
  run.write(kJournal, journal);
  EXPECT_NE(problem_of([&] { run.contents(); }).find("breaks at line 5"), std::string::npos);
}

TEST(Bundle, JournalThatNamesAForeignFileAsUpload__Refused) {
  for (const char* name : {"../../etc/passwd", "/etc/passwd", "uploads/../../x", "results.json"}) {
    reports::JournalText journal;
    journal.add(reports::kRunRecord);
    journal.add_value(base::Value::object(
        {{"kind", "transfer"}, {"sha256", base::sha256_hex("x")}, {"kept", name}}));
    const reports::RunFolder run(journal.text());
    EXPECT_NE(problem_of([&] { collect(run.path(), {}); }).find("cannot be one"), std::string::npos)
        << name;
  }
}

TEST(Bundle, TornJournal__IntactAndSaid) {
  SmallRun run;
  run.write(kJournal, reports::read_text(run.file(kJournal)) + "{\"seq\":6,");
  const Verification result =
      verify_bundle(seal(run.contents(), kThisTool, nullptr, {}), demands());
  EXPECT_TRUE(result.intact()) << told(result);
  EXPECT_TRUE(has(result, Level::note, "journal"));
}

TEST(Bundle, OfAnotherVersion__ReportsNotCompared) {
  const SmallRun run;
  const Verification result =
      verify_bundle(seal(short_contents(run), kOtherTool, nullptr, {}), demands());
  EXPECT_TRUE(result.intact()) << told(result);
  EXPECT_TRUE(has(result, Level::note, "reports"));
}

TEST(Bundle, ManifestOfALaterFormat__SaysWhichVersionToTake) {
  const SmallRun run;
  const Members members = unpack(seal(run.contents(), "plugproof 9.0", nullptr, {}));
  std::string manifest = find(members, kManifest)->bytes;
  manifest.replace(manifest.find("\"format\": 1"), 11, "\"format\": 2");
  const std::string bundle = repacked(with(members, kManifest, manifest));
  EXPECT_NE(problem_of([&] { verify_bundle(bundle, demands()); }).find("'plugproof 9.0'"),
            std::string::npos);
}

TEST(Signature, ByTheBenchKey__HoldsAndNamesTheSigner) {
  const SmallRun run;
  const BenchKey key = new_key(
      "Pr\xC3\xBC"
      "flabor");
  const Verification result = verify_bundle(seal(run.contents(), kThisTool, &key, {}), demands());
  EXPECT_TRUE(result.intact()) << told(result);
  ASSERT_TRUE(result.signer);
  EXPECT_EQ(result.signer->name, key.certificate.name());
  EXPECT_EQ(result.signer->fingerprint, key.certificate.fingerprint());
}

TEST(Signature, CertainSignerDemanded__OnlyThatOneWillDo) {
  const SmallRun run;
  const BenchKey key = new_key(), other = new_key();
  const std::string bundle = seal(run.contents(), kThisTool, &key, {});
  const std::string unsigned_bundle = seal(run.contents(), kThisTool, nullptr, {});
  Demands trusted = demands();
  trusted.trusted = {other.certificate, key.certificate};
  EXPECT_TRUE(verify_bundle(bundle, trusted).intact());
  EXPECT_FALSE(verify_bundle(unsigned_bundle, trusted).intact());
  trusted.trusted = {other.certificate};
  EXPECT_FALSE(verify_bundle(bundle, trusted).intact());
  Demands named = demands();
  named.fingerprint = key.certificate.fingerprint();
  EXPECT_TRUE(verify_bundle(bundle, named).intact());
  EXPECT_FALSE(verify_bundle(unsigned_bundle, named).intact());
  named.fingerprint = other.certificate.fingerprint();
  EXPECT_FALSE(verify_bundle(bundle, named).intact());
}

// Signed again by somebody of the same name: only the fingerprint tells.
TEST(Signature, SameNameAnotherKey__SeenWhereTheSignerIsDemanded) {
  const SmallRun run;
  const BenchKey key = new_key(), impostor = new_key();
  const std::string forged = seal(run.contents(), kThisTool, &impostor, {});
  EXPECT_TRUE(verify_bundle(forged, demands()).intact());
  Demands trusted = demands();
  trusted.trusted = {key.certificate};
  EXPECT_FALSE(verify_bundle(forged, trusted).intact());
}

// The commands of docs/evidence.md.
TEST(Signature, OpensslAlone__VerifiesIt) {
  const SmallRun run;
  const BenchKey key = new_key();
  const ScratchFolder folder;
  for (const auto& member : unpack(seal(run.contents(), kThisTool, &key, {}))) {
    const std::filesystem::path path = folder.file(member.name);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << member.bytes;
  }
  const std::string in = "cd " + folder.path() + " && ";
  EXPECT_TRUE(ran(in + "sha256sum -c --strict SHA256SUMS"));
  EXPECT_TRUE(ran(in + "openssl x509 -in signer.pem -noout -subject -fingerprint -sha256"));
  const std::string check = in +
                            "openssl x509 -in signer.pem -noout -pubkey > signer.pub && openssl "
                            "pkeyutl -verify -rawin -pubin -inkey signer.pub -in manifest.json "
                            "-sigfile manifest.sig";
  EXPECT_TRUE(ran(check));
  std::ofstream(folder.file("manifest.json"), std::ios::app) << " ";
  EXPECT_FALSE(ran(check));
}

TEST(Signature, PrivateKey__NotInTheBundle) {
  const SmallRun run;
  const BenchKey key = new_key();
  const std::string bundle = seal(run.contents(), kThisTool, &key, {});
  // The last 32 bytes of PKCS #8 are the key itself (RFC 8410); in the PEM they are its last line.
  const std::string pem = key.key.pem();
  const std::string line = pem.substr(pem.find('\n') + 1, 64);
  EXPECT_EQ(line.size(), 64U);
  EXPECT_EQ(bundle.find(line), std::string::npos);
  EXPECT_EQ(bundle.find("PRIVATE KEY"), std::string::npos);
}

TEST(VerifyRun, Folder__ChainUploadsAndReports) {
  const SmallRun run;
  reports::write_reports(run.folder());
  EXPECT_TRUE(verify_run(run.folder(), kThisTool).intact())
      << told(verify_run(run.folder(), kThisTool));
  const std::string report = reports::read_text(run.file("report.md"));
  run.write("report.md", report + "and it was excellent\n");
  const Verification changed = verify_run(run.folder(), kThisTool);
  EXPECT_TRUE(has(changed, Level::bad, "reports")) << told(changed);
  const Verification elsewhere = verify_run(run.folder(), kOtherTool);
  EXPECT_TRUE(elsewhere.intact()) << told(elsewhere);
  EXPECT_TRUE(has(elsewhere, Level::note, "reports"));
  run.write("report.md", report);
  run.write(kUploadName, "other\n");
  EXPECT_TRUE(has(verify_run(run.folder(), kThisTool), Level::bad, "uploads"));
}

TEST(Certificate, CommonName__WhatCannotBeOneIsSaid) {
  EXPECT_EQ(certs::common_name_problem("Example Laboratory"), "");
  EXPECT_EQ(certs::common_name_problem(std::string(64, 'x')), "");
  for (const std::string& name : {std::string(), std::string("  "), std::string(65, 'x'),
                                  std::string("a\nb"), std::string("\xff")})
    EXPECT_NE(certs::common_name_problem(name), "") << name;
}

TEST(Certificate, FileWithoutOne__SaysWhichFile) {
  EXPECT_NE(problem_of([] { certs::Certificate::all_from_pem("hello", "x.pem"); }).find("x.pem: "),
            std::string::npos);
  const std::string good = new_key().certificate.pem();
  std::string bad = good;
  bad[good.find("MII")] = '!';
  EXPECT_NE(problem_of([&] {
              certs::Certificate::all_from_pem(good + bad, "x.pem");
            }).find("certificate 2"),
            std::string::npos);
  EXPECT_EQ(certs::Certificate::all_from_pem(good + good, "x.pem").size(), 2U);
}

}  // namespace
}  // namespace plugproof::evidence
