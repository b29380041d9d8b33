// Keys of the charge point's configuration that a case or a step sets.
#include "engine/suite/map_reader.hpp"
#include "engine/suite/step_loader.hpp"

namespace plugproof::suite {

using base::Diagnostics;
using base::YamlNode;

std::vector<ConfigurationEntry> load_configuration(const YamlNode& node, Diagnostics& diagnostics) {
  std::vector<ConfigurationEntry> out;
  if (!node.is_map()) {
    diagnostics.error(node.pos, "a configuration must be a map of keys and values");
    return out;
  }
  for (const auto& entry : node.entries) {
    ConfigurationEntry item{entry.key, {}, false, entry.key_pos};
    if (entry.value.is_map()) {
      MapReader in(entry.value, "configuration entry", diagnostics);
      if (const YamlNode* value = in.need("value"))
        item.value = Template::parse(*value, diagnostics);
      item.needed = in.flag("needed");
      in.finish();
    } else {
      item.value = Template::parse(entry.value, diagnostics);
    }
    out.push_back(std::move(item));
  }
  return out;
}

}  // namespace plugproof::suite
