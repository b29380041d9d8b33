#include "certs/chain.hpp"

#include <openssl/err.h>

#include <chrono>

#include "certs/naming.hpp"
#include "certs/openssl.hpp"

namespace plugproof::certs {

namespace {

using OwnedStore = std::unique_ptr<X509_STORE, Free<X509_STORE_free>>;
using OwnedCheck = std::unique_ptr<X509_STORE_CTX, Free<X509_STORE_CTX_free>>;

// 112 bits of security: RSA from 2048 bits, EC from 224.
constexpr int kStrength = 2;

struct FreeStack {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};

// X509_PURPOSE_* knows no firmware; the two usages it has to have are asked of the leaf itself.
int purpose_of(Usage usage) {
  return usage == Usage::server   ? X509_PURPOSE_SSL_SERVER
         : usage == Usage::client ? X509_PURPOSE_SSL_CLIENT
                                  : X509_PURPOSE_ANY;
}

std::string usage_problem(const Certificate& leaf, Usage usage) {
  std::string wrong = X509_verify_cert_error_string(X509_V_ERR_INVALID_PURPOSE);
  if (usage == Usage::ca && X509_check_ca(leaf.get()) != 1)
    return X509_verify_cert_error_string(X509_V_ERR_INVALID_CA);
  if (usage == Usage::firmware) {
    const std::uint32_t keys = X509_get_key_usage(leaf.get());
    const std::uint32_t extended = X509_get_extended_key_usage(leaf.get());
    // UINT32_MAX: the extension is not there and forbids nothing.
    if ((keys & KU_DIGITAL_SIGNATURE) == 0 || (extended & (XKU_CODE_SIGN | XKU_ANYEKU)) == 0)
      return wrong;
  }
  return {};
}

void expect_host(X509_VERIFY_PARAM* wanted, const std::string& host) {
  if (host.empty()) return;
  need((is_ip_address(host) ? X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str())
                            : X509_VERIFY_PARAM_set1_host(wanted, host.data(), host.size())) == 1,
       "look for a host");
}

}  // namespace

std::string chain_problem(const std::vector<Certificate>& leaf_first,
                          const std::vector<Certificate>& roots, base::Micros now, Usage usage,
                          const std::string& host) {
  if (leaf_first.empty()) return "there is no certificate";
  const OwnedStore store(X509_STORE_new());
  const OwnedCheck check(X509_STORE_CTX_new());
  const std::unique_ptr<STACK_OF(X509), FreeStack> others(sk_X509_new_null());
  need(store && check && others, "check a certificate");
  for (const auto& root : roots)
    need(X509_STORE_add_cert(store.get(), root.get()) == 1, "trust a root");
  for (const auto& certificate : leaf_first)
    need(sk_X509_push(others.get(), certificate.get()) > 0, "list a certificate");
  need(X509_STORE_CTX_init(check.get(), store.get(), leaf_first.front().get(), others.get()) == 1,
       "check a certificate");
  X509_VERIFY_PARAM* wanted = X509_STORE_CTX_get0_param(check.get());
  X509_VERIFY_PARAM_set_time(wanted, std::chrono::duration_cast<std::chrono::seconds>(now).count());
  X509_VERIFY_PARAM_set_auth_level(wanted, kStrength);
  need(X509_VERIFY_PARAM_set_purpose(wanted, purpose_of(usage)) == 1, "look for a purpose");
  expect_host(wanted, host);
  const bool good = X509_verify_cert(check.get()) == 1;
  ERR_clear_error();
  if (good) return usage_problem(leaf_first.front(), usage);
  std::string problem = X509_verify_cert_error_string(X509_STORE_CTX_get_error(check.get()));
  if (X509* guilty = X509_STORE_CTX_get_current_cert(check.get()))
    problem += " ('" + Certificate::held(guilty).name() + "')";
  return problem;
}

bool in_order(const std::vector<Certificate>& leaf_first) {
  for (std::size_t i = 1; i < leaf_first.size(); ++i)
    if (!leaf_first[i].issued(leaf_first[i - 1])) return false;
  return true;
}

}  // namespace plugproof::certs
