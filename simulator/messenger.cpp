#include "simulator/messenger.hpp"

#include <algorithm>

namespace plugproof::simulator {

namespace {

using namespace std::chrono_literals;

// How long an answer is waited for before the request counts as failed.
constexpr base::Nanos kAnswerTimeout = 30s;

std::string with_id(std::string text, const std::string& id) {
  const std::string mark = "$id";
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + id.size()))
    text.replace(at, mark.size(), id);
  return text;
}

}  // namespace

Messenger::Messenger(Context& context, link::ClientFactory clients, std::string url, Events events)
    : context_(context),
      clients_(std::move(clients)),
      url_(std::move(url)),
      events_(std::move(events)),
      reconnect_(context.clock),
      answer_timeout_(context.clock),
      retry_(context.clock),
      delay_(context.clock),
      ping_(context.clock),
      handshake_(context.clock),
      sweep_(context.clock),
      delays_(context.clock) {}

Messenger::~Messenger() {
  shut_down();
}

void Messenger::registered(bool yes) {
  registered_ = yes;
  if (yes) pump();
}

bool Messenger::idle() const {
  return queue_.empty() && context_.memory.queue.empty() && outstanding_.empty();
}

void Messenger::call(const std::string& action, base::Value payload, OnAnswer on_answer,
                     bool urgent) {
  Pending request;
  request.sequence = ++context_.memory.last_sequence;
  request.action = action;
  request.payload = std::move(payload);
  request.on_answer = std::move(on_answer);
  request.urgent = urgent;
  if (!online()) {
    delays_.after(0s, [answer = std::move(request.on_answer)] {
      if (answer) answer({.how = Answer::How::offline, .payload = {}, .error_code = {}});
    });
    return;
  }
  queue_.push_back(std::move(request));
  pump();
}

void Messenger::store(const std::string& action, base::Value payload, std::uint64_t transaction) {
  Memory& memory = context_.memory;
  if (!online() && context_.defects.on("lose-offline-messages") &&
      context_.defects.hit("lose-offline-messages"))
    return;
  memory.queue.push_back({++memory.last_sequence, action, std::move(payload), transaction, 0});
  if (online()) {
    memory.queue.insert(memory.queue.end(), withheld_.begin(), withheld_.end());
    withheld_.clear();
  }
  if (memory.queue.size() > Memory::kMaxStored) {
    // Never the first one: it may be under way.
    const auto oldest =
        std::find_if(memory.queue.begin() + 1, memory.queue.end(),
                     [](const StoredMessage& m) { return m.action == "MeterValues"; });
    if (oldest != memory.queue.end()) memory.queue.erase(oldest);
  }
  pump();
}

// Sends until something is under way or nothing may be sent. Not re-entrant: an answer may arrive
// from within a send when both ends live in one process.
void Messenger::pump() {
  if (pumping_) return;
  pumping_ = true;
  while (!down_ && online() && !delay_.running() &&
         (outstanding_.empty() ||
          (outstanding_.size() < 8 && context_.defects.on("two-calls-at-once")))) {
    const bool overlapping = !outstanding_.empty();
    if (!send_next()) break;
    if (overlapping) context_.defects.hit("two-calls-at-once");
  }
  pumping_ = false;
}

bool Messenger::send_next() {
  const auto first = std::find_if(queue_.begin(), queue_.end(),
                                  [this](const Pending& p) { return p.urgent || registered_; });
  const bool stored_under_way = std::any_of(outstanding_.begin(), outstanding_.end(),
                                            [](const auto& entry) { return entry.second.stored; });
  const bool stored =
      registered_ && !context_.memory.queue.empty() && !retry_.running() && !stored_under_way;
  if (first == queue_.end()) return stored && send_stored();
  if (stored && !context_.variations.notifications_overtake_queue &&
      context_.memory.queue.front().sequence < first->sequence)
    return send_stored();
  std::rotate(queue_.begin(), first, first + 1);
  return send_pending();
}

bool Messenger::send_pending() {
  if (!plan(queue_.front(), false)) return !delay_.running();
  Pending request = std::move(queue_.front());
  queue_.pop_front();
  return transmit(std::move(request), false);
}

// Values of one transaction that wait one behind the other may share a request.
void Messenger::bundle_values() {
  auto& queue = context_.memory.queue;
  const StoredMessage& head = queue.front();
  const bool planned = stored_head_ && stored_head_sequence_ == head.sequence;
  if (!context_.variations.bundle_queued_values || planned || head.action != "MeterValues" ||
      head.attempts > 0)
    return;
  const auto bundled = std::find_if(queue.begin() + 1, queue.end(), [&](const StoredMessage& m) {
    return m.action != "MeterValues" || m.transaction != head.transaction;
  });
  base::Value& values = *queue.front().payload.find("meterValue");
  for (auto it = queue.begin() + 1; it != bundled; ++it)
    for (const auto& value : it->payload.find("meterValue")->as_list()) values.push_back(value);
  queue.erase(queue.begin() + 1, bundled);
}

// What a defect does to the queue when there is a connection again.
void Messenger::disturb_queue() {
  auto& queue = context_.memory.queue;
  if (queue.size() > 1 && context_.defects.hit("reversed-queue"))
    std::reverse(queue.begin(), queue.end());
  if (!queue.empty() && context_.defects.hit("new-before-queue"))
    withheld_.insert(withheld_.end(), queue.begin(), queue.end());
  if (!withheld_.empty()) queue.clear();
}

bool Messenger::send_stored() {
  bundle_values();
  StoredMessage& message = context_.memory.queue.front();
  if (!stored_head_ || stored_head_sequence_ != message.sequence) {
    stored_head_ = Pending{};
    stored_head_sequence_ = message.sequence;
    stored_head_->sequence = message.sequence;
    stored_head_->action = message.action;
    stored_head_->payload = events_.complete(message);
  }
  if (!plan(*stored_head_, true)) return !delay_.running();
  ++message.attempts;
  return transmit(*stored_head_, true);
}

// Applies the defects to the request that is due. False when it is not to be sent now: held,
// omitted or delayed, which has then been seen to.
bool Messenger::plan(Pending& request, bool stored) {
  if (request.plan) return true;
  if (request.untouched) {
    request.plan.emplace();
    request.plan->action = request.action;
    request.plan->payload = request.payload;
    return true;
  }
  request.plan = context_.defects.plan_request(request.action, request.payload);
  const RequestPlan& plan = *request.plan;
  const auto take_away = [&] {
    Pending copy = request;
    if (stored) {
      if (plan.omit) return copy;
      context_.memory.queue.pop_front();
      stored_head_.reset();
    } else {
      queue_.pop_front();
    }
    return copy;
  };
  const Answer accepted{.how = Answer::How::result,
                        .payload = accepting_answer(request.action, context_.timestamp()),
                        .error_code = {}};
  if (plan.omit) {
    finish({take_away(), stored}, accepted);
    return false;
  }
  if (plan.held_by) {
    const std::size_t rule = *plan.held_by;
    Pending copy = take_away();
    copy.untouched = true;
    copy.plan->held_by.reset();
    OnAnswer on_answer = std::move(copy.on_answer);
    copy.on_answer = {};
    held_[rule].push_back(std::move(copy));
    if (on_answer) on_answer(accepted);
    return false;
  }
  if (plan.delay > 0s) {
    delay_.start(plan.delay, [this] { pump(); });
    return false;
  }
  return true;
}

std::string Messenger::next_id(const RequestPlan& plan) {
  if (plan.reuse_id && !last_id_.empty()) return last_id_;
  if (!last_id_.empty() && context_.defects.hit("same-message-id")) return last_id_;
  if (context_.variations.id_form == Variations::IdForm::uuid) return context_.random.uuid();
  return std::to_string(++context_.memory.last_message_id);
}

bool Messenger::transmit(Pending request, bool stored) {
  const RequestPlan plan = *request.plan;
  const std::string id = next_id(plan);
  last_id_ = id;
  const std::string text = plan.raw
                               ? with_id(*plan.raw, id)
                               : context_.variations.space(ocpp::write_call(
                                     id, plan.action, context_.variations.arrange(plan.payload)));
  const std::string action = request.action;
  const base::Value payload = request.payload;
  const bool untouched = request.untouched;
  // Before sending: the answer may come from within.
  outstanding_[id] = {std::move(request), stored};
  answer_timeout_.start(kAnswerTimeout, [this] {
    std::vector<std::string> ids;
    for (const auto& [key, out] : outstanding_) ids.push_back(key);
    for (const auto& key : ids)
      answered(key, {.how = Answer::How::timeout, .payload = {}, .error_code = {}});
  });
  if (!send_text(text)) return false;
  if (untouched) return true;
  if (plan.duplicate) {
    Pending copy;
    copy.action = plan.action;
    copy.payload = plan.payload;
    copy.urgent = true;
    copy.untouched = true;
    queue_.push_front(std::move(copy));
  }
  after_sending(action, payload);
  return true;
}

bool Messenger::send_text(const std::string& text) {
  if (!online()) return false;
  if (context_.defects.hit("binary-frames")) return client_->send_binary(text);
  return client_->send(text);
}

// Requests that a defect adds behind this one, or that were held back for it.
void Messenger::after_sending(const std::string& action, const base::Value& payload) {
  for (auto& extra : context_.defects.extras_after(action, payload)) {
    Pending request;
    request.sequence = ++context_.memory.last_sequence;
    request.action = std::move(extra.action);
    request.payload = std::move(extra.payload);
    request.urgent = true;
    request.untouched = true;
    queue_.push_back(std::move(request));
  }
  for (const std::size_t rule : context_.defects.released_by(action, payload)) {
    auto& held = held_[rule];
    while (!held.empty()) {
      held.back().urgent = true;
      queue_.push_front(std::move(held.back()));
      held.pop_back();
    }
  }
}

void Messenger::received(std::string_view text) {
  const ocpp::FrameResult read = ocpp::read_frame(text);
  if (!read.frame) {
    context_.log("unreadable message: " + read.problem.message);
    // A broken answer is not answered (OCPP-J 1.6 section 4.2.3 speaks of requests only).
    if (read.problem.id && read.problem.type.value_or(2) == 2)
      respond_error(*read.problem.id, read.problem.error_code, read.problem.message);
    return;
  }
  const ocpp::Frame& frame = *read.frame;
  if (frame.type == ocpp::MessageType::call) return events_.request(frame);
  if (frame.type == ocpp::MessageType::result)
    return answered(frame.id,
                    {.how = Answer::How::result, .payload = frame.payload, .error_code = {}});
  answered(frame.id, {.how = Answer::How::error, .payload = {}, .error_code = frame.error_code});
}

void Messenger::answered(const std::string& id, const Answer& answer) {
  const auto it = outstanding_.find(id);
  if (it == outstanding_.end()) {
    context_.log("answer to nothing: " + id);
    return;
  }
  Outstanding done = std::move(it->second);
  outstanding_.erase(it);
  if (outstanding_.empty()) answer_timeout_.stop();
  finish(done, answer);
  pump();
}

void Messenger::finish(const Outstanding& done, const Answer& answer) {
  if (!done.stored) {
    if (done.request.on_answer) done.request.on_answer(answer);
    return;
  }
  auto& queue = context_.memory.queue;
  if (queue.empty() || queue.front().sequence != done.request.sequence) return;
  const StoredMessage message = queue.front();
  const auto attempts = context_.configuration.number("TransactionMessageAttempts");
  if (!answer.ok() && message.attempts < attempts && !context_.defects.on("no-message-retry")) {
    // The wait grows with every attempt (OCPP 1.6 section 9.1).
    const auto interval = context_.configuration.number("TransactionMessageRetryInterval");
    auto wait = std::min<std::int64_t>(interval * message.attempts, 30LL * 86400);
    if (wait > 1 && context_.defects.hit("retry-too-early")) wait = 1;
    retry_.start(std::chrono::seconds(wait), [this] { pump(); });
    return;
  }
  if (!answer.ok() && message.attempts < attempts) context_.defects.hit("no-message-retry");
  queue.pop_front();
  stored_head_.reset();
  events_.delivered(message, answer);
}

void Messenger::respond(const ocpp::Frame& request, const base::Value& payload,
                        std::function<void()> then) {
  const ResponsePlan plan =
      context_.defects.plan_response(request.action, request.payload, payload);
  // Drawn numbers will not do: the other end may have drawn the same ones from the same seed.
  const std::string id = plan.wrong_id ? "x" + request.id.substr(1) : request.id;
  const std::string text = plan.raw ? with_id(*plan.raw, id)
                                    : context_.variations.space(ocpp::write_result(
                                          id, context_.variations.arrange(plan.payload)));
  const auto send = [this, request, text, omit = plan.omit, then = std::move(then),
                     connection = connection_] {
    if (!omit && connection == connection_) send_text(text);
    after_sending(request.action, request.payload);
    if (then) then();
    pump();
  };
  if (plan.delay > 0s) {
    delays_.after(plan.delay, send);
  } else {
    send();
  }
}

void Messenger::respond_error(const std::string& id, const std::string& code,
                              const std::string& description) {
  send_text(ocpp::write_error(id, code, description, base::Value(base::Value::Object{})));
}

base::Value accepting_answer(const std::string& action, const std::string& current_time) {
  using base::Value;
  const Value accepted = Value::object({{"status", "Accepted"}});
  if (action == "BootNotification")
    return Value::object(
        {{"status", "Accepted"}, {"currentTime", current_time}, {"interval", 300}});
  if (action == "Heartbeat") return Value::object({{"currentTime", current_time}});
  if (action == "Authorize") return Value::object({{"idTagInfo", accepted}});
  if (action == "StartTransaction")
    return Value::object({{"transactionId", 2000000001}, {"idTagInfo", accepted}});
  return Value(Value::Object{});
}

}  // namespace plugproof::simulator
