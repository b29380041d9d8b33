// A program as a rig: called once an action, with the action and its arguments. Exit status 0:
// done; 64: it does not know this action (the next adapter is asked); anything else: it failed, and
// the last line that it printed says why.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/event_loop.hpp"
#include "engine/rig/rig.hpp"

namespace plugproof::rig {

class CommandAdapter final : public Adapter {
 public:
  static constexpr int kUnsupportedStatus = 64;  // EX_USAGE of sysexits.h

  // `command`: program (found on PATH) and its first arguments. Each call appends the action and
  // `name=value` for every argument; the same stands in PLUGPROOF_ACTION and PLUGPROOF_<NAME>.
  CommandAdapter(base::EventLoop& loop, std::vector<std::string> command);
  ~CommandAdapter() override;

  std::string name() const override { return "command"; }
  void perform(const ActionInfo& action, const base::Value& arguments, Done done) override;
  void cancel() override;

 private:
  struct Call;

  base::EventLoop& loop_;
  std::vector<std::string> command_;
  std::shared_ptr<Call> call_;
};

}  // namespace plugproof::rig
