#include "cli/pki_common.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>

#include "certs/files.hpp"
#include "certs/naming.hpp"
#include "certs/pki_folder.hpp"
#include "cli/common.hpp"
#include "reports/text.hpp"

namespace plugproof::cli {

namespace fs = std::filesystem;
using base::Value;
using certs::Certificate;
using certs::Family;

namespace {

constexpr base::Micros kDay = std::chrono::hours(24);

std::string subject_of(const Certificate& certificate) {
  std::vector<std::string> parts;
  if (const std::string name = certificate.common_name(); !name.empty())
    parts.push_back("CN=" + name);
  if (const std::string organization = certificate.organization(); !organization.empty())
    parts.push_back("O=" + organization);
  return reports::printable(reports::join(parts, ", "));
}

std::string line(const char* name, const std::string& text) {
  return "  " + reports::pad(name, 13) + text + "\n";
}

[[noreturn]] void refuse(const std::string& option, const std::string& file,
                         const std::system_error& failure) {
  throw ExitWith(kUsage, option + ": " + file +
                             (failure.code() == std::errc::file_exists
                                  ? " exists, and nothing is overwritten; name a new file, or move "
                                    "that one away first"
                                  : " cannot be written: " + failure.code().message() +
                                        "; name a file where you may write"));
}

}  // namespace

void add_family(CLI::App& command, std::string& family, const std::string& text) {
  command.add_option("--family", family, text)->check(CLI::IsMember({"rsa", "ec"}));
}

Family family_of(const certs::BenchPki& pki, const std::string& folder, const std::string& named) {
  if (named.empty()) return pki.has(Family::ec) ? Family::ec : Family::rsa;
  const Family family = named == certs::name_of(Family::rsa) ? Family::rsa : Family::ec;
  if (!pki.has(family))
    throw ExitWith(kUsage, "--family: there are no " + text_of(family) + " keys in " + folder +
                               "; leave the option out, or make a PKI that has them ('plugproof "
                               "pki init --families rsa,ec')");
  return family;
}

std::string text_of(Family family) {
  return family == Family::rsa ? "RSA" : "ECDSA";
}

void check_name(const std::string& option, const std::string& name) {
  if (const std::string problem = certs::common_name_problem(name); !problem.empty())
    throw ExitWith(kUsage, option + ": this cannot be a name in a certificate: " + problem +
                               "; give 1 to 64 characters");
}

void check_host(const std::string& host) {
  if (const std::string problem = certs::host_problem(host); !problem.empty())
    throw ExitWith(kUsage, "--host: '" + reports::printable(host) +
                               "' cannot be the host in a certificate: " + problem +
                               "; give the name or the address alone, as it stands in the charge "
                               "point's URL between wss:// and the port");
}

void limit(certs::Profile& profile, int days, base::Micros now) {
  profile.not_before = std::max(profile.not_before, now - kDay);
  if (days == 0) return;
  const base::Micros end = now + days * kDay;
  if (end > profile.not_after)
    throw ExitWith(kUsage, "--days: the root ends at " + day_and_time(profile.not_after) +
                               ", and nothing below it lives longer; give fewer days, or make a "
                               "new PKI");
  profile.not_after = end;
}

std::string day_and_time(base::Micros utc) {
  const std::string text = base::format_utc_millis(utc);
  return text.substr(0, text.find('.')) + "Z";
}

std::string describe(const Certificate& certificate) {
  const std::vector<std::string> hosts = certificate.hosts();
  return line("Subject", subject_of(certificate)) +
         line("Issuer", reports::printable(certificate.issuer_common_name())) +
         line("Serial", certificate.serial_number()) +
         line("Valid", day_and_time(certificate.not_before()) + " to " +
                           day_and_time(certificate.not_after())) +
         line("Key",
              certificate.key_kind() + ", " + std::to_string(certificate.key_bits()) + " bits") +
         line("Fingerprint", certificate.fingerprint() + " (SHA-256)") +
         (hosts.empty() ? "" : line("Hosts", reports::printable(reports::join(hosts, ", "))));
}

Value as_value(const Certificate& certificate) {
  Value::List hosts;
  for (const auto& host : certificate.hosts()) hosts.push_back(host);
  return Value::object({{"common_name", certificate.common_name()},
                        {"organization", certificate.organization()},
                        {"issuer", certificate.issuer_common_name()},
                        {"serial_number", certificate.serial_number()},
                        {"not_before", day_and_time(certificate.not_before())},
                        {"not_after", day_and_time(certificate.not_after())},
                        {"key_kind", certificate.key_kind()},
                        {"key_bits", certificate.key_bits()},
                        {"fingerprint", certificate.fingerprint()},
                        {"hosts", Value(std::move(hosts))}});
}

void write_certificate(const std::string& option, const std::string& file, const std::string& pem) {
  try {
    certs::write_certificate_file(file, pem);
  } catch (const std::system_error& failure) {
    refuse(option, file, failure);
  }
}

void write_pair(const std::string& file, const std::string& pem, const std::string& key_file,
                const std::string& key_pem) {
  try {
    certs::write_key_file(key_file, key_pem);
  } catch (const std::system_error& failure) {
    refuse("--key-out", key_file, failure);
  }
  try {
    write_certificate("--out", file, pem);
  } catch (const ExitWith&) {
    std::error_code ignored;
    fs::remove(key_file, ignored);
    throw;
  }
}

}  // namespace plugproof::cli
