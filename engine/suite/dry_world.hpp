// The world as a test case would see it if charge point and bench did just what it waits for: what
// can be told of a run before it takes place.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/expression.hpp"
#include "engine/rig/rig.hpp"
#include "engine/suite/model.hpp"
#include "pics/pics.hpp"

namespace plugproof::suite {

using Names = std::map<std::string, base::Value, std::less<>>;

class DryWorld final : public base::Scope {
 public:
  // `values`: the PIXIT's. Both must outlive the world.
  DryWorld(const std::map<std::string, base::Value>& values, const pics::Pics& pics,
           std::string edition);

  // The names of scope.cpp in the engine, as far as they can be known beforehand.
  std::optional<base::Value> lookup(std::string_view name) const override;

  // So many seconds have passed since the case began.
  void at(double seconds) { seconds_ = seconds; }
  // A case begins or ends: what it captured is forgotten.
  void forget_variables() { variables_.clear(); }
  // A case begins on the lowest claimed security profile that it can be played with.
  void begin_on_security_profile(int least);
  void serve(std::int64_t security_profile) { security_profile_ = security_profile; }
  void set(const std::string& name, base::Value value) { variables_[name] = std::move(value); }
  void forget(const std::string& name) { variables_.erase(name); }
  void acted(const std::string& action, const base::Value& arguments);
  // The key has this value from now on; false when it had it already.
  bool configure(const std::string& key, const std::string& value);
  // The key has the value that it had at first.
  void restore(const std::string& key) { configuration_.erase(key); }
  // The charge point sent what the step waits for. `scope`: this world with local names.
  void received(const Step& step, const base::Scope& scope);
  // It answered our request as the step wants it.
  void answered(const Step& step, const base::Scope& scope);

  // A restart was set off and the charge point has not registered again.
  bool restarting() const { return restarting_; }

 private:
  base::Value statuses() const;
  void capture(const Step& step, const base::Scope& scope, bool response);

  const std::map<std::string, base::Value>& values_;
  const pics::Pics& pics_;
  std::string edition_;
  Names variables_;
  rig::Traces traces_;
  std::map<std::int64_t, std::string> statuses_;
  base::Value::List transactions_;
  base::Value last_transaction_;
  std::int64_t last_id_ = 0;
  std::string registration_ = "Accepted";
  std::map<std::string, std::string, std::less<>> configuration_;
  bool restarting_ = false;
  std::int64_t security_profile_ = 0;
  double seconds_ = 0;
};

// The world with the local names of a state or a loop before it.
class LocalScope final : public base::Scope {
 public:
  LocalScope(const base::Scope& world, const Names& locals) : world_(world), locals_(locals) {}
  std::optional<base::Value> lookup(std::string_view name) const override {
    if (const auto it = locals_.find(name); it != locals_.end()) return it->second;
    return world_.lookup(name);
  }

 private:
  const base::Scope& world_;
  const Names& locals_;
};

}  // namespace plugproof::suite
