#include "simulator/authorizer.hpp"

#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Value;

std::optional<IdTagInfo> id_tag_info(const Value& answer) {
  const Value* info = answer.find("idTagInfo");
  if (!info || !info->is_object()) return std::nullopt;
  IdTagInfo out;
  out.status = info->string_or("status", "Invalid");
  if (const Value* parent = info->find("parentIdTag"); parent && parent->is_string())
    out.parent = parent->as_string();
  out.expires = base::parse_utc(info->string_or("expiryDate", ""));
  return out;
}

bool Authorizer::cache_on() const {
  const Context& context = station_.context;
  return context.capabilities.authorization_cache &&
         context.configuration.flag("AuthorizationCacheEnabled");
}

std::optional<Decision> Authorizer::known(const std::string& id_tag) const {
  // The list comes before the cache (section 3.5.3).
  if (const auto listed = station_.local_list.find(id_tag)) {
    const bool over = listed->expires && *listed->expires <= station_.context.now_utc();
    return Decision{listed->status == "Accepted" && !over, listed->parent};
  }
  if (!cache_on()) return std::nullopt;
  const auto it = station_.context.memory.cache.find(id_tag);
  if (it == station_.context.memory.cache.end()) return std::nullopt;
  const IdTagInfo& info = it->second;
  if (info.expires && *info.expires <= station_.context.now_utc()) return std::nullopt;
  return Decision{info.status == "Accepted", info.parent};
}

Decision Authorizer::decide_offline(const std::string& id_tag) const {
  const Configuration& configuration = station_.context.configuration;
  if (const auto found = known(id_tag); found && configuration.flag("LocalAuthorizeOffline"))
    return *found;
  return {configuration.flag("AllowOfflineTxForUnknownId"), std::nullopt};
}

void Authorizer::authorize(const std::string& id_tag, const Done& done) {
  Context& context = station_.context;
  if (!station_.messenger.online()) return done(decide_offline(id_tag));
  if (context.configuration.flag("LocalPreAuthorize")) {
    // An idTag that is known but not accepted is asked for (section 3.5.1).
    const auto found = known(id_tag);
    if (found && found->accepted && !context.defects.hit("always-authorize")) return done(*found);
  }
  station_.messenger.call(
      "Authorize", Value::object({{"idTag", id_tag}}), [this, id_tag, done](const Answer& answer) {
        if (answer.how == Answer::How::offline) return done(decide_offline(id_tag));
        const auto info = answer.ok() ? id_tag_info(answer.payload) : std::nullopt;
        if (!info) return done({});
        learn(id_tag, answer.payload);
        done({info->status == "Accepted", info->parent});
      });
}

void Authorizer::learn(const std::string& id_tag, const Value& answer) {
  const auto info = id_tag_info(answer);
  if (!info || !cache_on() || id_tag.empty()) return;
  if (station_.context.defects.hit("never-cache")) return;
  auto& cache = station_.context.memory.cache;
  // ConcurrentTx says something about this moment, not about the idTag.
  if (info->status == "ConcurrentTx") return;
  if (!cache.contains(id_tag) && cache.size() >= Memory::kMaxCached) cache.erase(cache.begin());
  cache[id_tag] = *info;
}

bool Authorizer::clear_cache() {
  if (!station_.context.capabilities.authorization_cache) return false;
  auto& cache = station_.context.memory.cache;
  if (!cache.empty() && station_.context.defects.hit("keep-cache-after-clear")) return true;
  cache.clear();
  return true;
}

}  // namespace plugproof::simulator
