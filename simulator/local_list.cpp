#include "simulator/local_list.hpp"

#include <algorithm>
#include <set>

#include "simulator/authorizer.hpp"
#include "simulator/context.hpp"

namespace plugproof::simulator {

using base::Value;

bool LocalListDesk::enabled() const {
  return context_.capabilities.has_profile("LocalAuthListManagement") &&
         context_.configuration.flag("LocalAuthListEnabled");
}

std::int64_t LocalListDesk::version() const {
  const Memory& memory = context_.memory;
  if (!enabled() && !context_.defects.hit("version-of-disabled-list")) return -1;
  const bool empty = memory.local_list.empty();
  if (empty && memory.local_list_version > 0 && context_.defects.hit("empty-list-keeps-version"))
    return memory.local_list_version;
  return empty ? 0 : memory.local_list_version;
}

std::string LocalListDesk::update(const Value& request) {
  if (!enabled()) return "NotSupported";
  if (context_.plant.refuse_local_list && !context_.defects.hit("local-list-never-fails"))
    return "Failed";
  Memory& memory = context_.memory;
  const std::int64_t version = request.int_or("listVersion", 0);
  const bool full = request.string_or("updateType", "") == "Full";
  if (!full && version <= (memory.local_list.empty() ? 0 : memory.local_list_version) &&
      !context_.defects.hit("accept-old-list-version"))
    return "VersionMismatch";

  static const Value::List kNone;
  const Value* given = request.find("localAuthorizationList");
  const Value::List& entries = given && given->is_list() ? given->as_list() : kNone;
  const auto limit = [this](const char* key) {
    return static_cast<std::size_t>(std::max<std::int64_t>(0, context_.configuration.number(key)));
  };
  if (entries.size() > limit("SendLocalListMaxLength")) return "Failed";
  std::map<std::string, IdTagInfo> list;
  if (!full) list = memory.local_list;
  std::set<std::string> given_tags;
  for (const Value& entry : entries) {
    const std::string id_tag = entry.string_or("idTag", "");
    if (!given_tags.insert(id_tag).second) return "Failed";  // each at most once (section 5.15)
    // Without idTagInfo a differential update removes the idTag; a full one cannot mean anything by
    // it.
    if (const auto info = id_tag_info(entry))
      list[id_tag] = *info;
    else if (full)
      return "Failed";
    else
      list.erase(id_tag);
  }
  if (list.size() > limit("LocalAuthListMaxLength")) return "Failed";
  if (context_.defects.hit("local-list-not-stored")) return "Accepted";
  memory.local_list = std::move(list);
  memory.local_list_version = version;
  return "Accepted";
}

std::optional<IdTagInfo> LocalListDesk::find(const std::string& id_tag) const {
  if (!enabled()) return std::nullopt;
  const auto it = context_.memory.local_list.find(id_tag);
  if (it == context_.memory.local_list.end()) return std::nullopt;
  if (context_.defects.hit("ignore-local-list")) return std::nullopt;
  return it->second;
}

}  // namespace plugproof::simulator
