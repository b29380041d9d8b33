// A charge point with everything that any security profile needs, for tests of TLS and
// certificates.
#pragma once

#include <algorithm>

#include "certs/hash_data.hpp"
#include "simulator_tour.hpp"

namespace plugproof::simulator {

inline constexpr const char* kKey =
    "4F43415F4F4354545F61646D696E5F74657374";  // OCA_OCTT_admin_test
inline constexpr const char* kHeader = "Basic Q1AwMDE6T0NBX09DVFRfYWRtaW5fdGVzdA==";
inline constexpr const char* kCentral = "CentralSystemRootCertificate";
inline constexpr const char* kManufacturer = "ManufacturerRootCertificate";

inline Options options_of(int profile, std::vector<std::string> defects = {},
                          std::uint64_t seed = 0) {
  Options options;
  options.defects = std::move(defects);
  options.variation_seed = seed;
  options.security_profile = profile;
  options.authorization_key = kKey;
  options.central_system_roots = bench_pki().central_system_roots_pem();
  options.certificate = pem_of(bench_pki().charge_point(certs::Family::ec, "CP001"));
  return options;
}

struct Secured : Bench {
  explicit Secured(int profile, std::vector<std::string> defects = {}, std::uint64_t seed = 0)
      : Secured(options_of(profile, std::move(defects), seed)) {}
  explicit Secured(const Options& options, const Edits& edits = {})
      : Bench(options, pics_of(k2024All, edits)) {
    answer("SignCertificate", R"({"status":"Accepted"})");
    secure(options.security_profile);
    boot().forget();
  }
  std::string install(const std::string& pem, const std::string& type = kCentral) {
    return status_of("InstallCertificate", install_request(pem, type));
  }
  Value list(const std::string& type = kCentral) {
    return ask("GetInstalledCertificateIds", R"({"certificateType":")" + type + R"("})");
  }
  bool has(const certs::Certificate& root, const std::string& type = kCentral) {
    const Value answer = list(type);
    const Value* hashes = answer.find("certificateHashData");
    if (!hashes) return false;
    const auto& all = hashes->as_list();
    return std::any_of(all.begin(), all.end(), [&](const Value& one) {
      const std::string algorithm = one.string_or("hashAlgorithm", "");
      return certs::hash_data(root, root, algorithm) ==
             certs::HashData{algorithm, one.string_or("issuerNameHash", ""),
                             one.string_or("issuerKeyHash", ""), one.string_or("serialNumber", "")};
    });
  }
  std::string remove(const certs::Certificate& root, const std::string& algorithm = "SHA256") {
    return status_of("DeleteCertificate", delete_request(root, algorithm));
  }
  // Asks for a renewal: the answer to the trigger.
  std::string trigger() {
    status_of("ChangeConfiguration", R"({"key":"CpoName","value":"Operator Ltd"})");
    return status_of("ExtendedTriggerMessage",
                     R"({"requestedMessage":"SignChargePointCertificate"})");
  }
  certs::SigningRequest request() const { return signing_request(*last("SignCertificate")); }
  std::string hand_over(const std::string& chain) {
    const std::string word = status_of(
        "CertificateSigned", base::write_json(Value::object({{"certificateChain", chain}})));
    pass(10s);
    return word;
  }
  std::string raise_to(int profile) {
    const std::string word =
        status_of("ChangeConfiguration",
                  R"({"key":"SecurityProfile","value":")" + std::to_string(profile) + R"("})");
    pass(10s);
    return word;
  }
  std::string scheme() const { return tls().back().is_object() ? "wss" : "ws"; }
  // Events of that type since the last forget().
  int told(const std::string& event) const {
    return static_cast<int>(std::count_if(seen().begin(), seen().end(), [&](const Seen& one) {
      return one.frame.payload.string_or("type", "") == event;
    }));
  }
};

}  // namespace plugproof::simulator
