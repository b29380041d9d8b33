// plugproof pki: the keys and certificates of the bench.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "certs/naming.hpp"
#include "cli/bench_key.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/pki.hpp"
#include "engine/base/json.hpp"
#include "reports/text.hpp"

namespace plugproof::cli {

namespace {

struct ShowOptions {
  std::string folder, format = "text";
  bool certificate = false;
};

void print(const evidence::BenchKey& bench) {
  std::printf("Name         %s\nFingerprint  %s (SHA-256 of the certificate)\nFile         %s\n",
              reports::printable(bench.certificate.name()).c_str(),
              bench.certificate.fingerprint().c_str(), bench_key_file().c_str());
}

int make(const std::string& name) {
  if (const std::string problem = certs::common_name_problem(name); !problem.empty())
    throw ExitWith(kUsage, "--name: this cannot be the name in a certificate: " + problem +
                               "; give the laboratory's name in at most 64 characters");
  print(make_bench_key(name));
  std::printf(
      "Bundles are signed with it from now on. Keep a copy of the file where nobody else can read "
      "it;\ngive the certificate ('plugproof pki show --certificate') to those who check your "
      "bundles.\n");
  return kPass;
}

void print_json(const evidence::BenchKey& bench) {
  const auto key = base::Value::object({{"name", bench.certificate.name()},
                                        {"fingerprint", bench.certificate.fingerprint()},
                                        {"file", bench_key_file().string()}});
  std::fputs(
      base::write_json_pretty(base::Value::object({{"format", 1}, {"bench_key", key}})).c_str(),
      stdout);
}

int show_bench_key(const ShowOptions& options) {
  const auto bench = load_bench_key();
  if (!bench)
    throw ExitWith(kUsage,
                   "there is no bench key" +
                       (bench_key_file().empty() ? "" : " at " + bench_key_file().string()) +
                       "; 'plugproof pki bench-key --name \"Example Laboratory\"' makes one");
  if (options.certificate)
    std::fputs(bench->certificate.pem().c_str(), stdout);
  else if (options.format == "json")
    print_json(*bench);
  else
    print(*bench);
  return kPass;
}

int show(const ShowOptions& options) {
  if (options.folder.empty()) return show_bench_key(options);
  if (options.certificate)
    throw ExitWith(kUsage,
                   "--certificate is that of the bench key; 'plugproof pki root FOLDER' prints the "
                   "roots of a PKI");
  return show_pki(options.folder, options.format == "json");
}

}  // namespace

void add_pki(CLI::App& app, int& status) {
  CLI::App* pki = app.add_subcommand("pki", "The keys and certificates of the bench");
  pki->require_subcommand(1);

  auto name = std::make_shared<std::string>("plugproof bench");
  CLI::App* bench_key = pki->add_subcommand(
      "bench-key", "Make the key that signs this installation's evidence bundles");
  bench_key->add_option("--name", *name, "Name in its certificate: that of the laboratory")
      ->capture_default_str();
  bench_key->callback([name, &status] { status = make(*name); });

  auto options = std::make_shared<ShowOptions>();
  CLI::App* shown = pki->add_subcommand(
      "show", "What is in the folder of a PKI; without one: the bench key and its place");
  shown->add_option("folder", options->folder, "Folder of the PKI");
  shown->add_flag("--certificate", options->certificate,
                  "Print the bench key's certificate in PEM, for those who check bundles");
  shown->add_option("--format", options->format, "'text' or 'json'")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  shown->callback([options, &status] { status = show(*options); });

  add_pki_folder(*pki, status);
  add_pki_issue(*pki, status);
  add_pki_sign(*pki, status);
}

}  // namespace plugproof::cli
