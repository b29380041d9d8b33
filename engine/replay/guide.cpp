#include "engine/replay/guide.hpp"

namespace plugproof::replay {

using base::Nanos;
using base::Value;

namespace {
constexpr Nanos kWayThrough = std::chrono::seconds(1);
}

void Guide::pass() {
  const Entry& entry = entries_[at_++];
  arrived_ = false;
  if (const auto* sent = std::get_if<Sent>(&entry.what)) {
    if (sent->call) ++requests_;
    if (sent->starts) ++transactions_;
  }
  if (const auto* asked = std::get_if<Asked>(&entry.what)) arguments_ = asked->arguments;
}

void Guide::overdue(const std::string& instead) {
  if (!divergence_) divergence_ = Divergence{next()->line, next()->told(), instead};
}

template <typename What, typename Same>
const Entry& Guide::match(const Same& same, const What& wanted) {
  const Entry* entry = next();
  const What* recorded = entry ? std::get_if<What>(&entry->what) : nullptr;
  const bool alike = recorded && same(*recorded);
  const Nanos earlier = alike && now_ ? entry->at - now_() : Nanos::zero();
  if (judging_ && !divergence_ && alike && earlier <= kWayThrough) {
    if (matched_) matched_(entry->line);
    pass();
    return *entry;
  }
  if (judging_ && !divergence_) {
    std::string told = Entry{{}, {}, 0, wanted}.told();
    if (alike) told += ", " + base::format_duration(earlier) + " earlier";
    if (entry)
      divergence_ = Divergence{
          entry->line,
          entry->is_input() ? "nothing before the next message or event" : entry->told(), told};
    else
      divergence_ = Divergence{0, "nothing more", told};
  }
  throw LeftRecord{};
}

void Guide::fault(const std::string& name) {
  match([&](const Fault& recorded) { return recorded.name == name; }, Fault{name, {}});
}

std::optional<Nanos> Guide::sent(link::ConnectionId connection, std::string_view text) {
  const Sent wanted{connection, std::string(text)};
  const Entry& entry = match(
      [&](const Sent& recorded) {
        return recorded.connection == connection && recorded.text == text;
      },
      wanted);
  if (std::get<Sent>(entry.what).lost) return std::nullopt;
  return entry.at;
}

Nanos Guide::asked(const std::string& action, const Value& arguments) {
  return match(
             [&](const Asked& recorded) {
               return recorded.action == action && recorded.arguments == arguments;
             },
             Asked{action, arguments})
      .at;
}

transfer::Opened Guide::offered(const Offered& wanted) {
  const Entry& entry = match(
      [&](const Offered& recorded) {
        return recorded.way == wanted.way && recorded.protocol == wanted.protocol &&
               recorded.conduct == wanted.conduct && recorded.name == wanted.name;
      },
      wanted);
  return std::get<Offered>(entry.what).opened;
}

std::string Guide::refusal(const run::Serving&) {
  // Whether it is the one that was asked for, its record tells.
  const auto* recorded = next_is<Fault>();
  return recorded ? recorded->reason : std::string();
}

run::Vault::Made Guide::made(const std::string& thing, const Value& arguments) {
  const Entry& entry = match(
      [&](const Made& recorded) {
        return recorded.thing == thing && recorded.arguments == arguments;
      },
      Made{thing, arguments, {}});
  return std::get<Made>(entry.what).made;
}

}  // namespace plugproof::replay
