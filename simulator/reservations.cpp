#include "simulator/reservations.hpp"

#include <algorithm>

#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Value;

Reservations::Reservations(Station& station) : station_(station), expiry_(station.context.clock) {}

// Nobody uses it and nobody is about to.
bool Reservations::free(int number) const {
  const Context& context = station_.context;
  const Connector& connector = station_.connector(number);
  return connector.transaction == 0 && !connector.authorization && !connector.authorizing &&
         !station_.statuses.plugged(number) && !context.plant.fault &&
         !context.plant.outlet(number).fault &&
         context.memory.operative[static_cast<std::size_t>(number)];
}

const Reservation* Reservations::holding(int number) const {
  const Context& context = station_.context;
  const auto& all = context.memory.reservations;
  for (const auto& reservation : all)
    if (reservation.connector == number) return &reservation;
  // A reservation of the charge point keeps the last connectors that are left.
  const auto whole =
      std::count_if(all.begin(), all.end(), [](const auto& r) { return r.connector == 0; });
  if (whole == 0) return nullptr;
  std::ptrdiff_t left = 0;
  for (int c = 1; c <= context.capabilities.connectors; ++c) {
    const bool own =
        std::any_of(all.begin(), all.end(), [c](const auto& r) { return r.connector == c; });
    // A cable that was put into this one does not make it usable for others.
    if (!own && (free(c) || (c == number && station_.connector(c).transaction == 0))) ++left;
  }
  if (left > whole) return nullptr;
  const auto it =
      std::find_if(all.begin(), all.end(), [](const auto& r) { return r.connector == 0; });
  return &*it;
}

std::string Reservations::refusal_of(int number) const {
  const Context& context = station_.context;
  const Connector& connector = station_.connector(number);
  if (context.plant.fault || context.plant.outlet(number).fault || connector.lock_failure)
    return "Faulted";
  if (!context.memory.operative[static_cast<std::size_t>(number)]) return "Unavailable";
  if (!free(number) || holding(number)) return "Occupied";
  return {};
}

std::string Reservations::refusal_of_all() const {
  const Context& context = station_.context;
  if (!context.configuration.flag("ReserveConnectorZeroSupported")) return "Rejected";
  if (context.plant.fault) return "Faulted";
  std::string first;
  for (int c = 1; c <= context.capabilities.connectors; ++c) {
    const std::string word = refusal_of(c);
    if (word.empty()) return {};
    // Occupied passes: of the others the first one speaks for all.
    if (first.empty() || word == "Occupied") first = word;
  }
  return first;
}

std::string Reservations::reserve(const Value& request) {
  Context& context = station_.context;
  if (context.defects.hit("refuse-reservation")) return "Rejected";
  auto& all = context.memory.reservations;
  Reservation reservation;
  reservation.id = request.int_or("reservationId", 0);
  const std::int64_t number = request.int_or("connectorId", -1);
  const auto expires = base::parse_utc(request.string_or("expiryDate", ""));
  if (number < 0 || number > context.capabilities.connectors || !expires ||
      *expires <= context.now_utc())
    return "Rejected";
  reservation.connector = static_cast<int>(number);
  reservation.id_tag = request.string_or("idTag", "");
  if (const Value* parent = request.find("parentIdTag"); parent && parent->is_string())
    reservation.parent = parent->as_string();
  reservation.expires = *expires;
  if (context.defects.hit("early-reservation-expiry"))
    reservation.expires -= (*expires - context.now_utc()) / 2;
  // The same id replaces the reservation (section 5.13); if the new one is refused the old one
  // stands.
  const auto before = all;
  std::erase_if(all, [&](const auto& r) { return r.id == reservation.id; });
  std::string refusal = number == 0 ? refusal_of_all() : refusal_of(reservation.connector);
  if (!refusal.empty() && !context.defects.hit("reserve-anything")) {
    all = before;
    return refusal;
  }
  all.push_back(std::move(reservation));
  arm();
  return "Accepted";
}

bool Reservations::cancel(std::int64_t id) {
  return std::erase_if(station_.context.memory.reservations,
                       [id](const auto& r) { return r.id == id; }) > 0;
}

void Reservations::end(int number) {
  std::erase_if(station_.context.memory.reservations,
                [number](const auto& r) { return number == 0 || r.connector == number; });
  arm();
}

void Reservations::use(std::int64_t id) {
  cancel(id);
  arm();
}

void Reservations::arm() {
  expiry_.stop();
  Context& context = station_.context;
  const auto& all = context.memory.reservations;
  if (all.empty()) return;
  const auto next = std::min_element(
      all.begin(), all.end(), [](const auto& a, const auto& b) { return a.expires < b.expires; });
  // Never further ahead than a day: the clock may be set meanwhile.
  const base::Micros wait = std::clamp<base::Micros>(next->expires - context.now_utc(),
                                                     base::Micros(0), std::chrono::hours(24));
  expiry_.start(wait, [this] { expire(); });
}

void Reservations::expire() {
  Context& context = station_.context;
  const auto over = [&](const Reservation& r) { return r.expires <= context.now_utc(); };
  auto& all = context.memory.reservations;
  if (std::any_of(all.begin(), all.end(), over)) {
    if (context.defects.hit("no-reservation-expiry")) return;
    std::erase_if(all, over);
    station_.statuses.update_all();
  }
  arm();
}

}  // namespace plugproof::simulator
