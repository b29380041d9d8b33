// plugproof pki sign-csr, sign-firmware: what others bring is signed with the bench's keys.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "certs/files.hpp"
#include "certs/pki_folder.hpp"
#include "certs/request_rules.hpp"
#include "cli/common.hpp"
#include "cli/pki.hpp"
#include "cli/pki_common.hpp"
#include "engine/base/encoding.hpp"
#include "reports/text.hpp"

namespace plugproof::cli {

namespace {

using certs::BenchPki;
using certs::Family;

struct RequestOptions {
  std::string folder, request, out;
  int days = 0;  // 0: as long as the root
  bool force = false;
};

void print(const certs::SigningRequest& request) {
  const auto shown = [](const std::string& text) {
    return text.empty() ? "none" : reports::printable(text);
  };
  std::printf("Request\n  Common name  %s\n  Organization %s\n  Key          %s, %d bits\n",
              shown(request.common_name()).c_str(), shown(request.organization()).c_str(),
              shown(request.key_kind()).c_str(), request.key_bits());
}

// Ends the program when the request may not be signed.
void judge(const certs::SigningRequest& request, const RequestOptions& options) {
  std::string reasons;
  bool refused = false, weak = false;
  for (const auto& problem : certs::problems_of(request)) {
    reasons += "\n  - " + problem.text;
    (problem.weak && options.force ? weak : refused) = true;
    weak = weak || problem.weak;
  }
  if (refused)
    throw ExitWith(
        kFail,
        options.request + ": nothing was signed, because" + reasons +
            (weak && !options.force ? "\n  --force signs what is weak and nothing worse" : ""));
  if (weak) std::fprintf(stderr, "plugproof: warning: signed all the same:%s\n", reasons.c_str());
}

int sign_request(const RequestOptions& options) {
  const base::Micros now = certs::time_of_the_machine();
  const BenchPki pki = certs::load_authorities(options.folder, now);
  const auto request = certs::SigningRequest::from_pem(
      certs::read_certificate_file(options.request), options.request);
  print(request);
  judge(request, options);
  const Family family = pki.family_for(request);
  certs::Profile profile = pki.profile_of_a_request(family, now);
  limit(profile, options.days, now);
  const certs::Authority& by = pki.charge_point_authority(family);
  const auto chain = by.chain_of(by.issue(request, profile));
  write_certificate("--out", options.out, certs::pem_of(chain));
  std::printf("Signed: certificate and chain in %s\n%s", options.out.c_str(),
              describe(chain.front()).c_str());
  return kPass;
}

struct FirmwareOptions {
  std::string folder, image, family, padding, out;
};

std::string read_image(const std::string& file) {
  std::error_code error;
  std::ifstream in(file, std::ios::binary);
  if (!in || !std::filesystem::is_regular_file(file, error))
    throw ExitWith(kUsage, file +
                               ": the firmware image cannot be read; name the file that the "
                               "charge point downloads");
  std::ostringstream bytes;
  bytes << in.rdbuf();
  if (in.bad() || bytes.str().empty())
    throw ExitWith(kUsage, file +
                               ": the firmware image is empty or cannot be read to its end; "
                               "name the whole image");
  return bytes.str();
}

// A padding is one of RSA keys.
Family signing_family(const BenchPki& pki, const FirmwareOptions& options) {
  if (options.padding.empty()) return family_of(pki, options.folder, options.family);
  if (options.family == "ec")
    throw ExitWith(kUsage,
                   "--padding: an ECDSA signature has none; leave it out, or name --family rsa");
  return family_of(pki, options.folder, "rsa");
}

int sign_firmware(const FirmwareOptions& options) {
  const BenchPki pki = certs::load_pki(options.folder);
  const Family family = signing_family(pki, options);
  const certs::Credential& signer = pki.firmware_signer(family);
  const bool pss = options.padding == "pss";
  const std::string signature = base::base64(signer.key.sign(
      read_image(options.image), pss ? certs::Padding::pss : certs::Padding::pkcs1));
  if (options.out.empty())
    std::printf("%s\n", signature.c_str());
  else
    write_certificate("--out", options.out, signature + "\n");
  std::fprintf(options.out.empty() ? stderr : stdout,
               "Signed with SHA-256 and %s; the signing certificate is %s:\n%s",
               family == Family::ec ? "ECDSA"
               : pss                ? "RSA, padding PSS with a salt of 32 bytes"
                                    : "RSA, padding PKCS #1 v1.5",
               (std::filesystem::path(options.folder) / certs::name_of(family) /
                "firmware-signer/certificate.pem")
                   .c_str(),
               describe(signer.certificate()).c_str());
  return kPass;
}

}  // namespace

void add_pki_sign(CLI::App& pki, int& status) {
  auto request = std::make_shared<RequestOptions>();
  CLI::App* sign = pki.add_subcommand(
      "sign-csr", "Sign a charge point's certificate signing request, if it keeps the rules");
  sign->add_option("folder", request->folder, "Folder of the PKI")->required();
  sign->add_option("request", request->request, "The request, in PEM")->required();
  sign->add_option("--out", request->out, "New file for the certificate and its chain")->required();
  sign->add_option("--days", request->days, "How long it is valid (default: as the root)")
      ->check(CLI::Range(1, kMaxDays));
  sign->add_flag("--force", request->force, "Sign also with a key or digest that is too weak");
  sign->callback([request, &status] { status = sign_request(*request); });

  auto firmware = std::make_shared<FirmwareOptions>();
  CLI::App* image = pki.add_subcommand(
      "sign-firmware", "Sign a firmware image as its manufacturer would; base64, in one line");
  image->add_option("folder", firmware->folder, "Folder of the PKI")->required();
  image->add_option("image", firmware->image, "The firmware image")->required();
  add_family(*image, firmware->family, "Kind of key: rsa or ec (default: ec if there)");
  image
      ->add_option("--padding", firmware->padding,
                   "Of an RSA signature: pkcs1 (default) or pss; names the family rsa")
      ->check(CLI::IsMember({"pkcs1", "pss"}));
  image->add_option("--out", firmware->out, "New file for the signature (default: print it)");
  image->callback([firmware, &status] { status = sign_firmware(*firmware); });
}

}  // namespace plugproof::cli
