// plugproof bundle: one archive out of a run's folder that a third party can check, and a folder
// out of such an archive.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "cli/bench_key.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/files.hpp"
#include "cli/version.hpp"
#include "engine/base/sha256.hpp"
#include "evidence/bundle.hpp"
#include "evidence/timestamp_service.hpp"
#include "evidence/verification.hpp"
#include "reports/render.hpp"
#include "reports/text.hpp"

namespace plugproof::cli {

namespace fs = std::filesystem;

namespace {

struct BundleOptions {
  std::string run, out, pics, suite, timestamp, extract;
  bool no_pics = false, no_suite = false, no_sign = false, no_timestamp = false;
};

// The run's folder with .tar behind it, whatever way the folder was named.
std::string bundle_file(const BundleOptions& options) {
  if (!options.out.empty()) return options.out;
  std::error_code error;
  fs::path folder = fs::path(options.run).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  if (folder.filename() == "." || folder.filename() == "..") folder = fs::canonical(folder, error);
  return folder.string() + ".tar";
}

evidence::Attachments attachments_of(const BundleOptions& options, const reports::RunInfo& run) {
  evidence::Attachments attachments;
  if (!options.no_pics) {
    const std::string path = options.pics.empty() ? run.pics_path : options.pics;
    std::error_code error;
    if (options.pics.empty() && !fs::is_regular_file(path, error))
      throw ExitWith(kUsage, "the PICS file of the run is not at '" + reports::printable(path) +
                                 "', where it was; name it with --pics, or leave it out with "
                                 "--no-pics (the journal has its content)");
    attachments.pics = read_file(path, "--pics");
  }
  if (!options.no_suite) {
    base::Diagnostics diagnostics;
    attachments.suite = suite::read_sources(find_suite(options.suite), diagnostics);
    if (diagnostics.has_errors()) throw ExitWith(kUsage, diagnostics.render());
  }
  return attachments;
}

// The service that the command or the PIXIT of the run names; none: an empty function.
evidence::Stamper stamper_of(const BundleOptions& options, const reports::RunInfo& run) {
  if (options.no_timestamp) return {};
  const std::string url =
      options.timestamp.empty() ? run.pixit.string_or("timestamp_url", "") : options.timestamp;
  if (url.empty()) return {};
  if (const std::string problem = evidence::service_url_problem(url); !problem.empty())
    throw ExitWith(kUsage, "--timestamp: '" + reports::printable(url) + "': " + problem);
  return [url](std::string_view data) {
    try {
      return evidence::ask_service(url, data);
    } catch (const evidence::ServiceError& error) {
      throw ExitWith(kInconclusive,
                     std::string(error.what()) +
                         "; no bundle was written: try again, name another service with "
                         "--timestamp, or go without with --no-timestamp");
    }
  };
}

// A bundle is evidence: another one is never put in its place.
void write(const std::string& path, const std::string& bytes) {
  std::error_code error;
  if (fs::exists(path, error)) {
    if (fs::is_regular_file(path, error) && read_file(path, {}) == bytes) return;
    throw ExitWith(kUsage, path +
                               " exists and is not the same; name another file with --out, or "
                               "move it away");
  }
  reports::write_file(path, bytes);
}

void describe(const std::string& path, const std::string& bytes,
              const evidence::Verification& checked, bool wanted_signature) {
  std::printf("%s: %zu bytes, SHA-256 %s\n", path.c_str(), bytes.size(),
              base::sha256_hex(bytes).c_str());
  if (checked.signer)
    std::printf("Signed by '%s', fingerprint %s\n",
                reports::printable(checked.signer->name).c_str(),
                checked.signer->fingerprint.c_str());
  else if (wanted_signature)
    std::printf(
        "NOT SIGNED: there is no bench key, so nobody can see who made it. 'plugproof pki "
        "bench-key "
        "--name \"Example Laboratory\"' makes one; then bundle again.\n");
  else
    std::printf("Not signed, as asked for\n");
  if (checked.stamp)
    std::printf("Time stamp of %s by '%s'\n", checked.stamp->time.c_str(),
                reports::printable(checked.stamp->authority).c_str());
}

int make(const BundleOptions& options) {
  const auto key = options.no_sign ? std::nullopt : load_bench_key();
  const reports::RunInfo run = reports::read_results(reports::journal_of(options.run)).run;
  const evidence::Stamper stamper = stamper_of(options, run);
  const std::string path = bundle_file(options);
  std::string bytes;
  try {
    bytes = evidence::seal(evidence::collect(options.run, attachments_of(options, run)), kTool,
                           key ? &*key : nullptr, stamper);
  } catch (const evidence::Changed& problem) {
    throw ExitWith(kFail, std::string(problem.what()) + "; no bundle was written");
  }
  // What we could not verify ourselves is never handed out.
  evidence::Demands demands;
  demands.tool = kTool;
  const evidence::Verification checked = evidence::verify_bundle(bytes, demands);
  for (const auto& finding : checked.findings)
    if (finding.level == evidence::Level::bad)
      throw ExitWith(kFail, options.run + ": no bundle was written, since it would not hold: " +
                                finding.subject + ": " + finding.text);
  write(path, bytes);
  describe(path, bytes, checked, !options.no_sign);
  return kPass;
}

int extract(const BundleOptions& options) {
  if (options.out.empty()) throw ExitWith(kUsage, "--extract needs --out: the folder to make");
  std::error_code error;
  if (fs::exists(options.out, error))
    throw ExitWith(kUsage, options.out + " exists; name a folder that does not with --out");
  evidence::Members members;
  try {
    const std::string bytes = read_file(options.extract, "--extract");
    evidence::Demands demands;
    demands.tool = kTool;
    if (!evidence::verify_bundle(bytes, demands).intact())
      throw ExitWith(kFail, options.extract +
                                " was changed since it was made ('plugproof verify' says what), "
                                "nothing was unpacked; any tar program unpacks it all the same");
    members = evidence::unpack(bytes);
  } catch (const evidence::Unreadable& problem) {
    throw ExitWith(kUsage, options.extract +
                               ": this is no evidence bundle, or one that was "
                               "damaged: " +
                               problem.what());
  }
  for (const auto& member : members) {
    const fs::path path = fs::path(options.out) / member.name;
    fs::create_directories(path.parent_path(), error);
    reports::write_file(path.string(), member.bytes);
  }
  std::printf("%s: %s\n", options.out.c_str(), reports::counted(members.size(), "file").c_str());
  return kPass;
}

int bundle(const BundleOptions& options) {
  if (options.run.empty() == options.extract.empty())
    throw ExitWith(kUsage,
                   "name the folder of a run to bundle, or a bundle to unpack with --extract");
  return options.extract.empty() ? make(options) : extract(options);
}

}  // namespace

void add_bundle(CLI::App& app, int& status) {
  auto options = std::make_shared<BundleOptions>();
  CLI::App* command = app.add_subcommand(
      "bundle", "Put the evidence of a run into one signed archive that a third party can check");
  command->add_option("run", options->run, "Run folder");
  command->add_option("--out", options->out,
                      "File to write (default: the run folder's name with .tar); with --extract "
                      "the folder to make");
  command->add_option("--pics", options->pics,
                      "PICS file of the run (default: where the run read it)");
  command->add_flag("--no-pics", options->no_pics, "Leave the PICS file out");
  command
      ->add_option(
          "--suite", options->suite,
          "Folder of the run's test cases (default: testcases/ here or beside the program)")
      ->envname("PLUGPROOF_SUITE");
  command->add_flag("--no-suite", options->no_suite, "Leave the test cases out");
  command->add_flag("--no-sign", options->no_sign, "Do not sign with the bench key");
  command->add_option(
      "--timestamp", options->timestamp,
      "URL of a time-stamp service, RFC 3161 (default: timestamp_url of the PIXIT)");
  command->add_flag("--no-timestamp", options->no_timestamp, "Ask for no time stamp");
  command->add_option("--extract", options->extract, "Unpack this bundle into the folder --out");
  command->callback([options, &status] { status = bundle(*options); });
}

}  // namespace plugproof::cli
