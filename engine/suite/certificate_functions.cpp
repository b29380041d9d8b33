#include "engine/suite/certificate_functions.hpp"

#include <algorithm>
#include <stdexcept>

#include "certs/certificate.hpp"
#include "certs/hash_data.hpp"
#include "certs/signing_request.hpp"
#include "engine/base/diagnostics.hpp"
#include "engine/base/expression_functions.hpp"
#include "engine/base/sha256.hpp"
#include "engine/base/time.hpp"

namespace plugproof::suite {

namespace {

using base::Value;
using Arguments = std::vector<Value>;

// Null for a text that is no certificate: what a charge point sends is judged, not trusted.
Value certificate_facts(const Arguments& a) {
  if (!a[0].is_string()) return Value();
  try {
    const auto chain = certs::Certificate::all_from_pem(a[0].as_string(), "the certificate");
    const certs::Certificate& first = chain.front();
    return Value::object({{"common_name", first.common_name()},
                          {"organization", first.organization()},
                          {"issuer", first.issuer_common_name()},
                          {"serial_number", first.serial_number()},
                          {"key_kind", first.key_kind()},
                          {"key_bits", first.key_bits()},
                          {"key", base::sha256_hex(first.public_key_der())},
                          {"not_before", base::format_utc_millis(first.not_before())},
                          {"not_after", base::format_utc_millis(first.not_after())},
                          {"fingerprint", first.fingerprint()},
                          {"chain", static_cast<std::int64_t>(chain.size())}});
  } catch (const base::InputError&) {
    return Value();
  }
}

Value request_facts(const Arguments& a) {
  if (!a[0].is_string()) return Value();
  try {
    const auto request = certs::SigningRequest::from_pem(a[0].as_string(), "the request");
    return Value::object({{"common_name", request.common_name()},
                          {"organization", request.organization()},
                          {"key_kind", request.key_kind()},
                          {"key_bits", request.key_bits()},
                          {"key", base::sha256_hex(request.public_key_der())},
                          {"signature_holds", request.signature_holds()}});
  } catch (const base::InputError&) {
    return Value();
  }
}

// Whether an item of certificateHashData, whatever hash it uses, names the certificate of a root.
bool names(const Value& item, const certs::Certificate& root) {
  const certs::HashData named{
      item.string_or("hashAlgorithm", ""), item.string_or("issuerNameHash", ""),
      item.string_or("issuerKeyHash", ""), item.string_or("serialNumber", "")};
  try {
    return named == certs::hash_data(root, root, named.algorithm);
  } catch (const std::invalid_argument&) {
    return false;
  }
}

// As the charge point wrote it: OCPP does not say which hexadecimal digits to use.
Value listed_certificate(const Arguments& a) {
  if (!a[0].is_list() || !a[1].is_string()) return Value();
  const auto chain = certs::Certificate::all_from_pem(a[1].as_string(), "the certificate");
  const auto& items = a[0].as_list();
  const auto found = std::find_if(items.begin(), items.end(),
                                  [&](const Value& item) { return names(item, chain.front()); });
  return found == items.end() ? Value() : *found;
}

}  // namespace

void add_certificate_functions() {
  base::add_functions(
      {{{"certificate_facts", 1, "what the first certificate of a text in PEM says, or null"},
        certificate_facts},
       {{"request_facts", 1, "what a certificate signing request in PEM asks for, or null"},
        request_facts},
       {{"listed_certificate", 2,
         "the item of a list of certificateHashData that names a root certificate in PEM, or null"},
        listed_certificate}});
}

}  // namespace plugproof::suite
