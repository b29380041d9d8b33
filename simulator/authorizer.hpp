// Authorisation (OCPP 1.6 sections 3.5, 4.1): from the cache where that is allowed, else by the
// central system; offline by the rules of section 3.5.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/base/value.hpp"
#include "simulator/memory.hpp"

namespace plugproof::simulator {

struct Station;

struct Decision {
  bool accepted = false;
  std::optional<std::string> parent;
};

class Authorizer {
 public:
  using Done = std::function<void(const Decision&)>;
  explicit Authorizer(Station& station) : station_(station) {}

  // Decides about an idTag; the answer may come at once.
  void authorize(const std::string& id_tag, const Done& done);
  // What the central system said about an idTag in any of its answers (section 3.5.1).
  void learn(const std::string& id_tag, const base::Value& answer);
  // False when there is no cache to clear.
  bool clear_cache();
  // Whether an idTag would be accepted without asking.
  std::optional<Decision> known(const std::string& id_tag) const;

 private:
  bool cache_on() const;
  Decision decide_offline(const std::string& id_tag) const;

  Station& station_;
};

// idTagInfo of an answer; nothing when it has none.
std::optional<IdTagInfo> id_tag_info(const base::Value& answer);

}  // namespace plugproof::simulator
