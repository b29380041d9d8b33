// One charge point under test: its connection, the history of its requests, our requests to it. The
// session records, answers and remembers; what a message means for a test case is decided above it.
#pragma once

#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/random.hpp"
#include "engine/base/task.hpp"
#include "engine/link/link.hpp"
#include "engine/run/journal.hpp"
#include "engine/run/monitor.hpp"
#include "engine/run/protocol_state.hpp"
#include "engine/run/responder.hpp"
#include "engine/run/secrets.hpp"
#include "engine/run/security.hpp"
#include "engine/run/signal.hpp"

namespace plugproof::run {

// A request of the charge point, kept in the order of arrival.
struct InboundCall {
  SeenFrame seen;
  link::ConnectionId connection = 0;
  bool answered = false;
  bool taken = false;           // by a step, or passed over by one: not to be matched again
  bool repeats_status = false;  // only repeats the status that the connector was known to have
};

// An attempt to connect: one that was let in, refused, or came to nothing.
struct Attempt {
  base::Nanos at{0};
  std::int64_t record = 0;
  link::EventKind kind = link::EventKind::connected;  // connected, refused or failed
  std::string reason;                                 // of the latter two
  base::Value facts;                                  // path, identity, admitted, credentials, tls
  bool taken = false;                                 // by a step
};

// How an inbound call is to be answered.
struct Reply {
  enum class Kind { result, error, none };
  Kind kind = Kind::result;
  base::Value overlay;  // of a result: laid over the default response
  std::string error_code, error_description;
  base::Nanos delay{0};  // from the arrival of the request to the answer
};

// What became of a request of ours.
struct CallOutcome {
  enum class Kind { result, error, timeout, disconnected };
  Kind kind = Kind::timeout;
  base::Value payload;  // of a result
  std::string error_code, error_description;
  base::Nanos sent{0}, answered{0};
  std::int64_t request_record = 0, response_record = 0;
};

struct SessionSettings {
  std::string identity;  // empty: whoever connects first
  std::uint64_t seed = 1;
  std::string mask_key;  // for secrets in the journal
  // What the conversation had come to when an earlier process ended.
  ProtocolState state{};
  std::optional<std::int64_t> last_frame{};
  Vault* vault = nullptr;    // absent: connections have no security
  int security_profile = 0;  // that the link serves already
  // With which the charge point connected last, when that was before; nothing: that one too.
  std::optional<int> connected_profile{};
};

class Session {
 public:
  // What a charge point may send within one test case. Beyond either the connection is dropped and
  // the case fails: all requests of a case are kept, and every waiting step looks through them.
  static constexpr std::size_t kMaxMessages = 2'000;
  static constexpr std::size_t kMaxBytes = 32 << 20;
  static constexpr std::size_t kMaxAttempts = 500;

  using FindingHandler = std::function<void(Finding)>;
  // Asked for every inbound call that no waiting step has answered; nothing: the default response.
  using ReplyAdvice = std::function<std::optional<Reply>(const InboundCall&)>;

  Session(base::Clock& clock, link::Link& link, Journal& journal, const Pixit& pixit,
          SessionSettings settings, FindingHandler findings);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const std::string& identity() const { return identity_; }
  bool connected() const { return connection_.has_value(); }
  std::optional<link::ConnectionId> connection() const { return connection_; }
  const link::Handshake& handshake() const { return handshake_; }
  // When the connection that there is, or was last, was made.
  base::Nanos connection_began() const { return connection_began_; }
  // Why and when the last connection ended, for people; empty before that.
  const std::string& last_loss() const { return last_loss_; }
  // Why the last attempt to connect came to nothing; empty when none has.
  const std::string& last_refusal() const { return last_refusal_; }

  base::Nanos now() const { return signal_.now(); }
  base::Micros utc() const { return journal_.utc(now()); }
  Signal::Wait wait(base::Nanos deadline, Signal::Rank rank = Signal::kFirst) {
    return signal_.wait(deadline, rank);
  }
  // Something outside the connection happened at that time (a rig is done, a file server saw
  // something): `record` takes note of it in its place in time, then who waits is woken.
  void happened(
      base::Nanos at, const std::function<void()>& record = [] {});
  // A password in that URL never enters the journal.
  void hide_password(const std::string& url);

  std::vector<InboundCall>& history() { return history_; }
  // Of this case.
  std::vector<Attempt>& attempts() { return attempts_; }
  Security& security() { return security_; }
  const Security& security() const { return security_; }
  // New connections must bring that from now on. Throws base::InputError when the bench cannot;
  // that is in the journal as well.
  void serve(const Serving& serving);
  // Of keys and certificates (engine/run/vault.hpp); what came of it is in the journal.
  Vault::Made make(const std::string& thing, const base::Value& arguments);
  // The security profile with which the charge point connected last.
  int served_last() const { return served_last_; }
  // Forgets the history. Not while an event is handled: only after a deadline, or between events.
  void begin_case();
  // All that belongs to the case has happened: what did not come until now, did not come in it.
  void case_is_over() {
    for_monitors([this](Monitor& monitor) { monitor.on_case_over(now()); });
  }
  // Takes no notice of anything from now on: the run is over.
  void stop() { stopped_ = true; }
  // At once, or when the reply's delay is over. A delayed answer is given up when its connection is
  // gone, and with begin_case() and stop().
  void answer(InboundCall& call, const Reply& reply);
  // Sends what is still delayed now: a case is over and its charge point must be free again.
  void send_delayed_answers();
  // The connection may end now without our noticing (power cut, reset): when the charge point opens
  // a new one, that is nothing to remark on.
  void expect_loss() { loss_expected_ = true; }
  // A finding that is no monitor's.
  void report(Finding finding) { findings_(std::move(finding)); }
  // Told why a handshake was refused or a connection came to nothing.
  void on_refused(std::function<void(const std::string&)> handler) {
    refused_ = std::move(handler);
  }
  // One more watcher of the conversation, from now on.
  void add_monitor(std::unique_ptr<Monitor> monitor) { monitors_.push_back(std::move(monitor)); }
  void set_reply_advice(ReplyAdvice advice) { advice_ = std::move(advice); }

  // Sends a request and waits for its answer, after the request before it has ended. Without a
  // connection it waits for one, as long as a reboot may take.
  // `step` labels the frame in the journal.
  base::Task<CallOutcome> call(std::string action, base::Value payload, base::Nanos timeout,
                               std::string step);

  // Follows a record from now on, or leads again. While it follows it answers nothing of its own
  // accord: what was sent is told by follow(), and what comes is taken note of as always.
  void set_following(bool following);
  // A message that was sent at that time; `record` is its number in the journal.
  void follow(link::ConnectionId connection, const std::string& text, base::Nanos at,
              std::int64_t record);
  // The link asks and shows that from then on.
  void follow_served(const Serving& serving) { security_.served(serving); }
  // What is drawn next is what would be drawn after that many requests of ours and transactions.
  void restart_choices(std::int64_t requests, std::int64_t transactions);

  const ProtocolState& state() const { return state_; }
  // Sequence number of the last frame in either direction; nothing before the first.
  std::optional<std::int64_t> last_frame() const { return last_frame_; }
  Journal& journal() { return journal_; }
  const Pixit& pixit() const { return pixit_; }
  link::Link& link() { return link_; }
  base::Clock& clock() { return clock_; }
  // A KPI sample into the journal. `declared` in seconds, from the PICS.
  void sample(const std::string& kpi, base::Nanos duration, std::int64_t from, std::int64_t to);

 private:
  struct Outstanding {
    std::string id, action;
    base::Value payload;
    CallOutcome outcome;
    bool done = false;
  };

  // A request of ours that has its answer.
  struct Answered {
    std::string id, action;
    int case_number = 0;  // in which the answer came
  };
  static constexpr std::size_t kMaxAnswered = 64;

  // An answer that waits for its time.
  struct Delayed {
    SeenFrame seen;
    link::ConnectionId connection = 0;
    Reply reply;
    base::Nanos due{0};
    base::Task<> task;
  };

  base::Task<> answer_when_due(const Delayed& delayed);
  // Never enters the journal from now on.
  void hide(const std::string& secret);
  // A frame as the journal may show it; what it gives away is hidden in every later record too.
  std::string concealed(const std::string& frame_text);
  void send_answer(const SeenFrame& seen, link::ConnectionId connection, const Reply& reply);
  void end_run_with_error();
  link::Admission admit(const link::Handshake& handshake);
  void handle(const link::Event& event);
  void dispatch(const link::Event& event);
  void on_message(const link::Event& event);
  bool over_the_limit(const link::Event& event);
  // The connection is gone, or as good as gone: nothing comes or goes on it any more.
  void lose_connection(const link::Event& event, const std::string& how, std::int64_t record);
  link::Event with_credentials(link::Event event) const;
  void attempted(const link::Event& event, std::int64_t record);
  void asked_by_us(const std::string& action, const base::Value& payload);
  void key_answered(const std::string& action, const base::Value& request,
                    const std::string& status);
  void on_connected(const link::Event& came);
  void handshake_refused(const link::Event& came);
  void handshake_failed(const link::Event& event);
  void on_closed(const link::Event& event);
  void on_text(const link::Event& event);
  void on_call(const link::Event& event, const ocpp::Frame& frame, std::int64_t record);
  void on_response(const link::Event& event, ocpp::Frame frame, base::Value::Object fields);
  void on_rubbish(const link::Event& event, const std::string& problem, const std::string& code,
                  const std::optional<std::string>& id, std::optional<int> type,
                  std::int64_t record);
  std::int64_t send(const std::string& text, base::Value::Object fields, base::Nanos* sent_at);
  void send_error(link::ConnectionId connection, const std::string& id, const std::string& code,
                  const std::string& description);
  void for_monitors(const std::function<void(Monitor&)>& visit);

  base::Clock& clock_;
  link::Link& link_;
  Journal& journal_;
  const Pixit& pixit_;
  std::string identity_;
  FindingHandler findings_;
  std::uint64_t seed_;
  base::Random random_;
  Responder responder_;
  SecretMask mask_;
  Security security_;
  ProtocolState state_;
  std::vector<std::unique_ptr<Monitor>> monitors_;
  Signal signal_;
  ReplyAdvice advice_;
  std::function<void(const std::string&)> refused_;

  std::optional<link::ConnectionId> connection_;
  link::Handshake handshake_;
  base::Nanos connection_began_{0};
  std::string last_loss_, last_refusal_;
  int served_last_ = 0;
  std::optional<std::int64_t> last_frame_;
  std::vector<InboundCall> history_;
  std::vector<Attempt> attempts_;
  std::optional<Outstanding> outstanding_;
  std::vector<Outstanding> given_up_;  // timed out: their answers may still come
  std::deque<Answered> answered_;      // the last ones
  int cases_begun_ = 0;
  std::size_t messages_ = 0, bytes_ = 0;  // received in this case
  bool stopped_ = false;
  bool following_ = false;
  bool loss_expected_ = false;
  std::list<Delayed> delayed_;  // their coroutines wait on the signal: gone before it
};

// The fields of a `serve` record that say what is served.
base::Value::Object serve_fields(const Serving& serving);
// The fields of a handshake as the journal shows them, without secrets.
base::Value::Object handshake_fields(const link::Event& event, const SecretMask& mask);

}  // namespace plugproof::run
