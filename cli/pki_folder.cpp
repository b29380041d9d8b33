// plugproof pki init, root, show FOLDER: the bench's PKI as a whole.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "certs/pki_folder.hpp"
#include "cli/common.hpp"
#include "cli/pki.hpp"
#include "cli/pki_common.hpp"
#include "engine/base/json.hpp"
#include "reports/text.hpp"

namespace plugproof::cli {

namespace {

using base::Value;
using certs::BenchPki;
using certs::Family;

struct InitOptions {
  std::string folder, organization = "plugproof bench";
  std::vector<std::string> hosts, families{"rsa", "ec"};
  int days = 3650;
};

int init(const InitOptions& options) {
  for (const auto& host : options.hosts) check_host(host);
  check_name("--organization", options.organization);
  certs::expect_room(options.folder);
  BenchPki::Order order{options.hosts,
                        options.organization,
                        certs::time_of_the_machine(),
                        {},
                        std::chrono::hours(24) * options.days};
  for (const auto& family : options.families)
    order.families.push_back(family == "rsa" ? Family::rsa : Family::ec);
  const BenchPki pki = BenchPki::make(order);
  certs::save(pki, options.folder);
  const auto& root = pki.central_system_root(pki.families().front()).certificate();
  std::printf("%s: keys and certificates of the bench for %s, valid until %s\n\n",
              options.folder.c_str(), reports::join(options.hosts, ", ").c_str(),
              day_and_time(root.not_after()).c_str());
  std::printf("What the charge point has to trust (all of it: 'plugproof pki root FOLDER'):\n");
  for (const Family family : pki.families())
    std::printf("  %s\n", (std::filesystem::path(options.folder) / certs::name_of(family) /
                           "central-system-root/certificate.pem")
                              .c_str());
  std::printf(
      "Further roots of charge points' certificates (profile 3) go into charge-point-roots/.\n"
      "The keys are for the bench alone: keep the folder out of repositories and mails. "
      "docs/pki.md goes on.\n");
  return kPass;
}

struct RootOptions {
  std::string folder, of = "central-system", family;
};

const certs::Certificate& root_of(const BenchPki::Half& half, const std::string& of) {
  if (of == "manufacturer") return half.manufacturer.certificate();
  if (of == "spare-central-system") return half.spare_central_system;
  if (of == "spare-manufacturer") return half.spare_manufacturer;
  return half.central_system.certificate();
}

int print_root(const RootOptions& options) {
  const BenchPki pki = certs::load_pki(options.folder);
  std::vector<Family> families = pki.families();
  if (!options.family.empty()) families = {family_of(pki, options.folder, options.family)};
  for (const Family family : families)
    std::fputs(root_of(pki.half(family), options.of).pem().c_str(), stdout);
  return kPass;
}

void print_text(const std::vector<certs::PkiEntry>& entries, base::Micros now) {
  for (const auto& entry : entries) {
    std::printf("%s: %s\n%s", reports::printable(entry.name).c_str(), entry.purpose,
                describe(entry.certificate()).c_str());
    if (const std::string problem = entry.problem(now); !problem.empty())
      std::printf("  CANNOT BE USED: %s; %s\n", reports::printable(problem).c_str(), entry.remedy);
    std::printf("\n");
  }
}

void print_json(const std::string& folder, const std::vector<certs::PkiEntry>& entries,
                base::Micros now, bool usable) {
  Value::List certificates;
  for (const auto& entry : entries) {
    const std::string problem = entry.problem(now);
    certificates.push_back(
        Value::object({{"name", entry.name},
                       {"purpose", entry.purpose},
                       {"file", entry.file.string()},
                       {"certificate", as_value(entry.certificate())},
                       {"problem", problem.empty() ? Value() : Value(problem)}}));
  }
  std::fputs(
      base::write_json_pretty(Value::object({{"format", 1},
                                             {"folder", folder},
                                             {"usable", usable},
                                             {"certificates", Value(std::move(certificates))}}))
          .c_str(),
      stdout);
}

}  // namespace

int show_pki(const std::string& folder, bool json) {
  const certs::PkiFolder read = certs::read_pki(folder);
  const base::Micros now = certs::time_of_the_machine();
  bool usable = true;
  for (const auto& entry : read.entries) usable = usable && entry.problem(now).empty();
  if (json)
    print_json(folder, read.entries, now, usable);
  else
    print_text(read.entries, now);
  return usable ? kPass : kFail;
}

void add_pki_folder(CLI::App& pki, int& status) {
  auto made = std::make_shared<InitOptions>();
  CLI::App* init_command = pki.add_subcommand(
      "init", "Make the bench's keys and certificates for security profiles 2 and 3");
  init_command->add_option("folder", made->folder, "A new folder")->required();
  init_command
      ->add_option("--host", made->hosts,
                   "Names and addresses by which charge points reach the bench")
      ->required()
      ->delimiter(',');
  init_command
      ->add_option("--organization", made->organization, "The organization in the certificates")
      ->capture_default_str();
  init_command->add_option("--families", made->families, "Kinds of keys: rsa, ec or both")
      ->delimiter(',')
      ->check(CLI::IsMember({"rsa", "ec"}))
      ->capture_default_str();
  init_command->add_option("--days", made->days, "How long all of it is valid")
      ->check(CLI::Range(1, kMaxDays))
      ->capture_default_str();
  init_command->callback([made, &status] { status = init(*made); });

  auto printed = std::make_shared<RootOptions>();
  CLI::App* root =
      pki.add_subcommand("root", "Print in PEM what a charge point is to be given to trust");
  root->add_option("folder", printed->folder, "Folder of the PKI")->required();
  root->add_option("--of", printed->of, "Whose root")
      ->check(CLI::IsMember(
          {"central-system", "manufacturer", "spare-central-system", "spare-manufacturer"}))
      ->capture_default_str();
  add_family(*root, printed->family, "The root of these keys alone: rsa or ec (default: of all)");
  root->callback([printed, &status] { status = print_root(*printed); });
}

}  // namespace plugproof::cli
