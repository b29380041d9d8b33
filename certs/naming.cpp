#include "certs/naming.hpp"

#include <openssl/bn.h>
#include <openssl/err.h>

#include <algorithm>
#include <cctype>
#include <cstdint>

#include "certs/openssl.hpp"
#include "engine/base/utf8.hpp"

namespace plugproof::certs {

namespace {

// Characters, RFC 5280 appendix A: ub-common-name and ub-organization-name.
constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxHost = 253, kMaxLabel = 63;  // RFC 1035 section 2.3.4

void add_entry(X509_NAME* name, int nid, const std::string& text) {
  if (text.empty()) return;
  need(X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(text.data()),
                                  static_cast<int>(text.size()), -1, 0) == 1,
       "name a certificate");
}

bool is_label(const std::string& label) {
  const auto fits = [](unsigned char c) {
    return c < 128 && (std::isalnum(c) || c == '-' || c == '_');
  };
  return !label.empty() && label.size() <= kMaxLabel && label.front() != '-' &&
         label.back() != '-' && std::all_of(label.begin(), label.end(), fits);
}

}  // namespace

std::string common_name_problem(const std::string& name) {
  if (name.find_first_not_of(' ') == std::string::npos) return "it is empty";
  if (!base::is_utf8(name)) return "it is not UTF-8";
  if (std::any_of(name.begin(), name.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 32 || c == 127; }))
    return "it has a control character";
  const auto characters = std::count_if(name.begin(), name.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  });
  if (static_cast<std::size_t>(characters) > kMaxName) return "it is longer than 64 characters";
  return {};
}

bool is_ip_address(const std::string& host) {
  ASN1_OCTET_STRING* address = a2i_IPADDRESS(host.c_str());
  const bool is = address != nullptr;
  ASN1_OCTET_STRING_free(address);
  ERR_clear_error();
  return is;
}

std::string host_problem(const std::string& host) {
  if (host.empty()) return "it is empty";
  if (is_ip_address(host)) return {};
  if (host.size() > kMaxHost) return "it is longer than 253 characters";
  std::string neither = "it is neither a host name nor an IP address";
  if (host.find_first_not_of("0123456789.") == std::string::npos) return neither;
  std::size_t begin = host.compare(0, 2, "*.") == 0 ? 2 : 0;
  while (true) {
    const std::size_t dot = std::min(host.find('.', begin), host.size());
    if (!is_label(host.substr(begin, dot - begin))) return neither;
    if (dot == host.size()) return {};
    begin = dot + 1;
  }
}

std::string name_entry(const X509_name_st* name, int nid) {
  const int index = X509_NAME_get_index_by_NID(const_cast<X509_NAME*>(name), nid, -1);
  if (index < 0) return {};
  unsigned char* utf8 = nullptr;
  const int size =
      ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
  if (size < 0) {
    last_error();
    return {};
  }
  std::string text(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  return text;
}

void set_name(X509_name_st* name, const std::string& common_name, const std::string& organization) {
  add_entry(name, NID_organizationName, organization);
  add_entry(name, NID_commonName, common_name);
}

std::string serial_text(const asn1_string_st* serial) {
  const std::unique_ptr<BIGNUM, Free<BN_free>> number(ASN1_INTEGER_to_BN(serial, nullptr));
  need(number != nullptr, "read a serial number");
  char* hex = BN_bn2hex(number.get());
  need(hex != nullptr, "write a serial number");
  std::string text = hex;
  OPENSSL_free(hex);
  const std::string sign = text.front() == '-' ? "-" : "";
  text.erase(0, sign.size());
  text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return sign + text;
}

}  // namespace plugproof::certs
