// Monitors: rules of the protocol that are checked all the time, in every test case. Each watches
// the conversation and reports findings: `fail` where the specification says shall, otherwise a
// remark.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/link/link.hpp"
#include "engine/ocpp/frame.hpp"
#include "engine/ocpp/schema.hpp"
#include "engine/run/pixit.hpp"
#include "engine/run/protocol_state.hpp"
#include "engine/run/verdict.hpp"

namespace plugproof::run {

// A frame of the charge point with all that is known about it.
struct SeenFrame {
  base::Nanos at{0};
  base::Micros utc{0};
  std::int64_t record = 0;  // sequence number in the journal
  ocpp::Frame frame;        // a result or error carries the action that it answers
};

class Monitor {
 public:
  using Report = std::function<void(Finding)>;
  explicit Monitor(Report report) : report_(std::move(report)) {}
  virtual ~Monitor() = default;

  virtual void on_connected(const link::Event&, std::int64_t /*record*/) {}
  virtual void on_closed(const link::Event&, std::int64_t /*record*/) {}
  // A text that is no frame, or a binary message.
  virtual void on_rubbish(std::int64_t /*record*/, const std::string& /*problem*/) {}
  // A request of the charge point, before it is answered.
  virtual void on_call(const SeenFrame&) {}
  // ... and after: `response` is what we answered, at `at`; null when it was no CALLRESULT.
  virtual void on_answered(const SeenFrame& /*call*/, const base::Value& /*response*/,
                           base::Nanos /*at*/) {}
  // A CALLRESULT or CALLERROR: `request` is ours; `late`: it had been given up.
  virtual void on_response(const SeenFrame&, const base::Value& /*request*/, bool /*late*/) {}
  // A CALLRESULT or CALLERROR for which there is no request.
  virtual void on_unasked_response(const SeenFrame&) {}
  // One more to a request of ours that has its answer; `in_this_case`: since this case began.
  virtual void on_second_response(const SeenFrame&, const std::string& /*action*/,
                                  bool /*in_this_case*/) {}
  // Its clean-up included. Deadlines that lie before are over, and so is one that is now.
  virtual void on_case_over(base::Nanos /*now*/) {}

 protected:
  void fail(Finding finding) {
    finding.severity = FindingSeverity::fail;
    report_(std::move(finding));
  }
  void remark(Finding finding) {
    finding.severity = FindingSeverity::remark;
    report_(std::move(finding));
  }

 private:
  Report report_;
};

// All monitors, over the state of one conversation.
std::vector<std::unique_ptr<Monitor>> make_monitors(const ProtocolState& state, const Pixit& pixit,
                                                    const Monitor::Report& report);

}  // namespace plugproof::run
