#include "evidence/bundle.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/base/diagnostics.hpp"
#include "engine/base/sha256.hpp"
#include "evidence/manifest.hpp"
#include "reports/render.hpp"
#include "reports/text.hpp"

namespace plugproof::evidence {

namespace fs = std::filesystem;

namespace {

std::string read_file(const fs::path& path, std::size_t most) {
  std::error_code error;
  std::ifstream in(path, std::ios::binary);
  if (!in || !fs::is_regular_file(path, error))
    throw Changed(path.string() +
                  ": the file cannot be read, but the journal says that the run kept it");
  if (fs::file_size(path, error) > most)
    throw base::InputError(path.string() + ": the file is too large for a bundle, which holds " +
                           std::to_string(kMaxArchive) + " bytes at most");
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return std::move(bytes).str();
}

void add_uploads(const std::string& run_folder, const RunJournal& journal, Members& members) {
  for (const auto& upload : journal.uploads) {
    // A journal from elsewhere must not make us read files that are none of the run's.
    if (!name_problem(upload.name).empty() || !may_be_kept(upload.name))
      throw Changed(run_folder + ": changed since the run: the journal names '" +
                    reports::printable(upload.name) + "' as an upload, which cannot be one");
    const fs::path path = fs::path(run_folder) / upload.name;
    std::string bytes = read_file(path, kMaxArchive);
    if (base::sha256_hex(bytes) != upload.sha256)
      throw Changed(path.string() +
                    ": changed since the run: its SHA-256 is not the one in the journal");
    members.push_back({upload.name, std::move(bytes)});
  }
}

void add_attachments(const Attachments& attachments, const reports::RunInfo& run,
                     Members& members) {
  if (attachments.pics) {
    if (base::sha256_hex(*attachments.pics) != run.pics_sha256)
      throw base::InputError(
          "the PICS file is not the one that the run was made with: its SHA-256 is not " +
          run.pics_sha256 +
          "; name that file with --pics, or leave it out with --no-pics (the journal has its "
          "content)");
    members.push_back({kPics, *attachments.pics});
  }
  if (attachments.suite) {
    if (suite::digest_of(*attachments.suite) != run.suite_sha256)
      throw base::InputError(
          "the test cases are not those that the run was made with: their SHA-256 is not " +
          run.suite_sha256 +
          "; name that folder with --suite, or leave them out with --no-suite (the run cannot be "
          "judged again then)");
    for (const auto& file : *attachments.suite) members.push_back({kSuite + file.name, file.text});
  }
}

}  // namespace

Contents collect(const std::string& run_folder, const Attachments& attachments) {
  const std::string path = reports::journal_of(run_folder);
  Contents contents{read_journal(path), {}};
  const reports::Results& results = contents.journal.results;
  if (results.chain_broken_at > 0)
    throw Changed(run_folder + ": changed since the run: the chain of digests breaks at line " +
                  std::to_string(results.chain_broken_at) + " of the journal");
  contents.members = reports_of(contents.journal);
  contents.members.push_back({kPixit, pixit_text(contents.journal)});
  contents.members.push_back({kJournal, read_file(path, kMaxArchive)});
  add_uploads(run_folder, contents.journal, contents.members);
  add_attachments(attachments, results.run, contents.members);
  sort(contents.members);
  return contents;
}

std::string seal(Contents contents, const std::string& tool, const BenchKey* key,
                 const Stamper& stamper) {
  Statement statement{tool, std::nullopt, stamper != nullptr};
  if (key) statement.signer = Signer{key->certificate.name(), key->certificate.fingerprint()};
  const std::string manifest = write_manifest(statement, contents.journal, contents.members);
  Members all = std::move(contents.members);
  all.push_back({kManifest, manifest});
  std::string signature;
  if (key) {
    signature = key->key.sign(manifest);
    all.push_back({kSignature, signature});
    all.push_back({kSigner, key->certificate.pem()});
  }
  // Over the signature it also shows that this was made by then.
  if (stamper) all.push_back({kTimestamp, stamper(key ? signature : manifest)});
  sort(all);
  std::string sums = write_sums(all);
  all.push_back({kSums, std::move(sums)});
  sort(all);
  return pack(all);
}

}  // namespace plugproof::evidence
