// What one good charge point does differently from another, all of it allowed by the specification.
// Without a seed every choice has its plainest value.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/random.hpp"
#include "engine/base/time.hpp"
#include "engine/base/value.hpp"
#include "simulator/capabilities.hpp"

namespace plugproof::simulator {

struct Variations {
  Variations(std::uint64_t seed, const Capabilities& capabilities);

  // Order. OCPP 1.6 prescribes none between a transaction message and the status that goes with it
  // (sections 4.8, 4.9, 4.10), nor among the StatusNotifications after boot (section 4.2).
  bool charging_before_start = false;
  bool finishing_before_stop = false;
  bool preparing_before_authorize = false;
  enum class BootOrder { ascending, descending, zero_last } boot_order = BootOrder::ascending;

  // Optional messages (sections 4.6, 4.7, 5.14, 4.3).
  bool boot_after_soft_reset = true;
  bool extra_heartbeats = false;
  bool aligned_for_connector_zero = false;
  bool data_transfer = false;
  bool suspended_before_charging = false;  // the vehicle decides when it takes energy (section 4.9)
  bool finishing_after_fixed_cable = false;  // a stop on Finishing before Available (section 4.9)
  bool finishing_after_reset = false;        // or Preparing: both tell that the cable is in
  bool second_tag_withdraws = true;          // free choice of the user interface

  // Local list (sections 5.10, 5.15), reservations (section 5.13), triggers (section 5.17).
  bool error_without_list = false;    // NotSupported as a CALLERROR, or listVersion -1 and a status
  bool asks_for_reserved = true;      // Authorize although the reservation names the idTag
  bool asks_for_turned_away = false;  // Authorize for an idTag that cannot use the reservation
  bool triggered_context = true;      // context Trigger, or none (section 7.43: cardinality 0..1)
  bool firmware_trigger = true;       // FirmwareStatusNotification when triggered

  // After a time without connection or power (sections 3.7, 4.2, 4.9): what is no transaction
  // message may overtake the queue, may be told in full or by its last state only; values of one
  // transaction may share a MeterValues.req; registering again is free; so is whether a transaction
  // goes on when the power is back.
  bool notifications_overtake_queue = false;
  bool every_offline_status = false;
  bool bundle_queued_values = false;
  bool boot_on_reconnect = false;
  bool resume_after_power_loss = false;

  // Optional fields and defaults (sections 6 and 7: cardinality 0..1).
  bool status_timestamp = true;
  bool status_info = false;
  bool boot_details = true;        // serial number, firmware, meter of BootNotification
  bool omit_local_reason = false;  // "Local" is the value when absent (section 6.49)
  bool id_tag_on_remote_stop = false;
  bool omit_defaults = false;   // measurand, context and unit of a sampled value (section 7.43)
  bool state_defaults = false;  // format and location written although they are the defaults
  bool per_phase = false;       // voltages and currents by phase (section 7.43)

  // Charging profiles: a refusal by status or by CALLERROR (errata sheet 4.0 of section 5.16); the
  // composite schedule (sections 6.22, 7.13, 7.14): equal neighbours cut or joined, the start said
  // in one field or in both and a little off, phases said or not, limits with their decimal.
  bool refuses_by_error = false;
  enum class Cuts { none, at_every_profile, anywhere } cuts = Cuts::none;
  enum class StartIn { schedule_start, start_schedule, both } start_in = StartIn::schedule_start;
  base::Nanos schedule_shift{0};
  bool says_phases = false;
  bool decimal_limits = false;

  // Form (RFC 8259, RFC 3339, OCPP-J 1.6 section 4.1.4).
  bool spaced_json = false;
  bool reversed_members = false;
  enum class IdForm { counter, uuid } id_form = IdForm::counter;
  enum class TimeForm { millis, seconds, offset } time_form = TimeForm::millis;

  // Firmware and diagnostics (sections 4.5, 5.9, 5.19): when free connectors are taken out of use,
  // what is told and when, whether a restart follows a failed installation.
  enum class OutOfUse { before_download, before_installation, never };
  OutOfUse out_of_use = OutOfUse::before_download;
  bool downloading_told_late = false;  // not at all when the download fails at once
  bool downloading_repeated = false;
  bool image_checked_first = false;  // no Installing for an image that is damaged
  bool boot_after_failed_installation = true;
  bool outcome_before_boot = false;      // Installed or InstallationFailed
  bool outcome_before_statuses = false;  // ... or after the boot, before the statuses
  base::Nanos installation_time = std::chrono::seconds(5);
  base::Nanos diagnostics_time = std::chrono::seconds(1);  // until the file is there

  // Security (whitepaper, section 8 and use cases A04, A05, L01, M03): events that are not critical
  // are told or not; events before the statuses after a boot or behind them; a new profile at once
  // or after a reboot, and the former one again when nothing answers to it or not; the digest and
  // the case of the digits of certificateHashData; states of a signed update that it may pass in
  // silence.
  bool tells_every_security_event = false;
  bool security_events_first = false;
  bool security_events_at_once = false;  // before the answer or the status that tells the same
  bool profile_needs_reboot = false;
  bool returns_to_former_profile = true;
  std::string hash_algorithm = "SHA256";
  bool upper_case_hashes = false;
  bool tells_install_rebooting = false;
  bool tells_download_scheduled = false;  // also where nothing is waited for
  bool tells_download_paused = false;     // between two attempts
  // TLS (sections 2.4.1 and 2.5.1): version 1.3 offered besides 1.2; one pair of the suites or
  // both.
  bool offers_tls13 = false;
  bool offers_ecdhe_alone = false;

  // How long it thinks: answers within 60 % of the response timeout of the PICS, actions of its own
  // within 60 % of the triggered function timeout.
  base::Nanos response_delay = std::chrono::milliseconds(100);
  base::Nanos reaction = std::chrono::milliseconds(300);
  base::Nanos boot_time = std::chrono::seconds(5);

  std::string format_time(base::Micros utc) const;
  // Members of objects in reverse order, where that was drawn. Lists keep their order.
  base::Value arrange(const base::Value& payload) const;
  // Blanks after commas and colons, where that was drawn.
  std::string space(const std::string& json) const;
};

}  // namespace plugproof::simulator
