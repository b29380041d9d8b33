// The configuration keys of OCPP 1.6 section 9: which this charge point has, who may set them, and
// which values they take. The values live in the memory that survives a loss of power.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pics/pics.hpp"
#include "simulator/capabilities.hpp"

namespace plugproof::simulator {

struct ConfigurationKey {
  std::string name;
  bool readonly = false;
  std::string initial;
  bool reboot_required = false;
  bool write_only = false;  // its value is told to nobody
  std::function<bool(const std::string&)>
      allowed;  // whether a value fits; for keys that can be set
};

class Configuration {
 public:
  Configuration(const pics::Pics& pics, const Capabilities& capabilities,
                std::map<std::string, std::string>& values);

  const std::vector<ConfigurationKey>& keys() const { return keys_; }
  const ConfigurationKey* find(std::string_view name) const;
  // Values of keys that are absent: empty, 0, false.
  std::string text(std::string_view name) const;
  std::int64_t number(std::string_view name) const;
  bool flag(std::string_view name) const;
  std::vector<std::string> list(std::string_view name) const;
  void set(const std::string& name, const std::string& value) { values_[name] = value; }
  // Every key as it left the factory.
  void reset();

 private:
  void readonly(const std::string& name, const std::string& value);
  void boolean(const std::string& name, bool initial);
  void number(const std::string& name, std::int64_t initial, std::int64_t lowest,
              std::int64_t highest, bool zero_is_off = false);
  void measurands(const std::string& name, const std::vector<std::string>& allowed,
                  const std::string& initial, std::int64_t most);
  void choice(const std::string& name, Choice choice, bool initial);
  void add_core();
  void add_metering();
  void add_profiles();
  void add_security();
  std::string stated(const std::string& name, const std::string& fallback) const;
  std::int64_t stated_number(const std::string& name, std::int64_t fallback) const;
  std::int64_t setting(std::string_view id, std::int64_t fallback) const;

  const pics::Pics& pics_;
  const Capabilities& capabilities_;
  std::map<std::string, std::string>& values_;
  std::vector<ConfigurationKey> keys_;
};

// 16 to 20 bytes in hexadecimal (security whitepaper, section 7.2).
bool is_authorization_key(const std::string& text);

// The parts of a comma-separated list, without blanks around them and without empty ones.
std::vector<std::string> split_list(const std::string& text);

}  // namespace plugproof::simulator
