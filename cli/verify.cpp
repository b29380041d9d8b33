// plugproof verify: whether a bundle or a run's folder is what it was when it was made.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/files.hpp"
#include "cli/version.hpp"
#include "engine/base/json.hpp"
#include "evidence/verification.hpp"
#include "reports/text.hpp"

namespace plugproof::cli {

namespace {

using base::Value;
using evidence::Level;
using evidence::Verification;

struct VerifyOptions {
  std::string subject, trust, fingerprint, tsa_ca, format = "text";
};

// 64 hex digits, also as other tools print them: upper case, with colons.
std::string fingerprint_of(const std::string& given) {
  std::string digits;
  for (const char c : given)
    if (c != ':') digits.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  if (digits.size() != 64 || digits.find_first_not_of("0123456789abcdef") != std::string::npos)
    throw ExitWith(kUsage, "--fingerprint: '" + given +
                               "' is no SHA-256 fingerprint: give 64 hex digits, as 'plugproof pki "
                               "show' prints them");
  return digits;
}

evidence::Demands demands_of(const VerifyOptions& options) {
  evidence::Demands demands;
  demands.tool = kTool;
  if (!options.trust.empty())
    demands.trusted =
        certs::Certificate::all_from_pem(read_file(options.trust, "--trust"), options.trust);
  if (!options.fingerprint.empty()) demands.fingerprint = fingerprint_of(options.fingerprint);
  if (!options.tsa_ca.empty()) {
    demands.stamp_authorities = read_file(options.tsa_ca, "--tsa-ca");
    demands.stamp_authorities_source = options.tsa_ca;
    certs::Certificate::all_from_pem(demands.stamp_authorities, options.tsa_ca);
  }
  return demands;
}

Verification verify_file(const std::string& path, const evidence::Demands& demands) {
  try {
    return evidence::verify_bundle(read_file(path, {}), demands);
  } catch (const evidence::Unreadable& problem) {
    throw ExitWith(
        kUsage, path + ": this is no evidence bundle, or one that was damaged: " + problem.what() +
                    "; name the folder of a run or a file that 'plugproof bundle' made");
  }
}

std::string outcome(const Verification& result, bool bundle) {
  if (!result.intact()) return "CHANGED";
  if (!bundle) return "intact";
  return result.signer ? "intact, signed by '" + reports::printable(result.signer->name) + "'"
                       : "intact, not signed";
}

void print_text(const Verification& result, const std::string& subject, bool bundle) {
  std::printf("%s: %s\n", reports::printable(subject).c_str(), outcome(result, bundle).c_str());
  for (const auto& finding : result.findings) {
    const char* level = finding.level == Level::bad ? "CHANGED" : to_string(finding.level);
    std::printf("  %-8s %-11s %s\n", level, finding.subject.c_str(), finding.text.c_str());
  }
}

void print_json(const Verification& result, const std::string& subject, bool bundle) {
  Value::List findings;
  for (const auto& finding : result.findings)
    findings.push_back(Value::object({{"level", to_string(finding.level)},
                                      {"subject", finding.subject},
                                      {"text", finding.text}}));
  Value signer, stamp;
  if (result.signer)
    signer =
        Value::object({{"name", result.signer->name}, {"fingerprint", result.signer->fingerprint}});
  if (result.stamp)
    stamp = Value::object({{"time", result.stamp->time},
                           {"authority", result.stamp->authority},
                           {"chain_checked", result.stamp->chain_checked}});
  const Value out = Value::object({{"format", 1},
                                   {"file", subject},
                                   {"kind", bundle ? "bundle" : "run"},
                                   {"outcome", result.intact() ? "intact" : "changed"},
                                   {"run", result.run},
                                   {"signer", signer},
                                   {"timestamp", stamp},
                                   {"findings", Value(std::move(findings))}});
  std::fputs(base::write_json_pretty(out).c_str(), stdout);
}

int verify(const VerifyOptions& options) {
  const evidence::Demands demands = demands_of(options);
  std::error_code error;
  const bool bundle = std::filesystem::is_regular_file(options.subject, error);
  if (!bundle &&
      (!options.trust.empty() || !options.fingerprint.empty() || !options.tsa_ca.empty()))
    throw ExitWith(kUsage, options.subject +
                               ": --trust, --fingerprint and --tsa-ca are for bundles; a run's "
                               "folder is not signed");
  const Verification result =
      bundle ? verify_file(options.subject, demands) : evidence::verify_run(options.subject, kTool);
  (options.format == "json" ? print_json : print_text)(result, options.subject, bundle);
  return result.intact() ? kPass : kFail;
}

}  // namespace

void add_verify(CLI::App& app, int& status) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App* command = app.add_subcommand(
      "verify", "Check that a bundle, or the folder of a run, was not changed since it was made");
  command->add_option("bundle-or-run", options->subject, "Evidence bundle, or run folder")
      ->required();
  command->add_option("--trust", options->trust,
                      "Certificates in PEM: the bundle must be signed by one of them");
  command->add_option("--fingerprint", options->fingerprint,
                      "SHA-256 of the certificate that the bundle must be signed by");
  command->add_option("--tsa-ca", options->tsa_ca,
                      "Certificates in PEM of those who issue the time-stamp authority's: the "
                      "bundle must have a time stamp of it");
  command->add_option("--format", options->format, "'text' or 'json'")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->callback([options, &status] { status = verify(*options); });
}

}  // namespace plugproof::cli
