// Requests of the central system: checked, done and answered (OCPP 1.6 section 5).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/value.hpp"
#include "engine/ocpp/frame.hpp"

namespace plugproof::simulator {

struct Station;

class RequestDesk {
 public:
  explicit RequestDesk(Station& station) : station_(station) {}

  void received(const ocpp::Frame& frame);

 private:
  // The payload of the answer, and what is to be done once it is sent.
  struct Reply {
    base::Value payload;
    std::function<void()> then;
    std::string error_code;  // instead of a payload
    std::string description;
  };
  using Handler = Reply (RequestDesk::*)(const base::Value&);
  struct Entry {
    const char* action;
    const char* profile;  // that must be claimed, or one of the following
    Handler handler;
  };
  // Any security profile; one with roots to keep; one with client certificates; secure firmware.
  static constexpr std::string_view kSecurity = "security", kStore = "store",
                                    kClientCertificate = "client certificate",
                                    kSecureFirmware = "secure firmware";
  static const Entry* find(const std::string& action);

  bool available(const Entry& entry) const;
  void perform(const ocpp::Frame& frame);

  Reply certificate_signed(const base::Value& request);
  Reply change_availability(const base::Value& request);
  Reply cancel_reservation(const base::Value& request);
  Reply change_configuration(const base::Value& request);
  Reply clear_cache(const base::Value& request);
  Reply clear_charging_profile(const base::Value& request);
  Reply data_transfer(const base::Value& request);
  Reply delete_certificate(const base::Value& request);
  Reply extended_trigger_message(const base::Value& request);
  Reply get_log(const base::Value& request);
  Reply get_composite_schedule(const base::Value& request);
  Reply get_configuration(const base::Value& request);
  Reply get_diagnostics(const base::Value& request);
  Reply get_installed_certificate_ids(const base::Value& request);
  Reply get_local_list_version(const base::Value& request);
  Reply install_certificate(const base::Value& request);
  Reply remote_start(const base::Value& request);
  Reply remote_stop(const base::Value& request);
  Reply reserve_now(const base::Value& request);
  Reply reset(const base::Value& request);
  Reply send_local_list(const base::Value& request);
  Reply set_charging_profile(const base::Value& request);
  Reply signed_update_firmware(const base::Value& request);
  Reply trigger_message(const base::Value& request);
  Reply unlock_connector(const base::Value& request);
  Reply update_firmware(const base::Value& request);

  // What TriggerMessage.req and ExtendedTriggerMessage.req have in common; nothing for a message
  // that it does not know.
  std::optional<Reply> trigger(const base::Value& request);
  Reply send_soon(std::function<void()> send);
  Reply set_security_profile(const std::string& value);
  Reply set_authorization_key(const std::string& value);

  int choose_connector(const std::string& id_tag) const;
  std::function<void()> update_statuses_soon();
  void configuration_changed(const std::string& key);

  Station& station_;
};

}  // namespace plugproof::simulator
