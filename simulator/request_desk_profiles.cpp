// Requests of the optional feature profiles: local list, reservation, firmware management.
#include <algorithm>

#include "simulator/request_desk.hpp"
#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Value;

namespace {
Value status(const std::string& word) {
  return Value::object({{"status", word}});
}
}  // namespace

RequestDesk::Reply RequestDesk::get_local_list_version(const Value&) {
  return {Value::object({{"listVersion", station_.local_list.version()}}), {}, {}, {}};
}

RequestDesk::Reply RequestDesk::send_local_list(const Value& request) {
  return {status(station_.local_list.update(request)), {}, {}, {}};
}

RequestDesk::Reply RequestDesk::reserve_now(const Value& request) {
  // Not configured for reservations, or not yet registered: Rejected (section 5.13).
  if (!station_.context.capabilities.has_profile("Reservation") ||
      !station_.registration.accepted())
    return {status("Rejected"), {}, {}, {}};
  const std::string word = station_.reservations.reserve(request);
  return {status(word), update_statuses_soon(), {}, {}};
}

RequestDesk::Reply RequestDesk::cancel_reservation(const Value& request) {
  const std::int64_t id = request.int_or("reservationId", -1);
  Defects& defects = station_.context.defects;
  if (defects.hit("refuse-cancel-reservation")) return {status("Rejected"), {}, {}, {}};
  const auto& all = station_.context.memory.reservations;
  const bool known =
      std::any_of(all.begin(), all.end(), [id](const auto& r) { return r.id == id; });
  if (known && defects.hit("keep-cancelled-reservation")) return {status("Accepted"), {}, {}, {}};
  if (!station_.reservations.cancel(id))
    return {
        status(defects.hit("cancel-unknown-reservation") ? "Accepted" : "Rejected"), {}, {}, {}};
  return {status("Accepted"), update_statuses_soon(), {}, {}};
}

RequestDesk::Reply RequestDesk::update_firmware(const Value& request) {
  return {
      Value(Value::Object{}), [this, request] { station_.firmware.requested(request); }, {}, {}};
}

RequestDesk::Reply RequestDesk::get_diagnostics(const Value& request) {
  const std::string name = station_.logs.diagnostics_requested(request);
  // Without a name there is nothing to upload (section 5.9).
  if (name.empty()) return {Value(Value::Object{}), {}, {}, {}};
  return {Value::object({{"fileName", name}}), [this] { station_.logs.begin(); }, {}, {}};
}

std::function<void()> RequestDesk::update_statuses_soon() {
  return [this] {
    station_.delays.after(station_.context.variations.reaction,
                          [this] { station_.statuses.update_all(); });
  };
}

}  // namespace plugproof::simulator
