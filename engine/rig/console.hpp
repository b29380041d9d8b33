// The person at the terminal as a rig: says what to do and waits for Enter. Without a terminal
// there is nobody to ask, and the action is unsupported.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/base/event_loop.hpp"
#include "engine/rig/rig.hpp"

namespace plugproof::rig {

class ConsoleAdapter final : public Adapter {
 public:
  // `say` prints a line so that it does not collide with the progress display.
  ConsoleAdapter(base::EventLoop& loop, std::function<void(const std::string&)> say);
  ~ConsoleAdapter() override;

  std::string name() const override { return "console"; }
  void perform(const ActionInfo& action, const base::Value& arguments, Done done) override;
  void cancel() override;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace plugproof::rig
