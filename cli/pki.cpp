// plugproof pki: the keys and certificates of the bench.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "certs/naming.hpp"
#include "cli/bench_key.hpp"
#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "reports/text.hpp"

namespace plugproof::cli {

namespace {

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

int show(bool certificate) {
  const auto bench = load_bench_key();
  if (!bench)
    throw ExitWith(kUsage,
                   "there is no bench key" +
                       (bench_key_file().empty() ? "" : " at " + bench_key_file().string()) +
                       "; 'plugproof pki bench-key --name \"Example Laboratory\"' makes one");
  if (certificate)
    std::fputs(bench->certificate.pem().c_str(), stdout);
  else
    print(*bench);
  return kPass;
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

  auto certificate = std::make_shared<bool>(false);
  CLI::App* shown = pki->add_subcommand("show", "Name, fingerprint and place of the bench key");
  shown->add_flag("--certificate", *certificate,
                  "Print the certificate in PEM instead, for those who check bundles");
  shown->callback([certificate, &status] { status = show(*certificate); });
}

}  // namespace plugproof::cli
