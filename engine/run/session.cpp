#include "engine/run/session.hpp"

#include <algorithm>

#include "engine/base/encoding.hpp"

namespace plugproof::run {

using base::Nanos;
using base::Value;

namespace {

const char* type_name(ocpp::MessageType type) {
  return type == ocpp::MessageType::call     ? "call"
         : type == ocpp::MessageType::result ? "result"
                                             : "error";
}

}  // namespace

Session::Session(base::Clock& clock, link::Link& link, Journal& journal, const Pixit& pixit,
                 SessionSettings settings, FindingHandler findings)
    : clock_(clock),
      link_(link),
      journal_(journal),
      pixit_(pixit),
      identity_(std::move(settings.identity)),
      findings_(std::move(findings)),
      seed_(settings.seed),
      random_(settings.seed),
      responder_(pixit, first_transaction_id(settings.seed, settings.state)),
      mask_(std::move(settings.mask_key)),
      security_(settings.vault, settings.security_profile),
      state_(std::move(settings.state)),
      monitors_(
          make_monitors(state_, pixit, [this](Finding finding) { findings_(std::move(finding)); })),
      signal_(clock),
      served_last_(settings.connected_profile.value_or(settings.security_profile)),
      last_frame_(settings.last_frame) {
  for (const auto& [name, value] : pixit.values)
    if (value.is_string()) hide_password(value.as_string());
  link_.on_handshake([this](const link::Handshake& handshake) { return admit(handshake); });
  link_.on_event([this](const link::Event& event) { handle(event); });
}

Session::~Session() {
  link_.on_event([](const link::Event&) {});
  link_.on_handshake([](const link::Handshake&) {
    return link::Admission{503, "the run is over"};
  });
}

void Session::for_monitors(const std::function<void(Monitor&)>& visit) {
  for (const auto& monitor : monitors_) visit(*monitor);
}

void Session::begin_case() {
  delayed_.clear();
  history_.clear();
  attempts_.clear();
  messages_ = bytes_ = 0;
  ++cases_begun_;
  state_.forget_ended_transactions();
}

void Session::hide_password(const std::string& url) {
  hide(password_in(url));
}

void Session::hide(const std::string& secret) {
  if (!secret.empty()) journal_.hide(secret, mask_.digest(secret));
}

std::string Session::concealed(const std::string& frame_text) {
  auto masked = mask_.masked(frame_text);
  for (const auto& secret : masked.secrets) hide(secret);
  return std::move(masked.text);
}

void Session::handle(const link::Event& event) {
  happened(event.at, [&] { dispatch(event); });
}

void Session::happened(Nanos at, const std::function<void()>& record) {
  if (stopped_) return;
  try {
    signal_.advance(at);
    if (stopped_) return;  // by a deadline before the event
    if (signal_.settled() > at) journal_.set_handled(signal_.settled());
    record();
    journal_.set_handled(std::nullopt);
    signal_.notify();
  } catch (const JournalError&) {
    // A link would take the exception for a broken connection and go on: it belongs to the run.
    end_run_with_error();
  }
}

void Session::end_run_with_error() {
  stop();
  clock_.post([error = std::current_exception()] { std::rethrow_exception(error); });
}

void Session::dispatch(const link::Event& event) {
  switch (event.kind) {
    case link::EventKind::connected:
      on_connected(event);
      break;
    case link::EventKind::refused:
      handshake_refused(event);
      break;
    case link::EventKind::failed:
      handshake_failed(event);
      break;
    case link::EventKind::text:
    case link::EventKind::binary:
    case link::EventKind::ping:
    case link::EventKind::pong:
      on_message(event);
      break;
    case link::EventKind::closed:
      on_closed(event);
      break;
  }
}

void Session::on_message(const link::Event& event) {
  const auto connection = static_cast<std::int64_t>(event.connection);
  if (event.kind == link::EventKind::ping || event.kind == link::EventKind::pong) {
    journal_.write(event.at, link::to_string(event.kind),
                   {{"connection", connection}, {"text", base::to_hex(event.text)}});
  } else if (connection_ != event.connection) {
    // Sent on a connection that was replaced or turned away: for the record only.
    const bool binary = event.kind == link::EventKind::binary;
    Value::Object fields{{"connection", connection},
                         {"text", binary ? base::to_hex(event.text) : concealed(event.text)}};
    if (binary) fields.emplace_back("binary", true);
    journal_.write(event.at, "in", fields);
    return;
  } else if (event.kind == link::EventKind::text) {
    on_text(event);
  } else {
    const auto record = journal_.write(
        event.at, "in",
        {{"connection", connection}, {"text", base::to_hex(event.text)}, {"binary", true}});
    for_monitors([&](Monitor& m) { m.on_rubbish(record, "a binary WebSocket message"); });
  }
  if (connection_ != event.connection || !over_the_limit(event)) return;
  const std::string what = "the charge point sent more than " + std::to_string(kMaxMessages) +
                           " messages or " + std::to_string(kMaxBytes >> 20) +
                           " MiB within one test case";
  const auto record = journal_.last_sequence();
  findings_({"flood",
             FindingSeverity::fail,
             what + "; the connection was dropped",
             "a conversation that a central system can follow",
             std::to_string(messages_) + " messages, " + std::to_string(bytes_) + " bytes",
             {},
             record,
             {}});
  lose_connection(event, "the connection was dropped because " + what, record);
  link_.drop(event.connection);
}

bool Session::over_the_limit(const link::Event& event) {
  ++messages_;
  bytes_ += event.text.size();
  return messages_ > kMaxMessages || bytes_ > kMaxBytes;
}

void Session::on_text(const link::Event& event) {
  Value::Object fields{{"connection", static_cast<std::int64_t>(event.connection)},
                       {"text", concealed(event.text)}};
  // Judged is what the record shows, so that it can be judged again: no secret goes any further.
  auto parsed = ocpp::read_frame(fields.back().second.as_string());
  if (!parsed.frame) {
    const auto record = journal_.write(event.at, "in", fields);
    last_frame_ = record;
    on_rubbish(event, parsed.problem.message, parsed.problem.error_code, parsed.problem.id,
               parsed.problem.type, record);
    return;
  }
  const ocpp::Frame& frame = *parsed.frame;
  fields.emplace_back("type", type_name(frame.type));
  fields.emplace_back("id", frame.id);
  if (frame.type != ocpp::MessageType::call) return on_response(event, frame, std::move(fields));
  fields.emplace_back("action", frame.action);
  const auto record = journal_.write(event.at, "in", fields);
  last_frame_ = record;
  on_call(event, frame, record);
}

void Session::on_rubbish(const link::Event& event, const std::string& problem,
                         const std::string& code, const std::optional<std::string>& id,
                         std::optional<int> type, std::int64_t record) {
  for_monitors([&](Monitor& m) { m.on_rubbish(record, problem); });
  // A request that can be told from its id is answered with the error; to anything else there is no
  // answer.
  if (id && (!type || *type == 2) && !following_) send_error(event.connection, *id, code, problem);
}

void Session::on_call(const link::Event& event, const ocpp::Frame& frame, std::int64_t record) {
  history_.push_back({{event.at, journal_.utc(event.at), record, frame},
                      event.connection,
                      false,
                      false,
                      state_.repeats_status(frame.action, frame.payload)});
  const std::size_t index = history_.size() - 1;
  for_monitors([&](Monitor& m) { m.on_call(history_[index].seen); });
  signal_.notify();
  if (history_[index].answered || following_) return;
  std::optional<Reply> advice = advice_ ? advice_(history_[index]) : std::nullopt;
  answer(history_[index], advice.value_or(Reply{}));
}

void Session::on_response(const link::Event& event, ocpp::Frame frame, Value::Object fields) {
  Outstanding* asked = nullptr;
  bool late = false;
  if (outstanding_ && !outstanding_->done && outstanding_->id == frame.id) {
    asked = &*outstanding_;
  } else {
    const auto it = std::find_if(given_up_.begin(), given_up_.end(),
                                 [&](const auto& o) { return o.id == frame.id; });
    if (it != given_up_.end()) {
      asked = &*it;
      late = true;
    }
  }
  if (asked) {
    frame.action = asked->action;
    fields.emplace_back("action", asked->action);
  }
  const auto record = journal_.write(event.at, "in", fields);
  last_frame_ = record;
  const SeenFrame seen{event.at, journal_.utc(event.at), record, std::move(frame)};
  if (!asked) {
    const auto before = std::find_if(answered_.begin(), answered_.end(),
                                     [&](const auto& a) { return a.id == seen.frame.id; });
    for_monitors([&](Monitor& m) {
      if (before == answered_.end())
        m.on_unasked_response(seen);
      else
        m.on_second_response(seen, before->action, before->case_number == cases_begun_);
    });
    return;
  }
  answered_.push_back({asked->id, asked->action, cases_begun_});
  if (answered_.size() > kMaxAnswered) answered_.pop_front();
  for_monitors([&](Monitor& m) { m.on_response(seen, asked->payload, late); });
  if (seen.frame.type == ocpp::MessageType::result) {
    state_.answered_by_charge_point(asked->action, asked->payload, seen.frame.payload);
    key_answered(asked->action, asked->payload, seen.frame.payload.string_or("status", ""));
    if (asked->action == "Reset" && seen.frame.payload.string_or("status", "") == "Accepted")
      expect_loss();
  } else {
    state_.refused_by_charge_point(asked->action, asked->payload);
    key_answered(asked->action, asked->payload, "");
  }
  if (late) {
    const std::string id = asked->id;
    given_up_.erase(std::remove_if(given_up_.begin(), given_up_.end(),
                                   [&](const auto& o) { return o.id == id; }),
                    given_up_.end());
    return;
  }
  CallOutcome& outcome = asked->outcome;
  outcome.kind = seen.frame.type == ocpp::MessageType::result ? CallOutcome::Kind::result
                                                              : CallOutcome::Kind::error;
  outcome.payload = seen.frame.payload;
  outcome.error_code = seen.frame.error_code;
  outcome.error_description = seen.frame.error_description;
  outcome.answered = event.at;
  outcome.response_record = record;
  asked->done = true;
  sample("response", event.at - outcome.sent, outcome.request_record, record);
  // The 2019 report times this one confirmation apart.
  if (asked->action == "RemoteStartTransaction")
    sample("remote_start_response", event.at - outcome.sent, outcome.request_record, record);
}

base::Task<CallOutcome> Session::call(std::string action, Value payload, Nanos timeout,
                                      std::string step) {
  std::optional<Nanos> back_by;  // counted once, however often the charge point comes and goes
  while (outstanding_ || !connected()) {
    if (connected()) {
      co_await wait(Signal::kNever,
                    Signal::kTurn);  // the request before ends by a deadline of its own
      continue;
    }
    if (!back_by) back_by = now() + std::max(timeout, pixit_.seconds("reboot_timeout"));
    const bool woken = co_await wait(*back_by);
    if (!woken && !connected()) {
      CallOutcome lost;
      lost.kind = CallOutcome::Kind::disconnected;
      lost.answered = now();
      co_return lost;
    }
  }
  Outstanding asked{random_.uuid(), action, payload, {}, false};
  Value::Object fields{{"type", "call"}, {"id", asked.id}, {"action", action}};
  if (!step.empty()) fields.emplace_back("step", step);
  Nanos sent_at{0};
  const auto record =
      send(ocpp::write_call(asked.id, action, payload), std::move(fields), &sent_at);
  asked_by_us(action, payload);
  asked.outcome.sent = sent_at;
  asked.outcome.request_record = record;
  outstanding_ = std::move(asked);

  // Gives the request up if this coroutine is destroyed before the answer is there.
  struct GiveUp {
    Session& session;
    ~GiveUp() {
      if (!session.outstanding_ || session.following_) return;
      if (!session.outstanding_->done) session.given_up_.push_back(*session.outstanding_);
      session.outstanding_.reset();
    }
  } give_up{*this};

  while (!outstanding_->done) {
    if (!co_await wait(sent_at + timeout)) break;
  }
  CallOutcome outcome = outstanding_->outcome;
  if (!outstanding_->done) {
    outcome.kind = CallOutcome::Kind::timeout;
    outcome.answered = now();
  }
  co_return outcome;
}

void Session::sample(const std::string& kpi, Nanos duration, std::int64_t from, std::int64_t to) {
  Value::Object fields{
      {"kpi", kpi}, {"seconds", base::to_seconds(duration)}, {"from", from}, {"to", to}};
  const auto declared = pixit_.values.find("declared_" + kpi);
  if (declared != pixit_.values.end()) fields.emplace_back("declared", declared->second);
  journal_.write(now(), "sample", fields);
}

}  // namespace plugproof::run
