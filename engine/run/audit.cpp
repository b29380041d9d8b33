#include "engine/run/audit.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <set>

#include "engine/base/json.hpp"
#include "engine/link/handshake.hpp"
#include "engine/run/session.hpp"

namespace plugproof::run {

using base::Value;
using pics::Comparison;

namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string joined(const std::vector<std::string>& items) {
  std::string out;
  for (const auto& item : items) out += (out.empty() ? "" : ",") + item;
  return out;
}

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// A claim as a configuration key would say it.
std::string claim_text(const Value& claim) {
  if (claim.is_bool()) return claim.as_bool() ? "yes" : "no";
  if (claim.is_int()) return std::to_string(claim.as_int());
  if (claim.is_string()) return claim.as_string();
  if (!claim.is_list()) return claim.to_display();
  std::vector<std::string> items;
  for (const auto& item : claim.as_list())
    items.push_back(item.is_string() ? item.as_string() : item.to_display());
  return joined(items);
}

std::set<std::string> as_set(const std::string& list) {
  std::set<std::string> out;
  for (const auto& item : list_of_key(list)) out.insert(lower(item));
  return out;
}

// What the configuration says of a key, as the row of an audit shows it.
void show_key(const ProtocolState& state, const std::string& name, std::string& reported,
              Sighting& shown) {
  const ConfigurationKey* key = state.key(name);
  if (!key) {
    reported = "no such key";
    shown.piece = "not among the " + std::to_string(state.configuration().size()) +
                  " keys that were reported";
    return;
  }
  Value entry = Value::object({{"key", name}, {"readonly", key->readonly}});
  if (key->value) entry.set("value", *key->value);
  reported = key->value.value_or("") + (key->readonly ? "" : " (may be written)");
  shown.piece = base::write_json(entry);
}

bool is_on(const Value& claim) {
  return claim.is_bool() && claim.as_bool();
}

}  // namespace

Audit::Audit(const pics::Pics& pics, Session& session, ShownFacts before)
    : pics_(pics), session_(session) {
  auto facts = std::make_unique<WireFacts>(session.state(), std::move(before));
  facts_ = facts.get();
  session.add_monitor(std::move(facts));
}

void Audit::write(const Row& row) {
  Value::Object fields{{"id", row.id}, {"against", row.against}, {"claimed", row.claimed}};
  if (row.outcome != Outcome::not_visible) {
    fields.emplace_back("reported", row.reported);
    fields.emplace_back("agrees", row.outcome == Outcome::agrees);
  }
  if (row.outcome == Outcome::contradicts) fields.emplace_back("severity", "remark");
  if (!row.reason.empty()) fields.emplace_back("reason", row.reason);
  if (row.shown.frame > 0) fields.emplace_back("frame", row.shown.frame);
  if (!row.shown.piece.empty()) {
    // A hostile value may be a megabyte long; the frame has it in full.
    constexpr std::size_t kShown = 500;
    std::string piece = row.shown.piece;
    if (piece.size() > kShown) piece = std::string(link::clip_utf8(piece, kShown)) + "...";
    fields.emplace_back("shown", std::move(piece));
  }
  session_.journal().write(session_.now(), "audit", fields);
}

void Audit::configuration_known(std::int64_t frame) {
  const bool is_2019 = pics_.generation() == pics::Generation::g2019;
  std::set<std::string> compared;
  for (const auto& rule : pics::audit_rules()) {
    // The table of 2019 states the value of the key itself: what it can be besides is no claim.
    const bool about_value =
        rule.comparison == Comparison::can_be || rule.comparison == Comparison::is_true ||
        (rule.comparison == Comparison::exists && pics_.configuration(rule.key));
    if ((is_2019 && about_value) || !pics_.lookup(rule.id)) continue;
    compared.insert(rule.key);
    compare(rule, frame);
  }
  if (!is_2019) return;
  for (const auto& key : pics::configuration_keys_2019())
    if (!compared.contains(key)) compare_2019(key, frame);
}

void Audit::compare(const pics::AuditRule& rule, std::int64_t frame) {
  const auto claim = pics_.lookup(rule.id);
  if (!claim) return;
  if (*rule.only_if) {
    const auto condition = pics_.lookup(rule.only_if);
    if (!condition || !is_on(*condition)) return;
  }
  // Generation 2019 has no ids: its row is the key.
  const bool row_is_key = pics_.generation() == pics::Generation::g2019 &&
                          rule.comparison != Comparison::names &&
                          rule.comparison != Comparison::shows;
  Row row;
  row.id = row_is_key ? rule.key : rule.id;
  row.against = rule.key;
  row.claimed = claim_text(*claim);
  const ConfigurationKey* key = session_.state().key(rule.key);
  row.shown.frame = frame;
  show_key(session_.state(), rule.key, row.reported, row.shown);
  judge(rule, *claim, key, row);
  write(row);
}

void Audit::judge(const pics::AuditRule& rule, const Value& claim, const ConfigurationKey* key,
                  Row& row) const {
  const auto decide = [&row](bool agrees, std::string reason) {
    row.outcome = agrees ? Outcome::agrees : Outcome::contradicts;
    if (!agrees) row.reason = std::move(reason);
  };
  const auto unseen = [&row](std::string reason) {
    row.outcome = Outcome::not_visible;
    row.reason = std::move(reason);
  };
  const std::string name = rule.key;
  if (rule.comparison == Comparison::exists)
    return decide(is_on(claim) == (key != nullptr),
                  key ? name + " is there, so the charge point has the function"
                      : "the charge point does not have " + name);
  if (rule.comparison == Comparison::is_true) {
    const bool yes = key && key->value && lower(*key->value) == "true";
    return decide(is_on(claim) == yes, name + (yes ? " is true" : " is not true"));
  }
  if (!key || !key->value) {
    if (rule.key_required)
      return decide(false, "the charge point does not report " + name +
                               ", which OCPP 1.6 section 9 asks for");
    return unseen("the charge point does not report " + name);
  }
  const std::string& value = *key->value;
  const auto listed = list_of_key(value);
  switch (rule.comparison) {
    case Comparison::setting:
      if (!key->readonly) return decide(true, {});
      [[fallthrough]];
    case Comparison::equals:
      return decide(claim.is_list() ? as_set(value) == as_set(row.claimed)
                                    : lower(value) == lower(row.claimed),
                    name + " is " + value + ", claimed is " + row.claimed);
    case Comparison::can_be: {
      const bool is = lower(value) == rule.value;
      if (is_on(claim))
        return decide(is || !key->readonly, name + " is read-only and not " + rule.value);
      if (!is && !key->readonly)
        return unseen(name + " may be written, but what it accepts is not known");
      return decide(!is, name + " is " + rule.value);
    }
    case Comparison::shows:
      if (value != rule.value) return unseen(name + " is " + value);
      return decide(is_on(claim), name + " is " + value);
    case Comparison::names: {
      const bool named = as_set(value).contains(lower(rule.value));
      return decide(is_on(claim) == named,
                    name + (named ? " names " : " does not name ") + rule.value);
    }
    case Comparison::among: {
      const auto claimed = list_of_key(row.claimed);
      std::vector<std::string> extra, missing, plain;
      for (const auto& item : listed) {
        plain.push_back(plain_measurand(item));
        if (!contains(claimed, item) && !contains(claimed, plain.back())) extra.push_back(item);
      }
      for (const auto& item : claimed)
        if (!contains(listed, item) && !contains(plain, plain_measurand(item)))
          missing.push_back(item);
      if (!extra.empty())
        return decide(false, name + " names " + joined(extra) + ", which is not claimed");
      return decide(missing.empty() || !key->readonly,
                    name + " is read-only and does not name " + joined(missing));
    }
    case Comparison::at_least:
    case Comparison::at_most: {
      char* end = nullptr;
      const long long number = std::strtoll(value.c_str(), &end, 10);
      if (value.empty() || *end != '\0') return decide(false, name + " is no whole number");
      if (number == 0) return unseen(name + " is 0: switched off");
      const bool fits = rule.comparison == Comparison::at_least ? number >= claim.as_int()
                                                                : number <= claim.as_int();
      return decide(fits, name + " is " + value + ", outside of the range that is claimed");
    }
    case Comparison::exists:
    case Comparison::is_true:
      return;
  }
}

// A row of the table of 2019 that no rule covers: what is read-only is a property of the product;
// what may be written has had time to change since the PICS was made, but it is there.
void Audit::compare_2019(const std::string& key, std::int64_t frame) {
  const auto claimed = pics_.configuration(key);
  if (!claimed) return;
  const std::string_view feature = pics::feature_of_key(key);
  if (!feature.empty()) {
    const auto supported = pics_.lookup(feature);
    if (!supported || !is_on(*supported)) return;  // filled in, but not claimed
  }
  Row row;
  row.id = row.against = key;
  row.claimed = *claimed;
  row.shown.frame = frame;
  show_key(session_.state(), key, row.reported, row.shown);
  const ConfigurationKey* known = session_.state().key(key);
  if (!known) {
    row.outcome = Outcome::contradicts;
    row.reason = "the PICS states a value, but the charge point does not have " + key;
  } else if (known->readonly && as_set(known->value.value_or("")) != as_set(*claimed)) {
    row.outcome = Outcome::contradicts;
    row.reason = key + " is read-only and not " + *claimed;
  }
  write(row);
}

void Audit::run_over() {
  if (!session_.last_frame()) return;  // nobody came
  connectors();
  const bool ids = pics_.generation() != pics::Generation::g2019;
  measurands(ids ? "C-09.1" : "MeterValuesSampledData", facts_->sampled,
             pics_.sampled_measurands());
  measurands(ids ? "C-09.2" : "MeterValuesAlignedData", facts_->aligned,
             pics_.aligned_measurands());
  firmware_version();
  cipher_suites();
  milliseconds();
  seen_or_not("HFS-1", "UnlockConnector.conf", "a cable was unlocked", facts_->unlocked);
  for (const int phase : {2, 3}) {
    const auto found = facts_->phases.find(phase);
    // Who has three phases has the second as well.
    const auto three = pics_.lookup("HFS-7");
    if (phase == 2 && three && is_on(*three)) continue;
    seen_or_not(phase == 2 ? "HFS-6" : "HFS-7", "MeterValues.phase",
                phase == 2 ? "a value of the phase L2" : "a value of the phase L3",
                found == facts_->phases.end() ? std::nullopt : std::optional(found->second));
  }
  readers();
  // In 2019 no row claims or excludes these.
  if (!ids) return;
  seen_or_not("C-07", "StartTransaction.req", "a start without a remote request",
              facts_->local_start);
  seen_or_not("C-08", "StopTransaction.req", "a stop with the reason Local", facts_->local_stop);
}

void Audit::connectors() {
  const auto claim = pics_.lookup("HFS-8");
  if (!claim || !claim->is_int()) return;
  Row row;
  row.id = pics_.generation() == pics::Generation::g2019 ? "NumberOfConnectors" : "HFS-8";
  row.against = "StatusNotification.req";
  row.claimed = claim_text(*claim);
  if (facts_->connectors.empty()) {
    row.outcome = Outcome::not_visible;
    row.reason = "no connector reported a status";
    return write(row);
  }
  std::vector<std::string> numbers;
  for (const auto& [number, sighting] : facts_->connectors)
    numbers.push_back(std::to_string(number));
  row.reported = "connectors " + joined(numbers);
  const auto& [highest, sighting] = *facts_->connectors.rbegin();
  row.shown = sighting;
  if (highest > claim->as_int()) {
    row.outcome = Outcome::contradicts;
    row.reason = "connector " + std::to_string(highest) + " reported a status";
  } else if (static_cast<std::int64_t>(facts_->connectors.size()) < claim->as_int()) {
    row.outcome = Outcome::contradicts;
    row.reason = "not every connector that is claimed reported a status";
  }
  write(row);
}

// Whether an identification can be presented. Which kind of reader took it does not show.
void Audit::readers() {
  const auto claim = pics_.lookup("HFS-10");
  if (!claim || !claim->is_string()) return;
  Row row;
  row.id = pics_.generation() == pics::Generation::g2019 ? "rfid_readers" : "HFS-10";
  row.against = "Authorize.req";
  row.claimed = claim->as_string();
  if (!facts_->local_authorize) {
    row.outcome = Outcome::not_visible;
    row.reason = "not seen in this run: an identification that no remote start named";
    return write(row);
  }
  row.reported = "an identification was presented";
  row.shown = *facts_->local_authorize;
  if (row.claimed == "None") {
    row.outcome = Outcome::contradicts;
    row.reason = "an identification was presented, although the PICS names no reader";
  }
  write(row);
}

void Audit::measurands(const char* id, const MeasurandFacts& facts,
                       const std::vector<std::string>& claimed) {
  if (claimed.empty()) return;
  Row row;
  row.id = id;
  row.against = "MeterValues.req";
  row.claimed = joined(claimed);
  if (facts.seen.empty()) {
    row.outcome = Outcome::not_visible;
    row.reason = "no such meter value came in this run";
    return write(row);
  }
  row.reported = joined(facts.order);
  row.shown = facts.seen.at(facts.order.front());
  std::vector<std::string> plain, never_asked;
  for (const auto& name : claimed) plain.push_back(plain_measurand(name));
  for (const auto& name : facts.order) {
    if (contains(plain, name)) continue;
    row.outcome = Outcome::contradicts;
    row.reason = name + " came, which is not claimed";
    row.shown = facts.seen.at(name);
    return write(row);
  }
  for (const auto& name : plain) {
    if (facts.seen.contains(name)) continue;
    const auto asked = facts.configured.find(name);
    if (asked == facts.configured.end()) {
      never_asked.push_back(name);
      continue;
    }
    row.outcome = Outcome::contradicts;
    row.reason = name + " is claimed and was configured, but never came";
    row.shown = asked->second;
    return write(row);
  }
  if (!never_asked.empty()) row.reason = joined(never_asked) + " was never configured in this run";
  write(row);
}

void Audit::firmware_version() {
  Row row;
  row.id = "product.version";
  row.against = "BootNotification.firmwareVersion";
  row.claimed = pics_.product().version;
  if (row.claimed.empty()) return;
  if (facts_->firmware_versions.empty()) {
    row.outcome = Outcome::not_visible;
    row.reason = "the charge point does not say its firmware version when it boots";
    return write(row);
  }
  // The field holds 50 characters (OCPP 1.6 section 6.3).
  const std::string sayable = row.claimed.substr(0, 50);
  for (const auto& [version, sighting] : facts_->firmware_versions) {
    row.reported = version;
    row.shown = sighting;
    if (version == sayable) continue;
    row.outcome = Outcome::contradicts;
    row.reason = "a certificate is bound to the firmware version that was tested";
    break;
  }
  write(row);
}

void Audit::cipher_suites() {
  const auto claim = pics_.lookup("C-12");
  if (!claim || facts_->cipher_suites.empty()) return;
  Row row;
  row.id = "C-12";
  row.against = "TLS handshake";
  row.claimed = claim_text(*claim);
  const auto claimed = list_of_key(row.claimed);
  for (const auto& [suite, sighting] : facts_->cipher_suites) {
    row.reported += (row.reported.empty() ? "" : ",") + suite;
    if (row.shown.frame == 0) row.shown = sighting;
    if (contains(claimed, suite) || row.outcome == Outcome::contradicts) continue;
    row.outcome = Outcome::contradicts;
    row.reason = suite + " was used, which is not claimed";
    row.shown = sighting;
  }
  write(row);
}

void Audit::milliseconds() {
  const auto claim = pics_.lookup("milliseconds_in_timestamps");
  if (!claim || !facts_->times) return;
  Row row;
  row.id = "milliseconds_in_timestamps";
  row.against = "timestamps";
  row.claimed = claim_text(*claim);
  if (facts_->times_with_milliseconds) {
    row.reported = "yes";
    row.shown = *facts_->times_with_milliseconds;
    if (!is_on(*claim)) {
      row.outcome = Outcome::contradicts;
      row.reason = "a timestamp has a fraction of a second";
    }
  } else if (is_on(*claim)) {
    row.outcome = Outcome::not_visible;
    row.reason = "no timestamp of this run has a fraction of a second";
  } else {
    row.reported = "no";
    row.shown = *facts_->times;
  }
  write(row);
}

void Audit::seen_or_not(const char* id, const char* against, const char* what,
                        const std::optional<Sighting>& seen) {
  const auto claim = pics_.lookup(id);
  if (!claim || !claim->is_bool()) return;
  Row row;
  row.id = id;
  row.against = against;
  row.claimed = claim_text(*claim);
  if (!seen) {
    row.outcome = Outcome::not_visible;
    row.reason = std::string("not seen in this run: ") + what;
    return write(row);
  }
  row.reported = what;
  row.shown = *seen;
  if (!is_on(*claim)) {
    row.outcome = Outcome::contradicts;
    row.reason = std::string(what) + " was seen, although the PICS says no";
  }
  write(row);
}

}  // namespace plugproof::run
