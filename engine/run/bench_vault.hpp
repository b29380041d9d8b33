// The keys and certificates of a real bench, or of a simulated one.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "certs/bench_pki.hpp"
#include "engine/base/time.hpp"
#include "engine/run/transfers.hpp"
#include "engine/run/vault.hpp"

namespace plugproof::run {

class BenchVault final : public Vault {
 public:
  struct Options {
    std::string authorization_key;               // bytes; empty: none
    std::shared_ptr<const certs::BenchPki> pki;  // absent: no TLS
    bool tls13 = false;
    FirmwareImages images;  // that are to be signed
    certs::Padding padding = certs::Padding::pkcs1;
    // Given by the manufacturer of the image, in place of what the bench would sign.
    std::string firmware_certificate, firmware_signature;
    std::function<base::Micros()> utc;
  };
  explicit BenchVault(Options options);

  Made make(const std::string& thing, const base::Value& arguments) override;
  link::ServerSecurity server(const Serving& serving) override;
  base::Value credentials(const link::Handshake& handshake) override;
  std::string which_key(std::string_view value) override;
  base::Value facilities() const override;

 private:
  Made authorization_key(const base::Value& arguments) const;
  Made charge_point_certificate(const base::Value& arguments) const;
  Made central_system_root(const base::Value& arguments) const;
  Made central_system_roots(const base::Value& arguments) const;
  Made firmware_signature(const base::Value& arguments) const;
  std::string named(std::string_view bytes) const;

  Options options_;
  std::string temporary_key_;
};

}  // namespace plugproof::run
