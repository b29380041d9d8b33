#include "simulator/variations.hpp"

#include <algorithm>
#include <array>

namespace plugproof::simulator {

namespace {

// A time from `lowest` up to 60 % of a limit; some processing follows it, so half of that is drawn.
base::Nanos draw_delay(base::Random& random, base::Nanos lowest, base::Nanos limit) {
  const auto most = std::max(lowest, limit * 3 / 10);
  const auto span = static_cast<std::uint64_t>((most - lowest).count());
  return lowest + base::Nanos(static_cast<std::int64_t>(random.below(span + 1)));
}

}  // namespace

Variations::Variations(std::uint64_t seed, const Capabilities& capabilities) {
  using namespace std::chrono_literals;
  // Fast enough for every vendor limit, seed or not.
  response_delay = std::min<base::Nanos>(response_delay, capabilities.response / 10);
  reaction = std::min<base::Nanos>(reaction, capabilities.triggered / 10);
  boot_time = std::min<base::Nanos>(boot_time, capabilities.triggered / 2);
  if (!capabilities.milliseconds) time_form = TimeForm::seconds;
  if (seed == 0) return;

  base::Random random(seed);
  const auto coin = [&random] { return random.chance(50); };
  charging_before_start = coin();
  finishing_before_stop = coin();
  preparing_before_authorize = coin();
  boot_order = static_cast<BootOrder>(random.below(3));
  boot_after_soft_reset = coin();
  extra_heartbeats = coin();
  aligned_for_connector_zero = coin();
  data_transfer = random.chance(25);
  suspended_before_charging = coin();
  finishing_after_fixed_cable = coin();
  finishing_after_reset = coin();
  second_tag_withdraws = coin();
  status_timestamp = coin();
  status_info = coin();
  boot_details = coin();
  notifications_overtake_queue = coin();
  every_offline_status = coin();
  bundle_queued_values = coin();
  boot_on_reconnect = random.chance(25);
  resume_after_power_loss = coin();
  omit_local_reason = coin();
  id_tag_on_remote_stop = coin();
  omit_defaults = coin();
  state_defaults = !omit_defaults && coin();
  per_phase = coin();
  spaced_json = coin();
  reversed_members = coin();
  id_form = static_cast<IdForm>(random.below(2));
  time_form = static_cast<TimeForm>(random.below(3));
  if (time_form == TimeForm::millis && !capabilities.milliseconds) time_form = TimeForm::seconds;
  response_delay = draw_delay(random, 20ms, capabilities.response);
  reaction = draw_delay(random, 50ms, capabilities.triggered);
  boot_time = draw_delay(random, 1s, std::min<base::Nanos>(capabilities.triggered, 60s));
  asks_for_reserved = coin();
  asks_for_turned_away = coin();
  triggered_context = coin();
  firmware_trigger = coin();
  error_without_list = coin();
  refuses_by_error = coin();
  cuts = static_cast<Cuts>(random.below(3));
  start_in = static_cast<StartIn>(random.below(3));
  schedule_shift = std::chrono::milliseconds(random.below(4001)) - 2s;
  says_phases = coin();
  decimal_limits = coin();
  out_of_use = static_cast<OutOfUse>(random.below(3));
  downloading_told_late = coin();
  downloading_repeated = !downloading_told_late && coin();
  image_checked_first = coin();
  boot_after_failed_installation = coin();
  outcome_before_boot = coin();
  outcome_before_statuses = coin();
  installation_time = draw_delay(random, 1s, 600s);
  diagnostics_time = draw_delay(random, 100ms, 120s);
  tells_every_security_event = coin();
  security_events_first = coin();
  profile_needs_reboot = coin();
  returns_to_former_profile = coin();
  hash_algorithm = std::array{"SHA256", "SHA384", "SHA512"}[random.below(3)];
  upper_case_hashes = coin();
  tells_install_rebooting = coin();
  offers_tls13 = coin();
  offers_ecdhe_alone = coin();
  security_events_at_once = coin();
  tells_download_scheduled = coin();
  tells_download_paused = coin();
}

std::string Variations::format_time(base::Micros utc) const {
  std::string text = base::format_utc_millis(utc);  // 2026-01-01T00:00:00.000Z
  if (time_form == TimeForm::millis) return text;
  text.erase(text.size() - 5);
  return text + (time_form == TimeForm::seconds ? "Z" : "+00:00");
}

base::Value Variations::arrange(const base::Value& payload) const {
  if (!reversed_members) return payload;
  base::Value out = payload;
  if (out.is_object()) {
    auto& members = out.as_object();
    std::reverse(members.begin(), members.end());
    for (auto& [key, value] : members) value = arrange(value);
  } else if (out.is_list()) {
    for (auto& item : out.as_list()) item = arrange(item);
  }
  return out;
}

std::string Variations::space(const std::string& json) const {
  if (!spaced_json) return json;
  std::string out;
  bool inside = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    out += c;
    if (inside && c == '\\' && i + 1 < json.size()) {
      out += json[++i];
      continue;
    }
    if (c == '"') inside = !inside;
    if (!inside && (c == ',' || c == ':')) out += ' ';
  }
  return out;
}

}  // namespace plugproof::simulator
