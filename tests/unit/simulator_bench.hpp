// A bench for the reference charge point: virtual time, the link in memory, and a small central
// system that answers everything sensibly unless a test tells it otherwise.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/base/json.hpp"
#include "engine/link/memory.hpp"
#include "engine/ocpp/frame.hpp"
#include "engine/ocpp/schema.hpp"
#include "engine/transfer/memory_files.hpp"
#include "simulator/charge_point.hpp"
#include "simulator/firmware_image.hpp"
#include "simulator_pki.hpp"

namespace plugproof::simulator {

using base::Value;
using namespace std::chrono_literals;

inline constexpr const char* k2025 = "pics/certified/CSC-07A7-1.yaml";
inline constexpr const char* k2024 = "pics/certified/TSCT-2007CP.yaml";
inline constexpr const char* k2024All = "pics/certified/CHQ-S-07SR.yaml";
inline constexpr const char* k2019 = "pics/certified/CSC-14000B7.yaml";

using Edits = std::vector<std::pair<std::string, std::string>>;

// A certified PICS, with texts of the file replaced.
inline pics::Pics pics_of(const std::string& path, const Edits& edits = {}) {
  static std::map<std::pair<std::string, Edits>, pics::Pics> known;
  if (const auto it = known.find({path, edits}); it != known.end()) return it->second;
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  std::string content = text.str();
  for (const auto& [from, to] : edits) {
    const auto at = content.find(from);
    EXPECT_NE(at, std::string::npos) << from << " is not in " << path;
    if (at != std::string::npos) content.replace(at, from.size(), to);
  }
  const std::string name =
      testing::TempDir() + "plugproof_simulator_" + std::to_string(::getpid()) + ".yaml";
  std::ofstream(name) << content;
  base::Diagnostics diagnostics;
  auto pics = pics::Pics::load(name, diagnostics);
  std::filesystem::remove(name);
  if (!pics) throw std::runtime_error(diagnostics.render());
  return known.emplace(std::pair(path, edits), *pics).first->second;
}

// The fully claimed station with a socket and a lock in place of its fixed cable, and two
// connectors.
inline Edits detachable() {
  return {{"HFS-1: no", "HFS-1: yes"},
          {"HFS-2: yes", "HFS-2: no"},
          {"HFS-8: 1", "HFS-8: 2"},
          {"ORS-1: 1", "ORS-1: 20"},
          {"    - {id: 1, current: AC, phases: 1, type: cType1, cable: Fixed Cable}",
           "    - {id: 1, current: AC, phases: 1, type: sType2, cable: Detachable Cable}\n"
           "    - {id: 2, current: AC, phases: 1, type: sType2, cable: Detachable Cable}"}};
}

struct Seen {
  ocpp::Frame frame;
  base::Nanos at{0};
  std::string text;
};

class Bench {
 public:
  explicit Bench(pics::Pics pics, std::vector<std::string> defects = {}, std::uint64_t seed = 0,
                 int security_profile = 0, const std::string& authorization_key = {})
      : Bench(Options{.defects = std::move(defects),
                      .variation_seed = seed,
                      .security_profile = security_profile,
                      .authorization_key = authorization_key,
                      .files = {}},
              std::move(pics)) {}

  Bench(Options options, pics::Pics pics) : pics_(std::move(pics)), link_(clock_) {
    link_.on_event([this](const link::Event& event) { received(event); });
    link_.on_handshake([this](const link::Handshake& handshake) {
      handshakes_.push_back(handshake.authorization.value_or(""));
      if (handshake.authorization) raw_.push_back(*handshake.authorization);
      if (password_ && handshakes_.back() != *password_) return link::Admission{401, "password"};
      return link::Admission{};
    });
    options.url = "ws://memory/CP001";
    options.files = files_.clients();
    charge_point_ = std::make_unique<ChargePoint>(clock_, pics_, link_.clients(), options);
    files_.on_event([this](const transfer::Event& event) {
      raw_.push_back(std::string(to_string(event.way)) + " " + to_string(event.kind) + " " +
                     event.name + " " + std::to_string(event.bytes));
    });
  }

  // Answers of the central system, by action; nothing: no answer.
  using Responder = std::function<std::optional<Value>(const Value& request)>;
  void answer(const std::string& action, Responder responder) {
    responders_[action] = std::move(responder);
  }
  void answer(const std::string& action, const std::string& json) {
    const Value value = *base::read_json(json).value;
    answer(action, [value](const Value&) { return std::optional<Value>(value); });
  }
  // The next requests of that action are answered with a CALLERROR.
  void fail(const std::string& action, int times) { failures_[action] = times; }

  Bench& boot() {
    charge_point_->power_on();
    pass(40s);
    return *this;
  }
  void pass(base::Nanos span) { clock_.advance(span); }
  ActionResult act(const std::string& action, const std::string& json = "{}") {
    ActionResult result = charge_point_->act(action, *base::read_json(json).value);
    pass(settle);
    return result;
  }
  // A request to the charge point and its answer; a CALLERROR comes as {"error": code}.
  Value ask(const std::string& action, const std::string& json, base::Nanos span = 60s) {
    const std::string id = "cs-" + std::to_string(++last_id_);
    const base::Nanos deadline = clock_.now() + span;
    answers_.erase(id);
    link_.send(connection_, ocpp::write_call(id, action, *base::read_json(json).value));
    clock_.run_until([&] { return answers_.contains(id) || clock_.now() > deadline; });
    pass(settle);
    return answers_.contains(id) ? answers_[id] : Value();
  }
  std::string status_of(const std::string& action, const std::string& json) {
    return ask(action, json).string_or("status", "none");
  }
  // A place on the file servers, by FTP unless said otherwise: its URL.
  std::string offer(const std::string& content,
                    transfer::Conduct conduct = transfer::Conduct::whole,
                    transfer::Protocol protocol = transfer::Protocol::ftp) {
    return files_
        .offer({"image.bin", protocol, std::make_shared<const std::string>(content), conduct, 0})
        .url;
  }
  std::string folder(transfer::Conduct conduct = transfer::Conduct::whole) {
    return files_.receive({transfer::Protocol::ftp, conduct, 0}).url;
  }
  void send_raw(const std::string& text) { link_.send(connection_, text); }
  void drop() { link_.drop(connection_); }
  void refuse(bool on) { link_.refuse_connections(on); }
  void stall(bool on) { link_.stall_connections(on); }
  // What new connections must bring, with certificates of bench_pki() unless others are given.
  void secure(int profile, std::vector<link::Credential> credentials = {}, bool tls13 = true) {
    if (credentials.empty()) credentials.push_back(pem_of(bench_pki().server(certs::Family::ec)));
    link::TlsOffer tls;
    if (tls13) tls.versions.emplace_back("TLSv1.3");
    link_.secure({profile, std::move(credentials), bench_pki().central_system_roots_pem(), tls});
  }

  // The same for profile 3 with other roots for charge points.
  void trust_charge_points_of(const std::string& roots_pem) {
    link_.secure({3,
                  {pem_of(bench_pki().server(certs::Family::ec))},
                  roots_pem,
                  {{"TLSv1.2", "TLSv1.3"}, {}}});
  }

  // What came since the last forget(), in words: "StatusNotification:Charging",
  // "StopTransaction:Remote". Security events come at their own times and are no part of it.
  std::vector<std::string> words() const {
    std::vector<std::string> out;
    for (const auto& seen : seen_)
      if (seen.frame.action != "SecurityEventNotification") out.push_back(word(seen.frame));
    return out;
  }
  static std::string word(const ocpp::Frame& frame) {
    std::string text = frame.action;
    for (const char* key : {"status", "reason"})
      if (const Value* value = frame.payload.find(key); value && value->is_string())
        text += ":" + value->as_string();
    if (frame.action == "StatusNotification")
      if (const Value* c = frame.payload.find("connectorId"); c && c->is_int() && c->as_int() != 1)
        text += "@" + std::to_string(c->as_int());
    return text;
  }
  int count(const std::string& wanted) const {
    int n = 0;
    for (const auto& seen : seen_) {
      const std::string text = word(seen.frame);
      n += text == wanted || text.starts_with(wanted + ":");
    }
    return n;
  }
  const Value* last(const std::string& action) const {
    for (auto it = seen_.rbegin(); it != seen_.rend(); ++it)
      if (it->frame.action == action) return &it->frame.payload;
    return nullptr;
  }
  const std::deque<Seen>& seen() const { return seen_; }
  void forget() { seen_.clear(); }
  const std::vector<std::string>& problems() const { return problems_; }
  const std::vector<std::string>& raw() const { return raw_; }
  // The Authorization headers, one a handshake; and the only one that is welcome from now on.
  const std::vector<std::string>& authorizations() const { return handshakes_; }
  // What was seen of TLS, one a connection; and the connections that became none.
  const std::vector<Value>& tls() const { return tls_; }
  const std::vector<std::string>& failures() const { return failed_; }
  // The certificate that was shown with the latest connection.
  certs::Certificate shown() const {
    return certs::Certificate::all_from_pem(tls_.back().string_or("client_certificate", ""), "it")
        .front();
  }
  void welcome_only(const std::string& authorization) { password_ = authorization; }
  int connections() const { return connections_; }
  int hits(const std::string& defect) const {
    const auto& all = charge_point_->defect_hits();
    const auto it = all.find(defect);
    return it == all.end() ? -1 : it->second;
  }
  std::int64_t transaction_id() const { return transaction_id_; }
  std::string running() const {
    return "{\"transactionId\": " + std::to_string(transaction_id_) + "}";
  }
  ChargePoint& charge_point() { return *charge_point_; }
  base::VirtualClock& clock() { return clock_; }
  transfer::MemoryFiles& files() { return files_; }

  base::Nanos settle = 3s;  // what is given for the consequences of an action

 private:
  bool asks_for_old_key(const Value& sign_certificate) const {
    if (tls_.empty() || !tls_.back().is_object() || !tls_.back().find("client_certificate"))
      return false;
    const auto made = certs::Certificate::all_from_pem(
        bench_pki().answer(signing_request(sign_certificate), clock_.utc()), "it");
    return made.front().public_key_der() == shown().public_key_der();
  }

  void received(const link::Event& event) {
    if (event.kind == link::EventKind::connected) {
      connection_ = event.connection;
      ++connections_;
      tls_.push_back(event.handshake.tls);
      if (event.handshake.tls.is_object()) raw_.push_back(in_words(event.handshake.tls));
    }
    if (event.kind == link::EventKind::failed) {
      failed_.push_back(event.reason);
      raw_.push_back("failed: " + event.reason + in_words(event.handshake.tls));
    }
    if (event.kind == link::EventKind::binary) raw_.push_back("binary");
    if (event.kind != link::EventKind::text) return;
    const auto read = ocpp::read_frame(event.text);
    // Keys are drawn at random: what is to be compared is what is asked for.
    raw_.push_back(read.frame && read.frame->action == "SignCertificate"
                       ? in_words(signing_request(read.frame->payload)) +
                             (asks_for_old_key(read.frame->payload) ? " that it has" : "")
                       : event.text);
    if (!read.frame) {
      problems_.push_back(read.problem.message + ": " + event.text);
      return;
    }
    const ocpp::Frame& frame = *read.frame;
    if (frame.type == ocpp::MessageType::call) return request(event, frame);
    Value answer = frame.payload;
    if (frame.type == ocpp::MessageType::error)
      answer = Value::object({{"error", frame.error_code}});
    answers_[frame.id] = answer;
  }

  void request(const link::Event& event, const ocpp::Frame& frame) {
    for (const auto& violation :
         ocpp::validate(frame.action, ocpp::Direction::request, frame.payload))
      problems_.push_back(violation.message + ": " + event.text);
    seen_.push_back({frame, event.at, event.text});
    if (failures_[frame.action] > 0) {
      --failures_[frame.action];
      link_.send(event.connection,
                 ocpp::write_error(frame.id, "InternalError", "", Value(Value::Object{})));
      return;
    }
    const auto it = responders_.find(frame.action);
    const std::optional<Value> answer =
        it == responders_.end() ? standard(frame) : it->second(frame.payload);
    if (!answer) return;
    if (const Value* id = answer->find("transactionId"); id && id->is_int())
      transaction_id_ = id->as_int();
    link_.send(event.connection, ocpp::write_result(frame.id, *answer));
  }

  std::optional<Value> standard(const ocpp::Frame& frame) {
    const Value accepted = Value::object({{"status", "Accepted"}});
    const std::string now = base::format_utc_millis(clock_.utc());
    if (frame.action == "BootNotification")
      return Value::object({{"status", "Accepted"}, {"currentTime", now}, {"interval", 3600}});
    if (frame.action == "Heartbeat") return Value::object({{"currentTime", now}});
    if (frame.action == "Authorize") return Value::object({{"idTagInfo", accepted}});
    if (frame.action == "StartTransaction")
      return Value::object({{"transactionId", ++next_transaction_}, {"idTagInfo", accepted}});
    if (frame.action == "DataTransfer") return accepted;
    return Value(Value::Object{});
  }

  base::VirtualClock clock_;
  pics::Pics pics_;
  link::MemoryLink link_;
  transfer::MemoryFiles files_{clock_};
  std::unique_ptr<ChargePoint> charge_point_;
  link::ConnectionId connection_ = 0;
  int connections_ = 0;
  int last_id_ = 0;
  int next_transaction_ = 100;
  std::int64_t transaction_id_ = 0;
  std::map<std::string, Responder> responders_;
  std::map<std::string, int> failures_;
  std::map<std::string, Value> answers_;
  std::deque<Seen> seen_;
  std::vector<std::string> problems_, raw_, handshakes_, failed_;
  std::vector<Value> tls_;
  std::optional<std::string> password_;
};

using Words = std::vector<std::string>;

}  // namespace plugproof::simulator
