// How a person or a rig reaches a running `plugproof simulate`: one line an action, `plug_in
// connector=1`, answered with one line, `done` or `refused: reason`. Over standard input, or a
// socket in the file system.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/base/event_loop.hpp"
#include "engine/base/value.hpp"

namespace plugproof::cli {

struct ActionLine {
  std::string action;
  base::Value arguments;
};
// Throws base::InputError for a line that is no action.
ActionLine parse_action_line(const std::string& line);

class ControlServer {
 public:
  using Perform = std::function<std::string(const ActionLine&)>;  // the answer
  // Throws base::InputError when the socket cannot be made.
  ControlServer(base::EventLoop& loop, const std::string& path, Perform perform);
  ~ControlServer();

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

// Sends one line to a control socket and returns the answer. Throws base::InputError when nobody
// listens.
std::string send_action_line(const std::string& path, const std::string& line);

}  // namespace plugproof::cli
