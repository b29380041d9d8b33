// The local authorization list (OCPP 1.6 sections 3.5.2, 5.15, 5.10): which versions and sizes are
// taken, and what it says about an idTag.
#pragma once

#include <optional>
#include <string>

#include "engine/base/value.hpp"
#include "simulator/memory.hpp"

namespace plugproof::simulator {

struct Context;

class LocalListDesk {
 public:
  explicit LocalListDesk(Context& context) : context_(context) {}

  bool enabled() const;
  // -1: not enabled; 0: empty (section 5.10).
  std::int64_t version() const;
  // The status word of SendLocalList.conf.
  std::string update(const base::Value& request);
  // What the list says; nothing when the idTag is not on it.
  std::optional<IdTagInfo> find(const std::string& id_tag) const;

 private:
  Context& context_;
};

}  // namespace plugproof::simulator
