#include "simulator/certificate_store.hpp"

#include <algorithm>

#include "certs/chain.hpp"
#include "certs/hash_data.hpp"
#include "engine/base/diagnostics.hpp"
#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Value;
using certs::Certificate;

std::vector<Certificate> roots_of(const Memory& memory, const std::string& type) {
  std::vector<Certificate> roots;
  for (const auto& root : memory.roots)
    if (root.type == type) roots.push_back(root.certificate);
  return roots;
}

std::string root_problem(const Certificate& root, base::Micros now) {
  return certs::chain_problem({root}, {root}, now, certs::Usage::ca, "");
}

namespace {

Value status(const std::string& word) {
  return Value::object({{"status", word}});
}

// Of a number in hexadecimal: what a charge point tells that forgets the base.
std::string decimal(const std::string& hex) {
  std::string digits = "0";  // the lowest first
  for (const char c : hex) {
    int carry = c <= '9' ? c - '0' : c - 'a' + 10;
    for (char& digit : digits) {
      const int value = (digit - '0') * 16 + carry;
      digit = static_cast<char>('0' + value % 10);
      carry = value / 10;
    }
    for (; carry > 0; carry /= 10) digits.push_back(static_cast<char>('0' + carry % 10));
  }
  return {digits.rbegin(), digits.rend()};
}

// What is wrong with a text as one root certificate; else the certificate.
std::string read_root(const std::string& pem, base::Micros now, std::vector<Certificate>& read) {
  try {
    read = Certificate::all_from_pem(pem, "the certificate");
  } catch (const base::InputError& error) {
    return error.what();
  }
  if (read.size() > 1) return "there is more than one certificate";
  return root_problem(read.front(), now);
}

}  // namespace

Value CertificateStore::install(const Value& request) {
  if (station_.context.defects.hit("refuse-install")) return status("Rejected");
  return status(
      install(request.string_or("certificateType", ""), request.string_or("certificate", "")));
}

std::string CertificateStore::install(const std::string& type, const std::string& pem) {
  Context& context = station_.context;
  std::vector<Certificate> read;
  const std::string problem = read_root(pem, context.now_utc(), read);
  if (!problem.empty() && context.defects.hit("accept-bad-root")) return "Accepted";
  if (!problem.empty()) {
    context.log("certificate refused: " + problem);
    if (type == kCentralSystemRoot)
      station_.security_events.happened("InvalidCentralSystemCertificate", problem);
    return "Rejected";
  }
  auto& roots = context.memory.roots;
  const Certificate& root = read.front();
  if (std::any_of(roots.begin(), roots.end(), [&](const StoredRoot& stored) {
        return stored.type == type && stored.certificate.fingerprint() == root.fingerprint();
      }))
    return "Accepted";  // it is there already
  // The limit is one of what is installed over OCPP, of each type (M05.FR.03).
  const auto installed = std::count_if(roots.begin(), roots.end(), [&](const StoredRoot& stored) {
    return stored.type == type && !stored.from_factory;
  });
  if (installed >= context.configuration.number("CertificateStoreMaxLength")) {
    context.log("certificate refused: the store is full");
    return "Rejected";
  }
  if (context.defects.hit("install-nothing")) return "Accepted";
  roots.push_back({type, root, false});
  context.log("installed " + type + " '" + root.name() + "'");
  station_.security_events.happened("ReconfigurationOfSecurityParameters",
                                    type + " '" + root.name() + "' installed");
  return "Accepted";
}

Value CertificateStore::hash_data(const Certificate& root) const {
  Context& context = station_.context;
  certs::HashData data = certs::hash_data(root, root, context.variations.hash_algorithm);
  if (context.defects.hit("wrong-hash-data"))
    data.issuer_key_hash = certs::digest_hex(root.public_key_der(), data.algorithm);
  if (context.defects.hit("hash-serial-decimal")) data.serial_number = decimal(data.serial_number);
  const auto shown = [&context](std::string text) {
    if (context.variations.upper_case_hashes)
      std::transform(text.begin(), text.end(), text.begin(),
                     [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
  };
  return Value::object({{"hashAlgorithm", data.algorithm},
                        {"issuerNameHash", shown(data.issuer_name_hash)},
                        {"issuerKeyHash", shown(data.issuer_key_hash)},
                        {"serialNumber", shown(data.serial_number)}});
}

Value CertificateStore::list(const Value& request) const {
  Context& context = station_.context;
  const auto roots = roots_of(context.memory, request.string_or("certificateType", ""));
  if (roots.empty() || context.defects.hit("list-not-found")) return status("NotFound");
  Value::List hashes;
  for (const auto& root : roots) hashes.push_back(hash_data(root));
  Value answer = status("Accepted");
  answer.set("certificateHashData", Value(std::move(hashes)));
  return answer;
}

Value CertificateStore::remove(const Value& request) {
  Context& context = station_.context;
  const Value& named = *request.find("certificateHashData");
  const certs::HashData wanted{
      named.string_or("hashAlgorithm", ""), named.string_or("issuerNameHash", ""),
      named.string_or("issuerKeyHash", ""), named.string_or("serialNumber", "")};
  if (context.defects.hit("refuse-delete")) return status("Failed");
  for (const StoredRoot& root : context.memory.roots)
    if (certs::hash_data(root.certificate, root.certificate, wanted.algorithm) == wanted)
      return status(remove(root));
  return status("NotFound");
}

std::string CertificateStore::remove(const StoredRoot& root) {
  Context& context = station_.context;
  auto& roots = context.memory.roots;
  const auto of_its_type = std::count_if(
      roots.begin(), roots.end(), [&](const StoredRoot& other) { return other.type == root.type; });
  const bool last = root.type == kCentralSystemRoot && of_its_type == 1;
  if (in_use(root) || (last && !context.capabilities.last_root_removable)) {
    context.log("'" + root.certificate.name() + "' is needed and stays");
    return "Failed";
  }
  if (context.defects.hit("delete-nothing")) return "Accepted";
  const std::string told = root.type + " '" + root.certificate.name() + "' deleted";
  context.log(told);
  roots.erase(roots.begin() + (&root - roots.data()));
  station_.security_events.happened("ReconfigurationOfSecurityParameters", told);
  return "Accepted";
}

// M04.FR.06. Where another root would do as well, nothing hangs on this one.
bool CertificateStore::in_use(const StoredRoot& root) const {
  const Context& context = station_.context;
  const std::string shown = station_.messenger.server_chain();
  if (root.type != kCentralSystemRoot || shown.empty()) return false;
  const auto chain = Certificate::all_from_pem(shown, "the Central System's certificate");
  const auto will_do = [&](const std::vector<Certificate>& roots) {
    return certs::chain_problem(chain, roots, context.now_utc(), certs::Usage::server, "").empty();
  };
  std::vector<Certificate> others;
  for (const auto& other : context.memory.roots)
    if (&other != &root && other.type == kCentralSystemRoot) others.push_back(other.certificate);
  return will_do({root.certificate}) && !will_do(others);
}

}  // namespace plugproof::simulator
