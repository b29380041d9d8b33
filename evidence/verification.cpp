#include "evidence/verification.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/base/diagnostics.hpp"
#include "evidence/memory_file.hpp"
#include "evidence/verification_contents.hpp"
#include "reports/merge.hpp"
#include "reports/render.hpp"
#include "reports/text.hpp"

namespace plugproof::evidence {

namespace fs = std::filesystem;

namespace {

// One bundle on its way through all checks.
class BundleCheck {
 public:
  BundleCheck(std::string_view archive, const Demands& demands)
      : archive_(archive), demands_(demands), members_(unpack(archive)) {}

  Verification run() {
    const Member* manifest = find(members_, kManifest);
    const Member* journal = find(members_, kJournal);
    if (!manifest || !journal)
      throw Unreadable(std::string("it is no evidence bundle: it holds no ") +
                       (manifest ? kJournal : kManifest));
    manifest_ = read_manifest(manifest->bytes);
    check_form();
    check_sums();
    check_files();
    check_run(*journal, manifest->bytes);
    check_signature(manifest->bytes);
    check_timestamp();
    return std::move(out_);
  }

 private:
  const std::string* bytes_of(const char* name) const {
    const Member* member = find(members_, name);
    return member ? &member->bytes : nullptr;
  }

  // Whatever tar carries beside the contents (headers, padding, what follows the end) is compared
  // by writing the archive again.
  void check_form() {
    if (is_packed(members_, archive_))
      out_.add(Level::good, "archive",
               reports::counted(members_.size(), "file") + ", byte for byte as it is written");
    else
      out_.add(Level::bad, "archive",
               "changed outside of the contents: headers, padding or bytes behind the end");
  }

  void check_sums() {
    const std::string* sums = bytes_of(kSums);
    if (!sums)
      out_.add(Level::bad, "digests", std::string(kSums) + " is missing");
    else if (*sums != write_sums(members_))
      out_.add(Level::bad, "digests", std::string(kSums) + " does not fit the files");
  }

  void check_files() {
    std::size_t bad = 0;
    const auto report = [&](const std::string& name, const char* what) {
      ++bad;
      out_.add(Level::bad, "files", reports::printable(name) + what);
    };
    for (const auto& listed : manifest_.files) {
      const Member* member = find(members_, listed.name);
      if (!member)
        report(listed.name, " is missing");
      else if (member->sha256() != listed.sha256)
        report(listed.name, " was changed: its SHA-256 is not the one in the manifest");
      else if (static_cast<std::int64_t>(member->bytes.size()) != listed.bytes)
        report(listed.name, " has another size in the manifest");
    }
    for (const auto& member : members_)
      if (!is_seal(member.name) &&
          std::none_of(manifest_.files.begin(), manifest_.files.end(),
                       [&](const ListedFile& listed) { return listed.name == member.name; }))
        report(member.name, " is not in the manifest");
    if (bad == 0)
      out_.add(Level::good, "files",
               reports::counted(manifest_.files.size(), "file") +
                   " with the sizes and digests of the manifest");
  }

  void check_run(const Member& member, const std::string& manifest) {
    const MemoryFile file(member.bytes);
    RunJournal journal;
    try {
      journal = read_journal(file.path());
    } catch (const base::InputError& error) {
      std::string problem = error.what();
      if (const auto at = problem.find(file.path()); at != std::string::npos)
        problem.replace(at, file.path().size(), kJournal);
      out_.add(Level::bad, "journal", reports::printable(problem));
      return;
    }
    const reports::RunInfo& run = journal.results.run;
    out_.run = reports::printable(run.name);
    check_chain(journal.results, out_);
    check_manifest(journal, manifest);
    check_names(members_, journal, out_);
    check_pics(members_, run, out_);
    check_suite(members_, run, out_);
    const Held held = [this](const std::string& name) -> std::optional<std::string> {
      const Member* found = find(members_, name);
      return found ? std::optional(found->bytes) : std::nullopt;
    };
    check_uploads(journal, held, out_);
    check_pixit(members_, journal, out_);
    const std::string& made_by = manifest_.statement.tool;
    if (made_by != demands_.tool)
      note_other_tool(made_by, demands_.tool, out_);
    else if (out_.intact())
      check_reports(journal, held, out_);
    else
      out_.add(Level::note, "reports", "not compared with what the journal gives: see above");
  }

  void check_manifest(const RunJournal& journal, const std::string& manifest) {
    if (write_manifest(manifest_.statement, journal, members_) == manifest)
      out_.add(Level::good, "manifest", "says what follows from the journal and the files");
    else
      out_.add(Level::bad, "manifest", "says something else than the journal and the files");
  }

  void check_signature(const std::string& manifest) {
    const std::string* signature = bytes_of(kSignature);
    const std::string* signer = bytes_of(kSigner);
    const auto& stated = manifest_.statement.signer;
    const bool demanded = !demands_.trusted.empty() || !demands_.fingerprint.empty();
    if (!signature && !signer && !stated) {
      out_.add(demanded ? Level::bad : Level::note, "signature",
               "not signed: who made the bundle is not known");
      return;
    }
    if (!signature || !signer || !stated) {
      out_.add(Level::bad, "signature",
               std::string(!signature ? kSignature
                           : !signer  ? kSigner
                                      : "the signer's name in the manifest") +
                   " is missing");
      return;
    }
    std::vector<certs::Certificate> found;
    try {
      found = certs::Certificate::all_from_pem(*signer, kSigner);
    } catch (const base::InputError& error) {
      out_.add(Level::bad, "signature", reports::printable(error.what()));
      return;
    }
    const certs::Certificate& certificate = found.front();
    if (found.size() != 1 || certificate.pem() != *signer ||
        certificate.fingerprint() != stated->fingerprint || certificate.name() != stated->name) {
      out_.add(Level::bad, "signature",
               std::string(kSigner) + " is not the certificate that the manifest names");
      return;
    }
    const std::string who = "'" + reports::printable(stated->name) + "', SHA-256 fingerprint " +
                            reports::printable(stated->fingerprint);
    if (certificate.key_kind() != "Ed25519" || !certificate.verifies(manifest, *signature)) {
      out_.add(Level::bad, "signature", "does not hold for the manifest and the key of " + who);
      return;
    }
    out_.signer = *stated;
    out_.add(Level::good, "signature", "holds, by the key of " + who);
    check_trust(certificate, demanded);
  }

  void check_trust(const certs::Certificate& certificate, bool demanded) {
    if (!demanded) {
      out_.add(Level::note, "signer",
               "anybody can make a key of any name: compare the fingerprint, or give --trust or "
               "--fingerprint");
      return;
    }
    const std::string fingerprint = certificate.fingerprint();
    const bool listed =
        demands_.trusted.empty() || std::any_of(demands_.trusted.begin(), demands_.trusted.end(),
                                                [&](const certs::Certificate& trusted) {
                                                  return trusted.fingerprint() == fingerprint;
                                                });
    const bool named = demands_.fingerprint.empty() || demands_.fingerprint == fingerprint;
    if (listed && named)
      out_.add(Level::good, "signer", "is the one that was asked for");
    else
      out_.add(Level::bad, "signer", "is not the one that was asked for");
  }

  void check_timestamp() {
    const std::string* reply = bytes_of(kTimestamp);
    const bool stated = manifest_.statement.timestamped;
    if (!reply && !stated) {
      const bool demanded = !demands_.stamp_authorities.empty();
      out_.add(demanded ? Level::bad : Level::note, "time stamp",
               "none: nobody else says when the bundle was made");
      return;
    }
    if (!reply || !stated) {
      out_.add(Level::bad, "time stamp",
               reply ? "there is one, but the manifest says that there is none"
                     : std::string(kTimestamp) + " is missing");
      return;
    }
    const char* over = find(members_, kSignature) ? kSignature : kManifest;
    try {
      out_.stamp = read_timestamp(*reply, *bytes_of(over), demands_.stamp_authorities,
                                  demands_.stamp_authorities_source);
    } catch (const BadTimestamp& problem) {
      out_.add(Level::bad, "time stamp", "does not hold: " + reports::printable(problem.what()));
      return;
    }
    out_.add(Level::good, "time stamp",
             std::string(over) + " existed at " + out_.stamp->time + ", says '" +
                 reports::printable(out_.stamp->authority) + "'");
    if (out_.stamp->chain_checked)
      out_.add(Level::good, "authority",
               "its certificate was issued by one in " +
                   reports::printable(demands_.stamp_authorities_source));
    else
      out_.add(Level::note, "authority",
               "its certificate was not checked; give its issuer with --tsa-ca");
  }

  std::string_view archive_;
  const Demands& demands_;
  Members members_;
  ReadManifest manifest_;
  Verification out_;
};

std::optional<std::string> file_in(const std::string& folder, const std::string& name) {
  const fs::path path = fs::path(folder) / name;
  std::error_code error;
  std::ifstream in(path, std::ios::binary);
  if (!name_problem(name).empty() || !in || !fs::is_regular_file(path, error)) return std::nullopt;
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return std::move(bytes).str();
}

}  // namespace

const char* to_string(Level level) {
  switch (level) {
    case Level::good:
      return "ok";
    case Level::note:
      return "note";
    case Level::bad:
      return "changed";
  }
  return "";
}

bool Verification::intact() const {
  return std::none_of(findings.begin(), findings.end(),
                      [](const Finding& finding) { return finding.level == Level::bad; });
}

void Verification::add(Level level, std::string subject, std::string text) {
  findings.push_back({level, std::move(subject), std::move(text)});
}

Verification verify_bundle(std::string_view archive, const Demands& demands) {
  return BundleCheck(archive, demands).run();
}

Verification verify_run(const std::string& folder, const std::string& tool) {
  Verification out;
  const RunJournal journal = read_journal(reports::journal_of(folder));
  out.run = reports::printable(journal.results.run.name);
  check_chain(journal.results, out);
  const Held held = [&](const std::string& name) { return file_in(folder, name); };
  check_uploads(journal, held, out);
  if (const auto problem = reports::check_merged(folder))
    out.add(Level::bad, "merge", "changed since it was merged: " + *problem);
  if (const std::string& made_by = journal.results.run.tool; made_by != tool)
    note_other_tool(made_by, tool, out);
  else if (out.intact())
    check_reports(journal, held, out);
  if (file_in(folder, kManifest))
    out.add(Level::note, "manifest",
            "not looked at: this is an unpacked bundle; verify the bundle itself");
  return out;
}

}  // namespace plugproof::evidence
