// The bench of a replay: a link, a rig and file servers that answer as a record says and pass on
// what the record holds. On a virtual clock a run is judged again from its journal alone.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/base/clock.hpp"
#include "engine/replay/recording.hpp"
#include "engine/run/runner.hpp"

namespace plugproof::replay {

// How the recorded bench answered what the engine does now.
class Script {
 public:
  virtual ~Script() = default;
  // When the message was handed to the transport; nothing when the connection was gone.
  virtual std::optional<base::Nanos> sent(link::ConnectionId connection, std::string_view text) = 0;
  virtual base::Nanos asked(const std::string& action, const base::Value& arguments) = 0;
  virtual transfer::Opened offered(const Offered& wanted) = 0;
  virtual run::Vault::Made made(const std::string& thing, const base::Value& arguments) = 0;
  // Why the bench could not serve that; empty when it could. Its `serve` record comes after this.
  virtual std::string refusal(const run::Serving& wanted) = 0;
};

class ReplayLink final : public link::Link {
 public:
  explicit ReplayLink(Script& script) : script_(script) {}
  void deliver(const link::Event& event) {
    if (handler_) handler_(event);
  }

  void on_event(Handler handler) override { handler_ = std::move(handler); }
  // A handshake is not asked about again: what came of it is among the events.
  void on_handshake(link::AdmissionPolicy) override {}
  std::optional<base::Nanos> send(link::ConnectionId connection, std::string_view text) override {
    return script_.sent(connection, text);
  }
  // What was done to connections is in the record with its effects: these do nothing.
  void ping(link::ConnectionId, std::string_view) override {}
  void close(link::ConnectionId, int, std::string_view) override {}
  void drop(link::ConnectionId) override {}
  void reset(link::ConnectionId) override {}
  void refuse_connections(bool) override {}
  void stall_connections(bool) override {}
  void silence(link::ConnectionId, bool) override {}
  void secure(const link::ServerSecurity&) override {}
  std::string url() const override { return "replay:"; }

 private:
  Script& script_;
  Handler handler_;
};

class ReplayRig final : public rig::Rig {
 public:
  ReplayRig(base::Clock& clock, Script& script)
      : Rig(clock, {}, base::Nanos::max()), script_(script) {}
  // An action that nobody waits for any more is remembered all the same.
  void deliver(const RigDone& done, const base::Value& arguments) {
    if (auto tell = std::exchange(done_, nullptr)) return tell(done.result);
    if (done.result.outcome == rig::Outcome::done) remember(done.action, arguments);
  }

  base::Nanos asked_at(const std::string& action, const base::Value& arguments) override {
    return script_.asked(action, arguments);
  }
  void perform(const std::string&, const base::Value&, rig::Adapter::Done done) override {
    done_ = std::move(done);
  }
  void cancel() override { done_ = nullptr; }

 private:
  Script& script_;
  rig::Adapter::Done done_;
};

class ReplayFiles final : public transfer::FileHost {
 public:
  // `facilities`: what the `run` record says of the file servers. Throws base::InputError.
  ReplayFiles(const base::Value& facilities, const std::string& place, Script& script);
  void deliver(const transfer::Event& event) {
    if (handler_) handler_(event);
  }
  const run::FirmwareImages& images() const { return images_; }

  void on_event(Handler handler) override { handler_ = std::move(handler); }
  std::vector<transfer::Protocol> protocols() const override { return protocols_; }
  transfer::Opened offer(const transfer::Offer& offer) override;
  transfer::Opened receive(const transfer::Inbox& inbox) override;
  void close(transfer::PlaceId) override {}

 private:
  Script& script_;
  Handler handler_;
  std::vector<transfer::Protocol> protocols_;
  run::FirmwareImages images_;
};

class ReplayVault final : public run::Vault {
 public:
  ReplayVault(base::Value facilities, Script& script)
      : facilities_(std::move(facilities)), script_(script) {}

  Made make(const std::string& thing, const base::Value& arguments) override;
  link::ServerSecurity server(const run::Serving& serving) override;
  // What a header said is in the record.
  base::Value credentials(const link::Handshake&) override { return {}; }
  std::string which_key(std::string_view value) override;
  base::Value facilities() const override { return facilities_; }

 private:
  base::Value facilities_;
  Script& script_;
  std::map<std::string, std::string, std::less<>> keys_;  // which one a digest stands for
};

// The files that a run was made from, as its record holds them.
struct Papers {
  pics::Pics pics;
  run::Pixit pixit;
};
// Throws base::InputError.
Papers papers_of(const Recording& recording);

// Everything that a replay of one attempt needs, put together.
class Bench {
 public:
  Bench(const Recording& recording, const Attempt& attempt, Script& script);

  // Hands an input on at its time; the clock stands there already.
  void deliver(const Entry& entry);
  // Lets every deadline up to then pass.
  void advance_to(base::Nanos time) {
    clock.advance(std::max(base::Nanos::zero(), time - clock.now()));
  }
  // What the record said of the run and of the attempt, with the file servers of this bench.
  run::RunSettings settings();
  // One that goes on where the attempts before ended.
  run::Journal journal(run::JournalSink& sink) const;

  const Recording& recording;
  const Attempt& attempt;
  Papers papers;
  base::VirtualClock clock;
  ReplayLink link;
  ReplayRig rig;
  std::optional<ReplayFiles> files;
  std::optional<ReplayVault> vault;
  base::Value asked;  // the arguments of the physical action asked for last
};

}  // namespace plugproof::replay
