// Connections: who is let in, what is recorded of a handshake, and what a connection's beginning
// and end mean for the session.
#include <algorithm>

#include "engine/link/handshake.hpp"
#include "engine/run/session.hpp"

namespace plugproof::run {

using base::Value;

namespace {

constexpr const char* kAuthorizationKey = "AuthorizationKey";

bool offers_ocpp16(const link::Handshake& handshake) {
  const auto& offered = handshake.offered_subprotocols;
  return std::find(offered.begin(), offered.end(), "ocpp1.6") != offered.end();
}

bool changes_key(const std::string& action, const Value& payload) {
  return action == "ChangeConfiguration" && payload.string_or("key", "") == kAuthorizationKey;
}

}  // namespace

Value::Object handshake_fields(const link::Event& event, const SecretMask& mask) {
  Value::List offered;
  for (const auto& name : event.handshake.offered_subprotocols) offered.emplace_back(name);
  Value::Object fields{{"connection", static_cast<std::int64_t>(event.connection)},
                       {"path", event.handshake.path},
                       {"remote", event.handshake.remote},
                       {"offered", Value(std::move(offered))},
                       {"subprotocol", event.handshake.subprotocol}};
  if (event.handshake.authorization)
    fields.emplace_back("authorization", mask.digest(*event.handshake.authorization));
  if (!event.handshake.credentials.is_null())
    fields.emplace_back("credentials", event.handshake.credentials);
  if (!event.handshake.tls.is_null()) fields.emplace_back("tls", event.handshake.tls);
  return fields;
}

Value::Object serve_fields(const Serving& serving) {
  Value::Object fields{{"profile", serving.profile}, {"certificate", serving.certificate}};
  if (serving.tls != link::kProfileOffer) fields.emplace_back("tls", serving.tls);
  return fields;
}

link::Admission Session::admit(const link::Handshake& handshake) {
  if (!identity_.empty() && handshake.identity != identity_)
    return {404,
            "the charge point under test is '" + identity_ + "', not '" + handshake.identity + "'"};
  return security_.admit(handshake);
}

// What the header says is found out once, where the bench's keys are.
link::Event Session::with_credentials(link::Event event) const {
  event.handshake.credentials = security_.credentials(event.handshake);
  return event;
}

void Session::attempted(const link::Event& event, std::int64_t record) {
  // Of who tries without end the last ones are enough.
  if (attempts_.size() == kMaxAttempts) attempts_.erase(attempts_.begin());
  Value facts = Value::object({{"path", event.handshake.path},
                               {"identity", event.handshake.identity},
                               {"admitted", event.kind == link::EventKind::connected}});
  if (!event.handshake.credentials.is_null()) facts.set("credentials", event.handshake.credentials);
  if (!event.handshake.tls.is_null()) facts.set("tls", event.handshake.tls);
  attempts_.push_back({event.at, record, event.kind, event.reason, std::move(facts)});
}

void Session::handshake_refused(const link::Event& came) {
  const link::Event event = with_credentials(came);
  auto fields = handshake_fields(event, mask_);
  fields.emplace_back("status", event.status);
  fields.emplace_back("reason", event.reason);
  attempted(event, journal_.write(event.at, "refused", fields));
  last_refusal_ = event.reason + " (HTTP " + std::to_string(event.status) + " to " +
                  event.handshake.remote + ")";
  if (refused_) refused_(last_refusal_);
}

void Session::handshake_failed(const link::Event& event) {
  Value::Object fields{{"remote", event.handshake.remote}, {"reason", event.reason}};
  if (!event.handshake.tls.is_null()) fields.emplace_back("tls", event.handshake.tls);
  attempted(event, journal_.write(event.at, "failed", fields));
  last_refusal_ = event.reason;
  if (refused_) refused_(last_refusal_);
}

void Session::asked_by_us(const std::string& action, const Value& payload) {
  state_.asked_by_us(action, payload);
  if (changes_key(action, payload)) security_.key_asked(payload.string_or("value", ""));
}

void Session::key_answered(const std::string& action, const Value& request,
                           const std::string& status) {
  if (!changes_key(action, request)) return;
  security_.key_answered(status == "Accepted", status == "RebootRequired");
}

Vault::Made Session::make(const std::string& thing, const Value& arguments) {
  auto made = security_.make(thing, arguments);
  Value::Object fields{{"thing", thing}, {"arguments", arguments}};
  if (made.reason.empty())
    fields.emplace_back("value", security_.is_secret(thing)
                                     ? Value(mask_.digest(made.value.as_string()))
                                     : made.value);
  else
    fields.emplace_back("reason", made.reason);
  if (made.reason.empty() && security_.is_secret(thing) && !is_digest(made.value.as_string()))
    hide(made.value.as_string());
  journal_.write(now(), "make", fields);
  return made;
}

void Session::serve(const Serving& serving) {
  Value::Object fields = serve_fields(serving);
  try {
    security_.serve(link_, serving);
  } catch (const base::InputError& e) {
    fields.emplace_back("reason", e.what());
    journal_.write(now(), "serve", fields);
    throw;
  }
  journal_.write(now(), "serve", fields);
}

void Session::on_connected(const link::Event& came) {
  const link::Event event = with_credentials(came);
  if (identity_.empty()) identity_ = event.handshake.identity;
  journal_.set_dut(identity_);
  const auto record = journal_.write(event.at, "connected", handshake_fields(event, mask_));
  attempted(event, record);
  if (!offers_ocpp16(event.handshake)) {
    // The handshake ends without a subprotocol, then the connection (OCPP-J 1.6 section 3.1.2).
    findings_({"subprotocol", FindingSeverity::fail,
               "the charge point does not offer the WebSocket subprotocol ocpp1.6",
               "ocpp1.6 in Sec-WebSocket-Protocol",
               event.handshake.offered_subprotocols.empty()
                   ? "no subprotocol"
                   : event.handshake.offered_subprotocols.front(),
               "Sec-WebSocket-Protocol", record, "OCPP-J 1.6 section 3.1.2"});
    link_.close(event.connection, 1002, "no common subprotocol");
    return;
  }
  if (connection_) {
    // The charge point lost the old one without our noticing; the new one counts.
    const auto old = *connection_;
    lose_connection(event, "the charge point opened another connection", record);
    if (!loss_expected_)
      findings_({"second-connection",
                 FindingSeverity::remark,
                 "the charge point opened a second connection while the first was open; the first "
                 "was closed",
                 {},
                 {},
                 {},
                 record,
                 "OCPP-J 1.6 section 3"});
    link_.close(old, 1001, "replaced by a new connection");
  }
  loss_expected_ = false;
  security_.connected(event.handshake.credentials);
  served_last_ = security_.profile();
  connection_began_ = event.at;
  connection_ = event.connection;
  handshake_ = event.handshake;
  for_monitors([&](Monitor& m) { m.on_connected(event, record); });
}

void Session::on_closed(const link::Event& event) {
  const auto record = journal_.write(event.at, "closed",
                                     {{"connection", static_cast<std::int64_t>(event.connection)},
                                      {"how", link::to_string(event.how)},
                                      {"code", event.code},
                                      {"reason", event.reason}});
  if (connection_ != event.connection) return;
  lose_connection(event,
                  std::string("the connection ended (") + link::to_string(event.how) + ", code " +
                      std::to_string(event.code) +
                      (event.reason.empty() ? "" : ", " + event.reason) + ")",
                  record);
  if (event.how == link::ClosedHow::protocol)
    findings_({"websocket",
               FindingSeverity::fail,
               "the charge point broke the WebSocket protocol: " + event.reason,
               "RFC 6455",
               "close code " + std::to_string(event.code),
               {},
               record,
               "OCPP-J 1.6 section 3"});
}

void Session::lose_connection(const link::Event& event, const std::string& how,
                              std::int64_t record) {
  const auto lost = *connection_;
  connection_.reset();
  last_loss_ = how + " at " + base::format_utc_millis(journal_.utc(event.at));
  for (auto& call : history_)
    if (call.connection == lost) call.answered = true;  // nothing left to answer to
  if (outstanding_ && !outstanding_->done) {
    outstanding_->outcome.kind = CallOutcome::Kind::disconnected;
    outstanding_->outcome.answered = event.at;
    outstanding_->done = true;
    // Which key is in force, the next connection tells.
    if (changes_key(outstanding_->action, outstanding_->payload)) security_.forget_key();
  }
  given_up_.clear();
  for_monitors([&](Monitor& m) { m.on_closed(event, record); });
}

}  // namespace plugproof::run
