// plugproof pki issue: certificates of charge points and of the bench's server, and bad ones.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <optional>

#include "certs/bad_certificate.hpp"
#include "certs/pki_folder.hpp"
#include "cli/common.hpp"
#include "cli/pki.hpp"
#include "cli/pki_common.hpp"
#include "reports/text.hpp"

namespace plugproof::cli {

namespace {

using certs::BenchPki;
using certs::Family;

struct Options {
  std::string folder, charge_point, family, organization, out, key_out, bad;
  std::vector<std::string> hosts;
  bool server = false;
  int days = 0;  // 0: as long as the root
};

[[noreturn]] void misuse(const std::string& problem) {
  throw ExitWith(kUsage, problem);
}

// Which options go together; CLI11 has looked at each alone.
void check(const Options& options) {
  if (options.server == !options.charge_point.empty())
    misuse("say whose certificate is wanted: --charge-point SERIAL or --server");
  const bool written = options.server && options.bad.empty();
  if (written && (!options.out.empty() || !options.key_out.empty()))
    misuse(
        "--out, --key-out: the server's certificate goes into the folder of the PKI; only one "
        "that is bad on purpose (--bad) goes elsewhere");
  if (!written && (options.out.empty() || options.key_out.empty()))
    misuse("--out and --key-out are needed: the files that certificate and key go to");
  if (!written && options.out == options.key_out)
    misuse("--out and --key-out name the same file; give the key one of its own");
  if (written && options.hosts.empty())
    misuse("--host is needed: the names and addresses by which charge points reach the bench");
  if (!options.server && !options.hosts.empty())
    misuse("--host is for --server: a charge point's certificate says its serial number alone");
  for (const auto& host : options.hosts) check_host(host);
  if (!options.server) check_name("--charge-point", options.charge_point);
  if (!options.organization.empty()) check_name("--organization", options.organization);
}

std::optional<certs::Bad> bad_of(const Options& options) {
  if (options.bad.empty()) return std::nullopt;
  const auto bad = certs::bad_named(options.bad);
  if (bad) return bad;
  const std::string near = base::did_you_mean(options.bad, certs::bad_names());
  misuse("--bad: '" + reports::printable(options.bad) + "' is no kind of bad certificate; " +
         (near.empty() ? "there are " + reports::join(certs::bad_names(), ", ") : near));
}

certs::Profile profile_of(const Options& options, const BenchPki& pki, Family family,
                          base::Micros now) {
  certs::Profile profile = !options.server ? pki.charge_point_profile(family, options.charge_point)
                           : options.hosts.empty() ? pki.server_profile(family)
                                                   : pki.server_profile(family, options.hosts);
  if (!options.organization.empty()) profile.organization = options.organization;
  limit(profile, options.days, now);
  return profile;
}

void say_files(const Options& options) {
  std::printf("Certificate and chain in %s, key in %s (mode 0600)\n", options.out.c_str(),
              options.key_out.c_str());
}

void issue_bad(const Options& options, certs::Bad bad, const certs::Authority& by,
               const certs::Profile& profile, base::Micros now) {
  const certs::BadCredential made = certs::bad_credential(bad, by, profile, now);
  write_pair(options.out, made.chain_pem, options.key_out, made.key_pem);
  say_files(options);
  // TLS 1.3 allows any order, and most take it in TLS 1.2 too.
  std::printf("BAD ON PURPOSE: %s. %s %s refuse it.\n", options.bad.c_str(),
              options.server ? "A charge point" : "A Central System",
              bad == certs::Bad::wrong_order ? "may" : "has to");
  if (bad != certs::Bad::garbage)
    std::fputs(
        describe(certs::Certificate::all_from_pem(made.chain_pem, options.out).front()).c_str(),
        stdout);
}

void replace_servers(const Options& options, const BenchPki& pki, base::Micros now) {
  std::vector<Family> families = pki.families();
  if (!options.family.empty()) families = {family_of(pki, options.folder, options.family)};
  std::map<Family, certs::Credential> servers;
  for (const Family family : families)
    servers.emplace(
        family, pki.server_authority(family).new_credential(profile_of(options, pki, family, now)));
  certs::replace_servers(options.folder, servers);
  for (const auto& [family, server] : servers)
    std::printf("%s/%s/server: replaced; the old one is gone\n%s", options.folder.c_str(),
                certs::name_of(family), describe(server.certificate()).c_str());
}

int issue(const Options& options) {
  check(options);
  const std::optional<certs::Bad> bad = bad_of(options);
  const base::Micros now = certs::time_of_the_machine();
  const BenchPki pki = certs::load_authorities(options.folder, now);
  if (options.server && !bad) {
    replace_servers(options, pki, now);
    return kPass;
  }
  const Family family = family_of(pki, options.folder, options.family);
  const certs::Authority& by =
      options.server ? pki.server_authority(family) : pki.charge_point_authority(family);
  const certs::Profile profile = profile_of(options, pki, family, now);
  if (bad) {
    issue_bad(options, *bad, by, profile, now);
    return kPass;
  }
  const certs::Credential made = by.new_credential(profile);
  write_pair(options.out, made.chain_pem(), options.key_out, made.key.pem());
  say_files(options);
  std::fputs(describe(made.certificate()).c_str(), stdout);
  return kPass;
}

}  // namespace

void add_pki_issue(CLI::App& pki, int& status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = pki.add_subcommand(
      "issue", "Make a key and its certificate: of a charge point, or of the bench's server");
  command->add_option("folder", options->folder, "Folder of the PKI")->required();
  command->add_option("--charge-point", options->charge_point,
                      "Serial number of the charge point whose certificate is wanted (profile 3)");
  command->add_flag("--server", options->server,
                    "Replace the server's certificate in the folder by one for other hosts");
  command
      ->add_option("--host", options->hosts,
                   "With --server: names and addresses by which charge points reach the bench")
      ->delimiter(',');
  add_family(*command, options->family,
             "Kind of key: rsa or ec (default: ec if there; --server: all that are there)");
  command->add_option("--organization", options->organization,
                      "The organization in it (default: that of the PKI)");
  command->add_option("--days", options->days, "How long it is valid (default: as the root)")
      ->check(CLI::Range(1, kMaxDays));
  command->add_option("--out", options->out, "New file for the certificate and its chain");
  command->add_option("--key-out", options->key_out, "New file for the key");
  command->add_option("--bad", options->bad,
                      "Bad on purpose: " + reports::join(certs::bad_names(), ", "));
  command->callback([options, &status] { status = issue(*options); });
}

}  // namespace plugproof::cli
