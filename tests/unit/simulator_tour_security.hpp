// The part of the tour (simulator_tour.hpp) that concerns security, and requests for it.
#pragma once

#include <utility>

#include "certs/hash_data.hpp"
#include "engine/base/encoding.hpp"
#include "simulator_bench.hpp"

namespace plugproof::simulator {

inline void set_key(Bench& bench, const std::string& key, const std::string& value) {
  bench.ask("ChangeConfiguration", R"({"key":")" + key + R"(","value":")" + value + R"("})");
}

inline void tour_security(Bench& bench) {
  set_key(bench, "SecurityProfile", "1");  // there is no key yet
  set_key(bench, "AuthorizationKey", "4F43415F4F4354545F61646D696E5F74657374");
  set_key(bench, "SecurityProfile", "1");
  bench.pass(10s);
  bench.ask("GetConfiguration", R"({"key":["AuthorizationKey"]})");
  set_key(bench, "AuthorizationKey", "30313233343536373839414243444546");
  bench.pass(10s);
  const auto get_log = [&bench](int id) {
    bench.ask("GetLog", R"({"logType":"SecurityLog","requestId":)" + std::to_string(id) +
                            R"(,"log":{"remoteLocation":")" + bench.folder() + R"("}})");
  };
  const base::Nanos settle = std::exchange(bench.settle, 0s);
  get_log(1);
  get_log(2);
  bench.settle = settle;
  bench.pass(10s);
  bench.act("power_cycle");
  bench.pass(60s);
}

inline std::string install_request(const std::string& pem,
                                   const std::string& type = "CentralSystemRootCertificate") {
  return base::write_json(Value::object({{"certificateType", type}, {"certificate", pem}}));
}

inline std::string delete_request(const certs::Certificate& root,
                                  const std::string& algorithm = "SHA256") {
  const certs::HashData data = certs::hash_data(root, root, algorithm);
  return base::write_json(Value::object(
      {{"certificateHashData", Value::object({{"hashAlgorithm", data.algorithm},
                                              {"issuerNameHash", data.issuer_name_hash},
                                              {"issuerKeyHash", data.issuer_key_hash},
                                              {"serialNumber", data.serial_number}})}}));
}

inline void tour_store(Bench& bench) {
  constexpr const char* kManufacturer = "ManufacturerRootCertificate";
  const auto& spare = bench_pki().spare_manufacturer_root();
  const auto list = [&bench] {
    for (const char* type : {"CentralSystemRootCertificate", kManufacturer})
      bench.ask("GetInstalledCertificateIds",
                R"({"certificateType":")" + std::string(type) + R"("})");
  };
  bench.ask("InstallCertificate", install_request(spare.pem(), kManufacturer));
  list();
  bench.ask("DeleteCertificate", delete_request(spare));
  list();
  bench.ask("InstallCertificate", install_request(bench_pki().bad_central_system_root(
                                      certs::Bad::expired, bench.clock().utc())));
  bench.ask(
      "InstallCertificate",
      install_request(bench_pki().central_system_root(certs::Family::ec).certificate().pem()));
}

// SignedUpdateFirmware.req for an image, signed by bench_pki() unless `more` says otherwise.
inline std::string signed_request(const std::string& location, const std::string& image, int id,
                                  const Value& more = Value(Value::Object{})) {
  const certs::Credential& signer = bench_pki().firmware_signer(certs::Family::ec);
  Value firmware = Value::object({{"location", location},
                                  {"retrieveDateTime", "2026-01-01T00:00:00Z"},
                                  {"signingCertificate", signer.chain_pem()},
                                  {"signature", base::base64(signer.key.sign(image))}});
  Value request = Value::object({{"requestId", id}});
  for (const auto& [key, value] : more.as_object())
    (key == "retries" ? request : firmware).set(key, value);
  request.set("firmware", std::move(firmware));
  return base::write_json(request);
}

inline void tour_signed_firmware(Bench& bench) {
  const std::string image = make_firmware_image("4.0", 5000);
  const std::string location = bench.offer(image);
  bench.ask("InstallCertificate",
            install_request(bench_pki().manufacturer_root(certs::Family::ec).certificate().pem(),
                            "ManufacturerRootCertificate"));
  const auto foreign = foreign_pki().firmware_signer(certs::Family::ec).certificate().pem();
  bench.ask("SignedUpdateFirmware",
            signed_request(location, image, 1, Value::object({{"signingCertificate", foreign}})));
  bench.pass(200s);
  bench.ask("SignedUpdateFirmware",
            signed_request(location, image, 2,
                           Value::object({{"signature", base::base64("no signature")}})));
  bench.pass(400s);
  bench.ask("SignedUpdateFirmware", signed_request(location, image, 3));
  bench.ask("ExtendedTriggerMessage", R"({"requestedMessage":"FirmwareStatusNotification"})");
  bench.pass(400s);
}

// Raises the security profile, where that can be done.
inline void raise_profile(Bench& bench, int profile) {
  const base::Nanos settle = std::exchange(bench.settle, 0s);
  const std::string word =
      bench.status_of("ChangeConfiguration",
                      R"({"key":"SecurityProfile","value":")" + std::to_string(profile) + R"("})");
  bench.settle = settle;
  if (word != "Accepted" && word != "RebootRequired") return;
  bench.secure(profile);
  if (word == "RebootRequired") bench.ask("Reset", R"({"type":"Hard"})");
  bench.pass(120s);
}

inline void renew_certificate(Bench& bench, const std::string& organization, bool good) {
  set_key(bench, "CpoName", organization);
  const int before = bench.count("SignCertificate");
  bench.ask("ExtendedTriggerMessage", R"({"requestedMessage":"SignChargePointCertificate"})");
  bench.pass(20s);
  if (bench.count("SignCertificate") == before) return;
  const auto request = signing_request(*bench.last("SignCertificate"));
  const std::string chain =
      good ? bench_pki().answer(request, bench.clock().utc())
           : bench_pki().bad_answer(certs::Bad::expired, request, bench.clock().utc());
  bench.ask("CertificateSigned", base::write_json(Value::object({{"certificateChain", chain}})));
  bench.pass(60s);
}

inline void tour_tls(Bench& bench) {
  raise_profile(bench, 2);
  bench.secure(2, {pem_of(foreign_pki().server(certs::Family::ec))});
  bench.drop();
  bench.pass(20s);
  bench.secure(2);
  bench.pass(200s);
  renew_certificate(bench, "Operator Ltd", true);
  raise_profile(bench, 3);
  renew_certificate(bench, "Other Ltd", false);
  renew_certificate(bench, "Other Ltd", true);
  bench.secure(1);
  bench.drop();
  bench.pass(60s);
  bench.secure(3);
  bench.pass(200s);
  set_key(bench, "SecurityProfile", "0");
}

}  // namespace plugproof::simulator
