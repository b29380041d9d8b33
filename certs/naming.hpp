// The names and numbers in certificates. For the .cpp files that speak to OpenSSL, but for the
// questions whether a text is fit to stand in one.
#pragma once

#include <string>

struct X509_name_st;
struct asn1_string_st;

namespace plugproof::certs {

// What is wrong with a text as a common name or organization; empty: nothing.
std::string common_name_problem(const std::string& name);
// The same for a DNS name, which may begin with "*.", or an IP address.
std::string host_problem(const std::string& host);
bool is_ip_address(const std::string& host);

// The first entry of a kind (NID_...), in UTF-8; empty without one, or when it is no text.
std::string name_entry(const X509_name_st* name, int nid);
// Organization, then common name; empty ones are left out.
void set_name(X509_name_st* name, const std::string& common_name, const std::string& organization);
// Lower-case hex without leading zeros; "-" before a number below zero.
std::string serial_text(const asn1_string_st* serial);

}  // namespace plugproof::certs
